/* SPDX-License-Identifier: Apache-2.0 */
/* The page: files that are embedded in the program. Paths that name no file are places inside the page: they give index.html. */
#include "serve/page/page.h"
#include "serve/page/files.h"

#include <string.h>

const serve_file *serve_file_find(const serve_file *files, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(files[i].name, name) == 0) return &files[i];
    return NULL;
}

/* Built files carry a hash in their name: they may be kept for good. */
static bool is_hashed(const char *name) { return strncmp(name, "assets/", 7) == 0; }

static void reply_file(serve_call *call, const serve_file *file) {
    const char *known = serve_header(call, "If-None-Match");
    serve_reply_header(call, "ETag", file->etag);
    serve_reply_header(call, "Cache-Control",
                       is_hashed(file->name) ? "public, max-age=31536000, immutable" : "no-cache");
    if (known && strcmp(known, file->etag) == 0)
        serve_reply_nothing(call, 304);
    else
        serve_reply(call, 200, file->type, (bfl_text){(const char *)file->bytes, file->size});
}

static void get_page(serve_call *call) {
    const char *name = call->keys[0] ? call->keys[0] : "index.html";
    const serve_file *file = serve_file_find(serve_page_files, serve_page_files_count, name);
    if (!file) file = serve_file_find(serve_own_files, serve_own_files_count, name);
    if (!file && strchr(name, '.') && strcmp(name, "index.html") != 0) {
        serve_problem(call, 404, "no-such-file", "There is no such file.", "Open / for the page.");
        return;
    }
    if (!file) file = serve_file_find(serve_page_files, serve_page_files_count, "index.html");
    if (!file) file = serve_file_find(serve_own_files, serve_own_files_count, "plain.html");
    reply_file(call, file);
}

static void get_openapi(serve_call *call) {
    reply_file(call, serve_file_find(serve_own_files, serve_own_files_count, "openapi.json"));
}

static const serve_route routes[] = {
    {"GET", "/api/v1/openapi.json", SERVE_ANYONE, 0, SERVE_PLAIN, get_openapi},
    {"GET", "/", SERVE_ANYONE, 0, SERVE_PLAIN, get_page},
    {"GET", "/{path...}", SERVE_ANYONE, 0, SERVE_PLAIN, get_page},
};
const serve_routes serve_page_routes = {routes, sizeof routes / sizeof *routes};
