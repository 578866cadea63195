/* SPDX-License-Identifier: Apache-2.0 */
/* SDTM: whatever the files hold, reading ends in a study in order or in an error that says why. */
#ifndef BFL_FUZZ_SDTM_H
#define BFL_FUZZ_SDTM_H

#include "fuzz.h"

#include "format/sdtm/sdtm.h"

enum { FUZZ_FILES = 8, FUZZ_NAME_SIZE = 24 };

typedef struct fuzz_files {
    bfl_table_bytes files[FUZZ_FILES];
    char file_names[FUZZ_FILES][FUZZ_NAME_SIZE];
    size_t count;
} fuzz_files;

/* Several files in one input: a line "=tu.csv" begins a file. */
static inline void fuzz_split_files(bfl_text rest, fuzz_files *out) {
    out->count = 0;
    while (rest.size && out->count < FUZZ_FILES) {
        bfl_text line = bfl_text_split(&rest, '\n');
        if (line.size < 2 || line.data[0] != '=') continue;
        char *file_name = out->file_names[out->count];
        size_t length = line.size - 1 < FUZZ_NAME_SIZE - 1 ? line.size - 1 : FUZZ_NAME_SIZE - 1;
        memcpy(file_name, line.data + 1, length);
        file_name[length] = '\0';
        bfl_text body = rest;
        size_t end = bfl_text_find_nocase(rest, BFL_TEXT("\n="));
        if (end != SIZE_MAX) body.size = end + 1;
        rest = (bfl_text){body.data + body.size, rest.size - body.size};
        if (!bfl_utf8_valid(bfl_text_of(file_name), NULL) || !file_name[0]) continue;
        out->files[out->count++] = (bfl_table_bytes){file_name, body};
    }
}

static inline void fuzz_check_record(const bfl_record *r) {
    for (size_t i = 0; i < r->lesion_count; i++) {
        const bfl_lesion *l = &r->lesions[i];
        PROMISE(l->id && l->site && l->note && l->source.file[0] && l->source.row);
        PROMISE(!l->when.known || l->when.first <= l->when.day);
        PROMISE(!l->longest_mm.present || l->longest_mm.value.mantissa >= 0);
    }
    for (size_t i = 0; i < r->lab_count; i++)
        PROMISE(!r->labs[i].usable || (r->labs[i].analyte && r->labs[i].unit && r->labs[i].canonical.present));
    for (size_t i = 0; i < r->issue_count; i++) {
        const bfl_issue *issue = &r->issues[i];
        PROMISE(issue->code[0] && issue->action[0] && (issue->found[0] || issue->expected[0]));
        PROMISE(bfl_utf8_valid(bfl_text_of(issue->found), NULL) && bfl_utf8_valid(bfl_text_of(issue->column), NULL));
    }
}

static inline int fuzz_sdtm(const bfl_table_bytes *files, size_t count) {
    const bfl_limits limits = {.struct_size = sizeof limits, .rows = 1000, .field_bytes = 1000};
    const bfl_sdtm_options options = {.struct_size = sizeof options, .limits = &limits};
    bfl_study *study = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_sdtm_parse(files, count, &options, &study, &err);
    if (status != BFL_OK) {
        fuzz_check_error(&err, status);
        PROMISE(study == NULL);
        return 0;
    }
    for (size_t i = 0; i < bfl_study_record_count(study); i++) {
        fuzz_check_record(bfl_study_record(study, i));
        if (i) PROMISE(strcmp(bfl_study_record(study, i - 1)->patient.id, bfl_study_record(study, i)->patient.id) < 0);
    }
    bfl_study_free(study);
    return 0;
}

#endif
