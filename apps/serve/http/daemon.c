/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/http/daemon.h"
#include "serve/http/watch.h"
#include "serve/http/work.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum {
    HEAD_BYTES = 32 << 10,
    IDLE_SECONDS = 60,
    BODY_STEP = 16 << 10,
    ANNOUNCED_GROWTH = 16,
    MOST_DRAINED = 1 << 30,
    QUEUE = 512,
    NAP_MS = 10
};

/* One request on one connection. */
typedef struct exchange {
    serve_work work; /* first: the queue's part */
    serve_daemon *daemon;
    struct MHD_Connection *connection;
    serve_watched *watched;
    serve_call call;
    const char *raw; /* request target as it came */
    enum { HEAD, BODY, DRAIN, WORK, READY } stage;
    size_t limit; /* of the body */
    char *body;   /* what came of it */
    size_t size, room, drained;
    size_t stated; /* its length as the head says; 0: it does not */
    int64_t began;
} exchange;

struct serve_daemon {
    serve_daemon_options options;
    struct MHD_Daemon *mhd;
    serve_watch *watch;
    serve_workers *workers;
    atomic_size_t body_bytes; /* held by all requests */
    atomic_uint open;         /* requests in progress */
};

/* ---- an exchange begins and ends ---- */

static void *exchange_begin(void *context, const char *uri, struct MHD_Connection *connection) {
    serve_daemon *d = context;
    serve_pool *pool = serve_pool_new();
    exchange *x = pool ? calloc(1, sizeof *x) : NULL;
    char *raw = x ? strdup(uri) : NULL;
    if (!raw) {
        serve_pool_free(pool);
        free(x);
        return NULL;
    }
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    *x = (exchange){.daemon = d, .connection = connection, .raw = raw, .began = serve_tick_ms()};
    x->watched = info ? info->socket_context : NULL;
    x->call = (serve_call){.server = d->options.server,
                           .pool = pool,
                           .now_ms = serve_now_ms(),
                           .user = "",
                           .session = "",
                           .csrf = "",
                           .address = "",
                           .body = {"", 0}};
    atomic_fetch_add(&d->open, 1);
    return x;
}

static void exchange_end(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why) {
    serve_daemon *d = context;
    exchange *x = *state;
    (void)connection, (void)why;
    if (!x) return;
    *state = NULL;
    serve_watch_state(d->watch, x->watched, SERVE_WATCH_HEAD, 0);
    if (x->call.route || x->call.status) d->options.done(&x->call, serve_tick_ms() - x->began);
    atomic_fetch_sub(&d->body_bytes, x->room);
    free(x->body);
    free((void *)(uintptr_t)x->raw);
    serve_pool_free(x->call.pool);
    free(x);
    atomic_fetch_sub(&d->open, 1);
}

/* ---- the head ---- */

static enum MHD_Result count_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value) {
    serve_call *call = context;
    (void)kind;
    ((serve_pair *)(uintptr_t)call->headers)[call->header_count++] = (serve_pair){name, value ? value : ""};
    return MHD_YES;
}

static size_t header_repeats(const serve_call *call, const char *name) {
    size_t n = 0;
    for (size_t i = 0; i < call->header_count; i++) n += strcasecmp(call->headers[i].name, name) == 0;
    return n;
}

/* A request that two servers could cut at different places is refused (request smuggling). */
static bool framed(serve_call *call) {
    size_t lengths = header_repeats(call, "Content-Length"), codings = header_repeats(call, "Transfer-Encoding");
    const char *coding = serve_header(call, "Transfer-Encoding");
    if (lengths + codings <= 1 && (!coding || strcasecmp(coding, "chunked") == 0)) return true;
    serve_problem(call, 400, "bad-framing",
                  "The length of the body is stated in two ways, or in one that is not taken.",
                  "Send either Content-Length or Transfer-Encoding: chunked, once.");
    return false;
}

typedef struct head {
    exchange *x;
    const char *method, *version;
} head;

