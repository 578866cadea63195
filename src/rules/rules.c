/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the rulebook and reading from it. */
#include "rules/book.h"

#include <string.h>

/* An overlay is written by hand: a megabyte is already a mistake. Rule, parameter, value are three levels. */
enum { OVERLAY_BYTES = 1024 * 1024, OVERLAY_DEPTH = 4 };

static bfl_status read_overlay(bfl_text json, bfl_json_flat **out, bfl_error *err) {
    char message[200] = "";
    if (json.size == 0) return BFL_OK;
    switch (bfl_json_flatten(json.data, json.size, OVERLAY_BYTES, OVERLAY_DEPTH, out, message, sizeof message)) {
    case BFL_JSON_OK: return BFL_OK;
    case BFL_JSON_NOMEM: return bfl_fail(err, BFL_ENOMEM, "overlay", 0, "out of memory");
    case BFL_JSON_LIMIT: return bfl_fail(err, BFL_EPARSE, "overlay", 0, "over a limit: %s", message);
    case BFL_JSON_BAD: break;
    }
    return bfl_fail(err, BFL_EPARSE, "overlay", 0, "not strict JSON: %s", message);
}

static int32_t whole_days(bfl_decimal number) {
    bfl_decimal value = bfl_decimal_round(number, 0);
    if (bfl_decimal_compare(value, bfl_decimal_of(INT32_MAX)) >= 0)
        return INT32_MAX; /* only an overlay can ask for it */
    if (bfl_decimal_compare(value, bfl_decimal_of(-INT32_MAX)) <= 0) return -INT32_MAX;
    int64_t whole = value.mantissa;
    for (int32_t e = value.exponent; e > 0; e--) whole *= 10;
    for (int32_t e = value.exponent; e < 0; e++) whole /= 10;
    return (int32_t)whole;
}

/* Values by index, for bfl_rule_number() and its kin: read where the parameters are, after the overlay has set them. */
static void index_values(bfl_arena *arena, bfl_rulebook *book) {
    book->numbers = BFL_NEW_ARRAY(arena, bfl_builtin_number_count + 1, bfl_decimal);
    book->doubles = BFL_NEW_ARRAY(arena, bfl_builtin_number_count + 1, double);
    book->days = BFL_NEW_ARRAY(arena, bfl_builtin_number_count + 1, int32_t);
    for (size_t i = 0; i < bfl_builtin_number_count; i++) {
        bfl_parameter_place at = bfl_builtin_numbers[i];
        book->numbers[i] = book->rules[at.rule].parameters[at.parameter].number;
        book->doubles[i] = bfl_decimal_double(book->numbers[i]);
        book->days[i] = whole_days(book->numbers[i]);
    }
    book->words = BFL_NEW_ARRAY(arena, bfl_builtin_text_count + 1, const char *);
    for (size_t i = 0; i < bfl_builtin_text_count; i++) {
        bfl_parameter_place at = bfl_builtin_texts[i];
        book->words[i] = book->rules[at.rule].parameters[at.parameter].text;
    }
}

/* Rules by id: half of the places stay free, so that a search ends soon. */
static void index_ids(bfl_arena *arena, bfl_rulebook *book) {
    book->place_count = 2;
    while (book->place_count < 2 * bfl_builtin_rule_count) book->place_count *= 2;
    book->places = BFL_NEW_ARRAY(arena, book->place_count, uint16_t);
    for (size_t i = 0; i < bfl_builtin_rule_count; i++) {
        size_t at = bfl_rules_hash_of(bfl_text_of(book->rules[i].id));
        while (book->places[at & (book->place_count - 1)]) at++;
        book->places[at & (book->place_count - 1)] = (uint16_t)(i + 1);
    }
}

typedef struct opening {
    const bfl_json_flat *json; /* NULL without an overlay */
    bfl_rulebook *book;
} opening;

