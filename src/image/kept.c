/* SPDX-License-Identifier: Apache-2.0 */
/* A transform as bytes, for a run that goes on where another was interrupted: on the same machine, so numbers are as they lie in
 * memory; a machine of another byte order refuses them. */
#include "image/transform.h"

#include <math.h>
#include <string.h>

/* Numbers of four bytes only, so that nothing lies between them. */
typedef struct head {
    uint32_t order;
    int32_t knots[3], local_size[3];
    float rotation[9], shift_mm[3], centre_mm[3], first_mm[3];
    float knot_mm, local_mm, largest_mm, p95_mm, held;
} head;

static const uint32_t ORDER = 0x01020304;
/* 1024 knots are over ten metres; with more, the border of the lattice would be rounded away. */
enum { LEAST_KNOTS = 4, MOST_KNOTS = 1024, MOST_LOCAL = 4096 };

static size_t points_of(const int32_t size[3]) { return (size_t)size[0] * (size_t)size[1] * (size_t)size[2]; }

bfl_text bfl_transform_bytes(bfl_arena *arena, const bfl_transform *t) {
    head h = {.order = ORDER,
              .knot_mm = t->knot_mm,
              .local_mm = t->local_mm,
              .largest_mm = t->stiffness.largest_mm,
              .p95_mm = t->stiffness.p95_mm,
              .held = t->stiffness.held};
    memcpy(h.rotation, t->rotation, sizeof h.rotation);
    memcpy(h.shift_mm, t->shift_mm, sizeof h.shift_mm);
    memcpy(h.centre_mm, t->centre_mm, sizeof h.centre_mm);
    memcpy(h.first_mm, t->first_mm, sizeof h.first_mm);
    if (t->coefficient) memcpy(h.knots, t->knots, sizeof h.knots);
    if (t->local) memcpy(h.local_size, t->local_size, sizeof h.local_size);
    const size_t knots = points_of(h.knots) * sizeof(bfl_float4), local = points_of(h.local_size) * sizeof(bfl_float4);
    char *bytes = BFL_NEW_ARRAY(arena, sizeof h + knots + local, char);
    memcpy(bytes, &h, sizeof h);
    if (knots) memcpy(bytes + sizeof h, t->coefficient, knots);
    if (local) memcpy(bytes + sizeof h + knots, t->local, local);
    return (bfl_text){bytes, sizeof h + knots + local};
}

/* None at all, or so many along each axis. */
static bool good_size(const int32_t size[3], int32_t least, int32_t most, float step_mm) {
    if (size[0] == 0 && size[1] == 0 && size[2] == 0) return true;
    for (int a = 0; a < 3; a++)
        if (size[a] < least || size[a] > most) return false;
    return step_mm > 0;
}

static bool all_finite(const char *bytes, size_t size) {
    for (size_t at = 0; at < size; at += sizeof(float)) {
        float value;
        memcpy(&value, bytes + at, sizeof value);
        if (!isfinite(value)) return false;
    }
    return true;
}

static bfl_float4 *lattice(bfl_arena *arena, const char *bytes, size_t size) {
    if (!size) return NULL;
    bfl_float4 *out = BFL_NEW_ARRAY(arena, size / sizeof *out, bfl_float4);
    memcpy(out, bytes, size);
    return out;
}

bool bfl_transform_of_bytes(bfl_arena *arena, bfl_text bytes, bfl_transform *out) {
    head h;
    if (bytes.size < sizeof h) return false;
    memcpy(&h, bytes.data, sizeof h);
    if (h.order != ORDER || !good_size(h.knots, LEAST_KNOTS, MOST_KNOTS, h.knot_mm) ||
        !good_size(h.local_size, 1, MOST_LOCAL, h.local_mm))
        return false;
    const size_t knots = points_of(h.knots) * sizeof(bfl_float4), local = points_of(h.local_size) * sizeof(bfl_float4);
    const size_t start = offsetof(head, rotation);
    if (bytes.size != sizeof h + knots + local || !all_finite(bytes.data + start, bytes.size - start)) return false;
    bfl_transform t = {.knot_mm = h.knot_mm, .local_mm = h.local_mm, .stiffness = {h.largest_mm, h.p95_mm, h.held}};
    memcpy(t.rotation, h.rotation, sizeof t.rotation);
    memcpy(t.shift_mm, h.shift_mm, sizeof t.shift_mm);
    memcpy(t.centre_mm, h.centre_mm, sizeof t.centre_mm);
    memcpy(t.first_mm, h.first_mm, sizeof t.first_mm);
    memcpy(t.knots, h.knots, sizeof t.knots);
    memcpy(t.local_size, h.local_size, sizeof t.local_size);
    t.coefficient = lattice(arena, bytes.data + sizeof h, knots);
    t.local = lattice(arena, bytes.data + sizeof h + knots, local);
    *out = t;
    return true;
}
