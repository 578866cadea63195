/* SPDX-License-Identifier: Apache-2.0 */
/* Walking a resource. What has another JSON type than FHIR R4 says is reported and counts as not stated. */
#include "format/fhir/read.h"

#include <string.h>

enum { LONGEST_KEY = 255 };

/* Keys lie all over the text: what a node itself says of its key is looked at first. */
const node *bfl_fhir_member(const node *object, const char *key, size_t size) {
    if (!object || object->type != BFL_JSON_OBJECT) return NULL;
    unsigned char stated = size < LONGEST_KEY ? (unsigned char)size : LONGEST_KEY, first = (unsigned char)key[0];
    for (const node *n = bfl_json_child(object); n; n = n->next) {
        if (n->key_size != stated || n->key_first != first) continue;
        if (stated < LONGEST_KEY ? memcmp(n->key, key, size) == 0 : strcmp(n->key, key) == 0)
            return n->type == BFL_JSON_NULL ? NULL : n;
    }
    return NULL;
}

const node *bfl_fhir_first(const node *array) {
    return array && array->type == BFL_JSON_ARRAY ? bfl_json_child(array) : array;
}

bfl_json_reader *bfl_fhir_json_reader(void) {
    bfl_json_reader *made = bfl_json_reader_new();
    if (!made || bfl_json_watch(made, "resourceType")) return made;
    bfl_json_reader_free(made);
    return NULL;
}

bool bfl_fhir_peek(const node *n, const char *const *path, bfl_text *raw) {
    return n && bfl_json_peek(n, path, &raw->data, &raw->size);
}

bool bfl_fhir_peek_string(const node *n, const char *const *path, bfl_text *text) {
    if (!bfl_fhir_peek(n, path, text)) return false;
    if (!text->data || text->data[0] != '"')
        *text = (bfl_text){NULL, 0};
    else
        *text = (bfl_text){text->data + 1, text->size - 2};
    return !text->size || !memchr(text->data, '\\', text->size);
}

bool bfl_fhir_says(const node *object, const char *const *path, const char *word) {
    bfl_text text;
    if (bfl_fhir_peek_string(object, path, &text)) return text.data && bfl_text_equal(text, bfl_text_of(word));
    for (; *path; path++) object = bfl_fhir_get(object, *path);
    return object && object->type == BFL_JSON_STRING && strcmp(object->text, word) == 0;
}

const char *bfl_fhir_string(const node *n) { return n && n->type == BFL_JSON_STRING ? n->text : ""; }

static const char *type_word(const node *n) {
    switch (n->type) {
    case BFL_JSON_OBJECT: return "an object";
    case BFL_JSON_ARRAY: return "a list";
    case BFL_JSON_STRING: return "a string";
    case BFL_JSON_NUMBER: return "a number";
    case BFL_JSON_TRUE:
    case BFL_JSON_FALSE: return "true or false";
    case BFL_JSON_NULL: return "null";
    }
    return "";
}

static void wrong_type(resource *w, const node *n, const char *key, const char *expected) {
    const char *found =
        n->type == BFL_JSON_STRING || n->type == BFL_JSON_NUMBER
            ? bfl_arena_printf(w->r->arena, "%s: %s", type_word(n), bfl_issue_quote(w->r->arena, bfl_text_of(n->text)))
            : type_word(n);
    bfl_fhir_issue(w, FHIR_TYPE, key, found, expected);
}

const char *bfl_fhir_text(resource *w, const node *object, const char *key) {
    const node *n = bfl_fhir_get(object, key);
    if (!n) return "";
    if (n->type == BFL_JSON_STRING) return bfl_fhir_keep(w->r, n->text);
    wrong_type(w, n, key, "a string");
    return "";
}

const node *bfl_fhir_object(resource *w, const node *object, const char *key) {
    const node *n = bfl_fhir_get(object, key);
    if (!n || n->type == BFL_JSON_OBJECT) return n;
    wrong_type(w, n, key, "an object");
    return NULL;
}

const node *bfl_fhir_objects(resource *w, const node *object, const char *key) {
    const node *n = bfl_fhir_get(object, key);
    if (!n) return NULL;
    const node *first = bfl_fhir_first(n);
    if (n->type != BFL_JSON_ARRAY || (first && first->type != BFL_JSON_OBJECT)) {
        wrong_type(w, n->type == BFL_JSON_ARRAY ? first : n, key, "a list of objects");
        return NULL;
    }
    return first;
}

/* Bytes of a character that shows nothing: U+200B..U+200D, U+2060, U+FEFF, and the soft hyphen. */
size_t bfl_fhir_invisible(const char *z) {
    static const char *const marks[] = {"\xE2\x80\x8B", "\xE2\x80\x8C", "\xE2\x80\x8D",
                                        "\xE2\x81\xA0", "\xEF\xBB\xBF", "\xC2\xAD"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strncmp(z, marks[i], strlen(marks[i])) == 0) return strlen(marks[i]);
    return 0;
}

const char *bfl_fhir_keep(reader *r, const char *text) {
    if (!text[0]) return "";
    bfl_text plain = bfl_text_trim(bfl_text_of(text));
    bool clean = true;
    for (size_t i = 0; i < plain.size && clean; i++)
        clean = (unsigned char)plain.data[i] < 0x80 || bfl_fhir_invisible(plain.data + i) == 0;
    if (clean) return bfl_names_add(&r->texts, plain)->text;
    bfl_buf buf = {.arena = r->scratch};
    for (size_t i = 0; i < plain.size;) {
        size_t skip = (unsigned char)plain.data[i] < 0x80 ? 0 : bfl_fhir_invisible(plain.data + i);
        if (skip == 0) bfl_buf_add_text(&buf, (bfl_text){plain.data + i, 1});
        i += skip ? skip : 1;
    }
    return bfl_names_add(&r->texts, bfl_text_trim(bfl_text_of(bfl_buf_z(&buf))))->text;
}

bool bfl_fhir_same(const char *a, const char *b) { return bfl_text_equal_nocase(bfl_text_of(a), bfl_text_of(b)); }

bool bfl_fhir_among(const char *word, const char *list) {
    bfl_text rest = bfl_text_of(list);
    while (word[0] && rest.size)
        if (bfl_text_equal(bfl_text_split(&rest, ' '), bfl_text_of(word))) return true;
    return false;
}

bool bfl_fhir_holds(const char *text, const char *words) {
    return bfl_text_find_nocase(bfl_text_of(text), bfl_text_of(words)) != SIZE_MAX;
}
