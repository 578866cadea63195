/* SPDX-License-Identifier: Apache-2.0 */
/* kept: the tables whose rows the audit chain covers. A row is written together with an audit row that holds its hash. */
#ifndef STORE_KEPT_H
#define STORE_KEPT_H

#include "sql.h"
#include "store.h"

typedef enum kept_id {
    KEPT_PATIENTS,
    KEPT_SOURCES,
    KEPT_RECORDS,
    KEPT_ASSESSMENTS,
    KEPT_REVIEWS,
    KEPT_FEEDBACK,
    KEPT_USERS, /* the only one whose rows change: the last change covers the row */
    KEPT_COUNT
} kept_id;

enum { KEPT_MOST_COLUMNS = 19 };

typedef struct kept_table {
    const char *name, *columns; /* in the order in which they are hashed; `audit` comes after them */
    int count;
    const char *action;
    int sha256; /* the column that stands for `content`, the last one, in the hash; 0 = there is no content */
} kept_table;

/* How many of the columns are hashed as they are. */
int kept_hashed(const kept_table *table);

extern const kept_table kept_tables[KEPT_COUNT];

/* `values` has one value for each column. */
void kept_insert(sql *db, const store_by *by, kept_id id, const char *subject, const sql_value *values);
/* The number of the next row of a table with an id. */
int64_t kept_next(sql *db, kept_id id);
/* Is it the action of a table, or of the store itself? Such rows are not for store_audit_note(). */
bool kept_action(const char *action);

#endif
