/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Case folders: whatever the tables hold, reading ends in a study in order or in an error that says why. The input holds several
 * tables: a line "=labs.csv" begins one.
 */
#include "fuzz.h"

#include "format/format.h"

enum { TABLES = 8 };

static size_t split(bfl_text rest, char names[TABLES][24], bfl_table_bytes *tables) {
    size_t count = 0;
    while (rest.size && count < TABLES) {
        bfl_text line = bfl_text_split(&rest, '\n');
        if (line.size < 2 || line.data[0] != '=') continue;
        size_t length = line.size - 1 < 23 ? line.size - 1 : 23;
        memcpy(names[count], line.data + 1, length);
        names[count][length] = '\0';
        const char *begin = rest.data;
        size_t size = 0;
        while (size < rest.size && !(begin[size] == '=' && (size == 0 || begin[size - 1] == '\n'))) size++;
        tables[count] = (bfl_table_bytes){names[count], {begin, size}};
        rest = (bfl_text){begin + size, rest.size - size};
        count++;
    }
    return count;
}

static void check_when(bfl_when when) {
    PROMISE(!when.known || (when.first <= when.day && when.exact == (when.first == when.day)));
}

static void check_record(const bfl_record *r) {
    for (size_t i = 0; i < r->lesion_count; i++) {
        check_when(r->lesions[i].when);
        if (i) PROMISE(!r->lesions[i].when.known || r->lesions[i - 1].when.day <= r->lesions[i].when.day);
        PROMISE(!r->lesions[i].longest_mm.present || r->lesions[i].longest_mm.value.mantissa >= 0);
    }
    for (size_t i = 0; i < r->lab_count; i++) {
        const bfl_lab *l = &r->labs[i];
        check_when(l->when);
        PROMISE(!l->usable || (l->analyte && l->unit && l->canonical.present && l->when.known));
    }
    for (size_t i = 0; i < r->therapy_count; i++) {
        const bfl_therapy *t = &r->therapies[i];
        check_when(t->start);
        PROMISE(!t->start.known || !t->stop.known || t->stop.day >= t->start.first);
    }
    for (size_t i = 0; i < r->issue_count; i++) {
        const bfl_issue *issue = &r->issues[i];
        PROMISE(issue->code[0] && issue->action[0] && (issue->found[0] || issue->expected[0]));
        PROMISE(bfl_utf8_valid(bfl_text_of(issue->found), NULL) && bfl_utf8_valid(bfl_text_of(issue->column), NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char names[TABLES][24];
    bfl_table_bytes tables[TABLES];
    size_t count = split(fuzz_text(data, size), names, tables);
    const bfl_limits limits = {.struct_size = sizeof limits, .rows = 1000, .field_bytes = 1000};
    bfl_study *study = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_casefolder_parse(tables, count, &limits, &study, &err);
    if (status != BFL_OK) {
        fuzz_check_error(&err, status);
        PROMISE(study == NULL);
        return 0;
    }
    for (size_t i = 0; i < bfl_study_record_count(study); i++) {
        const bfl_record *r = bfl_study_record(study, i);
        check_record(r);
        if (i) PROMISE(strcmp(bfl_study_record(study, i - 1)->patient.id, r->patient.id) < 0);
    }
    bfl_study_free(study);
    return 0;
}
