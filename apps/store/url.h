/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_URL_H
#define STORE_URL_H

#include "sql.h"

/* Which back end a URL names, and what that one opens: the path of the file, or the whole URL. BFL_EINVAL, BFL_ENOTSUP. */
BFL_MUST_USE bfl_status url_read(const char *url, const sql_back_end **back_end, const char **address, bfl_error *err);

#endif
