/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of an export: lines go to the disk ($TMPDIR, else /tmp), under no name, so that nothing is left when the server ends in any
 * way. When it is whole it is seen as bytes, which the system may take out of memory again.
 */
#ifndef SERVE_FHIR_SPOOL_H
#define SERVE_FHIR_SPOOL_H

#include <boneflare/base.h>

#include <stdio.h>

typedef struct serve_spool {
    FILE *file;
    size_t size, lines;
    const char *bytes; /* of the whole; NULL until serve_spool_finish() */
} serve_spool;

/* Adds a line. False: there is no room on the disk. */
bool serve_spool_add(serve_spool *spool, bfl_text line);
/* Nothing is added after it. */
bool serve_spool_finish(serve_spool *spool);
/* Also of one that was never used. */
void serve_spool_free(serve_spool *spool);

#endif
