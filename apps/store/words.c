/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Full-text search. Both databases would cut text into words in their own way; so that they find the same, what is not an ASCII
 * letter or digit, nor beyond ASCII, is a blank before either sees it.
 */
#include "words.h"

#include "memory.h"
#include "patient.h"
#include "store.h"

#include <string.h>

static bool in_word(char c) {
    unsigned char u = (unsigned char)c;
    return u >= 0x80 || (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z');
}

static char plain(char c) {
    if (!in_word(c)) return ' ';
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

void patient_words(sql *db, int64_t id, const char *patient_id, const char *text) {
    size_t first = strlen(patient_id), second = strlen(text);
    char *words = sql_result(db, first + second + 2);
    if (!words) return;
    for (size_t i = 0; i < first; i++) words[i] = plain(patient_id[i]);
    words[first] = ' ';
    for (size_t i = 0; i < second; i++) words[first + 1 + i] = plain(text[i]);
    sql_do(db, "DELETE FROM search WHERE rowid = ?1", SQL_VALUES(sql_of(id)));
    sql_do(db, "INSERT INTO search (rowid, words) VALUES (?1, ?2)", SQL_VALUES(sql_of(id), sql_z(words)));
    store_free(words);
}

/* ---- a question ---- */

typedef struct question {
    char *out;
    size_t size, used;
    bool full;
} question;

static void put(question *q, const char *text, size_t length) {
    if (q->used + length >= q->size) {
        q->full = true;
        return;
    }
    memcpy(q->out + q->used, text, length);
    q->used += length;
}

size_t words_question(const sql_back_end *back_end, const char *text, char *out, size_t size) {
    question q = {out, size, 0, false};
    size_t count = 0;
    while (*text && !q.full) {
        while (*text && !in_word(*text)) text++;
        if (!*text) break;
        size_t before = q.used;
        if (count) put(&q, back_end->word_between, strlen(back_end->word_between));
        put(&q, back_end->word_start, strlen(back_end->word_start));
        for (; *text && in_word(*text); text++) {
            char c = plain(*text);
            put(&q, &c, 1);
        }
        put(&q, back_end->word_end, strlen(back_end->word_end));
        if (q.full)
            q.used = before; /* a word that does not fit is left out */
        else
            count++;
    }
    if (size) out[q.used] = '\0';
    return count;
}