static void read_head(void *context) {
    const head *h = context;
    exchange *x = h->x;
    serve_call *call = &x->call;
    call->method = serve_pool_text(call->pool, bfl_text_of(h->method));
    int count = MHD_get_connection_values(x->connection, MHD_HEADER_KIND, NULL, NULL);
    call->headers = SERVE_NEW_ARRAY(call->pool, (size_t)count + 1, serve_pair);
    (void)MHD_get_connection_values(x->connection, MHD_HEADER_KIND, count_header, call);
    call->address = serve_pool_text(call->pool, bfl_text_of(serve_watch_address(x->watched)));
    const char *wrong = serve_parse_target(call->pool, x->raw, &call->target);
    if (!framed(call)) return;
    if (wrong)
        serve_problem(call, 400, "bad-target", wrong, "Check the address.");
    else
        x->daemon->options.admit(call, &x->limit);
}

static void out_of_memory(serve_call *call) {
    static const char text[] = "{\"type\":\"urn:boneflare:problem:no-memory\",\"title\":\"Busy\",\"status\":503,"
                               "\"detail\":\"The server is short of memory.\",\"hint\":\"Try again in a moment.\"}";
    call->events = NULL;
    serve_reply(call, 503, "application/problem+json", (bfl_text){text, sizeof text - 1});
}

static void too_large(void *context) {
    exchange *x = context;
    serve_problem(
        &x->call, 413, "too-large",
        serve_pool_printf(x->call.pool, "The body is larger than the %zu bytes that are taken here.", x->limit),
        "Send less at a time, or start the server with a larger --upload-mib.");
}

/* ---- the answer ---- */

static void add_headers(struct MHD_Response *response, const serve_call *call) {
    for (size_t i = 0; i < call->reply_header_count; i++)
        (void)MHD_add_response_header(response, call->reply_headers[i].name, call->reply_headers[i].value);
    if (call->type) (void)MHD_add_response_header(response, "Content-Type", call->type);
}

static void dress(void *context) {
    exchange *x = context;
    x->daemon->options.dress(&x->call);
}

