/* SPDX-License-Identifier: Apache-2.0 */
/* The word lists of terms.h: from enumeration to word and back. */
#include "terms/terms.h"

#include <string.h>

typedef struct word_list {
    const char *name;
    const char *const *words;
    int count;
} word_list;

#define WORD(name, word) word,
#define CHANGE_WORD(name, bit, word) word,
static const char *const roles[] = {BFL_ROLES(WORD)};
static const char *const matrices[] = {BFL_MATRICES(WORD)};
static const char *const modalities[] = {BFL_MODALITIES(WORD)};
static const char *const lesion_states[] = {BFL_LESION_STATES(WORD)};
static const char *const uptakes[] = {BFL_UPTAKES(WORD)};
static const char *const organs[] = {BFL_ORGANS(WORD)};
static const char *const intents[] = {BFL_INTENTS(WORD)};
static const char *const tristates[] = {BFL_TRISTATES(WORD)};
static const char *const changes[] = {BFL_CHANGES(CHANGE_WORD)};

#define LIST(name, words) \
    { name, words, (int)(sizeof words / sizeof *words) }
static const word_list lists[] = {
    LIST("role", roles),          LIST("matrix", matrices), LIST("modality", modalities),
    LIST("state", lesion_states), LIST("uptake", uptakes),  LIST("organ", organs),
    LIST("intent", intents),      LIST("said", tristates),  LIST("change", changes),
};
enum { ROLE, MATRIX, MODALITY, STATE, UPTAKE, ORGAN, INTENT, SAID, CHANGE, LIST_COUNT };

static const char *word_at(int list, int value) {
    return value >= 0 && value < lists[list].count ? lists[list].words[value] : "";
}

/* "Non-target", "non target" and "non_target" are one word. */
static char folded(char c) {
    if (c >= 'A' && c <= 'Z') return (char)(c - 'A' + 'a');
    return (char)(c == '-' || c == ' ' ? '_' : c);
}

static bool same_word(bfl_text text, const char *word) {
    if (strlen(word) != text.size) return false;
    for (size_t i = 0; i < text.size; i++)
        if (folded(text.data[i]) != word[i]) return false;
    return true;
}

/* Position of a word in a list, -1 when it is not there. */
static int find_word(int list, bfl_text text) {
    text = bfl_text_trim(text);
    for (int i = 0; i < lists[list].count; i++)
        if (same_word(text, lists[list].words[i])) return i;
    return -1;
}

const char *bfl_role_word(bfl_role value) { return word_at(ROLE, (int)value); }
const char *bfl_matrix_word(bfl_matrix value) { return word_at(MATRIX, (int)value); }
const char *bfl_modality_word(bfl_modality value) { return word_at(MODALITY, (int)value); }
const char *bfl_lesion_state_word(bfl_lesion_state value) { return word_at(STATE, (int)value); }
const char *bfl_uptake_word(bfl_uptake value) { return word_at(UPTAKE, (int)value); }
const char *bfl_organ_word(bfl_organ value) { return word_at(ORGAN, (int)value); }
const char *bfl_intent_word(bfl_intent value) { return word_at(INTENT, (int)value); }
const char *bfl_said_word(bfl_said value) { return word_at(SAID, (int)value); }

/* The parsers differ only in the type they fill. */
#define PARSE(function, type, list)           \
    bool function(bfl_text word, type *out) { \
        int at = find_word(list, word);       \
        if (at < 0) return false;             \
        *out = (type)at;                      \
        return true;                          \
    }
PARSE(bfl_role_parse, bfl_role, ROLE)
PARSE(bfl_matrix_parse, bfl_matrix, MATRIX)
PARSE(bfl_modality_parse, bfl_modality, MODALITY)
PARSE(bfl_lesion_state_parse, bfl_lesion_state, STATE)
PARSE(bfl_uptake_parse, bfl_uptake, UPTAKE)
PARSE(bfl_organ_parse, bfl_organ, ORGAN)
PARSE(bfl_intent_parse, bfl_intent, INTENT)
PARSE(bfl_said_parse, bfl_said, SAID)

bool bfl_change_parse(bfl_text word, bfl_change *out) {
    int at = find_word(CHANGE, word);
    if (at < 0 && bfl_text_trim(word).size > 0) return false;
    *out = at < 0 ? BFL_CHANGE_NONE : (bfl_change)(1 << at);
    return true;
}

const char *bfl_terms_choices(bfl_arena *arena, const char *list) {
    bfl_buf buf = {.arena = arena};
    for (int l = 0; l < LIST_COUNT; l++) {
        if (strcmp(lists[l].name, list) != 0) continue;
        int first = lists[l].words[0][0] ? 0 : 1; /* the empty word is no choice to offer */
        for (int i = first; i < lists[l].count; i++) {
            if (i > first) bfl_buf_add(&buf, i == lists[l].count - 1 ? " or " : ", ");
            bfl_buf_add(&buf, lists[l].words[i]);
        }
    }
    return bfl_buf_z(&buf);
}

const char *bfl_changes_text(bfl_arena *arena, unsigned set) {
    bfl_buf buf = {.arena = arena};
    for (int i = 0; i < lists[CHANGE].count; i++) {
        if (!(set & (1U << i))) continue;
        if (buf.size > 0) bfl_buf_add(&buf, ";");
        bfl_buf_add(&buf, lists[CHANGE].words[i]);
    }
    return bfl_buf_z(&buf);
}
