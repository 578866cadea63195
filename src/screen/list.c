/* SPDX-License-Identifier: Apache-2.0 */
/* The work list as text, CSV and JSON. */
#include "screen/screen.h"

#include <string.h>

enum { DEFAULT_COLUMNS = 100, LEAST_COLUMNS = 40, INDENT = 6, WIDEST_ID = 40 };

/* ---- text ---- */

static void add_count(bfl_buf *out, const char *what, uint64_t count) {
    bfl_buf_addf(out, "  %-46s %llu\n", what, (unsigned long long)count);
}

static void add_more(bfl_buf *out, const char *what, uint64_t count) {
    if (count) add_count(out, what, count);
}

static void write_account(bfl_buf *out, const bfl_screen_account *a) {
    bfl_buf_add(out, "Account\n");
    add_count(out, "lines", a->lines);
    add_count(out, "resources of patients", a->resources);
    add_more(out, "  of types that tell nothing of the question", a->unused);
    add_more(out, "resources of no patient", a->nobody);
    add_more(out, "resources whose patient cannot be told", a->unsolved);
    add_more(out, "lines left out", a->broken);
    add_more(out, "files of the folders that are no NDJSON", a->left_out);
    add_count(out, "patients", a->patients);
    add_count(out, "  with cancer", a->cancer);
    add_count(out, "  with disease in bone", a->bone);
    add_count(out, "  with an anticancer drug", a->therapy);
    add_count(out, "  with ALP", a->alp);
    add_count(out, "patients read whole", a->candidates);
    add_more(out, "  resources used", a->used);
    add_more(out, "  resources kept, read by no rule", a->kept);
    add_more(out, "  resources dropped, with an issue", a->dropped);
    add_more(out, "  resources not understood", a->unknown);
    add_count(out, "patients with a question", a->asked);
    add_count(out, "  which is open", a->open);
    add_more(out, "  and with alarms", a->alarmed);
    add_more(out, "problems (see the messages)", a->problems);
}

/* Words in lines of that width, indented. */
static void add_wrapped(bfl_buf *out, const char *z, size_t width) {
    bfl_text rest = bfl_text_of(z);
    size_t used = 0;
    while (rest.size) {
        bfl_text word = bfl_text_split(&rest, ' ');
        if (used == 0 || used + 1 + word.size > width) {
            bfl_buf_addf(out, "%s%*s", used ? "\n" : "", INDENT, "");
            used = INDENT;
        } else {
            bfl_buf_add(out, " ");
            used++;
        }
        bfl_buf_add_text(out, word);
        used += word.size;
    }
    bfl_buf_add(out, "\n");
}

static void add_state(bfl_buf *out, bfl_bone_state state) {
    for (const char *z = bfl_bone_state_word(state); *z; z++) bfl_buf_add_text(out, (bfl_text){*z == '_' ? " " : z, 1});
}

static void add_percent(bfl_buf *out, double p) { bfl_buf_double(out, p * 100, 0); }

/* Spaces up to a width. */
static void pad(bfl_buf *out, size_t from, int width) {
    size_t used = out->size - from;
    bfl_buf_addf(out, "%*s", used < (size_t)width ? (int)((size_t)width - used) + 2 : 2, "");
}

static void write_row(bfl_buf *out, const bfl_work_item *item, size_t rank, int id_width) {
    bfl_buf_addf(out, "%4zu  ", rank);
    size_t from = out->size;
    bfl_buf_add(out, item->patient);
    pad(out, from, id_width);
    from = out->size;
    bfl_buf_add(out, item->as_of);
    pad(out, from, 10);
    from = out->size;
    add_state(out, item->state);
    pad(out, from, 15);
    from = out->size;
    if (item->p_flare + item->p_progression > 0) {
        add_percent(out, item->p_flare);
        bfl_buf_add(out, " % (");
        add_percent(out, item->low);
        bfl_buf_add(out, " to ");
        add_percent(out, item->high);
        bfl_buf_add(out, ")");
    }
    pad(out, from, 15);
    from = out->size;
    if (item->p_flare + item->p_progression > 0) bfl_buf_double(out, item->loss_days, 1);
    pad(out, from, 9);
    bfl_buf_add(out, item->therapy[0] ? item->therapy : "no therapy in force");
    if (item->therapy[0]) bfl_buf_addf(out, ", day %d", (int)item->therapy_day);
    if (!item->bone) bfl_buf_add(out, "; no disease in bone is known");
    bfl_buf_add(out, "\n");
}

