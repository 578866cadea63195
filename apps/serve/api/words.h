/* SPDX-License-Identifier: Apache-2.0 */
/* Full-text search over a few hundred sentences: which of them speak of what was asked. Okapi BM25; no language model. */
#ifndef SERVE_API_WORDS_H
#define SERVE_API_WORDS_H

#include "serve/http/pool.h"

typedef struct serve_words {
    const char **items; /* stems, lower case */
    size_t count;
} serve_words;

/* The words of a text that carry meaning, without endings: "lesions" and "lesion" are the same. */
serve_words serve_words_of(serve_pool *pool, const char *text);

typedef struct serve_hit {
    size_t index; /* of the sentence */
    double score;
    double covered; /* how much of the question its words make up, 0..1; rare words count more */
} serve_hit;

/* The best `most` sentences, the best first; returns how many. The score of the first `own` sentences counts `weight` times. */
typedef struct serve_sentences {
    const serve_words *items;
    size_t count, own;
    double weight;
} serve_sentences;
size_t serve_words_search(serve_pool *pool, const serve_words *question, const serve_sentences *sentences,
                          serve_hit *out, size_t most);

#endif
