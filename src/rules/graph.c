/* SPDX-License-Identifier: Apache-2.0 */
/* The graphs of the rulebook: every node is read once, from end to end, and the lists of words in it are taken apart. */
#include "rules/book.h"

#include <stddef.h>
#include <string.h>

/* ---- words ---- */

static uint16_t *place_of(const bfl_rulebook *book, bfl_text word) {
    for (size_t at = bfl_rules_hash_of(word);; at++) {
        uint16_t *place = &book->word_places[at & (book->word_place_count - 1)];
        if (*place == 0 || bfl_text_equal(book->list_words[*place - 1].text, word)) return place;
    }
}

static const bfl_rule *row_of(const bfl_rulebook *book, bfl_text word) {
    char name[80];
    bfl_text first = bfl_text_split(&word, '.');
    if (first.size >= sizeof name) return NULL;
    memcpy(name, first.data, first.size);
    name[first.size] = '\0';
    return bfl_rule_named(book, "workup.when.", name);
}

static const bfl_sentence *says_of(bfl_arena *arena, const bfl_rulebook *book, const bfl_rule *row) {
    static const bfl_key_index keys[BFL_SAID_COUNT] = {
        [BFL_SAID_NONE] = BFL_KEY_UNKNOWN_TEXT, [BFL_SAID_NO] = BFL_KEY_NO_TEXT, [BFL_SAID_YES] = BFL_KEY_YES_TEXT};
    bfl_sentence *says = BFL_NEW_ARRAY(arena, BFL_SAID_COUNT, bfl_sentence);
    for (int said = 0; said < BFL_SAID_COUNT; said++)
        says[said] = bfl_rules_sentence(arena, bfl_rule_text(book, row, keys[said]));
    return says;
}

/* The place of a word in a list of them; their count where it is none of them. */
static int place_in(bfl_text word, const char *const *words, int count) {
    int place = 0;
    while (place < count && !bfl_text_equal(bfl_text_of(words[place]), word)) place++;
    return place;
}
#define WORD(name, word) word,

bfl_detector bfl_rules_detector(bfl_text word) {
    static const char *const words[] = {BFL_DETECTORS(WORD)};
    return (bfl_detector)place_in(word, words, BFL_DETECTOR_COUNT);
}

static int value_of(bfl_text word, int count, const char *(*word_of)(int)) {
    int value = 0;
    if (!word.size || bfl_text_equal(word, BFL_TEXT("any"))) return -1;
    while (value < count && !bfl_text_equal(bfl_text_of(word_of(value)), word)) value++;
    return value;
}
static const char *modality_word(int value) { return bfl_modality_word((bfl_modality)value); }
static const char *organ_word(int value) { return bfl_organ_word((bfl_organ)value); }

static bfl_word read_word(bfl_arena *arena, const bfl_rulebook *book, bfl_text text) {
    bfl_word word = {.text = {bfl_arena_text(arena, text), text.size}, .number = book->word_count};
    const char *dot = strchr(word.text.data, '.');
    if (dot) word.member = dot + 1;
    word.told = row_of(book, text);
    word.says = says_of(arena, book, word.told);
    word.where = word.text;
    word.detector = bfl_rules_detector(bfl_text_split(&word.where, ':'));
    word.what = bfl_text_split(&word.where, ':');
    word.analyte = word.what.size ? bfl_analyte_find(word.what) : NULL;
    word.modality = value_of(word.what, BFL_MODALITY_COUNT, modality_word);
    word.organ = value_of(word.where, BFL_ORGAN_COUNT, organ_word);
    return word;
}

/* The word as it was read before, else as it is read now. Where `open` is the book, a new word gets a number. */
static bfl_word known_word(bfl_arena *arena, const bfl_rulebook *book, bfl_rulebook *open, bfl_text text) {
    uint16_t *place = place_of(book, text);
    if (*place) return book->list_words[*place - 1];
    bfl_word word = read_word(arena, book, text);
    if (!open) return word;
    open->list_words[open->word_count++] = word;
    *place = (uint16_t)open->word_count;
    return word;
}

const bfl_word *bfl_rules_word(bfl_arena *arena, const bfl_rulebook *rulebook, bfl_text text) {
    const uint16_t *place = place_of(rulebook, text);
    if (*place) return &rulebook->list_words[*place - 1];
    bfl_word *word = BFL_NEW(arena, bfl_word);
    *word = read_word(arena, rulebook, text);
    return word;
}

