/* SPDX-License-Identifier: Apache-2.0 */
/* The hash that every output prints: which numbers exactly were behind it. tools/rulebook.py writes the same bytes. */
#include "rules/book.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

typedef struct canonical {
    crypto_hash_sha256_state state;
} canonical;

static void add(canonical *c, const char *text) {
    (void)crypto_hash_sha256_update(&c->state, (const unsigned char *)text, strlen(text));
}

/* "word\ta\tb\n"; b may be NULL. */
static void add_line(canonical *c, const char *word, const char *a, const char *b) {
    add(c, word);
    add(c, "\t");
    add(c, a);
    if (b) {
        add(c, "\t");
        add(c, b);
    }
    add(c, "\n");
}

/* One text a value: 25, 25.0 and 2.5e1 are all 25e0. */
static void add_number(canonical *c, const char *key, bfl_decimal value) {
    char text[48];
    while (value.mantissa != 0 && value.mantissa % 10 == 0) {
        value.mantissa /= 10;
        value.exponent++;
    }
    (void)snprintf(text, sizeof text, "%llde%d", (long long)value.mantissa, value.mantissa ? (int)value.exponent : 0);
    add_line(c, "number", key, text);
}

static void add_rule(canonical *c, const bfl_rule *rule) {
    add_line(c, "rule", rule->id, NULL);
    add_line(c, "standard", rule->standard, rule->version);
    add_line(c, "title", rule->title, NULL);
    add_line(c, "text", rule->text, NULL);
    add_line(c, "known", bfl_known_word(rule->known), NULL);
    add_line(c, "reason", rule->reason, NULL);
    for (size_t i = 0; i < rule->source_count; i++) add_line(c, "source", rule->sources[i], NULL);
    for (size_t i = 0; i < rule->parameter_count; i++) {
        const bfl_parameter *p = &rule->parameters[i];
        if (p->numeric)
            add_number(c, p->key, p->number);
        else
            add_line(c, "words", p->key, p->text);
    }
}

static void add_citation(canonical *c, const bfl_citation *citation) {
    add_line(c, "citation", citation->key, citation->text);
    add_line(c, "url", citation->url, NULL);
    add_line(c, "seen", citation->seen, NULL);
}

void bfl_rules_hash(bfl_rulebook *book) {
    canonical c;
    (void)crypto_hash_sha256_init(&c.state);
    add_line(&c, "rulebook", bfl_builtin_version, NULL);
    add_line(&c, "terms", bfl_builtin_terms_sha256, NULL);
    for (size_t i = 0; i < bfl_builtin_rule_count; i++) add_rule(&c, &book->rules[i]);
    for (size_t i = 0; i < bfl_builtin_citation_count; i++) add_citation(&c, &bfl_builtin_citations[i]);
    unsigned char digest[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256_final(&c.state, digest);
    (void)sodium_bin2hex(book->sha256, sizeof book->sha256, digest, sizeof digest);
}
