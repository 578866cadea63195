/* SPDX-License-Identifier: Apache-2.0 */
/* Readers against each other, and the chosen reader against the rules: tables of agreement with kappa. */
#include "reconcile/parts.h"

#include <string.h>

typedef BFL_LIST(const char *) word_list;

/* One response that a reader gave at a visit. */
typedef struct reading {
    const char *key; /* patient, visit */
    const char *reader, *what, *value;
} reading;

typedef BFL_LIST(reading) reading_list;

static bool same_text(const char *a, const char *b) { return bfl_text_equal_nocase(bfl_text_of(a), bfl_text_of(b)); }

static size_t index_of(bfl_arena *arena, word_list *words, const char *word) {
    for (size_t i = 0; i < words->count; i++)
        if (same_text(words->items[i], word)) return i;
    *BFL_PUSH(arena, words) = word;
    return words->count - 1;
}

/* CR, PR, SD ... in the order of the field, then other words as they come. */
static word_list common_words(bfl_arena *arena) {
    static const char *const usual[] = {"CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE"};
    word_list words = {0};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) *BFL_PUSH(arena, &words) = usual[i];
    return words;
}

/* ---- one table ---- */

typedef struct pair {
    const char *first, *second;
} pair;

typedef BFL_LIST(pair) pair_list;

/* Only words that occur are categories. */
static word_list words_of(bfl_arena *arena, const pair_list *pairs) {
    word_list all = common_words(arena), used = {0};
    for (size_t i = 0; i < pairs->count; i++) {
        (void)index_of(arena, &all, pairs->items[i].first);
        (void)index_of(arena, &all, pairs->items[i].second);
    }
    for (size_t w = 0; w < all.count; w++) {
        bool there = false;
        for (size_t i = 0; i < pairs->count && !there; i++)
            there = same_text(pairs->items[i].first, all.items[w]) || same_text(pairs->items[i].second, all.items[w]);
        if (there) *BFL_PUSH(arena, &used) = all.items[w];
    }
    return used;
}

static bfl_concordance *add_table(reconcile *r, const pair_list *pairs) {
    bfl_concordance *t = BFL_PUSH(r->arena, &r->concordances);
    word_list words = words_of(r->arena, pairs);
    uint64_t *counts = BFL_NEW_ARRAY(r->arena, words.count * words.count, uint64_t);
    for (size_t i = 0; i < pairs->count; i++) {
        size_t a = index_of(r->arena, &words, pairs->items[i].first);
        size_t b = index_of(r->arena, &words, pairs->items[i].second);
        counts[a * words.count + b]++;
        t->agreed += a == b;
    }
    t->categories = words.items;
    t->category_count = words.count;
    t->counts = counts;
    t->pairs = pairs->count;
    if (words.count == 0) return t;
    static const double level = 0.95;
    bfl_num_kappa kappa = bfl_num_cohen_kappa(r->arena, counts, words.count, BFL_NUM_UNWEIGHTED, level);
    t->has_kappa = kappa.state == BFL_NUM_OK;
    t->kappa = kappa.kappa;
    t->kappa_low = kappa.low;
    t->kappa_high = kappa.high;
    const double numbers[] = {kappa.kappa, kappa.low, kappa.high};
    for (size_t i = 0; i < 3; i++) {
        bfl_buf buf = {.arena = r->arena};
        bfl_buf_double(&buf, numbers[i], 3);
        t->kappa_text[i] = bfl_buf_z(&buf);
    }
    return t;
}

void bfl_reconcile_derived(reconcile *r) {
    pair_list pairs = {0};
    for (size_t i = 0; i < r->derived_overall.count; i++)
        *BFL_PUSH(r->arena, &pairs) = (pair){r->collected_overall.items[i], r->derived_overall.items[i]};
    if (!pairs.count) return;
    bfl_concordance *t = add_table(r, &pairs);
    t->first = bfl_arena_printf(r->arena, "collected (%s)", r->out->reader);
    t->second = "derived";
    t->what = "RECIST 1.1 OVRLRESP";
}

