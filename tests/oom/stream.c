/* SPDX-License-Identifier: Apache-2.0 */
/* Populations: the filter, the screen and the shard over one file of NDJSON, on one thread. */
#include "sweep.h"

#include <boneflare/boneflare.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool forget(void *context, const char *data, size_t size) {
    (void)context;
    (void)data;
    (void)size;
    return true;
}

static ptrdiff_t read_file(void *context, char *data, size_t size) { return read(*(int *)context, data, size); }

static char untouched;
#define UNTOUCHED ((void *)&untouched)

static bfl_status check(bfl_status status, const bfl_error *err) {
    if (status && err->status != status) oom_complain("the error says something else than the status");
    return status;
}

static bfl_status filter(const char *path, const bfl_rulebook *rulebook) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    const bfl_filter_options options = {
        .struct_size = sizeof options, .out = {forget, NULL}, .problems = {forget, NULL}, .threads = 1};
    bfl_error err = {0};
    bfl_status status = check(bfl_filter((bfl_intake){read_file, &file}, rulebook, &options, NULL, &err), &err);
    (void)close(file);
    return status;
}

static bfl_status screen(const char *path, const bfl_rulebook *rulebook) {
    const bfl_screen_options options = {
        .struct_size = sizeof options, .inputs = &path, .input_count = 1, .threads = 1, .problems = {forget, NULL}};
    bfl_work_list *list = UNTOUCHED;
    bfl_error err = {0};
    bfl_status status = check(bfl_screen(rulebook, &options, &list, &err), &err);
    if (status && list != UNTOUCHED) oom_complain("an output was touched");
    for (int i = 0; i < 3 && !status; i++)
        status = check(bfl_work_list_write(list, (bfl_list_format)i, 0, (bfl_sink){forget, NULL}, &err), &err);
    if (list != UNTOUCHED) bfl_work_list_free(list);
    return status;
}

static bfl_status all(const char *path) {
    bfl_rulebook *rulebook = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_rulebook_open((bfl_text){"", 0}, &rulebook, &err);
    if (!status) status = filter(path, rulebook);
    if (!status) status = screen(path, rulebook);
    bfl_rulebook_free(rulebook);
    return status;
}

int main(int argc, char **argv) {
    int64_t most = argc > 2 ? strtol(argv[1], NULL, 10) : 1;
    printf("1..%d\n", argc - 2);
    bool good = true;
    for (int i = 2; i < argc; i++) good = oom_sweep(i - 1, strrchr(argv[i], '/'), all, argv[i], most) && good;
    return good ? 0 : 1;
}
