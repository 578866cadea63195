/* SPDX-License-Identifier: Apache-2.0 */
/* The demonstration: published cases that are embedded in the program, put into a store that is forgotten at the end. */
#include "serve/demo.h"
#include "serve/page/files.h"
#include "serve/record/record.h"

#include <string.h>

/* The tables of the case that begins at `from`; returns where the next begins. */
static size_t case_tables(serve_pool *pool, size_t from, serve_tables *out) {
    const char *name = serve_demo_files[from].name;
    size_t folder = strcspn(name, "/"), at = from;
    out->items = SERVE_NEW_ARRAY(pool, serve_demo_files_count, bfl_table_bytes);
    out->count = 0;
    for (; at < serve_demo_files_count && strncmp(serve_demo_files[at].name, name, folder + 1) == 0; at++) {
        const serve_file *f = &serve_demo_files[at];
        if (!serve_is_table(f->name + folder + 1)) continue;
        out->items[out->count++] = (bfl_table_bytes){f->name + folder + 1, {(const char *)f->bytes, f->size}};
    }
    return at;
}

typedef struct fill {
    serve_call call;
    bfl_error *err;
    bfl_status status;
} fill;

static bfl_status put_case(serve_call *call, const serve_tables *tables, bfl_error *err) {
    bfl_study *study = NULL;
    bfl_status status = bfl_casefolder_parse(tables->items, tables->count, NULL, &study, err);
    if (!status) (void)serve_keep_study(call, study);
    for (size_t i = 0; !status && i < bfl_study_record_count(study); i++) {
        store_record_put_result put = {0};
        const serve_put how = {.expected_version = -1, .reason = "demonstration", .who = call->user};
        status = serve_record_put(call, study, i, &how, &put, err);
        if (!status && !serve_record_assessed(call, put.key)) status = BFL_EIO;
    }
    return status;
}

static void fill_body(void *context) {
    fill *f = context;
    for (size_t i = 0; i < serve_demo_files_count && !f->status;) {
        serve_tables tables = {0};
        i = case_tables(f->call.pool, i, &tables);
        f->status = put_case(&f->call, &tables, f->err);
    }
}

bfl_status serve_demo_fill(serve_server *server, bfl_error *err) {
    fill f = {{.server = server, .pool = serve_pool_new(), .user = "demo", .now_ms = serve_now_ms()}, err, BFL_OK};
    if (!f.call.pool) return BFL_ENOMEM;
    if (!serve_pool_run(f.call.pool, fill_body, &f)) f.status = BFL_ENOMEM;
    serve_pool_free(f.call.pool);
    return f.status;
}
