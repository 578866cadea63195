/* SPDX-License-Identifier: Apache-2.0 */
/* What is embedded in the program (tools/embed.py): the page, the description of the interface, the cases of the demonstration. */
#ifndef SERVE_PAGE_FILES_H
#define SERVE_PAGE_FILES_H

#include <stddef.h>

typedef struct serve_file {
    const char *name; /* "assets/index.js" */
    const char *type; /* media type */
    const char *etag; /* in quotes, of the content */
    const unsigned char *bytes;
    size_t size;
} serve_file;

extern const serve_file serve_page_files[]; /* web/dist; none when it was not there */
extern const size_t serve_page_files_count;
extern const serve_file serve_own_files[]; /* "openapi.json", "plain.html", "plain.css" */
extern const size_t serve_own_files_count;
extern const serve_file serve_demo_files[]; /* "debondt2020/labs.csv" */
extern const size_t serve_demo_files_count;

/* NULL when there is none of that name. */
const serve_file *serve_file_find(const serve_file *files, size_t count, const char *name);

#endif