static enum MHD_Result answer(exchange *x, bool close_connection) {
    serve_call *call = &x->call;
    if (!serve_pool_run(call->pool, dress, x)) return MHD_NO;
    struct MHD_Response *response =
        call->events ? serve_events_response(call->events, x->connection)
                     : MHD_create_response_from_buffer(call->reply.size, (void *)(uintptr_t)call->reply.data,
                                                       MHD_RESPMEM_PERSISTENT); /* it lies in the pool of the call */
    if (!response) return MHD_NO;
    add_headers(response, call);
    if (close_connection) (void)MHD_add_response_header(response, "Connection", "close");
    serve_watch_state(x->daemon->watch, x->watched, SERVE_WATCH_ANSWER, 0);
    enum MHD_Result result = MHD_queue_response(x->connection, (unsigned)call->status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- the body ---- */

/* Room is taken as the body comes, so that to announce a long one costs nothing; in fewer and longer steps up to what was announced. */
static size_t next_room(const exchange *x, size_t more) {
    bool announced = x->size + more <= x->stated;
    size_t room = x->room ? x->room : BODY_STEP;
    while (room - x->size <= more) room *= announced ? ANNOUNCED_GROWTH : 2;
    if (announced && room > x->stated + 1) room = x->stated + 1;
    return room > x->limit + 1 ? x->limit + 1 : room;
}

static bool hold(exchange *x, size_t more) {
    serve_daemon *d = x->daemon;
    if (x->room - x->size > more) return true;
    size_t room = next_room(x, more);
    size_t added = room - x->room;
    if (atomic_fetch_add(&d->body_bytes, added) + added > d->options.body_bytes) {
        atomic_fetch_sub(&d->body_bytes, added);
        return false;
    }
    char *grown = realloc(x->body, room);
    if (!grown) {
        atomic_fetch_sub(&d->body_bytes, added);
        return false;
    }
    x->body = grown;
    x->room = room;
    return true;
}

static void run_or_busy(exchange *x, void (*body)(void *context)) {
    if (!serve_pool_run(x->call.pool, body, x)) out_of_memory(&x->call);
}

/* Reads on and forgets: a client that still sends does not see an answer before it has sent all. */
static void drain(exchange *x) {
    x->stage = DRAIN;
    atomic_fetch_sub(&x->daemon->body_bytes, x->room);
    free(x->body);
    x->body = NULL;
    x->room = x->size = 0;
}

static enum MHD_Result take_body(exchange *x, const char *data, size_t size) {
    if (x->stage == DRAIN) {
        x->drained += size;
        return x->drained > MOST_DRAINED ? MHD_NO : MHD_YES;
    }
    serve_watch_state(x->daemon->watch, x->watched, SERVE_WATCH_BODY, x->size + size);
    if (size > x->limit - x->size) {
        run_or_busy(x, too_large);
        drain(x);
        return MHD_YES;
    }
    if (!hold(x, size)) {
        out_of_memory(&x->call);
        drain(x);
        return MHD_YES;
    }
    memcpy(x->body + x->size, data, size);
    x->size += size;
    x->body[x->size] = '\0';
    return MHD_YES;
}

/* ---- from stage to stage ---- */

static void work_body(void *context) {
    exchange *x = context;
    x->daemon->options.work(&x->call);
}

/* On a worker thread. */
static void do_work(serve_work *work) {
    exchange *x = (exchange *)(void *)work;
    run_or_busy(x, work_body);
    x->stage = READY;
    MHD_resume_connection(x->connection);
}

static void busy(void *context) {
    exchange *x = context;
    serve_problem(&x->call, 503, "busy", "More requests wait than the server can answer.", "Try again in a moment.");
    serve_reply_header(&x->call, "Retry-After", "1");
}

static enum MHD_Result hand_over(exchange *x) {
    x->call.body = (bfl_text){x->body ? x->body : "", x->size};
    x->stage = WORK;
    x->work.run = do_work;
    serve_watch_state(x->daemon->watch, x->watched, SERVE_WATCH_ANSWER, 0);
    MHD_suspend_connection(x->connection);
    if (serve_workers_add(x->daemon->workers, &x->work)) return MHD_YES;
    run_or_busy(x, busy);
    x->stage = READY;
    MHD_resume_connection(x->connection);
    return MHD_YES;
}

/* The head is there. A body that is known to be too large is not waited for when the client asked first. */
static enum MHD_Result head_came(exchange *x, const char *method, const char *version) {
    head h = {x, method, version};
    x->stage = BODY;
    if (!serve_pool_run(x->call.pool, read_head, &h)) out_of_memory(&x->call);
    uint64_t length = 0;
    const char *stated = serve_header(&x->call, "Content-Length");
    if (stated && !serve_parse_whole(stated, UINT64_MAX / 10, &length)) length = UINT64_MAX;
    bool body = length > 0 || serve_header(&x->call, "Transfer-Encoding");
    if (!x->call.status && length > x->limit) run_or_busy(x, too_large);
    x->stated = length <= x->limit ? (size_t)length : 0;
    if (!x->call.status) return MHD_YES;
    if (body && (length > MOST_DRAINED || serve_header(&x->call, "Expect"))) return answer(x, true);
    if (body)
        drain(x);
    else
        x->stage = READY; /* the answer comes with the next call: the connection may be used on */
    return MHD_YES;
}

static enum MHD_Result request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *data, size_t *size, void **state) {
    exchange *x = *state;
    (void)context, (void)connection, (void)url;
    if (!x) return MHD_NO; /* no memory at its beginning */
    if (x->stage == HEAD) return head_came(x, method, version);
    if (*size) {
        enum MHD_Result result = take_body(x, data, *size);
        *size = 0;
        return result;
    }
    if (x->stage == BODY) return hand_over(x);
    if (x->stage == DRAIN) return answer(x, true);
    if (x->stage == READY) return answer(x, false);
    return MHD_YES;
}

/* ---- start and stop ---- */

static enum MHD_Result may_connect(void *context, const struct sockaddr *address, socklen_t size) {
    const serve_daemon *d = context;
    (void)size;
    return serve_watch_admits(d->watch, address) ? MHD_YES : MHD_NO;
}

static void connection_changed(void *context, struct MHD_Connection *connection, void **socket_context,
                               enum MHD_ConnectionNotificationCode code) {
    const serve_daemon *d = context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        serve_watch_remove(d->watch, *socket_context);
        *socket_context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *from = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    *socket_context = fd && from ? serve_watch_add(d->watch, fd->connect_fd, from->client_addr) : NULL;
}

/* The target is decoded by serve_parse_target(), which refuses what it does not know. */
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context, (void)connection;
    return strlen(text);
}