/* ---- readers ---- */

static int compare_readings(const void *a, const void *b, const void *context) {
    (void)context;
    const reading *x = a, *y = b;
    int order = strcmp(x->what, y->what);
    if (order == 0) order = strcmp(x->key, y->key);
    return order ? order : strcmp(x->reader, y->reader);
}

static bool is_overall(const collected *c) {
    static const char *const tests[] = {"OVRLRESP", "BESTRESP"};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        if (same_text(c->test, tests[i])) return true;
    return false;
}

static const char *visit_key(const reconcile *r, const bfl_record *record, const collected *c) {
    char z[32] = "";
    if (!c->visit[0]) (void)bfl_date_format(c->note->date, z, sizeof z);
    return bfl_arena_printf(r->arena, "%s\x1f%s", record->patient.id, c->visit[0] ? c->visit : z);
}

static void add_readings(reconcile *r, const bfl_record *record, reading_list *list) {
    collected_list all = bfl_collected_of(r->arena, record);
    for (size_t i = 0; i < all.count; i++) {
        const collected *c = &all.items[i];
        if (!is_overall(c)) continue;
        *BFL_PUSH(r->arena, list) = (reading){
            visit_key(r, record, c), bfl_collected_reader(r->arena, c->evaluator, c->evaluator_id),
            bfl_arena_printf(r->arena, "%s%s%s", c->category, c->category[0] ? " " : "", c->test), c->note->value};
    }
}

/* The readings of `what` by `reader`, from `from`; they lie together and in the order of their keys. */
static void compare_two(reconcile *r, const reading *items, size_t count, const char *first, const char *second) {
    pair_list pairs = {0};
    uint64_t only_first = 0, only_second = 0;
    for (size_t i = 0; i < count;) {
        const char *a = NULL, *b = NULL;
        size_t end = i;
        for (; end < count && strcmp(items[end].key, items[i].key) == 0; end++) {
            if (!a && strcmp(items[end].reader, first) == 0) a = items[end].value;
            if (!b && strcmp(items[end].reader, second) == 0) b = items[end].value;
        }
        if (a && b) *BFL_PUSH(r->arena, &pairs) = (pair){a, b};
        only_first += a && !b;
        only_second += b && !a;
        i = end;
    }
    bfl_concordance *t = add_table(r, &pairs);
    t->first = first;
    t->second = second;
    t->what = items[0].what;
    t->only_first = only_first;
    t->only_second = only_second;
}

enum { MOST_READERS = 8 };

static void put_investigator_first(word_list *readers) {
    for (size_t at = 0; at < readers->count; at++) {
        const char *investigator = readers->items[at];
        if (!same_text(investigator, "INVESTIGATOR")) continue;
        for (size_t i = at; i > 0; i--) readers->items[i] = readers->items[i - 1];
        readers->items[0] = investigator;
    }
}

static void compare_readers(reconcile *r, const reading *items, size_t count) {
    word_list readers = {0};
    for (size_t i = 0; i < count; i++) (void)index_of(r->arena, &readers, items[i].reader);
    put_investigator_first(&readers);
    for (size_t a = 0; a < readers.count && a < MOST_READERS; a++)
        for (size_t b = a + 1; b < readers.count && b < MOST_READERS; b++)
            compare_two(r, items, count, readers.items[a], readers.items[b]);
}

void bfl_reconcile_readers(reconcile *r) {
    reading_list list = {0};
    for (size_t i = 0; i < r->study->record_count; i++) add_readings(r, r->study->records[i], &list);
    bfl_sort(r->arena, list.items, list.count, sizeof *list.items, compare_readings, NULL);
    for (size_t i = 0; i < list.count;) {
        size_t end = i;
        while (end < list.count && strcmp(list.items[end].what, list.items[i].what) == 0) end++;
        compare_readers(r, list.items + i, end - i);
        i = end;
    }
}
