/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/bfl-file-XXXXXX";

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    char path[128], missing[128];
    (void)snprintf(path, sizeof path, "%s/a.txt", folder);
    (void)snprintf(missing, sizeof missing, "%s/no.txt", folder);
    bfl_text text = {"untouched", 9};
    CHECK_INT(bfl_file_write(path, BFL_TEXT("one"), false, err), BFL_OK);
    CHECK_INT(bfl_file_write(path, BFL_TEXT("two"), false, err), BFL_EEXIST);
    CHECK_INT(bfl_file_read(arena, path, 100, &text, err), BFL_OK);
    CHECK(bfl_text_equal(text, BFL_TEXT("one")));
    CHECK_INT(bfl_file_write(path, BFL_TEXT(""), true, err), BFL_OK);
    CHECK_INT(bfl_file_read(arena, path, 100, &text, err), BFL_OK);
    CHECK_INT(text.size, 0);
    CHECK_INT(bfl_file_write(path, BFL_TEXT("12345"), true, err), BFL_OK);
    CHECK_INT(bfl_file_read(arena, path, 4, &text, err), BFL_ELIMIT);
    CHECK_INT(bfl_file_read(arena, missing, 4, &text, err), BFL_ENOTFOUND);
    CHECK_INT(bfl_file_read(arena, folder, 4, &text, err), BFL_EIO);
    CHECK_INT(bfl_file_write("/nonexistent-folder/x", BFL_TEXT("a"), true, err), BFL_EIO);
    (void)unlink(path);
    return BFL_OK;
}

TEST(reads_and_writes_whole) {
    CHECK(mkdtemp(folder) != NULL);
    bfl_arena *arena = bfl_arena_new();
    bfl_error err;
    CHECK_INT(bfl_arena_run(arena, body, NULL, &err), BFL_OK);
    bfl_arena_free(arena);
    (void)rmdir(folder);
}

TEST_CASES(CASE(reads_and_writes_whole))