static bfl_status open_in(bfl_arena *arena, void *context, bfl_error *err) {
    opening *o = context;
    bfl_rulebook *book = BFL_NEW(arena, bfl_rulebook);
    book->arena = arena;
    book->rules = BFL_NEW_ARRAY(arena, bfl_builtin_rule_count + 1, bfl_rule);
    memcpy(book->rules, bfl_builtin_rules, sizeof *book->rules * bfl_builtin_rule_count);
    if (o->json) {
        bfl_status status = bfl_rules_overlay(arena, book, o->json, err);
        if (status) return status;
    }
    index_values(arena, book);
    index_ids(arena, book);
    bfl_rules_read_graphs(arena, book);
    bfl_rules_weigh(arena, book);
    bfl_rules_read_variations(arena, book);
    bfl_rules_read_grades(arena, book);
    bfl_rules_hash(book);
    o->book = book;
    return BFL_OK;
}

bfl_status bfl_rulebook_open(bfl_text overlay_json, bfl_rulebook **out, bfl_error *err) {
    if (!out || (overlay_json.size > 0 && !overlay_json.data))
        return bfl_fail(err, BFL_EINVAL, "bfl_rulebook_open", 0, "out, or the overlay's data, is NULL");
    bfl_json_flat *json = NULL; /* not in the arena: read before anything in it can run out of memory */
    bfl_status status = read_overlay(overlay_json, &json, err);
    if (status) return status;
    opening o = {json, NULL};
    status = bfl_arena_build(open_in, &o, err);
    bfl_json_free(json);
    if (!status) *out = o.book;
    return status;
}

typedef struct reading {
    const char *path;
    bfl_text json;
} reading;

static bfl_status read_file(bfl_arena *arena, void *context, bfl_error *err) {
    reading *r = context;
    return bfl_file_read(arena, r->path, OVERLAY_BYTES, &r->json, err);
}

bfl_status bfl_rulebook_open_file(const char *path, bfl_rulebook **out, bfl_error *err) {
    if (!path) return bfl_rulebook_open((bfl_text){NULL, 0}, out, err);
    bfl_error own = {BFL_OK, 0, 0, "", ""};
    reading r = {path, {NULL, 0}};
    bfl_arena *scratch = bfl_arena_new();
    bfl_status status =
        scratch ? bfl_arena_run(scratch, read_file, &r, &own) : bfl_fail(&own, BFL_ENOMEM, path, 0, "out of memory");
    if (status == BFL_OK && bfl_text_trim(r.json).size == 0)
        status = bfl_fail(&own, BFL_EPARSE, path, 0, "the overlay is empty; write {} for no changes");
    if (status == BFL_OK) status = bfl_rulebook_open(r.json, out, &own);
    bfl_arena_free(scratch);
    if (status) (void)bfl_fail(err, status, path, own.line, "%s", own.message);
    return status;
}

void bfl_rulebook_free(bfl_rulebook *rulebook) {
    if (rulebook) bfl_arena_free(rulebook->arena);
}

const char *bfl_rulebook_version(const bfl_rulebook *rulebook) {
    (void)rulebook;
    return bfl_builtin_version;
}

const char *bfl_rulebook_sha256(const bfl_rulebook *rulebook) { return rulebook->sha256; }

size_t bfl_rulebook_count(const bfl_rulebook *rulebook) {
    (void)rulebook;
    return bfl_builtin_rule_count;
}

const bfl_rule *bfl_rulebook_at(const bfl_rulebook *rulebook, size_t index) {
    return index < bfl_builtin_rule_count ? &rulebook->rules[index] : NULL;
}

