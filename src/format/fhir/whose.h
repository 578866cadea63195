/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of single lines share. */
#ifndef BFL_FHIR_WHOSE_H
#define BFL_FHIR_WHOSE_H

#include "format/fhir/fhir.h"

#include <simdjson/line_json.h>

enum { BFL_CODE_CACHE = 1024 };

struct bfl_line_reader {
    bfl_arena *arena, *texts;
    bfl_json_lines *json;
    bfl_json_line line;
    char *room, *free; /* for texts that had escapes or need a NUL: never more than the lines themselves */
    size_t room_size;
    uint64_t codes[BFL_CODE_CACHE]; /* hash of a code of an Observation; the lowest bit says that it is ALP */
};

/* Member of an object; text NULL when there is none. */
bfl_json_part bfl_line_member(const bfl_line_reader *r, const bfl_json_part *object, const char *key);
/* Text of a string, trimmed; "" for anything else. Valid until the next line. */
bfl_text bfl_line_string(bfl_line_reader *r, const bfl_json_part *part);

#endif
