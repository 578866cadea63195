/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"
#include "schema.h"

#include <sodium.h>

bfl_status store_open(const char *url, const store_options *options, store **out, bfl_error *err) {
    store *s = NULL;
    if (sodium_init() < 0) return pool_error(err, BFL_EIO, "libsodium cannot be started");
    bfl_status status = pool_new(url, options, &s, err);
    if (status != BFL_OK) return status;
    sql *db = NULL;
    status = pool_bare(s, &db, err);
    if (status != BFL_OK) {
        pool_free(s);
        return status;
    }
    schema_open(db, &s->options);
    if (!sql_good(db)) db->broken = true;
    status = pool_end_bare(s, db, err);
    if (status == BFL_OK)
        *out = s;
    else
        pool_free(s);
    return status;
}

void store_close(store *s) { pool_free(s); }
