/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include "sql.h"

/* Writes the words of a text as a question to a back end's index: all of them, each as the beginning of a word. Returns how many
 * words there are; what does not fit is left out. */
size_t words_question(const sql_back_end *back_end, const char *text, char *out, size_t size);

#endif
