/* SPDX-License-Identifier: Apache-2.0 */
/* NRRD from any bytes: an error or a volume of at most 64 Ki voxels, never a crash. */
#include "format/volumes.h"

#include "fuzz.h"

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    const bfl_text bytes = *(bfl_text *)context;
    bfl_stored_volume stored;
    bfl_text name;
    bfl_status status = bfl_nrrd_data_file(bytes, "fuzz.nrrd", &name, err);
    if (status) return status;
    PROMISE(!memchr(name.data ? name.data : "", '/', name.size)); /* never a path */
    status = bfl_nrrd_read_apart(arena, bytes, name.size ? &bytes : NULL, 65536, "fuzz.nrrd", &stored, err);
    if (status) return status;
    (void)bfl_volume_canonical(arena, bfl_stored_hu(arena, &stored));
    (void)bfl_stored_mask(arena, &stored);
    return BFL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return fuzz_body(body, data, size); }
