/* SPDX-License-Identifier: Apache-2.0 */
/* What was uploaded, as files in a folder of its own that is removed with the pool: the library reads folders. */
#ifndef SERVE_API_UNPACK_H
#define SERVE_API_UNPACK_H

#include "serve/http/pool.h"

typedef struct serve_unpack {
    const char *name; /* of the upload */
    bfl_text bytes;   /* a NUL behind them */
    size_t most;      /* bytes that an archive may become */
} serve_unpack;

/* Makes the folder and fills it: the members of a zip, or the one file. Returns NULL and *folder, or a sentence that says what is
 * wrong. A name that leads elsewhere, a member that is encrypted or grows beyond the limit, refuses the whole archive. */
const char *serve_unpack_files(serve_pool *pool, const serve_unpack *upload, const char **folder);
/* The folder for temporary files: $TMPDIR, else /tmp. */
const char *serve_temporary_place(void);
/* Does it begin as a zip does? */
bool serve_is_zip(bfl_text bytes);

#endif
