/* SPDX-License-Identifier: Apache-2.0 */
/* A kept transform from any bytes: refused, or one that can be asked anywhere and gives the same bytes again. */
#include "image/image.h"

#include "fuzz.h"

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    static const float FAR[] = {-1e30F, -5, 0, 17.5F, 400, 1e30F};
    const bfl_text bytes = *(bfl_text *)context;
    bfl_transform t;
    (void)err;
    if (!bfl_transform_of_bytes(arena, bytes, &t)) return BFL_OK;
    for (size_t n = 0; n < 216; n++) {
        float mm[3] = {FAR[n % 6], FAR[n / 6 % 6], FAR[n / 36]};
        (void)bfl_transform_jacobian(&t, mm);
        bfl_transform_point(&t, mm, mm);
    }
    const bfl_text again = bfl_transform_bytes(arena, &t);
    PROMISE(again.size == bytes.size && memcmp(again.data, bytes.data, bytes.size) == 0);
    return BFL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return fuzz_body(body, data, size); }
