/* SPDX-License-Identifier: Apache-2.0 */
/* Controlled terms of CDISC, by list and term. */
#include "terms/tables.h"

#include <string.h>

static int upper(char c) { return (unsigned char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); }

static int compare_term(const char *known, bfl_text term) {
    for (size_t i = 0; i < term.size; i++) {
        int order = upper(known[i]) - upper(term.data[i]);
        if (order || !known[i]) return order ? order : -1;
    }
    return known[term.size] ? 1 : 0;
}

const bfl_cdisc_term *bfl_cdisc_find(const char *list, bfl_text term) {
    size_t low = 0, high = bfl_builtin_cdisc_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const bfl_cdisc_term *row = &bfl_builtin_cdisc[middle];
        int order = strcmp(row->list, list);
        if (order == 0) order = compare_term(row->term, term);
        if (order == 0) return row;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const char *bfl_cdisc_written(const char *list, const char *means) {
    for (size_t i = 0; i < bfl_builtin_cdisc_count; i++) {
        const bfl_cdisc_term *row = &bfl_builtin_cdisc[i];
        if (row->written && strcmp(row->means, means) == 0 && strcmp(row->list, list) == 0) return row->term;
    }
    return "";
}
