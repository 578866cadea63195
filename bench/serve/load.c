/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends one body over and over and says how long each answer took, as one line of JSON:
 *
 *   load PORT PATH BODY_FILE REQUESTS CONNECTIONS RATE
 *
 * RATE > 0: that many requests a second, begun when they are due whether earlier ones have been answered or not; a time counts from
 * when the request was due, so that a server that stalls cannot hide it. RATE 0: each connection sends as soon as it was answered.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REPLY_BYTES = 1 << 20, HEAD_BYTES = 512 };

static struct {
    int port;
    long requests, connections, rate;
    char *message; /* head and body */
    size_t size;
    double begin;
    double *times;
    atomic_long next, failed;
} plan;

static double now_s(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void sleep_until(double due) {
    double left = due - now_s();
    if (left <= 0) return;
    struct timespec t = {.tv_sec = (time_t)left};
    t.tv_nsec = (long)((left - (double)t.tv_sec) * 1e9);
    (void)nanosleep(&t, NULL);
}

static int connect_to(int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) return -1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static bool send_all(int fd) {
    for (size_t sent = 0; sent < plan.size;) {
        ssize_t got = send(fd, plan.message + sent, plan.size - sent, MSG_NOSIGNAL);
        if (got <= 0 && errno != EINTR) return false;
        if (got > 0) sent += (size_t)got;
    }
    return true;
}

/* Reads one answer; is its status 200? */
static bool receive(int fd, char *reply) {
    size_t size = 0, whole = 0;
    while (!whole || size < whole) {
        ssize_t got = recv(fd, reply + size, REPLY_BYTES - 1 - size, 0);
        if (got <= 0) return false;
        size += (size_t)got;
        reply[size] = '\0';
        char *end = whole ? NULL : strstr(reply, "\r\n\r\n");
        const char *length = end ? strcasestr(reply, "\r\nContent-Length:") : NULL;
        if (end && !length) return false;
        if (end) whole = (size_t)(end - reply) + 4 + strtoul(length + 17, NULL, 10);
        if (whole >= REPLY_BYTES) return false;
    }
    return strncmp(reply, "HTTP/1.1 200", 12) == 0;
}

static void *work(void *unused) {
    (void)unused;
    int fd = connect_to(plan.port);
    char *reply = malloc(REPLY_BYTES);
    for (long k; (k = atomic_fetch_add(&plan.next, 1)) < plan.requests;) {
        double due = plan.rate ? plan.begin + (double)k / (double)plan.rate : now_s();
        sleep_until(due);
        if (fd < 0 || !reply || !send_all(fd) || !receive(fd, reply)) {
            atomic_fetch_add(&plan.failed, 1);
            if (fd >= 0) (void)close(fd);
            fd = connect_to(plan.port);
        }
        plan.times[k] = now_s() - due;
    }
    if (fd >= 0) (void)close(fd);
    free(reply);
    return NULL;
}

static bool read_message(const char *path, const char *body_path) {
    FILE *in = fopen(body_path, "rb");
    if (!in || fseek(in, 0, SEEK_END) != 0) return false;
    long body = ftell(in);
    rewind(in);
    plan.message = malloc((size_t)body + HEAD_BYTES);
    if (!plan.message) return false;
    int head = snprintf(
        plan.message, HEAD_BYTES,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %ld\r\n\r\n", path,
        plan.port, body);
    plan.size = (size_t)head + (size_t)body;
    bool good = fread(plan.message + head, 1, (size_t)body, in) == (size_t)body;
    return fclose(in) == 0 && good;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at_share(double share) {
    size_t index = (size_t)((double)plan.requests * share);
    return 1000 * plan.times[index < (size_t)plan.requests ? index : (size_t)plan.requests - 1];
}

int main(int argc, char **argv) {
    if (argc != 7) return 2;
    plan.port = atoi(argv[1]);
    plan.requests = atol(argv[4]);
    plan.connections = atol(argv[5]);
    plan.rate = atol(argv[6]);
    plan.times = calloc((size_t)plan.requests, sizeof *plan.times);
    pthread_t *threads = calloc((size_t)plan.connections, sizeof *threads);
    if (!plan.times || !threads || !read_message(argv[2], argv[3])) return 1;
    plan.begin = now_s() + (plan.rate ? 0.05 : 0);
    for (long i = 0; i < plan.connections; i++)
        if (pthread_create(&threads[i], NULL, work, NULL) != 0) return 1;
    for (long i = 0; i < plan.connections; i++) (void)pthread_join(threads[i], NULL);
    double took = now_s() - plan.begin;
    qsort(plan.times, (size_t)plan.requests, sizeof *plan.times, compare);
    printf("{\"requests\":%ld,\"failed\":%ld,\"seconds\":%.3f,\"per_second\":%.1f,\"p50_ms\":%.2f,\"p90_ms\":%.2f,"
           "\"p99_ms\":%.2f,"
           "\"max_ms\":%.2f}\n",
           plan.requests, atomic_load(&plan.failed), took, (double)plan.requests / took, at_share(0.5), at_share(0.9),
           at_share(0.99), 1000 * plan.times[plan.requests - 1]);
    return 0;
}
