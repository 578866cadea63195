/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "sql.h"

/* Copies one SQLite database over another, page by page, while others go on writing the first. */
void sqlite_copy(sql *from, sql *to);

#endif