static void no_log(void *context, const char *format, va_list args) { (void)context, (void)format, (void)args; }

static bool parse_address(const serve_daemon_options *o, struct sockaddr_storage *out, unsigned *flags) {
    struct sockaddr_in *four = (struct sockaddr_in *)(void *)out;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)out;
    if (inet_pton(AF_INET, o->address, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)o->port);
        return true;
    }
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET6, o->address, &six->sin6_addr) != 1) return false;
    six->sin6_family = AF_INET6;
    six->sin6_port = htons((uint16_t)o->port);
    *flags |= MHD_USE_IPv6;
    return true;
}

static struct MHD_Daemon *start_mhd(serve_daemon *d, bfl_error *err) {
    const serve_daemon_options *o = &d->options;
    struct sockaddr_storage address = {0};
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    *err = (bfl_error){.status = BFL_EINVAL};
    (void)snprintf(err->where, sizeof err->where, "--listen");
    (void)snprintf(err->message, sizeof err->message, "%s is no address such as 127.0.0.1 or [::1]", o->address);
    if (!parse_address(o, &address, &flags)) return NULL;
    err->status = BFL_EIO;
    errno = 0;
    struct MHD_Daemon *mhd = MHD_start_daemon(
        flags, 0, may_connect, d, request, d, MHD_OPTION_EXTERNAL_LOGGER, no_log, NULL, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_end, d, MHD_OPTION_NOTIFY_CONNECTION, connection_changed, d,
        MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, d, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
        MHD_OPTION_CONNECTION_LIMIT, o->connections, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_THREAD_POOL_SIZE, o->loops, MHD_OPTION_END);
    (void)snprintf(err->message, sizeof err->message, "cannot listen on %s port %u: %s", o->address, o->port,
                   errno ? strerror(errno) : "no reason given");
    return mhd;
}

static void release(serve_daemon *d) {
    serve_workers_free(d->workers);
    serve_watch_free(d->watch);
    free(d);
}

bfl_status serve_daemon_start(const serve_daemon_options *options, serve_daemon **out, bfl_error *err) {
    serve_daemon *d = calloc(1, sizeof *d);
    if (!d) return BFL_ENOMEM;
    d->options = *options;
    d->watch = serve_watch_new(options->per_address, options->receive_seconds);
    d->workers = serve_workers_new(options->workers, QUEUE);
    if (!d->watch || !d->workers) {
        release(d);
        return BFL_ENOMEM;
    }
    bfl_error problem;
    d->mhd = start_mhd(d, &problem);
    if (!d->mhd) {
        release(d);
        *err = problem;
        return problem.status;
    }
    *out = d;
    return BFL_OK;
}

unsigned serve_daemon_port(const serve_daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon->mhd, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

void serve_daemon_stop(serve_daemon *daemon, unsigned seconds) {
    int listener = MHD_quiesce_daemon(daemon->mhd);
    int64_t end = serve_tick_ms() + (int64_t)seconds * 1000;
    const struct timespec nap = {0, NAP_MS * 1000000L};
    serve_watch_hurry(daemon->watch);
    while (atomic_load(&daemon->open) > 0 && serve_tick_ms() < end) (void)nanosleep(&nap, NULL);
    serve_workers_stop(daemon->workers); /* whoever waited for one is resumed */
    MHD_stop_daemon(daemon->mhd);
    if (listener >= 0) (void)close(listener);
    release(daemon);
}
