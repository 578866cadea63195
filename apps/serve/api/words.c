/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/api/words.h"

#include <math.h>
#include <string.h>

enum { LONGEST = 40, LEAST_STEM = 3 };

/* BM25's usual constants. */
static const double SATURATION = 1.2, LENGTH_WEIGHT = 0.75;

/* Words of questions that name nothing. */
static const char *const empty_words[] = {
    "a",     "about", "an",     "and",  "any",  "are",  "as",      "at",   "be",    "been", "but",  "by",    "can",
    "could", "did",   "do",     "does", "for",  "from", "had",     "has",  "have",  "how",  "i",    "if",    "in",
    "into",  "is",    "it",     "its",  "me",   "much", "my",      "not",  "of",    "on",   "or",   "our",   "say",
    "says",  "she",   "should", "so",   "tell", "than", "that",    "the",  "their", "them", "then", "there", "these",
    "they",  "this",  "to",     "was",  "we",   "were", "what",    "when", "which", "who",  "why",  "will",  "with",
    "would", "you",   "your",   "he",   "his",  "her",  "patient", "many"};

static bool is_empty(const char *word) {
    for (size_t i = 0; i < sizeof empty_words / sizeof *empty_words; i++)
        if (strcmp(empty_words[i], word) == 0) return true;
    return false;
}

/* Letters, digits, everything beyond ASCII; '-' and '.' between digits and letters divide. */
static bool is_letter(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

static bool ends(const char *word, size_t size, const char *ending) {
    size_t n = strlen(ending);
    return size >= n + LEAST_STEM && memcmp(word + size - n, ending, n) == 0;
}

/* Plural, -ing, -ed, -ion, -ive, -e and -y go: flare, flares, flaring; confirm, confirmed, confirmation. */
static void stem(char *word) {
    static const char *const endings[] = {"ations", "ation", "ions", "ion", "ings", "ing", "ives",
                                          "ive",    "ies",   "ed",   "es",  "s",    "e",   "y"};
    size_t size = strlen(word);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends(word, size, endings[i])) {
            word[size - strlen(endings[i])] = '\0';
            return;
        }
}

serve_words serve_words_of(serve_pool *pool, const char *text) {
    serve_words words = {SERVE_NEW_ARRAY(pool, strlen(text) / 2 + 1, const char *), 0};
    while (*text) {
        size_t size = 0;
        while (*text && !is_letter((unsigned char)*text)) text++;
        while (is_letter((unsigned char)text[size])) size++;
        if (size > 0 && size <= LONGEST) {
            char *word = serve_pool_text(pool, (bfl_text){text, size});
            for (char *c = word; *c; c++)
                if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + ('a' - 'A'));
            if (!is_empty(word)) {
                stem(word);
                words.items[words.count++] = word;
            }
        }
        text += size;
    }
    return words;
}

static size_t times(const serve_words *words, const char *word) {
    size_t n = 0;
    for (size_t i = 0; i < words->count; i++) n += strcmp(words->items[i], word) == 0;
    return n;
}

/* How rare each word of the question is. */
static double *weights(serve_pool *pool, const serve_words *question, const serve_words *sentences, size_t count) {
    double *out = SERVE_NEW_ARRAY(pool, question->count + 1, double);
    for (size_t q = 0; q < question->count; q++) {
        size_t holding = 0;
        for (size_t i = 0; i < count; i++) holding += times(&sentences[i], question->items[q]) > 0;
        out[q] = log(1 + ((double)count - (double)holding + 0.5) / ((double)holding + 0.5));
    }
    return out;
}

static serve_hit rate(const serve_words *question, const double *weight, const serve_words *sentence, double usual) {
    serve_hit hit = {0};
    double all = 0, covered = 0;
    double length = 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * (double)sentence->count / (usual > 0 ? usual : 1);
    for (size_t q = 0; q < question->count; q++) {
        double n = (double)times(sentence, question->items[q]);
        all += weight[q];
        if (n > 0) covered += weight[q];
        hit.score += weight[q] * n * (SATURATION + 1) / (n + SATURATION * length);
    }
    hit.covered = all > 0 ? covered / all : 0;
    return hit;
}

static void insert(serve_hit *out, size_t *found, size_t most, serve_hit hit) {
    size_t at = *found;
    while (at > 0 && out[at - 1].score < hit.score) at--;
    if (at == most) return;
    size_t last = *found < most ? *found : most - 1;
    memmove(out + at + 1, out + at, (last - at) * sizeof *out);
    out[at] = hit;
    if (*found < most) (*found)++;
}

size_t serve_words_search(serve_pool *pool, const serve_words *question, const serve_sentences *sentences,
                          serve_hit *out, size_t most) {
    const double *weight = weights(pool, question, sentences->items, sentences->count);
    double words = 0;
    size_t found = 0;
    for (size_t i = 0; i < sentences->count; i++) words += (double)sentences->items[i].count;
    double usual = sentences->count ? words / (double)sentences->count : 0;
    for (size_t i = 0; i < sentences->count; i++) {
        serve_hit hit = rate(question, weight, &sentences->items[i], usual);
        hit.index = i;
        if (i < sentences->own) hit.score *= sentences->weight;
        if (hit.score > 0) insert(out, &found, most, hit);
    }
    return found;
}
