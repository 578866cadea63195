/* SPDX-License-Identifier: Apache-2.0 */
#include "image/vary.h"

#include <math.h>
#include <string.h>

static int by_value(const void *a, const void *b, const void *context) {
    const float x = *(const float *)a, y = *(const float *)b;
    (void)context;
    return x < y ? -1 : x > y;
}

/* A float's bits, turned so that they are in the order of the floats. */
static uint32_t key_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 31 ? ~bits : bits | UINT32_C(1) << 31;
}

/* Many at a time by eleven bits after the other, the lowest first. */
static void sort_many(bfl_arena *arena, bfl_sample *s) {
    enum { BITS = 11, PLACES = 1 << BITS, PASSES = 3 };
    bfl_arena_mark mark = bfl_arena_here(arena);
    float *from = s->values, *to = BFL_ROOM_FOR(arena, s->count, float);
    for (uint32_t pass = 0; pass < PASSES; pass++) {
        size_t next[PLACES + 1] = {0};
        for (size_t i = 0; i < s->count; i++) next[(key_of(from[i]) >> pass * BITS & (PLACES - 1)) + 1]++;
        for (size_t p = 1; p < PLACES; p++) next[p] += next[p - 1];
        for (size_t i = 0; i < s->count; i++) to[next[key_of(from[i]) >> pass * BITS & (PLACES - 1)]++] = from[i];
        float *const done = to;
        to = from;
        from = done;
    }
    memcpy(s->values, from, s->count * sizeof *from); /* an odd number of passes */
    bfl_arena_back(arena, mark);
}

void bfl_sample_sort(bfl_arena *arena, bfl_sample *s) {
    enum { MANY = 4096 };
    if (s->count >= MANY) {
        sort_many(arena, s);
        return;
    }
    bfl_sort(arena, s->values, s->count, sizeof *s->values, by_value, NULL);
}

float bfl_sample_at(const bfl_sample *s, double share) {
    return s->count ? s->values[(size_t)(share * (double)(s->count - 1))] : 0;
}

float bfl_sample_noise(bfl_sample s) {
    enum { LOOKS = 4 };
    static const float MAD_TO_SD = 1.4826F, P95_TO_SD = 1.96F, TAIL_SHARE = 0.5F, FAR = 5, LEAST_HU = 3;
    float noise = LEAST_HU;
    for (int look = 0; look < LOOKS; look++) {
        const float middle = bfl_sample_at(&s, 0.5) * MAD_TO_SD, tail = bfl_sample_at(&s, 0.95) / P95_TO_SD;
        noise = fmaxf(fmaxf(middle, tail * TAIL_SHARE), LEAST_HU);
        const size_t before = s.count;
        while (s.count > 0 && s.values[s.count - 1] > FAR * noise) s.count--;
        if (s.count == before) break;
    }
    return noise;
}

float bfl_steepness(const bfl_image *image, size_t v) {
    const size_t stride[3] = {1, (size_t)image->size[0], (size_t)image->size[0] * (size_t)image->size[1]};
    const size_t voxels = bfl_image_voxels(image);
    float square = 0;
    for (int a = 0; a < 3; a++) {
        const float high = image->value[v + stride[a] < voxels ? v + stride[a] : v],
                    low = image->value[v >= stride[a] ? v - stride[a] : v];
        square += (high - low) * (high - low);
    }
    return sqrtf(square);
}

static int step_of(const bfl_steep_noise *n, float steep) {
    int step = 0;
    while (step < BFL_STEEP_STEPS - 1 && steep > n->edge[step]) step++;
    return step;
}

float bfl_steep_noise_at(const bfl_steep_noise *n, float steep) { return n->noise[step_of(n, steep)]; }

bfl_steep_noise bfl_steep_noise_of(bfl_arena *arena, const bfl_image *mean, const bfl_image *steep,
                                   const bfl_shape *searched) {
    enum { WANTED = 200000, FEW = 200 };
    bfl_steep_noise n = {.edge = {0}};
    bfl_arena_mark mark = bfl_arena_here(arena);
    const size_t voxels = bfl_shape_voxels(searched);
    size_t all = 0, seen = 0, count = 0;
    for (size_t v = 0; v < voxels; v++) all += searched->in[v] != 0;
    const size_t stride = all / WANTED + 1;
    size_t *at = BFL_ROOM_FOR(arena, all / stride + 1, size_t);
    float *value = BFL_ROOM_FOR(arena, all / stride + 1, float);
    uint8_t *step = BFL_ROOM_FOR(arena, all / stride + 1, uint8_t);
    for (size_t v = 0; v < voxels; v++)
        if (searched->in[v] && seen++ % stride == 0) at[count++] = v;
    for (size_t i = 0; i < count; i++) value[i] = steep->value[at[i]];
    bfl_sample_sort(arena, &(bfl_sample){value, count});
    for (int s = 0; s < BFL_STEEP_STEPS - 1; s++)
        n.edge[s] = count ? value[count * (size_t)(s + 1) / BFL_STEEP_STEPS] : 0;
    for (size_t i = 0; i < count; i++) step[i] = (uint8_t)step_of(&n, steep->value[at[i]]);
    for (int s = 0; s < BFL_STEEP_STEPS; s++) {
        bfl_sample own = {value, 0};
        for (size_t i = 0; i < count; i++)
            if (step[i] == s) own.values[own.count++] = fabsf(mean->value[at[i]]);
        bfl_sample_sort(arena, &own);
        n.noise[s] = bfl_sample_noise(own);
        if (s > 0 && (own.count < FEW || n.noise[s] < n.noise[s - 1])) n.noise[s] = n.noise[s - 1];
    }
    bfl_arena_back(arena, mark);
    return n;
}
