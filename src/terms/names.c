/* SPDX-License-Identifier: Apache-2.0 */
/* Analytes, drugs and TNM categories by the names people write. */
#include "terms/tables.h"

#include <string.h>

/* tools/rulebook_terms.py checks that no name in the tables is longer. */
enum { NAME_LIMIT = 64 };

static char lower(char c) { return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

/* The names of a kind, and where they are found by their hash. */
typedef struct index_of_names {
    const bfl_name *names;
    const uint16_t *places;
    size_t place_count;
} index_of_names;

/* "CA 15-3", "ca15_3" and "CA-153" are one name. Its hash (FNV-1a, public domain) is that of tools/rulebook_terms.py. False when
 * it is longer than any name in the tables. */
static bool fold(bfl_text name, char out[NAME_LIMIT + 1], uint32_t *hash) {
    size_t size = 0;
    *hash = 2166136261u;
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        if (c == ' ' || c == '-' || c == '_' || c == '\t') continue;
        if (size == NAME_LIMIT) return false;
        out[size] = lower(c);
        *hash = (*hash ^ (unsigned char)out[size++]) * 16777619u;
    }
    out[size] = '\0';
    return size > 0;
}

/* Row of a name, SIZE_MAX when it is not in the table. */
static size_t find_row(const index_of_names *index, bfl_text name) {
    char folded[NAME_LIMIT + 1];
    uint32_t hash;
    if (!fold(name, folded, &hash)) return SIZE_MAX;
    for (size_t at = hash;; at++) {
        size_t place = index->places[at & (index->place_count - 1)];
        if (place == 0) return SIZE_MAX;
        if (strcmp(index->names[place - 1].name, folded) == 0) return index->names[place - 1].row;
    }
}

const bfl_analyte *bfl_analyte_find(bfl_text name) {
    const index_of_names analytes = {bfl_builtin_analyte_names, bfl_builtin_analyte_places,
                                     bfl_builtin_analyte_place_count};
    size_t row = find_row(&analytes, name);
    return row == SIZE_MAX ? NULL : &bfl_builtin_analytes[row];
}

size_t bfl_analyte_count(void) { return bfl_builtin_analyte_count; }

const bfl_analyte *bfl_analyte_at(size_t index) {
    return index < bfl_builtin_analyte_count ? &bfl_builtin_analytes[index] : NULL;
}

const bfl_scale *bfl_analyte_scale(const bfl_analyte *analyte, bfl_text id) {
    for (size_t i = 0; analyte && i < analyte->scale_count; i++)
        if (bfl_text_equal_nocase(bfl_text_trim(id), bfl_text_of(analyte->scales[i].id))) return &analyte->scales[i];
    return NULL;
}

const bfl_scale *bfl_analyte_scale_of_limit(const bfl_analyte *analyte, bfl_decimal upper_limit) {
    for (size_t i = 0; analyte && i < analyte->scale_count; i++) {
        const bfl_scale *scale = &analyte->scales[i];
        if (!scale->limit_from.present || !scale->limit_to.present) continue;
        if (bfl_decimal_compare(upper_limit, scale->limit_from.value) >= 0 &&
            bfl_decimal_compare(upper_limit, scale->limit_to.value) <= 0)
            return scale;
    }
    return NULL;
}

const bfl_drug *bfl_drug_find(bfl_text name) {
    const index_of_names drugs = {bfl_builtin_drug_names, bfl_builtin_drug_places, bfl_builtin_drug_place_count};
    size_t row = find_row(&drugs, name);
    return row == SIZE_MAX ? NULL : &bfl_builtin_drugs[row];
}

const char *bfl_drug_class_name(const char *class_id) {
    for (size_t i = 0; class_id && i < bfl_builtin_class_count; i++)
        if (strcmp(bfl_builtin_classes[i].id, class_id) == 0) return bfl_builtin_classes[i].name;
    return class_id ? class_id : "";
}

/* "cT4a", "ypN2", "M1(bone)": the prefixes and what stands in brackets say how and where, not which category. */
static bfl_text bare_category(bfl_text category) {
    category = bfl_text_trim(category);
    while (category.size > 1 && strchr("acpryu", category.data[0])) {
        category.data++;
        category.size--;
    }
    return bfl_text_trim(bfl_text_split(&category, '('));
}

bool bfl_tnm_lung_known(int edition, bfl_text category) {
    for (size_t i = 0; i < bfl_builtin_tnm_count; i++) {
        if (bfl_builtin_tnm[i].number != edition) continue;
        bfl_text wanted = bare_category(category), rest = bfl_text_of(bfl_builtin_tnm[i].categories);
        while (rest.size > 0)
            if (bfl_text_equal_nocase(bfl_text_split(&rest, ' '), wanted)) return true;
        return false;
    }
    return true;
}
