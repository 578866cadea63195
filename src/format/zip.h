/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the format room: the entries of a ZIP file in memory. */
#ifndef BFL_FORMAT_ZIP_H
#define BFL_FORMAT_ZIP_H

#include "format/voxels.h"

typedef struct bfl_zip_entry {
    bfl_text name; /* as it is in the file; no path to open */
    uint64_t at, packed, size;
    unsigned method;
    bool encrypted;
} bfl_zip_entry;

bool bfl_is_zip(bfl_text head);
/* All entries in the order of the list. BFL_EPARSE, BFL_ELIMIT (more than `most`). */
BFL_MUST_USE bfl_status bfl_zip_list(bfl_arena *arena, bfl_text bytes, size_t most, const char *where,
                                     bfl_zip_entry **out, size_t *count, bfl_error *err);
/* Stored or deflated, and not encrypted? */
bool bfl_zip_can_take(const bfl_zip_entry *entry);
/* The entry's `size` bytes. BFL_EPARSE when it is damaged. */
BFL_MUST_USE bfl_status bfl_zip_take(bfl_arena *arena, bfl_text bytes, const bfl_zip_entry *entry, char *out,
                                     const char *where, bfl_error *err);

#endif
