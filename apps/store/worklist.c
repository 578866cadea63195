/* SPDX-License-Identifier: Apache-2.0 */
/* The work list: one line a patient, searched, sorted, in pages. */
#include "field.h"
#include "memory.h"
#include "patient.h"
#include "pool.h"
#include "words.h"

#include <stdio.h>

#define LINES_FROM                                                                                      \
    " FROM patients p JOIN latest l ON l.patient = p.id LEFT JOIN assessments a ON a.id = l.assessment" \
    " LEFT JOIN reviews v ON v.id = l.review"
#define LINES_SELECT                                                                                                   \
    "SELECT p.key, p.patient_id, l.version, p.created_ms, l.updated_ms, a.id, a.version, a.state, a.next_step, a.due," \
    " a.p_flare, a.p_progression, a.low, a.high, a.alarms, a.questions, a.urgency, v.status, v.version" LINES_FROM

typedef struct order {
    const char *by;
    bool descending;
} order;

/* Never null, so that the rows of one page and those of the next have an order between them. */
static const order orders[] = {
    [STORE_SORT_URGENCY] = {"COALESCE(a.urgency, -9223372036854775807)", true},
    [STORE_SORT_UPDATED] = {"l.updated_ms", true},
    [STORE_SORT_ID] = {"p.patient_id", false},
    [STORE_SORT_STATE] = {"COALESCE(a.state, '')", false},
    [STORE_SORT_P_FLARE] = {"COALESCE(a.p_flare, -1)", true},
    [STORE_SORT_DUE] = {"CASE WHEN COALESCE(a.due, '') = '' THEN '~' ELSE a.due END", false},
};
enum { ORDER_COUNT = sizeof orders / sizeof *orders };

static double millionths(const sql_rows *rows, int column) {
    static const double whole = 1000000;
    return (double)sql_int(rows, column) / whole;
}

static void read_line(const sql_rows *rows, store_patient *p, void *result) {
    sql_short(rows, 0, p->key, sizeof p->key);
    p->id = sql_keep(rows, 1, result);
    p->version = sql_int(rows, 2);
    p->created_ms = sql_int(rows, 3);
    p->updated_ms = sql_int(rows, 4);
    p->assessment = sql_int(rows, 5);
    p->assessed_version = sql_int(rows, 6);
    p->state = sql_keep(rows, 7, result);
    p->next_step = sql_keep(rows, 8, result);
    p->due = sql_keep(rows, 9, result);
    p->has_probability = sql_column(rows, 10).kind == SQL_INTEGER;
    p->p_flare = millionths(rows, 10);
    p->p_progression = millionths(rows, 11);
    p->low = millionths(rows, 12);
    p->high = millionths(rows, 13);
    p->alarms = sql_int(rows, 14);
    p->questions = sql_int(rows, 15);
    p->urgency = sql_int(rows, 16);
    p->review = (store_review_status)sql_int(rows, 17);
    p->reviewed_version = sql_int(rows, 18);
}

/* Places: ?1 words, ?2 state, ?3 review, ?4 key of the last line of the page before, ?5 limit. */
static void write_query(char *text, size_t size, const sql_back_end *back_end, const store_list_want *want,
                        bool words) {
    const order *o = &orders[want->sort];
    char after[600] = "";
    if (want->after)
        (void)snprintf(after, sizeof after, " AND (%s, p.key) %s (SELECT %s, p.key" LINES_FROM " WHERE p.key = ?4)",
                       o->by, o->descending ? "<" : ">", o->by);
    (void)snprintf(text, size, LINES_SELECT " WHERE %s%s%s%s ORDER BY %s %s, p.key %s LIMIT ?5",
                   words ? back_end->matches : "1 = 1", want->state ? " AND a.state = ?2" : "",
                   want->review ? " AND COALESCE(v.status, 0) = ?3" : "", after, o->by, o->descending ? "DESC" : "ASC",
                   o->descending ? "DESC" : "ASC");
}

static void read_list(sql *db, const store_list_want *want, uint32_t limit, store_patients *list) {
    char text[2400], words[2048];
    size_t capacity = 0;
    store_review_status review = STORE_REVIEW_NONE;
    if (want->review) (void)store_review_parse(want->review, &review);
    if (want->after) (void)patient_of(db, want->after);
    bool asked = words_question(db->back_end, want->text ? want->text : "", words, sizeof words) > 0;
    write_query(text, sizeof text, db->back_end, want, asked);
    sql_rows rows = sql_ask(
        db, text,
        SQL_VALUES(sql_z(words), sql_z(want->state), sql_of(review), sql_z(want->after), sql_of((int64_t)limit + 1)));
    while (sql_next(&rows)) {
        list->more = list->count == limit;
        if (list->more) break;
        store_patient *line = SQL_MORE(db, list, &capacity);
        if (line) read_line(&rows, line, list);
    }
    sql_end(&rows);
}

static bfl_status check_want(const store_list_want *want, bfl_error *err) {
    store_review_status review;
    if ((unsigned)want->sort >= ORDER_COUNT) return error_set(err, BFL_EINVAL, "there is no such order");
    if (want->review && !store_review_parse(want->review, &review))
        return error_set(err, BFL_EINVAL, "a review is none, draft, submitted, under_review or approved");
    if (want->after && field_key(want->after, err) != BFL_OK) return BFL_ENOTFOUND;
    return FIELD_CHECK(err, {"the text to search", bfl_text_of(want->text), FIELD_LINE, true},
                       {"the state", bfl_text_of(want->state), FIELD_NAME, true});
}

bfl_status store_patient_list(store *s, const store_list_want *want, store_patients **out, bfl_error *err) {
    enum { LIMIT = 100, MOST = 1000 };
    sql *db = NULL;
    uint32_t limit = want->limit ? want->limit : LIMIT;
    bfl_status status = check_want(want, err);
    if (status == BFL_OK) status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    store_patients *list = sql_result(db, sizeof *list);
    if (list) read_list(db, want, limit > MOST ? MOST : limit, list);
    status = pool_give(s, db, list, err);
    if (status == BFL_OK) *out = list;
    return status;
}

bfl_status store_patient_get(store *s, const char *key, store_patient **out, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = field_key(key, err);
    if (status == BFL_OK) status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    store_patient *line = sql_result(db, sizeof *line);
    sql_rows rows = sql_ask(db, LINES_SELECT " WHERE p.key = ?1", SQL_VALUES(sql_z(key)));
    if (sql_next(&rows))
        read_line(&rows, line, line);
    else
        sql_fail(db, BFL_ENOTFOUND, "no patient has this key");
    sql_end(&rows);
    status = pool_give(s, db, line, err);
    if (status == BFL_OK) *out = line;
    return status;
}
