/* SPDX-License-Identifier: Apache-2.0 */
/* The service from start to stop. */
#include "serve/serve.h"
#include "serve/api/api.h"
#include "serve/demo.h"
#include "serve/gate.h"
#include "serve/http/route.h"
#include "serve/keep.h"
#include "serve/server.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS = 4096,
    SPARE_FILES = 256, /* store, logs, uploads */
    LOOPS = 2,
    LEAST_WORKERS = 2,
    BODIES_MIB = 256,
    DRAIN_SECONDS = 10,
    BEAT_SECONDS = 10,
    USUAL_PORT = 8080,
    KEPT_MIB = 128
};

serve_options serve_defaults(void) {
    return (serve_options){.listen = "127.0.0.1:8080",
                           .upload_mib = 64,
                           .idle_minutes = 30,
                           .session_hours = 12,
                           .receive_seconds = 20,
                           .out = stdout,
                           .log = stderr};
}

static bfl_status fail(bfl_error *err, bfl_status status, const char *where, const char *message) {
    *err = (bfl_error){.status = status};
    (void)snprintf(err->where, sizeof err->where, "%s", where);
    (void)snprintf(err->message, sizeof err->message, "%s", message);
    return status;
}

/* ---- where ---- */

static void add_host(serve_server *s, const char *host) { s->hosts[s->host_count++] = host; }

static bool is_local(const char *address) { return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0; }

/* "127.0.0.1:8080", "[::1]:0" */
static bfl_status read_listen(serve_server *s, unsigned *port, bfl_error *err) {
    const char *host, *listen = s->options.listen;
    bool any = strlen(listen) > 2 && strcmp(listen + strlen(listen) - 2, ":0") == 0;
    const char *text = any ? serve_pool_text(s->pool, (bfl_text){listen, strlen(listen) - 2}) : listen;
    if (!serve_parse_host(s->pool, text, &host, port))
        return fail(err, BFL_EINVAL, "--listen", "must be ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080");
    if (!*port && !any) *port = USUAL_PORT;
    size_t size = strlen(host);
    bool brackets = host[0] == '[';
    if (!brackets && strspn(host, "0123456789.") != size)
        return fail(err, BFL_EINVAL, "--listen",
                    "must begin with the number of an address, such as 127.0.0.1 or [::1]");
    s->address = brackets ? serve_pool_text(s->pool, (bfl_text){host + 1, size - 2}) : host;
    add_host(s, host);
    if (!is_local(s->address)) return BFL_OK;
    add_host(s, "localhost");
    add_host(s, "127.0.0.1");
    add_host(s, "[::1]");
    return BFL_OK;
}

static bfl_status read_hosts(serve_server *s, bfl_error *err) {
    const serve_options *o = &s->options;
    const char *host;
    unsigned port;
    for (size_t i = 0; i < o->allowed_host_count; i++) {
        if (!serve_parse_host(s->pool, o->allowed_hosts[i], &host, &port))
            return fail(err, BFL_EINVAL, "--allow-host", "must be a name such as boneflare.example.org");
        add_host(s, host);
    }
    if (!o->public_url) return BFL_OK;
    size_t size = strlen(o->public_url);
    if (size && o->public_url[size - 1] == '/') size--;
    s->base = serve_pool_text(s->pool, (bfl_text){o->public_url, size});
    if (!serve_parse_origin(s->pool, s->base, &s->place.scheme, &s->place.host, &s->place.port))
        return fail(err, BFL_EINVAL, "--public-url",
                    "must be https://NAME or http://NAME, with a port or without, no path");
    if (!s->place.port) s->place.port = strcmp(s->place.scheme, "https") == 0 ? 443 : 80;
    add_host(s, s->place.host);
    return BFL_OK;
}

static void say_where(const serve_server *s) {
    (void)fprintf(s->options.out, "boneflare listens on http://%s:%u/\n", s->hosts[0], serve_daemon_port(s->daemon));
    if (s->options.public_url) (void)fprintf(s->options.out, "Users reach it at %s/\n", s->base);
}

/* Requests look at it: known before the first may come, unless the system chooses the port, which nobody knows before it is said. */
static void default_place(serve_server *s, unsigned port) {
    if (s->base || !port) return;
    s->place = (serve_place){"http", s->hosts[0], port};
    s->base = serve_pool_printf(s->pool, "http://%s:%u", s->place.host, s->place.port);
}

/* ---- the log: a line a request; patterns, not paths: no key and no query of a patient is in it ---- */

static void log_call(const serve_call *call, int64_t took_ms) {
    const char *method = call->route ? call->route->method : "-", *pattern = call->route ? call->route->pattern : "-";
    (void)fprintf(call->server->options.log, "%s %s %s %s %d %zu B %lld ms %s\n",
                  serve_time_text(call->pool, call->now_ms), call->address, method, pattern, call->status,
                  call->reply.size, (long long)took_ms, *call->user ? call->user : "-");
}

/* ---- start and stop ---- */

/* A descriptor for each connection, if the system gives so many; otherwise fewer connections. */
static unsigned raise_limit(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return CONNECTIONS / 8;
    rlim_t wanted = CONNECTIONS + SPARE_FILES;
    if (files.rlim_cur < wanted) {
        files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
        (void)setrlimit(RLIMIT_NOFILE, &files);
        (void)getrlimit(RLIMIT_NOFILE, &files);
    }
    if (files.rlim_cur >= wanted) return CONNECTIONS;
    return files.rlim_cur > 2 * SPARE_FILES ? (unsigned)(files.rlim_cur - SPARE_FILES) : SPARE_FILES;
}

