/* SPDX-License-Identifier: Apache-2.0 */
/* The router: a table of tables. Each part of the service has one; serve/routes.c lists them; openapi.json describes all. */
#ifndef SERVE_HTTP_ROUTE_H
#define SERVE_HTTP_ROUTE_H

#include "serve/http/call.h"

enum {
    SERVE_SMALL = 64 << 10, /* body limits: a form */
    SERVE_MEDIUM = 8 << 20, /* a record */
    SERVE_UPLOAD = -1       /* as large as --upload-mib allows */
};

enum {
    SERVE_PLAIN = 0,
    SERVE_NO_SESSION =
        1, /* signs in, or carries its own authority (a bearer token): no session, no CSRF token is asked for */
    SERVE_CORS =
        2, /* browsers of other sites may call it: its Origin is not checked; the handler answers the headers */
    SERVE_ANY_TYPE = 4 /* a body of any Content-Type; otherwise it must be JSON */
};

struct serve_route {
    const char *method;  /* "GET" answers HEAD too */
    const char *pattern; /* "/api/v1/patients/{key}/rows"; a last "{path...}" takes the rest */
    serve_role least;
    long body; /* bytes, 0 = takes none, or SERVE_UPLOAD */
    unsigned flags;
    void (*handle)(serve_call *call);
};

typedef struct serve_routes {
    const serve_route *items;
    size_t count;
} serve_routes;

/* Every table of the service (serve/routes.c). */
extern const serve_routes *const serve_all_routes[];
extern const size_t serve_all_routes_count;

/* Finds the route and fills the call's keys. NULL: *allow names the methods of the path, "" when there is no such path. */
const serve_route *serve_route_find(serve_call *call, const char *method, const char **allow);
/* A path whose answers are for programs: problems as JSON, never the page. */
bool serve_is_interface(const char *path);

#endif
