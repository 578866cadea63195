/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/http/events.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STREAM_BLOCK = 4096, LEAST_ROOM = 1024 };

/* One client that listens. It sleeps (suspended) when it has told all there is. */
typedef struct listener {
    serve_events *events;
    struct MHD_Connection *connection;
    size_t told; /* bytes of the text */
    bool asleep, beat;
    struct listener *next;
} listener;

struct serve_events {
    pthread_mutex_t lock; /* of everything below */
    unsigned references;
    char *text; /* "event: x\ndata: {...}\n\n" one after the other */
    size_t size, room;
    bool closed;
    listener *listeners;
};

serve_events *serve_events_new(void) {
    serve_events *events = calloc(1, sizeof *events);
    if (!events) return NULL;
    events->references = 1;
    (void)pthread_mutex_init(&events->lock, NULL);
    return events;
}

void serve_events_retain(serve_events *events) {
    (void)pthread_mutex_lock(&events->lock);
    events->references++;
    (void)pthread_mutex_unlock(&events->lock);
}

void serve_events_release(serve_events *events) {
    if (!events) return;
    (void)pthread_mutex_lock(&events->lock);
    bool last = --events->references == 0;
    (void)pthread_mutex_unlock(&events->lock);
    if (!last) return;
    (void)pthread_mutex_destroy(&events->lock);
    free(events->text);
    free(events);
}

/* ---- the side that tells ---- */

static void wake(const serve_events *events) {
    for (listener *l = events->listeners; l; l = l->next)
        if (l->asleep) {
            l->asleep = false;
            MHD_resume_connection(l->connection);
        }
}

static bool reserve(serve_events *events, size_t more) {
    size_t room = events->room ? events->room : LEAST_ROOM;
    while (room - events->size < more) room *= 2;
    if (room == events->room) return true;
    char *grown = realloc(events->text, room);
    if (!grown) return false;
    events->text = grown;
    events->room = room;
    return true;
}

void serve_events_add(serve_events *events, const char *name, bfl_text data) {
    size_t most = strlen(name) + data.size + sizeof "event: \ndata: \n\n";
    (void)pthread_mutex_lock(&events->lock);
    if (!events->closed && reserve(events, most)) {
        int head = snprintf(events->text + events->size, most, "event: %s\ndata: ", name);
        char *at = events->text + events->size + head;
        memcpy(at, data.data, data.size);
        memcpy(at + data.size, "\n\n", 2);
        events->size += (size_t)head + data.size + 2;
        wake(events);
    }
    (void)pthread_mutex_unlock(&events->lock);
}

void serve_events_close(serve_events *events) {
    (void)pthread_mutex_lock(&events->lock);
    events->closed = true;
    wake(events);
    (void)pthread_mutex_unlock(&events->lock);
}

void serve_events_beat(serve_events *events) {
    (void)pthread_mutex_lock(&events->lock);
    for (listener *l = events->listeners; l; l = l->next) l->beat = true;
    wake(events);
    (void)pthread_mutex_unlock(&events->lock);
}

static void release_events(void *thing) { serve_events_release(thing); }

void serve_reply_events(serve_call *call, serve_events *events) {
    serve_events_retain(events);
    (void)serve_pool_own(call->pool, events, release_events);
    serve_reply(call, 200, "text/event-stream", (bfl_text){"", 0});
    call->events = events;
}

/* ---- the side that listens: called by the loops of libmicrohttpd ---- */

static ssize_t tell(void *context, uint64_t position, char *out, size_t room) {
    static const char beat[] = ": still here\n\n";
    listener *l = context;
    serve_events *events = l->events;
    (void)position;
    (void)pthread_mutex_lock(&events->lock);
    ssize_t result = 0;
    if (l->told < events->size) {
        size_t size = events->size - l->told < room ? events->size - l->told : room;
        memcpy(out, events->text + l->told, size);
        l->told += size;
        result = (ssize_t)size;
    } else if (events->closed) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (l->beat && room >= sizeof beat) {
        memcpy(out, beat, sizeof beat - 1);
        result = sizeof beat - 1;
    } else {
        l->asleep = true;
        MHD_suspend_connection(l->connection);
    }
    l->beat = false;
    (void)pthread_mutex_unlock(&events->lock);
    return result;
}

static void forget(void *context) {
    listener *l = context;
    serve_events *events = l->events;
    (void)pthread_mutex_lock(&events->lock);
    for (listener **at = &events->listeners; *at; at = &(*at)->next)
        if (*at == l) {
            *at = l->next;
            break;
        }
    (void)pthread_mutex_unlock(&events->lock);
    serve_events_release(events);
    free(l);
}

struct MHD_Response *serve_events_response(serve_events *events, struct MHD_Connection *connection) {
    listener *l = calloc(1, sizeof *l);
    if (!l) return NULL;
    *l = (listener){.events = events, .connection = connection};
    serve_events_retain(events);
    (void)pthread_mutex_lock(&events->lock);
    l->next = events->listeners;
    events->listeners = l;
    (void)pthread_mutex_unlock(&events->lock);
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, tell, l, forget);
    if (!response) forget(l);
    return response;
}