static unsigned worker_count(const serve_server *s) {
    unsigned workers = s->options.threads ? s->options.threads : bfl_processors();
    return workers < LEAST_WORKERS ? LEAST_WORKERS : workers;
}

static bfl_status start_daemon(serve_server *s, unsigned port, bfl_error *err) {
    const serve_daemon_options options = {.address = s->address,
                                          .port = port,
                                          .loops = LOOPS,
                                          .workers = worker_count(s),
                                          .connections = raise_limit(),
                                          .per_address = s->options.per_address,
                                          .receive_seconds = s->options.receive_seconds,
                                          .body_bytes = (size_t)BODIES_MIB << 20,
                                          .server = s,
                                          .admit = serve_admit,
                                          .work = serve_work_call,
                                          .dress = serve_dress,
                                          .done = log_call};
    return serve_daemon_start(&options, &s->daemon, err);
}

/* Until a signal comes; listeners of long work hear now and then that the server is still here. */
static void wait_for_end(const serve_server *s, const sigset_t *signals) {
    const struct timespec beat = {BEAT_SECONDS, 0};
    for (int signal = -1; signal < 0 || (signal != SIGTERM && signal != SIGINT);) {
        signal = sigtimedwait(signals, NULL, &beat);
        if (signal >= 0) continue;
        serve_jobs_beat(s->jobs);
        serve_exports_beat(s->exports, serve_now_ms());
    }
}

static sigset_t block_signals(void) {
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL); /* before any thread is made: they inherit it */
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGPIPE, &ignore, NULL);
    return signals;
}

typedef struct run {
    serve_server *server;
    bfl_error *err;
    bfl_status status;
} run;

/* ---- the store ---- */

static bfl_status open_store(serve_server *s, bfl_error *err) {
    const store_options options = {.create = true,
                                   .migrate = true,
                                   .content_bytes = (uint64_t)s->options.upload_mib << 20,
                                   .now_ms = serve_now_ms()};
    const char *url = s->options.demo ? "sqlite::memory:" : s->options.store_url;
    bfl_status status = store_open(url, &options, &s->store, err);
    if (status || !s->options.demo) return status;
    return serve_demo_fill(s, err);
}

static bfl_status make_parts(serve_server *s, bfl_error *err) {
    unsigned workers = worker_count(s);
    serve_ask_prepare(s);
    s->limits = serve_limits_new();
    s->passwords = s->options.demo ? NULL : serve_passwords_new(workers > 1 ? workers / 2 : 1);
    s->jobs = serve_jobs_new();
    s->exports = serve_exports_new();
    if (s->limits && s->jobs && s->exports && (s->passwords || s->options.demo)) return BFL_OK;
    return fail(err, BFL_ENOMEM, "", "out of memory");
}

static bfl_status serve(serve_server *s, bfl_error *err) {
    enum { OWN_HOSTS = 5 };
    unsigned port = 0;
    sigset_t signals = block_signals();
    s->hosts = SERVE_NEW_ARRAY(s->pool, s->options.allowed_host_count + OWN_HOSTS, const char *);
    bfl_status status = read_listen(s, &port, err);
    if (!status) status = read_hosts(s, err);
    if (!status && s->options.demo && !is_local(s->address))
        status =
            fail(err, BFL_EINVAL, "--demo", "answers everybody: it may listen on this machine only, as on 127.0.0.1");
    if (!status) status = bfl_rulebook_open_file(s->options.overlay, &s->rulebook, err);
    if (!status) status = serve_hooks_open(s, &s->hooks, err);
    if (!status) status = make_parts(s, err);
    if (!status) status = open_store(s, err);
    if (!status && !(s->readings = serve_readings_new(s))) status = fail(err, BFL_ENOMEM, "", "out of memory");
    default_place(s, port);
    if (!status) status = start_daemon(s, port, err);
    if (status) return status;
    default_place(s, serve_daemon_port(s->daemon));
    if (!s->options.demo) status = serve_setup_offer(s, err);
    say_where(s);
    (void)fflush(s->options.out);
    if (!status) wait_for_end(s, &signals);
    serve_jobs_stop(s->jobs);
    serve_daemon_stop(s->daemon, DRAIN_SECONDS);
    return status;
}

static void run_body(void *context) {
    run *r = context;
    r->status = serve(r->server, r->err);
}

/* Every request needs some ten MiB for a moment: given back to the system each time, they cost more than the request's own work. */
static void keep_memory(void) {
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_MIB << 18);
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_MIB << 20);
}

bfl_status serve_run(const serve_options *options, bfl_error *err) {
    keep_memory();
    if (sodium_init() < 0) return fail(err, BFL_EIO, "libsodium", "cannot be started");
    serve_server server = {.options = *options, .pool = serve_pool_new()};
    run r = {.server = &server, .err = err, .status = BFL_ENOMEM};
    if (!server.pool) return fail(err, BFL_ENOMEM, "", "out of memory");
    randombytes_buf(server.secret, sizeof server.secret);
    if (!serve_pool_run(server.pool, run_body, &r)) r.status = fail(err, BFL_ENOMEM, "", "out of memory");
    serve_jobs_free(server.jobs);
    serve_readings_free(server.readings);
    serve_hooks_close(server.hooks);
    serve_exports_free(server.exports);
    serve_passwords_free(server.passwords);
    serve_limits_free(server.limits);
    store_close(server.store);
    bfl_rulebook_free(server.rulebook);
    serve_pool_free(server.pool);
    return r.status;
}
