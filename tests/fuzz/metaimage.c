/* SPDX-License-Identifier: Apache-2.0 */
/* MetaImage from any bytes: an error or a volume of at most 64 Ki voxels, never a crash. */
#include "format/volumes.h"

#include "fuzz.h"

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    bfl_stored_volume stored;
    bfl_status status = bfl_metaimage_read(arena, *(bfl_text *)context, 65536, "fuzz.mha", &stored, err);
    if (status) return status;
    (void)bfl_volume_canonical(arena, bfl_stored_hu(arena, &stored));
    (void)bfl_stored_mask(arena, &stored);
    return BFL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return fuzz_body(body, data, size); }
