/* SPDX-License-Identifier: Apache-2.0 */
/* A ZIP file of DICOM from any bytes: an error or a volume of at most 64 Ki voxels, no more unpacked than was allowed. */
#include "format/volumes.h"

#include "fuzz.h"

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    bfl_dicom_volume read;
    const bfl_dicom_limits limits = {64, 1 << 20, 65536, true};
    bfl_status status = bfl_dicom_read_zip(arena, *(bfl_text *)context, &limits, "fuzz.zip", &read, err);
    PROMISE(bfl_arena_used(arena) < (size_t)64 << 20);
    if (status) return status;
    PROMISE(read.volume && bfl_grid_voxels(&read.volume->grid) <= 65536);
    (void)bfl_volume_canonical(arena, read.volume);
    for (size_t n = 0; n < read.note_count; n++) PROMISE(read.notes[n] && read.notes[n][0]);
    return BFL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return fuzz_body(body, data, size); }
