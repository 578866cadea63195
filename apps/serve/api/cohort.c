/* SPDX-License-Identifier: Apache-2.0 */
/* All patients as one study: its tables and figures. */
#include "serve/api/api.h"
#include "serve/record/record.h"
#include "serve/server.h"

#include <string.h>

enum { PAGE = 500, MOST_PATIENTS = 5000, MOST_TABLES = 8 * MOST_PATIENTS };

typedef struct gathering {
    serve_call *call;
    serve_tables tables;
    size_t patients, room;
} gathering;

static void add_tables(gathering *g, const serve_tables *tables) {
    if (g->tables.count + tables->count > g->room) {
        size_t room = 2 * g->room + tables->count;
        g->tables.items = serve_pool_grow(g->call->pool, g->tables.items, g->tables.count * sizeof *g->tables.items,
                                          room * sizeof *g->tables.items);
        g->room = room;
    }
    memcpy(g->tables.items + g->tables.count, tables->items, tables->count * sizeof *tables->items);
    g->tables.count += tables->count;
}

static bool add_patient(gathering *g, const char *key) {
    store_record *record = NULL;
    serve_tables tables = {0};
    bfl_error err = {0};
    bfl_status status = store_record_get(g->call->server->store, key, 0, &record, &err);
    if (status == BFL_ENOTFOUND) return true; /* gone since the list was made */
    if (status) {
        serve_failed(g->call, status, &err);
        return false;
    }
    (void)serve_keep(g->call, record);
    if (serve_content_read(g->call->pool, record->content, &tables) != NULL) return true;
    add_tables(g, &tables);
    g->patients++;
    return true;
}

/* The library reads a table that comes in many parts as one. */
static bool gather(gathering *g) {
    store_list_want want = {.sort = STORE_SORT_ID, .limit = PAGE};
    for (bool more = true; more;) {
        store_patients *page = NULL;
        bfl_error err = {0};
        bfl_status status = store_patient_list(g->call->server->store, &want, &page, &err);
        if (status) {
            serve_failed(g->call, status, &err);
            return false;
        }
        (void)serve_keep(g->call, page);
        for (size_t i = 0; i < page->count; i++)
            if (!add_patient(g, page->items[i].key)) return false;
        more = page->more && page->count > 0;
        if (more) want.after = page->items[page->count - 1].key;
        if (g->patients <= MOST_PATIENTS) continue;
        serve_problem(g->call, 413, "too-many-patients", "The study page takes at most 5,000 patients.",
                      "Use 'boneflare cohort' for larger studies.");
        return false;
    }
    return true;
}

/* ---- the answer ---- */

static void put_table(serve_json *w, const bfl_cohort_table *t) {
    serve_json_open(w, NULL, "{");
    serve_json_text(w, "id", t->id);
    serve_json_text(w, "title", t->title);
    serve_json_text(w, "note", t->note);
    serve_json_open(w, "columns", "[");
    for (size_t i = 0; i < t->column_count; i++) serve_json_text(w, NULL, t->columns[i]);
    serve_json_close(w, "]");
    serve_json_open(w, "rows", "[");
    for (size_t r = 0; r < t->row_count; r++) {
        serve_json_open(w, NULL, "[");
        for (size_t i = 0; i < t->column_count; i++) serve_json_text(w, NULL, t->cells[r * t->column_count + i].text);
        serve_json_close(w, "]");
    }
    serve_json_close(w, "]");
    serve_json_close(w, "}");
}

static void release_cohort(void *thing) { bfl_cohort_free(thing); }

static void release_figures(void *thing) { bfl_figures_free(thing); }

static void put_study(serve_json *w, const bfl_cohort *cohort, const bfl_figures *figures) {
    serve_json_open(w, "tables", "[");
    for (size_t i = 0; cohort && i < cohort->table_count; i++) put_table(w, &cohort->tables[i]);
    serve_json_close(w, "]");
    serve_json_open(w, "figures", "[");
    for (size_t i = 0; figures && i < figures->count; i++) {
        serve_json_open(w, NULL, "{");
        serve_json_text(w, "id", figures->items[i].id);
        serve_json_text(w, "title", figures->items[i].title);
        serve_json_view(w, "svg", figures->items[i].svg);
        serve_json_close(w, "}");
    }
    serve_json_close(w, "]");
    serve_json_open(w, "remarks", "[");
    for (size_t i = 0; cohort && i < cohort->remark_count; i++) serve_json_text(w, NULL, cohort->remarks[i]);
    serve_json_close(w, "]");
}

static bool build(serve_call *call, const bfl_study *study, bfl_cohort **cohort, bfl_figures **figures) {
    const serve_server *s = call->server;
    bfl_error err = {0};
    const char *by = serve_query(call, "by");
    const bfl_cohort_options options = {.struct_size = sizeof options, .threads = 1, .by = by && *by ? by : NULL};
    bfl_status status = bfl_cohort_build(study, s->rulebook, &options, cohort, &err);
    if (status == BFL_ENOTFOUND) {
        serve_problem(call, 400, "bad-variable", err.message,
                      "by is treatment, class, sex, age, stage, or another of docs/cohort.md.");
        return false;
    }
    if (!status) (void)serve_pool_own(call->pool, *cohort, release_cohort);
    if (!status) status = bfl_figures_draw(*cohort, s->rulebook, NULL, figures, &err);
    if (!status) (void)serve_pool_own(call->pool, *figures, release_figures);
    if (status) serve_failed(call, status, &err);
    return status == BFL_OK;
}

static void get_cohort(serve_call *call) {
    gathering g = {.call = call};
    bfl_study *study = NULL;
    bfl_cohort *cohort = NULL;
    bfl_figures *figures = NULL;
    if (!gather(&g)) return;
    serve_reads(call, "patients.cohort", "");
    if (g.patients && (!serve_tables_study(call, &g.tables, &study) || !build(call, study, &cohort, &figures))) return;
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_whole(&w, "patients", (int64_t)g.patients);
    put_study(&w, cohort, figures);
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

static const serve_route routes[] = {
    {"GET", "/api/v1/cohort", SERVE_READER, 0, SERVE_PLAIN, get_cohort},
};
const serve_routes serve_cohort_routes = {routes, sizeof routes / sizeof *routes};
