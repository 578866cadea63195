/* SPDX-License-Identifier: Apache-2.0 */
/* A study through a writer and back: what a record holds, as the rows of a case folder in sorted order, must be the same. */
#ifndef BFL_TEST_ROUND_TRIP_H
#define BFL_TEST_ROUND_TRIP_H

#include "format/sdtm/sdtm.h"
#include "format/writer.h"

#include <string.h>

typedef void (*round_trip_composer)(bfl_writing *w);

/* What a writer composes, in memory. Runs in an arena. */
static inline bfl_writing *compose_in_memory(bfl_arena *arena, const bfl_study *study, round_trip_composer compose) {
    bfl_writing *w = BFL_NEW(arena, bfl_writing);
    w->arena = arena;
    w->study = study;
    w->study_id = "STUDY";
    w->created = "1970-01-01T00:00:00";
    compose(w);
    return w;
}

static inline int round_trip_compare(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All rows of the study as a case folder, "file: row", sorted. Rows that only other formats lose are left out: `without`. */
static inline const char *facts_of(bfl_arena *arena, const bfl_study *study, const char *const *without) {
    const bfl_writing *w = compose_in_memory(arena, study, bfl_casefolder_compose);
    BFL_LIST(const char *) rows = {0};
    for (size_t i = 0; i < w->files.count; i++) {
        bfl_text rest = w->bytes.items[i];
        bool left_out = false;
        for (const char *const *file = without; *file; file++)
            left_out = left_out || strcmp(*file, w->files.items[i].name) == 0;
        while (rest.size && !left_out) {
            bfl_text row = bfl_text_split(&rest, '\n');
            if (strcmp(w->files.items[i].name, "notes.csv") == 0 && bfl_text_starts(row, BFL_TEXT("*,"))) continue;
            *BFL_PUSH(arena, &rows) =
                bfl_arena_printf(arena, "%s: %.*s", w->files.items[i].name, (int)row.size, row.data);
        }
    }
    bfl_sort(arena, rows.items, rows.count, sizeof *rows.items, round_trip_compare, NULL);
    bfl_buf buf = {.arena = arena};
    for (size_t i = 0; i < rows.count; i++) bfl_buf_addf(&buf, "%s\n", rows.items[i]);
    return bfl_buf_z(&buf);
}

/* Reads what was composed. */
static inline bfl_study *read_composed(bfl_arena *arena, const bfl_writing *w, bfl_error *err) {
    bfl_table_bytes *files = BFL_NEW_ARRAY(arena, w->files.count, bfl_table_bytes);
    bfl_study *study = NULL;
    for (size_t i = 0; i < w->files.count; i++) files[i] = (bfl_table_bytes){w->files.items[i].name, w->bytes.items[i]};
    const bfl_sdtm_options options = {.struct_size = sizeof options,
                                      .evaluator = w->study->evaluator,
                                      .evaluator_id = w->study->evaluator_id,
                                      .accepted_only = w->study->accepted_only};
    return bfl_sdtm_parse(files, w->files.count, &options, &study, err) == BFL_OK ? study : NULL;
}

#endif