static void write_item(bfl_buf *out, const bfl_work_item *item, size_t rank, int id_width, size_t width) {
    write_row(out, item, rank, id_width);
    if (item->alarm_count) {
        bfl_buf line = {.arena = out->arena};
        bfl_buf_addf(&line, "%s: %s", item->urgent ? "! URGENT" : "! Alarm", item->alarm);
        if (item->alarm_count > 1) bfl_buf_addf(&line, " (and %zu more)", item->alarm_count - 1);
        add_wrapped(out, bfl_buf_z(&line), width);
    }
    if (item->next[0])
        add_wrapped(out,
                    bfl_arena_printf(out->arena, "Next%s%s: %s", item->has_by ? ", by " : "", item->by, item->next),
                    width);
}

void bfl_work_list_write_text(bfl_buf *out, const bfl_work_list *list, int columns) {
    size_t width = columns <= 0 ? DEFAULT_COLUMNS : columns < LEAST_COLUMNS ? LEAST_COLUMNS : (size_t)columns;
    size_t id_width = strlen("patient");
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->items[i].patient) > id_width) id_width = strlen(list->items[i].patient);
    if (id_width > WIDEST_ID) id_width = WIDEST_ID;
    bfl_buf_addf(out, "Patients for whom the question is open: %zu\n\n", list->count);
    if (list->count)
        bfl_buf_addf(out, "rank  %-*s  %-10s  %-15s  %-15s  %-9s  %s\n", (int)id_width, "patient", "as of", "state",
                     "flare", "loss days", "therapy");
    for (size_t i = 0; i < list->count; i++) write_item(out, &list->items[i], i + 1, (int)id_width, width);
    if (list->count) bfl_buf_add(out, "\n");
    write_account(out, &list->account);
}

/* ---- CSV ---- */

static void add_field(bfl_buf *out, const char *z, char after) {
    bool quoted = strpbrk(z, ",\"\r\n") != NULL;
    if (quoted) bfl_buf_add(out, "\"");
    for (; *z; z++) {
        if (*z == '"') bfl_buf_add(out, "\"");
        bfl_buf_add_text(out, (bfl_text){z, 1});
    }
    if (quoted) bfl_buf_add(out, "\"");
    bfl_buf_add_text(out, (bfl_text){&after, 1});
}

static void add_number(bfl_buf *out, double value, int places) {
    bfl_buf_double(out, value, places);
    bfl_buf_add(out, ",");
}

void bfl_work_list_write_csv(bfl_buf *out, const bfl_work_list *list) {
    bfl_buf_add(out,
                "rank,patient,as_of,urgent,alarms,alarm,state,p_flare,low,high,p_progression,loss_days,bone,therapy,"
                "therapy_day,next,by,due_days,because\r\n");
    for (size_t i = 0; i < list->count; i++) {
        const bfl_work_item *item = &list->items[i];
        bfl_buf_addf(out, "%zu,", i + 1);
        add_field(out, item->patient, ',');
        add_field(out, item->as_of, ',');
        bfl_buf_addf(out, "%s,%zu,", item->urgent ? "yes" : "no", item->alarm_count);
        add_field(out, item->alarm, ',');
        bfl_buf_addf(out, "%s,", bfl_bone_state_word(item->state));
        const double chances[] = {item->p_flare, item->low, item->high, item->p_progression};
        for (size_t k = 0; k < 4; k++) add_number(out, chances[k], 3);
        add_number(out, item->loss_days, 3);
        bfl_buf_addf(out, "%s,", item->bone ? "yes" : "no");
        add_field(out, item->therapy, ',');
        bfl_buf_addf(out, item->therapy[0] ? "%d," : ",", (int)item->therapy_day);
        add_field(out, item->next, ',');
        add_field(out, item->by, ',');
        bfl_buf_addf(out, item->has_by ? "%d," : ",", (int)item->due_days);
        add_field(out, item->because, '\r');
        bfl_buf_add(out, "\n");
    }
}

/* ---- JSON ---- */

static void add_json_double(bfl_json_writer *w, const char *key, double value) {
    bfl_json_key(w, key);
    bfl_buf_double(w->out, value, 3);
}

static void add_json_count(bfl_json_writer *w, const char *key, uint64_t value) {
    bfl_json_key(w, key);
    bfl_buf_addf(w->out, "%llu", (unsigned long long)value);
}

static void add_json_word(bfl_json_writer *w, const char *key, const char *word) {
    bfl_json_key(w, key);
    bfl_buf_add(w->out, word);
}

