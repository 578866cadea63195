/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formats that a study can be written in. A writer composes whole files in memory and names every fact that its format has
 * no place for; write.c makes the folder. Adding one = a function, one line in write.c, one build line.
 */
#ifndef BFL_FORMAT_WRITER_H
#define BFL_FORMAT_WRITER_H

#include "format/format.h"

/* Why a fact is not in the output, or not as it was: X(SUFFIX, code, action). */
/* clang-format off */
#define BFL_LOSSES(X) \
    X(NO_PLACE, "write.no_place", "keep the input: this fact is not in the output") \
    X(CUT, "write.cut", "shorten the text; the output holds its beginning") \
    X(NUMBER, "write.number", "keep the input: the output holds the nearest number that it can")
/* clang-format on */
#define BFL_ENUM_LOSS(name, code, action) BFL_LOSS_##name,
typedef enum bfl_loss_code { BFL_LOSSES(BFL_ENUM_LOSS) BFL_LOSS_COUNT } bfl_loss_code;

typedef struct bfl_writing {
    bfl_arena *arena; /* files and losses live here; it is released with them */
    const bfl_study *study;
    const char *study_id, *created; /* never NULL */
    BFL_LIST(bfl_written_file) files;
    BFL_LIST(bfl_text) bytes; /* beside files */
    bfl_issue_list losses;
} bfl_writing;

/* A file of the output: a name without a folder; the texts must live as long as the arena. */
void bfl_writing_file(bfl_writing *w, const char *name, size_t rows, bfl_text bytes);
/* A fact that the output does not hold. `source` is where the input had it. */
void bfl_writing_lose(bfl_writing *w, bfl_loss_code code, bfl_place place, const char *found, const char *why);

typedef struct bfl_writer {
    const char *id, *name;
    void (*compose)(bfl_writing *w);
} bfl_writer;

void bfl_casefolder_compose(bfl_writing *w);
void bfl_sdtm_compose_csv(bfl_writing *w);
void bfl_sdtm_compose_xpt(bfl_writing *w);
void bfl_sdtm_compose_json(bfl_writing *w);
void bfl_sdtm_compose_ndjson(bfl_writing *w);
void bfl_fhir_compose(bfl_writing *w);
void bfl_fhir_compose_transactions(bfl_writing *w);

#endif
