/* SPDX-License-Identifier: Apache-2.0 */
/* The formats that a study can be read from, told apart by what the files hold. */
#ifndef BFL_FORMAT_REGISTRY_H
#define BFL_FORMAT_REGISTRY_H

#include "format/format.h"

typedef struct bfl_format {
    const char *id, *name;
    /* Is a file of that name, which begins with these bytes, one of the format's? */
    bool (*probe)(const char *file, bfl_text head);
    /* `options` is never NULL. */
    bfl_status (*read)(const char *path, const bfl_sdtm_options *options, bfl_study **out, bfl_error *err);
    bool evaluators; /* does it hold the readings of several evaluators? */
} bfl_format;

/* The first is what an input that no format knows is read as: its reader says what is missing. */
extern const bfl_format bfl_formats[];
extern const size_t bfl_format_count;

bool bfl_casefolder_probe(const char *file, bfl_text head);
bool bfl_sdtm_probe(const char *file, bfl_text head);
bool bfl_mef_probe(const char *file, bfl_text head);
bool bfl_fhir_probe(const char *file, bfl_text head);

#endif
