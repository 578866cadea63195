/* SPDX-License-Identifier: Apache-2.0 */
/* A study, read from SDTM or from the tables of a case folder, written as SDTM in every encoding and read again, is the same. */
#include "sdtm.h"

#include "../unit/format/round_trip.h"

static bfl_study *read_either(const fuzz_files *files) {
    const bfl_limits limits = {.struct_size = sizeof limits, .rows = 200, .field_bytes = 1000};
    const bfl_sdtm_options options = {.struct_size = sizeof options, .limits = &limits};
    bfl_study *study = NULL;
    bfl_error err = {0};
    size_t size = files->count ? strlen(files->files[0].name) : 0;
    bool tables =
        size > 5 && strcmp(files->files[0].name + size - 5, "s.csv") == 0; /* patients, lesions, labs, notes */
    bfl_status status = tables ? bfl_casefolder_parse(files->files, files->count, &limits, &study, &err)
                               : bfl_sdtm_parse(files->files, files->count, &options, &study, &err);
    return status == BFL_OK ? study : NULL;
}

static bfl_status round_trip(bfl_arena *arena, void *context, bfl_error *err) {
    static const round_trip_composer composers[] = {bfl_sdtm_compose_csv, bfl_sdtm_compose_xpt, bfl_sdtm_compose_json,
                                                    bfl_sdtm_compose_ndjson};
    static const char *const lost[] = {"molecular.csv", "pathology.csv", NULL};
    const bfl_study *study = context;
    const char *before = facts_of(arena, study, lost);
    for (size_t i = 0; i < sizeof composers / sizeof *composers; i++) {
        const bfl_writing *w = compose_in_memory(arena, study, composers[i]);
        bool whole = true;
        for (size_t j = 0; j < w->losses.count; j++)
            whole = whole && strcmp(w->losses.items[j].code, "write.no_place") == 0;
        if (!w->files.count) continue;
        bfl_study *again = read_composed(arena, w, err);
        PROMISE(again != NULL);
        const char *after = facts_of(arena, again, lost);
        if (whole && strcmp(before, after) != 0) {
            (void)fprintf(stderr, "before:\n%s\nafter:\n%s\n", before, after);
            PROMISE(strcmp(before, after) == 0);
        }
        bfl_study_free(again);
    }
    return BFL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_files files;
    bfl_error err = {0};
    fuzz_split_files(fuzz_text(data, size), &files);
    bfl_study *study = read_either(&files);
    bfl_arena *arena = study ? bfl_arena_new() : NULL;
    if (arena) PROMISE(bfl_arena_run(arena, round_trip, study, &err) == BFL_OK);
    bfl_arena_free(arena);
    bfl_study_free(study);
    return 0;
}
