/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/http/watch.h"
#include "serve/http/daemon.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { ROUND_MS = 250, USUAL_PER_ADDRESS = 128, BYTES_A_SECOND = 64 << 10, BUCKETS = 1024 };

struct serve_watched {
    serve_watched *before, *next;
    int fd;
    serve_watch_stage stage;
    int64_t since;
    size_t received;
    unsigned bucket;
    char address[INET6_ADDRSTRLEN];
};

struct serve_watch {
    pthread_mutex_t lock;
    pthread_cond_t stop_now;
    pthread_t thread;
    bool started, stop;
    unsigned per_address;
    int64_t receive_ms;
    serve_watched *first;
    unsigned counts[BUCKETS]; /* connections of the addresses that fall into a bucket */
};

static void address_text(const struct sockaddr *from, char *text, size_t size) {
    const void *bytes = from->sa_family == AF_INET6
                            ? (const void *)&((const struct sockaddr_in6 *)(const void *)from)->sin6_addr
                            : (const void *)&((const struct sockaddr_in *)(const void *)from)->sin_addr;
    text[0] = '\0';
    if (from->sa_family == AF_INET || from->sa_family == AF_INET6)
        (void)inet_ntop(from->sa_family, bytes, text, (socklen_t)size);
}

static bool is_loopback(const char *address) { return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0; }

static unsigned bucket_of(const char *address) {
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *address; address++) hash = (hash ^ (unsigned char)*address) * 16777619u;
    return hash % BUCKETS;
}

/* ---- the thread that cuts off ---- */

static bool late(const serve_watch *watch, const serve_watched *c, int64_t now) {
    int64_t extra = (int64_t)(c->received / BYTES_A_SECOND) * 1000;
    if (c->stage == SERVE_WATCH_ANSWER) return false;
    return now - c->since > watch->receive_ms + extra;
}

static void *watch_loop(void *context) {
    serve_watch *watch = context;
    (void)pthread_mutex_lock(&watch->lock);
    while (!watch->stop) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += ROUND_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        (void)pthread_cond_timedwait(&watch->stop_now, &watch->lock, &until);
        int64_t now = serve_tick_ms();
        for (const serve_watched *c = watch->first; c;
             c = c->next) /* closed under this lock: the descriptor is still ours */
            if (late(watch, c, now)) (void)shutdown(c->fd, SHUT_RDWR);
    }
    (void)pthread_mutex_unlock(&watch->lock);
    return NULL;
}

serve_watch *serve_watch_new(unsigned per_address, unsigned receive_seconds) {
    serve_watch *watch = calloc(1, sizeof *watch);
    if (!watch) return NULL;
    watch->per_address = per_address;
    watch->receive_ms = (int64_t)receive_seconds * 1000;
    (void)pthread_mutex_init(&watch->lock, NULL);
    (void)pthread_cond_init(&watch->stop_now, NULL);
    watch->started = pthread_create(&watch->thread, NULL, watch_loop, watch) == 0;
    if (watch->started) return watch;
    serve_watch_free(watch);
    return NULL;
}

void serve_watch_free(serve_watch *watch) {
    if (!watch) return;
    (void)pthread_mutex_lock(&watch->lock);
    watch->stop = true;
    (void)pthread_cond_signal(&watch->stop_now);
    (void)pthread_mutex_unlock(&watch->lock);
    if (watch->started) (void)pthread_join(watch->thread, NULL);
    for (serve_watched *c = watch->first, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    (void)pthread_mutex_destroy(&watch->lock);
    (void)pthread_cond_destroy(&watch->stop_now);
    free(watch);
}

/* ---- connections ---- */

bool serve_watch_admits(serve_watch *watch, const struct sockaddr *from) {
    char text[INET6_ADDRSTRLEN];
    address_text(from, text, sizeof text);
    unsigned most = watch->per_address ? watch->per_address : USUAL_PER_ADDRESS;
    if (!watch->per_address && is_loopback(text)) return true;
    (void)pthread_mutex_lock(&watch->lock);
    bool admits = watch->counts[bucket_of(text)] < most;
    (void)pthread_mutex_unlock(&watch->lock);
    return admits;
}

serve_watched *serve_watch_add(serve_watch *watch, int fd, const struct sockaddr *from) {
    serve_watched *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->fd = fd;
    c->since = serve_tick_ms();
    address_text(from, c->address, sizeof c->address);
    c->bucket = bucket_of(c->address);
    (void)pthread_mutex_lock(&watch->lock);
    c->next = watch->first;
    if (c->next) c->next->before = c;
    watch->first = c;
    watch->counts[c->bucket]++;
    (void)pthread_mutex_unlock(&watch->lock);
    return c;
}

void serve_watch_remove(serve_watch *watch, serve_watched *c) {
    if (!c) return;
    (void)pthread_mutex_lock(&watch->lock);
    if (c->before)
        c->before->next = c->next;
    else
        watch->first = c->next;
    if (c->next) c->next->before = c->before;
    watch->counts[c->bucket]--;
    (void)pthread_mutex_unlock(&watch->lock);
    free(c);
}

void serve_watch_state(serve_watch *watch, serve_watched *c, serve_watch_stage stage, size_t received) {
    if (!c) return;
    (void)pthread_mutex_lock(&watch->lock);
    if (c->stage != stage) c->since = serve_tick_ms();
    c->stage = stage;
    c->received = received;
    (void)pthread_mutex_unlock(&watch->lock);
}

const char *serve_watch_address(const serve_watched *watched) { return watched ? watched->address : ""; }

void serve_watch_hurry(serve_watch *watch) {
    (void)pthread_mutex_lock(&watch->lock);
    for (const serve_watched *c = watch->first; c; c = c->next)
        if (c->stage == SERVE_WATCH_HEAD) (void)shutdown(c->fd, SHUT_RDWR);
    (void)pthread_mutex_unlock(&watch->lock);
}
