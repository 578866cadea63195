/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/http/route.h"

#include <string.h>

bool serve_is_interface(const char *path) {
    static const char *const roots[] = {"/api", "/fhir", "/cds-services"};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        size_t length = strlen(roots[i]);
        if (strncmp(path, roots[i], length) == 0 && (path[length] == '/' || path[length] == '\0')) return true;
    }
    return false;
}

/* Does the path fit the pattern? Each {name} takes one part that is not empty. */
static bool fits(serve_call *call, const char *pattern, const char *path) {
    size_t key = 0;
    memset(call->keys, 0, sizeof call->keys);
    while (*pattern) {
        if (*pattern != '{') {
            if (*pattern++ != *path++) return false;
            continue;
        }
        size_t name = strcspn(pattern, "}");
        bool rest = name > 3 && memcmp(pattern + name - 3, "...", 3) == 0;
        size_t length = rest ? strlen(path) : strcspn(path, "/");
        if (length == 0 || key == SERVE_KEYS) return false;
        call->keys[key++] = serve_pool_text(call->pool, (bfl_text){path, length});
        path += length;
        pattern += name + 1;
    }
    return *path == '\0';
}

static bool method_fits(const char *route, const char *method) {
    return strcmp(route, method) == 0 || (strcmp(route, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

/* What the page takes when no table knows it, is not for the interface: its unknown paths are problems. */
static bool is_page_of_interface(const serve_route *route, const char *path) {
    return strncmp(route->pattern, "/{", 2) == 0 && serve_is_interface(path);
}

const serve_route *serve_route_find(serve_call *call, const char *method, const char **allow) {
    serve_buf methods = {.pool = call->pool};
    for (size_t t = 0; t < serve_all_routes_count; t++)
        for (size_t i = 0; i < serve_all_routes[t]->count; i++) {
            const serve_route *route = &serve_all_routes[t]->items[i];
            if (!fits(call, route->pattern, call->target.path) || is_page_of_interface(route, call->target.path))
                continue;
            if (method_fits(route->method, method)) return route;
            serve_buf_printf(&methods, "%s%s", methods.size ? ", " : "", route->method);
        }
    *allow = serve_buf_text(&methods).data;
    return NULL;
}
