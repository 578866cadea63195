/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"
#include "schema.h"

#include <sodium.h>
#include <stdio.h>

static bfl_status open_store(const char *url, const store_options *options, bool read_only, store **out,
                             bfl_error *err) {
    store *s = NULL;
    sql *db = NULL;
    if (sodium_init() < 0) return error_set(err, BFL_EIO, "libsodium cannot be started");
    bfl_status status = pool_new(url, options, &s, err);
    if (status != BFL_OK) return status;
    s->read_only = read_only;
    status = pool_bare(s, &db, err);
    if (status == BFL_OK) {
        schema_open(db, &s->options);
        if (!sql_good(db)) db->broken = true;
        status = pool_end_bare(s, db, err);
    }
    if (status == BFL_OK)
        *out = s;
    else
        pool_free(s);
    return status;
}

bfl_status store_open(const char *url, const store_options *options, store **out, bfl_error *err) {
    return open_store(url, options, false, out, err);
}

bfl_status store_open_backup(const char *path, store **out, bfl_error *err) {
    char url[1040];
    if (!path || (size_t)snprintf(url, sizeof url, "sqlite:%s", path) >= sizeof url)
        return error_set(err, BFL_EINVAL, "the path of the backup is too long");
    return open_store(url, NULL, true, out, err);
}

void store_close(store *s) { pool_free(s); }