/* ---- lists ---- */

static size_t parts_of(bfl_text text, char separator) {
    size_t count = 0;
    for (; text.size; count++) (void)bfl_text_split(&text, separator);
    return count;
}

static bfl_word_group read_group(bfl_arena *arena, const bfl_rulebook *book, bfl_rulebook *open, bfl_text written) {
    bfl_word_group group = {.count = parts_of(written, '|')};
    bfl_word *words = BFL_NEW_ARRAY(arena, group.count, bfl_word);
    for (size_t i = 0; i < group.count; i++) {
        bfl_text text = bfl_text_trim(bfl_text_split(&written, '|'));
        bool negated = text.size && text.data[0] == '!';
        words[i] = known_word(arena, book, open, negated ? (bfl_text){text.data + 1, text.size - 1} : text);
        words[i].negated = negated;
    }
    group.items = words;
    return group;
}

static bfl_word_list read_list(bfl_arena *arena, const bfl_rulebook *book, bfl_rulebook *open, const char *written) {
    bfl_text rest = bfl_text_of(written);
    bfl_word_list list = {.count = parts_of(rest, ',')};
    bfl_word_group *groups = BFL_NEW_ARRAY(arena, list.count, bfl_word_group);
    for (size_t i = 0; i < list.count; i++)
        groups[i] = read_group(arena, book, open, bfl_text_trim(bfl_text_split(&rest, ',')));
    list.items = groups;
    return list;
}

bfl_word_list bfl_rules_list(bfl_arena *arena, const bfl_rulebook *rulebook, const char *written) {
    return read_list(arena, rulebook, NULL, written);
}

size_t bfl_rules_word_count(const bfl_rulebook *rulebook) { return rulebook->word_count; }

/* ---- sentences ---- */

bfl_sentence bfl_rules_sentence(bfl_arena *arena, const char *written) {
    static const char *const places[] = {BFL_FILLERS(WORD)};
    bfl_sentence sentence = {.written = written};
    if (!strchr(written, '{')) return sentence;
    bfl_text rest = bfl_text_of(written);
    bfl_piece *pieces = BFL_NEW_ARRAY(arena, parts_of(rest, '{') + 1, bfl_piece);
    while (rest.size) {
        bfl_piece *piece = &pieces[sentence.count++];
        piece->before = bfl_text_split(&rest, '{');
        if (rest.size) piece->place = bfl_text_split(&rest, '}');
        piece->fills = (bfl_filler)place_in(piece->place, places, BFL_FILLER_COUNT);
    }
    sentence.pieces = pieces;
    return sentence;
}

/* ---- nodes ---- */

static bfl_since read_anchor(const char *written) {
    static const char *const words[] = {BFL_SINCES(WORD)};
    size_t last = strlen(words[BFL_SINCE_LAST]);
    if (strncmp(written, words[BFL_SINCE_LAST], last) == 0) return (bfl_since){BFL_SINCE_LAST, written + last};
    return (bfl_since){(bfl_since_kind)place_in(bfl_text_of(written), words, BFL_SINCE_COUNT), ""};
}

/* Where the value of a key goes, 0: nowhere. (At 0 stands the rule.) */
#define TO(key, member) [BFL_KEY_##key] = offsetof(bfl_node, member)
static const uint16_t texts[BFL_KEY_COUNT] = {TO(NOTE_TEXT, note)};
static const uint16_t anchors[BFL_KEY_COUNT] = {TO(SINCE, since), TO(FROM, from)};
static const uint16_t sentences[BFL_KEY_COUNT] = {TO(ACTION_TEXT, action), TO(PATIENT_TEXT, patient),
                                                  TO(CHANGES_TEXT, changes)};
static const uint16_t lists[BFL_KEY_COUNT] = {TO(AFTER, after), TO(WHO, who), TO(WHEN, when), TO(DONE_BY, done_by),
                                              TO(NOTE_WHEN, note_when)};
static const uint16_t numbers[BFL_KEY_COUNT] = {TO(ORDER, order), TO(PRIORITY, priority), TO(WITHIN_DAYS, within_days),
                                                TO(NOT_BEFORE_DAYS, not_before_days), TO(VALID_DAYS, valid_days)};
