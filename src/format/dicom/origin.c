/* SPDX-License-Identifier: Apache-2.0 */
/* The images of the series that was read, for what will refer to them. */
#include "format/dicom/series.h"

#include <string.h>

/* A UID is digits and dots, at most 64 of them (PS3.5, 9). */
static bool is_uid(const char *z) {
    enum { LONGEST = 64 };
    const size_t length = strlen(z);
    return length > 0 && length <= LONGEST && strspn(z, "0123456789.") == length && z[0] != '.' && z[length - 1] != '.';
}

/* Digits and a point: nothing that could name a patient. */
static const char *plain(bfl_arena *arena, const char *z) {
    return strspn(z, "0123456789.") == strlen(z) ? bfl_arena_text(arena, bfl_text_of(z)) : "";
}

static const char *uid(bfl_arena *arena, const bfl_dicom_head *head, bfl_dicom_tag tag, bool *whole) {
    if (!is_uid(head->text[tag])) *whole = false;
    return bfl_arena_text(arena, bfl_text_of(head->text[tag]));
}

static const bfl_scan_identity *identity_of(bfl_arena *arena, const bfl_dicom_source *source) {
    bfl_dicom_identity read;
    bfl_scan_identity *out = BFL_NEW(arena, bfl_scan_identity);
    if (!bfl_dicom_parse_identity(source, &read)) read = (bfl_dicom_identity){.name = ""};
    out->name = bfl_arena_text(arena, bfl_text_of(read.name));
    out->id = bfl_arena_text(arena, bfl_text_of(read.id));
    out->birth_date = bfl_arena_text(arena, bfl_text_of(read.birth_date));
    out->sex = bfl_arena_text(arena, bfl_text_of(read.sex));
    out->accession = bfl_arena_text(arena, bfl_text_of(read.accession));
    out->study_id = bfl_arena_text(arena, bfl_text_of(read.study_id));
    out->referring = bfl_arena_text(arena, bfl_text_of(read.referring));
    out->character_set = bfl_arena_text(arena, bfl_text_of(read.character_set));
    return out;
}

const bfl_scan_origin *bfl_dicom_origin_of(bfl_arena *arena, const bfl_dicom_series *series, bool keep_identifiers) {
    const bfl_dicom_slice *first = &series->slices[0];
    bfl_scan_origin *out = BFL_NEW(arena, bfl_scan_origin);
    bfl_scan_frame *frames = BFL_NEW_ARRAY(arena, series->count, bfl_scan_frame);
    bool whole = true;
    for (size_t i = 0; i < series->count; i++) {
        frames[i].number = series->slices[i].head->frame;
        frames[i].sop = uid(arena, series->slices[i].head, BFL_TAG_SOP, &whole);
        memcpy(frames[i].position_mm, series->slices[i].position, sizeof frames[i].position_mm);
    }
    *out = (bfl_scan_origin){.study = uid(arena, first->head, BFL_TAG_STUDY, &whole),
                             .series = uid(arena, first->head, BFL_TAG_SERIES, &whole),
                             .sop_class = uid(arena, first->head, BFL_TAG_SOP_CLASS, &whole),
                             .frame_of_reference = uid(arena, first->head, BFL_TAG_FRAME_OF_REFERENCE, &whole),
                             .study_date = plain(arena, first->head->text[BFL_TAG_STUDY_DATE]),
                             .study_time = plain(arena, first->head->text[BFL_TAG_STUDY_TIME]),
                             .rows = first->head->rows,
                             .columns = first->head->columns,
                             .spacing_mm = {first->spacing_mm[0], first->spacing_mm[1]},
                             .thickness_mm = first->thickness_mm > 0 ? first->thickness_mm : series->step_mm,
                             .frames = frames,
                             .frame_count = series->count};
    memcpy(out->axis, first->axis, sizeof out->axis);
    if (!whole) return NULL;
    if (keep_identifiers) out->identity = identity_of(arena, first->source);
    return out;
}
