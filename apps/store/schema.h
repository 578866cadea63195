/* SPDX-License-Identifier: Apache-2.0 */
/* schema: the steps from nothing to the newest schema, and taking them. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "sql.h"
#include "store.h"

typedef struct schema_step {
    const char *const *sqlite, *const *postgresql; /* statements, then NULL */
} schema_step;

/* The steps 1..schema_newest (migrations/NNN.sql). */
extern const schema_step schema_steps[];
extern const int64_t schema_newest;

/* Looks at the schema of a connection; makes or migrates it where the options allow, all in one transaction. */
void schema_open(sql *db, const store_options *options);
/* As schema_open(), with steps of its own: for tests. */
void schema_open_by(sql *db, const store_options *options, const schema_step *steps, int64_t newest);
int64_t schema_number(sql *db);
/* The newest tables, empty, in the transaction that is open. */
void schema_make(sql *db);

#endif
