/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fresh store for a test, in the back end that the environment names: STORE_TEST_SERVER is the URL of a PostgreSQL database
 * that the test may empty; without it, SQLite files in a folder of the test's own (STORE_TEST_FOLDER).
 */
#ifndef STORE_TEST_FRESH_H
#define STORE_TEST_FRESH_H

#include "store/store.h"

#include "test.h"

#include <stdlib.h>

enum { FRESH_NOW = 1000 };

/* The URL of the last fresh_store() or fresh_remove(). */
const char *fresh_url(void);
/* SQLite only: the file of it; NULL on a server. */
const char *fresh_file(void);
bool fresh_is_sqlite(void);
/* Nothing is there any more under that name. */
void fresh_remove(const char *name);
/* An empty store; ends the program when it cannot be made. */
store *fresh_store(const char *name);
store *fresh_store_with(const char *name, const store_options *options);
/* Opens it again; ends the program when it cannot be opened. */
store *fresh_reopen(void);
/* A script on the database, past the store: what an attacker or an accident does. false when the database refused it. */
bool fresh_tamper(const char *script);
/* A path in the folder of the test; nothing is there. */
const char *fresh_path(const char *name);

#endif
