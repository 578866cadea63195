/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/account/limits.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 8192, PROBES = 8, KEY_TEXT = 384 };

typedef struct bucket {
    uint64_t name;   /* keyed hash; 0 = free */
    int64_t full_at; /* when it will be full again */
} bucket;

struct serve_limits {
    pthread_mutex_t lock;
    unsigned char key[crypto_shorthash_KEYBYTES]; /* nobody can choose names that meet in one bucket */
    bucket buckets[SLOTS];
};

serve_limits *serve_limits_new(void) {
    serve_limits *limits = calloc(1, sizeof *limits);
    if (!limits) return NULL;
    (void)pthread_mutex_init(&limits->lock, NULL);
    randombytes_buf(limits->key, sizeof limits->key);
    return limits;
}

void serve_limits_free(serve_limits *limits) {
    if (!limits) return;
    (void)pthread_mutex_destroy(&limits->lock);
    free(limits);
}

static uint64_t hash_name(const serve_limits *limits, const char *kind, const char *name) {
    unsigned char text[KEY_TEXT] = {0}, hash[crypto_shorthash_BYTES];
    size_t first = strlen(kind), second = strlen(name);
    memcpy(text, kind, first);
    if (second > KEY_TEXT - first - 1) second = KEY_TEXT - first - 1;
    memcpy(text + first + 1, name, second);
    (void)crypto_shorthash(hash, text, first + 1 + second, limits->key);
    uint64_t value;
    memcpy(&value, hash, sizeof value);
    return value ? value : 1;
}

/* The bucket of that name; otherwise the one of its row that is fullest, emptied for it. */
static bucket *find(serve_limits *limits, uint64_t name, int64_t now) {
    bucket *best = NULL;
    for (size_t i = 0; i < PROBES; i++) {
        bucket *b = &limits->buckets[(name + i) % SLOTS];
        if (b->name == name) return b;
        if (!best || b->full_at < best->full_at) best = b;
    }
    *best = (bucket){name, now};
    return best;
}

int64_t serve_limits_take(serve_limits *limits, const serve_limit *limit, const char *name, int64_t now,
                          int64_t tokens) {
    uint64_t hash = hash_name(limits, limit->kind, name);
    (void)pthread_mutex_lock(&limits->lock);
    bucket *b = find(limits, hash, now);
    if (b->full_at < now) b->full_at = now;
    int64_t missing = b->full_at - now,
            room = (limit->most - 1) * limit->every_ms; /* at least one token must be left */
    int64_t wait = missing > room ? missing - room : 0;
    if (!wait) b->full_at += tokens * limit->every_ms;
    (void)pthread_mutex_unlock(&limits->lock);
    return wait;
}
