/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a case folder in every format: when memory runs out nothing is left on the disk. */
#include "sweep.h"

#include <boneflare/boneflare.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const bfl_study *study;
static char untouched;

static void remove_output(const char *path, const bfl_written *written) {
    char file[512];
    for (size_t i = 0; i < bfl_written_file_count(written); i++) {
        (void)snprintf(file, sizeof file, "%s/%s", path, bfl_written_file_at(written, i)->name);
        if (unlink(file) != 0) oom_complain("a file of the list is not there");
    }
    if (rmdir(path) != 0) oom_complain("the folder holds something else, or is not there");
}

static bfl_status write_format(const char *format) {
    char path[256], temporary[512];
    (void)snprintf(path, sizeof path, "./oom-write-%ld-%s", (long)getpid(), format);
    (void)snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
    const bfl_write_options options = {.struct_size = sizeof options, .format = format};
    bfl_written *written = (void *)&untouched;
    bfl_error err = {0};
    bfl_status status = bfl_study_write(study, path, &options, &written, &err);
    if (status && (void *)written != &untouched) oom_complain("an output was touched");
    if (status && err.status != status) oom_complain("the error says something else than the status");
    if (!status) {
        remove_output(path, written);
        bfl_written_free(written);
    }
    if (access(path, F_OK) == 0 || access(temporary, F_OK) == 0) oom_complain("something was left on the disk");
    return status;
}

/* write MOST FOLDER: at most that many failing allocations a format. */
int main(int argc, char **argv) {
    bfl_study *read = NULL;
    if (argc != 3 || bfl_study_read(argv[2], NULL, &read, NULL) != BFL_OK) return 2;
    study = read;
    bool good = true;
    printf("1..%zu\n", bfl_writer_count());
    for (size_t i = 0; i < bfl_writer_count(); i++)
        good =
            oom_sweep((int)i + 1, bfl_writer_id(i), write_format, bfl_writer_id(i), strtoll(argv[1], NULL, 10)) && good;
    bfl_study_free(read);
    return good ? 0 : 1;
}
