/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program that crash.py kills.
 *   writer URL SEED          opens or makes the store and writes until it is killed; each line it prints is an acknowledged write:
 *                            "KEY VERSION" of a record, or "user NAME"
 *   writer URL check FILE    finds every write of FILE again, verifies the chain, and prints its head
 *   writer URL fill          a little of everything, always the same but for keys; prints the head
 */
#include "deeds.h"

#include <inttypes.h>
#include <unistd.h>

static store *open_url(const char *url) {
    store *s = NULL;
    bfl_error err = {0};
    must(store_open(url, &(store_options){.create = true, .now_ms = FRESH_NOW, .wait_ms = 20000}, &s, &err), &err);
    return s;
}

static void say(const char *line) {
    size_t size = strlen(line);
    if (write(STDOUT_FILENO, line, size) != (ssize_t)size) exit(1);
}

/* ---- writing ---- */

static void write_until_killed(store *s, const char *seed) {
    static char content[30000];
    char key[STORE_KEY_SIZE] = "", line[100];
    memset(content, 'x', sizeof content - 1);
    for (int i = 0;; i++) {
        bfl_error err = {0};
        store_record_put_result out;
        char id[60];
        (void)snprintf(id, sizeof id, "%s-%d", seed, i);
        /* Of all sizes, so that a write touches one page or many. */
        bfl_text text = {content, (size_t)(i * 7919 % (int)(sizeof content - 1)) + 1};
        store_record_new record = {.patient_id = id, .content = text, .search = id};
        if (i % 4) record = (store_record_new){.key = key, .expected_version = -1, .content = text};
        must(store_record_put(s, &ann, &record, &out, &err), &err);
        memcpy(key, out.key, sizeof key);
        (void)snprintf(line, sizeof line, "%s %" PRId64 "\n", out.key, out.version);
        say(line);
        if (i % 4 == 3) (void)add_assessment(s, key, "flare", i);
        if (i % 8) continue;
        add_user(s, id, "reader");
        (void)snprintf(line, sizeof line, "user %s\n", id);
        say(line);
    }
}

/* ---- checking ---- */

static bool there(store *s, const char *key, const char *rest) {
    bfl_error err = {0};
    if (strcmp(key, "user") == 0) {
        store_user *user = NULL;
        bool good = store_user_get(s, rest, &user, &err) == BFL_OK;
        store_free(user);
        return good;
    }
    store_record *record = NULL;
    bool good = store_record_get(s, key, strtoll(rest, NULL, 10), &record, &err) == BFL_OK &&
                record->content.size > 0 && strspn(record->content.data, "x") == record->content.size;
    store_free(record);
    return good;
}

static int check(store *s, const char *path) {
    char line[120], text[STORE_HEAD_SIZE];
    int missing = 0;
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        char *space = strchr(line, ' ');
        if (!space) continue;
        *space = '\0';
        if (there(s, line, space + 1)) continue;
        missing++;
        printf("# lost: %s %s\n", line, space + 1);
    }
    if (!file || fclose(file) != 0) return 2;
    store_verdict v = verdict(s, NULL);
    if (!v.good) printf("# %s\n", v.problem);
    store_head_format(&v.head, text);
    printf("head %s\n", text);
    return missing || !v.good;
}

/* ---- a little of everything ---- */

static void fill(store *s) {
    bfl_error err = {0};
    int64_t id;
    store_head head;
    char text[STORE_HEAD_SIZE];
    add_user(s, "root", "admin");
    must(store_source_put(
             s, &ann, &(store_source){.name = "case.zip", .media_type = "application/zip", .content = {"a\0\xff", 3}},
             &id, &err),
         &err);
    store_record_put_result p, q;
    static const char tables[] =
        "{\"schema\":\"boneflare.case/1\",\"files\":{\"patients.csv\":\"patient,sex\\nP1,F\\n\","
        "\"labs.csv\":\"patient,date\\nP1,d0\\n\"}}";
    must(store_record_put(s, &ann,
                          &(store_record_new){.patient_id = "P1, \"quoted\"",
                                              .content = bfl_text_of(tables),
                                              .source = id,
                                              .reason = "import",
                                              .search = "lung erlotinib"},
                          &p, &err),
         &err);
    q = add_patient(s, "P2", "not of this program");
    (void)add_version(s, p.key, tables);
    (void)add_assessment(s, p.key, "flare", 5);
    must(store_review_put(s, &ann, p.key,
                          &(store_review){.version = 2, .status = STORE_REVIEW_APPROVED, .note = "good"}, &err),
         &err);
    must(store_feedback_put(s, &ann, &(store_feedback){"patient-view", "u-1", "accepted", "{}", 0}, &err), &err);
    must(store_audit_note(s, &ann, "patient.read", q.key, &err), &err);
    must(store_head_get(s, &head, &err), &err);
    store_head_format(&head, text);
    printf("head %s\n", text);
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    store *s = open_url(argv[1]);
    int code = 0;
    if (argc == 4)
        code = check(s, argv[3]);
    else if (strcmp(argv[2], "fill") == 0)
        fill(s);
    else
        write_until_killed(s, argv[2]);
    store_close(s);
    return code;
}
