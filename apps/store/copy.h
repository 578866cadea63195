/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "sql.h"

/* Copies every table, row by row, between stores of one schema in any back ends, within the transactions that are open. Sessions
 * and one-time tokens stay behind. */
void copy_tables(sql *from, sql *to);

#endif
