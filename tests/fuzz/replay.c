/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over stored files, without a fuzzer: replay FILE_OR_FOLDER... Prints TAP, one line a file. */
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

enum { MOST_FILES = 4096, LONGEST_PATH = 1024, LARGEST_FILE = 1 << 20 };

typedef struct file_list {
    char *paths[MOST_FILES];
    int count;
} file_list;

static void add_file(file_list *list, const char *path) {
    if (list->count == MOST_FILES) {
        (void)fprintf(stderr, "more than %d files\n", MOST_FILES);
        exit(2);
    }
    size_t size = strlen(path) + 1;
    char *copy = malloc(size);
    if (!copy) exit(2);
    list->paths[list->count++] = memcpy(copy, path, size);
}

static void add_folder(file_list *list, const char *folder) {
    DIR *stream = opendir(folder);
    if (!stream) {
        perror(folder);
        exit(2);
    }
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;) {
        char path[LONGEST_PATH];
        if (entry->d_name[0] == '.') continue;
        if (snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < LONGEST_PATH) add_file(list, path);
    }
    (void)closedir(stream);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static bool run_file(const char *path) {
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(LARGEST_FILE);
    bool good = file && data;
    if (good) {
        size_t size = fread(data, 1, LARGEST_FILE, file);
        /* Exactly as long as the input, so that the sanitizers see a read past its end. */
        uint8_t *exact = malloc(size ? size : 1);
        good = exact != NULL;
        if (exact) {
            memcpy(exact, data, size);
            (void)LLVMFuzzerTestOneInput(exact, size);
        }
        free(exact);
    }
    free(data);
    if (file) (void)fclose(file);
    return good;
}

int main(int argc, char **argv) {
    static file_list list;
    for (int i = 1; i < argc; i++) {
        struct stat info;
        if (stat(argv[i], &info) == 0 && S_ISDIR(info.st_mode))
            add_folder(&list, argv[i]);
        else
            add_file(&list, argv[i]);
    }
    qsort(list.paths, (size_t)list.count, sizeof *list.paths, by_name);
    int failed = list.count == 0;
    printf("1..%d\n", list.count);
    for (int i = 0; i < list.count; i++) {
        const char *slash = strrchr(list.paths[i], '/');
        bool good = run_file(list.paths[i]);
        failed |= !good;
        printf("%sok %d - %s\n", good ? "" : "not ", i + 1, slash ? slash + 1 : list.paths[i]);
        (void)fflush(stdout);
        free(list.paths[i]);
    }
    return failed;
}