size_t bfl_rules_position(const char *id) {
    size_t low = 0, high = bfl_builtin_rule_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(bfl_builtin_rules[middle].id, id);
        if (order == 0) return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

const bfl_rule *bfl_rulebook_find(const bfl_rulebook *rulebook, const char *id) {
    for (size_t at = id ? bfl_rules_hash_of(bfl_text_of(id)) : 0; id; at++) {
        size_t place = rulebook->places[at & (rulebook->place_count - 1)];
        if (place == 0) return NULL;
        if (strcmp(rulebook->rules[place - 1].id, id) == 0) return &rulebook->rules[place - 1];
    }
    return NULL;
}

/* Keys mostly differ in their first letters: a loop is quicker than a call. */
static inline bool same_key(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

const bfl_parameter *bfl_rule_parameter(const bfl_rule *rule, const char *key) {
    for (size_t i = 0; rule && key && i < rule->parameter_count; i++)
        if (same_key(rule->parameters[i].key, key)) return &rule->parameters[i];
    return NULL;
}

const char *bfl_known_word(bfl_known known) {
    switch (known) {
    case BFL_KNOWN_PUBLISHED: return "published";
    case BFL_KNOWN_STANDARD: return "standard";
    case BFL_KNOWN_EXPERT: return "expert";
    case BFL_KNOWN_RECALLED: return "recalled";
    }
    return "unknown";
}

size_t bfl_citation_count(void) { return bfl_builtin_citation_count; }

const bfl_citation *bfl_citation_at(size_t index) {
    return index < bfl_builtin_citation_count ? &bfl_builtin_citations[index] : NULL;
}

const bfl_citation *bfl_citation_find(const char *key) {
    for (size_t i = 0; key && i < bfl_builtin_citation_count; i++)
        if (strcmp(bfl_builtin_citations[i].key, key) == 0) return &bfl_builtin_citations[i];
    return NULL;
}

/* ---- by the generated constants ---- */

const bfl_rule *bfl_rule_of(const bfl_rulebook *rulebook, bfl_rule_index index) { return &rulebook->rules[index]; }

bfl_decimal bfl_rule_number(const bfl_rulebook *rulebook, bfl_number_index index) { return rulebook->numbers[index]; }

double bfl_rule_double(const bfl_rulebook *rulebook, bfl_number_index index) { return rulebook->doubles[index]; }

int32_t bfl_rule_days(const bfl_rulebook *rulebook, bfl_number_index index) { return rulebook->days[index]; }

const char *bfl_rule_words(const bfl_rulebook *rulebook, bfl_text_index index) { return rulebook->words[index]; }

const bfl_rule *bfl_rule_named(const bfl_rulebook *rulebook, const char *prefix, const char *name) {
    char id[160];
    size_t size = 0;
    for (const char *p = prefix; *p && size < sizeof id - 1; p++) id[size++] = *p;
    for (const char *p = name; *p && size < sizeof id - 1; p++)
        id[size++] = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
    id[size] = '\0';
    return bfl_rulebook_find(rulebook, id);
}

bfl_maybe bfl_rule_value(const bfl_rule *rule, const char *key) {
    const bfl_parameter *parameter = bfl_rule_parameter(rule, key);
    return parameter && parameter->numeric ? (bfl_maybe){parameter->number, true} : (bfl_maybe){{0, 0}, false};
}

const uint16_t *bfl_rule_keys(const bfl_rulebook *rulebook, const bfl_rule *rule) {
    return &bfl_builtin_keys[bfl_builtin_first_keys[rule - rulebook->rules]];
}

const char *bfl_rule_text(const bfl_rulebook *rulebook, const bfl_rule *rule, bfl_key_index key) {
    const uint16_t *keys = rule ? bfl_rule_keys(rulebook, rule) : NULL;
    for (size_t i = 0; keys && i < rule->parameter_count; i++)
        if (keys[i] == key) return rule->parameters[i].numeric ? "" : rule->parameters[i].text;
    return "";
}

const bfl_parameter *bfl_rule_parameter_at(const bfl_rulebook *rulebook, const bfl_rule *rule, bfl_key_index key) {
    const uint16_t *keys = bfl_rule_keys(rulebook, rule);
    for (size_t i = 0; i < rule->parameter_count; i++)
        if (keys[i] == key) return &rule->parameters[i];
    return NULL;
}

bfl_maybe bfl_rule_number_at(const bfl_rulebook *rulebook, const bfl_rule *rule, bfl_key_index key) {
    const bfl_parameter *parameter = bfl_rule_parameter_at(rulebook, rule, key);
    return parameter && parameter->numeric ? (bfl_maybe){parameter->number, true} : (bfl_maybe){.present = false};
}

/* The first rule in id order whose first letters are not before (or, past: are behind) the prefix. */
static size_t border(const char *prefix, bool past) {
    size_t low = 0, high = bfl_builtin_rule_count, size = strlen(prefix);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strncmp(bfl_builtin_rules[middle].id, prefix, size);
        if (order < 0 || (past && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t bfl_rules_with_prefix(const bfl_rulebook *rulebook, const char *prefix, const bfl_rule **first) {
    size_t from = border(prefix, false);
    *first = &rulebook->rules[from];
    return border(prefix, true) - from;
}
