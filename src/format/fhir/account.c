/* SPDX-License-Identifier: Apache-2.0 */
/* What became of every resource: counted by type, kind and outcome, so that nothing disappears in silence. */
#include "format/fhir/read.h"

#include <string.h>

static const bfl_account_outcome outcomes[] = {
    [OUTCOME_USED] = BFL_ACCOUNT_USED,
    [OUTCOME_KEPT] = BFL_ACCOUNT_KEPT,
    [OUTCOME_DROPPED] = BFL_ACCOUNT_DROPPED,
    [OUTCOME_UNKNOWN] = BFL_ACCOUNT_UNKNOWN,
};

static bfl_account *find_row(reader *r, const char *type, const char *what, outcome o) {
    const char *key = bfl_arena_printf(r->scratch, "%s\n%s\n%d", type, what, (int)o);
    name *n = bfl_names_add(&r->accounts, bfl_text_of(key));
    if (!n->value) {
        bfl_account *row = BFL_NEW(r->scratch, bfl_account);
        *row = (bfl_account){bfl_fhir_keep(r, type), bfl_fhir_keep(r, what), outcomes[o], 0};
        n->value = row;
        *BFL_PUSH(r->scratch, &r->account_rows) = row;
    }
    return n->value;
}

void bfl_fhir_account(reader *r, const char *type, const char *what, outcome o) {
    if (r->indexing) return;
    accounted *last = &r->last_accounted[((uintptr_t)what / 8 + (uintptr_t)type / 16 + o) % ACCOUNTED];
    if (last->type != type || last->what != what || last->outcome != o)
        *last = (accounted){type, what, o, find_row(r, type, what, o)};
    last->row->count++;
}

static int compare(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_account *x = *(bfl_account *const *)a, *y = *(bfl_account *const *)b;
    int order = strcmp(x->type, y->type);
    if (order == 0) order = (x->outcome > y->outcome) - (x->outcome < y->outcome);
    if (order == 0) order = (x->count < y->count) - (x->count > y->count);
    return order ? order : strcmp(x->what, y->what);
}

void bfl_fhir_close_accounts(reader *r, bfl_study *study) {
    size_t count = r->account_rows.count;
    bfl_sort(r->scratch, r->account_rows.items, count, sizeof *r->account_rows.items, compare, NULL);
    bfl_account *rows = BFL_NEW_ARRAY(r->arena, count, bfl_account);
    for (size_t i = 0; i < count; i++) rows[i] = *r->account_rows.items[i];
    study->accounts = rows;
    study->account_count = count;
}
