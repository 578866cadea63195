/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVE_PAGE_PAGE_H
#define SERVE_PAGE_PAGE_H

#include "serve/http/route.h"

/* The embedded page, /api/v1/openapi.json, and whatever path no other table has. The last table. */
extern const serve_routes serve_page_routes;

#endif