static void add_json_text(bfl_json_writer *w, const char *key, const char *z) {
    if (z[0])
        bfl_json_text(w, key, z);
    else
        add_json_word(w, key, "null");
}

static void write_json_item(bfl_json_writer *w, const bfl_work_item *item, size_t rank) {
    bfl_json_open(w, NULL, "{");
    add_json_count(w, "rank", rank);
    bfl_json_text(w, "patient", item->patient);
    bfl_json_text(w, "as_of", item->as_of);
    add_json_word(w, "urgent", item->urgent ? "true" : "false");
    add_json_count(w, "alarms", item->alarm_count);
    add_json_text(w, "alarm", item->alarm);
    bfl_json_text(w, "state", bfl_bone_state_word(item->state));
    add_json_double(w, "p_flare", item->p_flare);
    add_json_double(w, "low", item->low);
    add_json_double(w, "high", item->high);
    add_json_double(w, "p_progression", item->p_progression);
    add_json_double(w, "loss_days", item->loss_days);
    add_json_word(w, "bone", item->bone ? "true" : "false");
    add_json_text(w, "therapy", item->therapy);
    bfl_json_key(w, "therapy_day");
    bfl_buf_addf(w->out, item->therapy[0] ? "%d" : "null", (int)item->therapy_day);
    add_json_text(w, "next", item->next);
    add_json_text(w, "by", item->by);
    bfl_json_key(w, "due_days");
    bfl_buf_addf(w->out, item->has_by ? "%d" : "null", (int)item->due_days);
    bfl_json_text(w, "because", item->because);
    bfl_json_close(w, "}");
}

void bfl_work_list_write_json(bfl_buf *out, const bfl_work_list *list) {
    const bfl_screen_account *a = &list->account;
    const struct {
        const char *key;
        uint64_t value;
    } counts[] = {{"bytes", a->bytes},       {"lines", a->lines},
                  {"broken", a->broken},     {"resources", a->resources},
                  {"unused", a->unused},     {"nobody", a->nobody},
                  {"unsolved", a->unsolved}, {"left_out", a->left_out},
                  {"patients", a->patients}, {"cancer", a->cancer},
                  {"bone", a->bone},         {"therapy", a->therapy},
                  {"alp", a->alp},           {"candidates", a->candidates},
                  {"used", a->used},         {"kept", a->kept},
                  {"dropped", a->dropped},   {"unknown", a->unknown},
                  {"asked", a->asked},       {"open", a->open},
                  {"alarmed", a->alarmed},   {"problems", a->problems}};
    bfl_json_writer w = {.out = out};
    bfl_json_open(&w, NULL, "{");
    bfl_json_text(&w, "schema", "boneflare.worklist/1");
    bfl_json_open(&w, "account", "{");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) add_json_count(&w, counts[i].key, counts[i].value);
    bfl_json_close(&w, "}");
    bfl_json_open(&w, "items", "[");
    for (size_t i = 0; i < list->count; i++) write_json_item(&w, &list->items[i], i + 1);
    bfl_json_close(&w, "]");
    bfl_json_close(&w, "}");
    bfl_buf_add(out, "\n");
}

/* ---- the call ---- */

typedef struct request {
    const bfl_work_list *list;
    bfl_list_format format;
    int columns;
    bfl_buf out;
} request;

static bfl_status write(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    request *q = context;
    q->out = (bfl_buf){.arena = arena};
    switch (q->format) {
    case BFL_LIST_TEXT: bfl_work_list_write_text(&q->out, q->list, q->columns); break;
    case BFL_LIST_CSV: bfl_work_list_write_csv(&q->out, q->list); break;
    case BFL_LIST_JSON: bfl_work_list_write_json(&q->out, q->list); break;
    }
    return BFL_OK;
}

bfl_status bfl_work_list_write(const bfl_work_list *list, bfl_list_format format, int columns, bfl_sink sink,
                               bfl_error *err) {
    if (!list || !sink.write) return bfl_fail(err, BFL_EINVAL, "bfl_work_list_write", 0, "list and sink are needed");
    request q = {.list = list, .format = format, .columns = columns};
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_status status = bfl_arena_run(arena, write, &q, err);
    if (!status && !sink.write(sink.context, bfl_buf_z(&q.out), q.out.size))
        status = bfl_fail(err, BFL_EIO, "", 0, "the list could not be written");
    bfl_arena_free(arena);
    return status;
}