#undef TO

static bfl_node read_node(bfl_arena *arena, bfl_rulebook *book, const bfl_rule *rule) {
    bfl_node node = {.rule = rule, .since = {BFL_SINCE_COUNT, ""}, .from = {BFL_SINCE_COUNT, ""}, .note = ""};
    node.action = node.patient = node.changes = (bfl_sentence){.written = ""};
    node.name = bfl_text_of(strrchr(rule->id, '.') + 1);
    node.number = known_word(arena, book, book, node.name).number;
    const uint16_t *keys = bfl_rule_keys(book, rule);
    for (size_t i = 0; i < rule->parameter_count; i++) {
        const bfl_parameter *p = &rule->parameters[i];
        bfl_maybe number = {p->number, true};
        if (p->numeric && numbers[keys[i]]) memcpy((char *)&node + numbers[keys[i]], &number, sizeof number);
        if (!p->numeric && texts[keys[i]]) memcpy((char *)&node + texts[keys[i]], &p->text, sizeof p->text);
        if (!p->numeric && anchors[keys[i]]) {
            bfl_since anchor = read_anchor(p->text);
            memcpy((char *)&node + anchors[keys[i]], &anchor, sizeof anchor);
        }
        if (!p->numeric && sentences[keys[i]]) {
            bfl_sentence sentence = bfl_rules_sentence(arena, p->text);
            memcpy((char *)&node + sentences[keys[i]], &sentence, sizeof sentence);
        }
        if (!p->numeric && lists[keys[i]]) {
            bfl_word_list list = read_list(arena, book, book, p->text);
            memcpy((char *)&node + lists[keys[i]], &list, sizeof list);
        }
    }
    return node;
}

/* Of one graph are the rules whose ids differ in their last part only; those stand together. */
static bool same_graph(const bfl_node *a, const bfl_node *b) {
    size_t size = (size_t)(a->name.data - a->rule->id);
    return size == (size_t)(b->name.data - b->rule->id) && memcmp(a->rule->id, b->rule->id, size) == 0;
}

static int by_order(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_node *left = a, *right = b;
    return bfl_decimal_compare(left->order.value, right->order.value);
}

static size_t end_of_graph(const bfl_rulebook *book, size_t from) {
    size_t to = from;
    while (to < book->node_count && same_graph(&book->nodes[from], &book->nodes[to])) to++;
    return to;
}

void bfl_rules_read_graphs(bfl_arena *arena, bfl_rulebook *book) {
    size_t words = 0;
    for (size_t i = 0; i < bfl_builtin_rule_count; i++) {
        if (!bfl_rule_value(&book->rules[i], "order").present) continue;
        book->node_count++;
        words++; /* its name */
        for (size_t k = 0; k < book->rules[i].parameter_count; k++)
            for (const char *c = book->rules[i].parameters[k].text; c && *c; c++) words += *c == ',' || *c == '|';
        words += book->rules[i].parameter_count;
    }
    book->word_place_count = 2;
    while (book->word_place_count < 2 * words) book->word_place_count *= 2;
    book->word_places = BFL_NEW_ARRAY(arena, book->word_place_count, uint16_t);
    book->list_words = BFL_NEW_ARRAY(arena, words, bfl_word);
    book->nodes = BFL_NEW_ARRAY(arena, book->node_count, bfl_node);
    size_t count = 0;
    for (size_t i = 0; i < bfl_builtin_rule_count; i++)
        if (bfl_rule_value(&book->rules[i], "order").present)
            book->nodes[count++] = read_node(arena, book, &book->rules[i]);
    for (size_t from = 0, to; from < count; from = to) {
        to = end_of_graph(book, from);
        bfl_sort(arena, &book->nodes[from], to - from, sizeof *book->nodes, by_order, NULL);
    }
}

const bfl_node *bfl_rules_graph(const bfl_rulebook *rulebook, const char *prefix, size_t *count) {
    size_t from = 0, size = strlen(prefix), to;
    for (; from < rulebook->node_count; from = to) {
        to = end_of_graph(rulebook, from);
        *count = to - from;
        if (strncmp(rulebook->nodes[from].rule->id, prefix, size) == 0) return &rulebook->nodes[from];
    }
    *count = 0;
    return NULL;
}
