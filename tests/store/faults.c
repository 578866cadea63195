/* SPDX-License-Identifier: Apache-2.0 */
/* What goes wrong around a store: locks, full disks, damaged files, rights, lost servers. Each a clear error, the store intact. */
#include "deeds.h"

#include <libpq-fe.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const store_record_new some = {.patient_id = "Z", .content = {"content", 7}};

static bool says(const bfl_error *err, const char *what) {
    if (strstr(err->message, what)) return true;
    printf("# '%s' is not in: %s\n", what, err->message);
    return false;
}

/* ---- locked by another ---- */

static sqlite3 *lock_file(void) {
    sqlite3 *other = NULL;
    CHECK_INT(sqlite3_open(fresh_file(), &other), SQLITE_OK);
    CHECK_INT(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    return other;
}

static PGconn *lock_server(void) {
    PGconn *other = PQconnectdb(getenv("STORE_TEST_SERVER"));
    PQclear(PQexec(other, "BEGIN; SELECT pg_advisory_xact_lock(1651469926)"));
    return other;
}

TEST(locked) {
    store *s = fresh_store_with("faults", &(store_options){.wait_ms = 100});
    bfl_error err = {0};
    store_record_put_result out = {0};
    store_head head;
    sqlite3 *file = fresh_is_sqlite() ? lock_file() : NULL;
    PGconn *server = fresh_is_sqlite() ? NULL : lock_server();
    CHECK_INT(store_record_put(s, &ann, &some, &out, &err), BFL_EIO);
    CHECK(says(&err, "locked by another program for more than 100 ms"));
    CHECK_INT(store_head_get(s, &head, &err), BFL_OK); /* reading goes on */
    (void)sqlite3_close(file);
    PQfinish(server);
    CHECK_INT(store_record_put(s, &ann, &some, &out, &err), BFL_OK);
    CHECK(verdict(s, &head).good);
    store_close(s);
}

/* ---- no room ---- */

/* Writes until it is refused; returns how many were acknowledged. */
static int64_t fill_up(store *s, const char *key, bfl_error *err) {
    static char large[20000];
    store_record_put_result out = {0};
    memset(large, 'x', sizeof large - 1);
    for (int i = 0; i < 2000; i++)
        if (store_record_put(
                s, &ann, &(store_record_new){.key = key, .expected_version = -1, .content = {large, sizeof large - 1}},
                &out, err) != BFL_OK)
            return out.version;
    return -1;
}

static void check_after_full(store *s, const char *key, int64_t acknowledged, const store_head *before) {
    bfl_error err = {0};
    store_record *record = NULL;
    store_verdict v = verdict(s, before);
    CHECK(v.good);
    if (!v.good) printf("# %s\n", v.problem);
    CHECK_INT(store_record_get(s, key, 0, &record, &err), BFL_OK);
    CHECK_INT(record->version, acknowledged);
    store_free(record);
}

TEST(full_by_limit) {
    if (!fresh_is_sqlite()) return; /* the server's disk is not ours to limit: see full_on_the_server */
    store *s = fresh_store_with("faults", &(store_options){.store_bytes = 2 << 20});
    bfl_error err = {0};
    store_head before;
    store_record_put_result p = add_patient(s, "P", "x");
    must(store_head_get(s, &before, &err), &err);
    int64_t acknowledged = fill_up(s, p.key, &err);
    CHECK(acknowledged > 10);
    CHECK_INT(err.status, BFL_EIO);
    CHECK(says(&err, "no room left"));
    check_after_full(s, p.key, acknowledged, &before);
    store_close(s);
    s = fresh_reopen(); /* without the limit, as after making room */
    CHECK_INT(add_version(s, p.key, "y"), acknowledged + 1);
    CHECK(verdict(s, &before).good);
    store_close(s);
}

/* The operating system refuses to let files grow: what a quota or a full disk does in the middle of a write. */
static int write_under_limit(const char *key) {
    bfl_error err = {0};
    store *s = fresh_reopen();
    struct rlimit limit = {1 << 20, 1 << 20};
    (void)signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 250;
    int64_t acknowledged = fill_up(s, key, &err);
    bool good = err.status == BFL_EIO && strstr(err.message, "nothing of this write was kept");
    if (!good) printf("# %s\n", err.message);
    store_head head;
    good = good && store_head_get(s, &head, &err) == BFL_OK;
    return good && acknowledged > 1 && acknowledged < 200 ? (int)acknowledged : 251;
}

TEST(full_by_the_system) {
    if (!fresh_is_sqlite()) return;
    store *s = fresh_store("faults");
    bfl_error err = {0};
    store_head before;
    int status = 0;
    store_record_put_result p = add_patient(s, "P", "x");
    must(store_head_get(s, &before, &err), &err);
    store_close(s);
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        int acknowledged = write_under_limit(p.key);
        (void)fflush(stdout);
        _exit(acknowledged);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
    CHECK(WEXITSTATUS(status) < 200);
    s = fresh_reopen();
    check_after_full(s, p.key, WEXITSTATUS(status), &before);
    store_close(s);
}

TEST(full_on_the_server) {
    if (fresh_is_sqlite()) return;
    store *s = fresh_store("faults");
    bfl_error err = {0};
    store_record_put_result out = {0};
    store_head before;
    CHECK(fresh_tamper("CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
                       " 'could not extend file' USING ERRCODE = '53100', DETAIL = 'secret'; END $$;"
                       "CREATE TRIGGER full_disk BEFORE INSERT ON records EXECUTE FUNCTION full_disk()"));
    must(store_head_get(s, &before, &err), &err);
    CHECK_INT(store_record_put(s, &ann, &some, &out, &err), BFL_EIO);
    CHECK(says(&err, "no room left"));
    store_verdict v = verdict(s, &before);
    CHECK(v.good);
    CHECK_INT(v.head.count, before.count);
    CHECK(fresh_tamper("DROP TRIGGER full_disk ON records"));
    CHECK_INT(store_record_put(s, &ann, &some, &out, &err), BFL_OK);
    store_close(s);
}

/* ---- what is no store ---- */

static void write_bytes(const char *path, long offset, const char *bytes, size_t size) {
    FILE *file = fopen(path, offset < 0 ? "wb" : "r+b");
    CHECK(file != NULL);
    if (!file) return;
    if (offset > 0) CHECK(fseek(file, offset, SEEK_SET) == 0);
    CHECK_INT(fwrite(bytes, 1, size, file), size);
    CHECK_INT(fclose(file), 0);
}

/* A store of 20 patients as bytes. */
static size_t store_bytes(char *bytes, size_t most) {
    store *s = fresh_store("faults");
    for (int i = 0; i < 20; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "P%d", i);
        (void)add_assessment(s, add_patient(s, id, "{\"schema\": \"boneflare.case/1\"}").key, "flare", i);
    }
    store_close(s);
    FILE *file = fopen(fresh_file(), "rb");
    size_t size = file ? fread(bytes, 1, most, file) : 0;
    CHECK(file && fclose(file) == 0 && size > 0 && size < most);
    return size;
}

/* Whatever page is overwritten, opening or verifying says so. */
TEST(damaged_files) {
    if (!fresh_is_sqlite()) return;
    enum { PAGE = 4096, LARGEST = 1 << 20 };
    static char bytes[LARGEST];
    char noise[PAGE];
    int found = 0, tried = 0;
    size_t size = store_bytes(bytes, LARGEST);
    for (int i = 0; i < PAGE; i++) noise[i] = (char)(i * 37 + 11);
    for (size_t page = 0; page * PAGE < size; page++, tried++) {
        store *s = NULL;
        bfl_error err = {0};
        store_verdict v = {0};
        fresh_remove("faults");
        write_bytes(fresh_file(), -1, bytes, size);
        write_bytes(fresh_file(), (long)page * PAGE, noise, PAGE);
        bfl_status status = store_open(fresh_url(), NULL, &s, &err);
        if (status == BFL_OK) status = store_verify(s, NULL, &v, &err);
        CHECK(status == BFL_OK ? !v.good : says(&err, "damaged"));
        CHECK(status == BFL_OK || status == BFL_EPARSE || status == BFL_EIO);
        found += status != BFL_OK || !v.good;
        store_close(s);
    }
    CHECK(tried > 30);
    CHECK_INT(found, tried);
}

TEST(files_of_others) {
    if (!fresh_is_sqlite()) return;
    static const char text[] =
        "This is a long enough text that is not a database, whatever its name may be.............."
        "................................................................................";
    store *s = NULL;
    bfl_error err = {0};
    store_options create = {.create = true};
    fresh_remove("faults");
    write_bytes(fresh_file(), -1, text, sizeof text);
    CHECK_INT(store_open(fresh_url(), &create, &s, &err), BFL_EPARSE);
    CHECK(says(&err, "no SQLite database"));
    fresh_remove("faults");
    CHECK(fresh_tamper("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1); PRAGMA user_version = 1"));
    CHECK_INT(store_open(fresh_url(), &create, &s, &err), BFL_EPARSE);
    CHECK(says(&err, "another program"));
    CHECK(fresh_tamper("INSERT INTO theirs VALUES (2)"));
    fresh_remove("faults");
    write_bytes(fresh_file(), -1, "", 0); /* mktemp made it */
    CHECK_INT(store_open(fresh_url(), NULL, &s, &err), BFL_ENOTFOUND);
    CHECK_INT(store_open(fresh_url(), &create, &s, &err), BFL_OK);
    store_close(s);
}

/* As a user without rights: root has them all. */
static int open_as_nobody(bool create) {
    enum { NOBODY = 65534 };
    store *s = NULL;
    bfl_error err = {0};
    if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)) return 3;
    bfl_status status = store_open(fresh_url(), &(store_options){.create = create}, &s, &err);
    if (status == BFL_EIO && strstr(err.message, "ermission denied")) return 0;
    printf("# %s %s\n", bfl_status_name(status), err.message);
    return 1;
}

static int in_child(int (*run)(bool), bool argument) {
    int status = 0;
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        int code = run(argument);
        (void)fflush(stdout);
        _exit(code);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(no_rights) {
    if (!fresh_is_sqlite()) return;
    store_close(fresh_store("faults"));
    if (geteuid() != 0) CHECK(chmod(fresh_file(), 0) == 0);
    CHECK_INT(in_child(open_as_nobody, false), 0);
    fresh_remove("faults");
    if (geteuid() == 0) CHECK_INT(in_child(open_as_nobody, true), 0);
}

/* ---- schemas ---- */

TEST(newer_and_other_schemas) {
    store_close(fresh_store("faults"));
    store *s = NULL;
    bfl_error err = {0};
    store_options all = {.create = true, .migrate = true};
    CHECK(fresh_tamper(fresh_is_sqlite() ? "PRAGMA user_version = 99" : "COMMENT ON SCHEMA boneflare IS '99'"));
    CHECK_INT(store_open(fresh_url(), &all, &s, &err), BFL_ENOTSUP);
    CHECK(says(&err, "schema 99, made by a newer boneflare"));
    CHECK(says(&err, "nothing was changed"));
    CHECK(fresh_tamper(fresh_is_sqlite() ? "PRAGMA user_version = -3" : "COMMENT ON SCHEMA boneflare IS '-3'"));
    CHECK_INT(store_open(fresh_url(), &all, &s, &err), BFL_EPARSE);
}

/* ---- servers ---- */

TEST(lost_servers) {
    if (fresh_is_sqlite()) return;
    store *s = fresh_store("faults");
    bfl_error err = {0};
    store_record_put_result p = add_patient(s, "P", "x");
    CHECK(fresh_tamper("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'boneflare'"));
    CHECK_INT(add_version(s, p.key, "y"), 2); /* a new connection is made */
    CHECK(verdict(s, NULL).good);
    store_close(s);
    CHECK_INT(store_open("postgresql://nobody@/x?host=/no/such/folder", NULL, &s, &err), BFL_EIO);
    CHECK(says(&err, "no connection"));
}

TEST(other_encodings) {
    if (fresh_is_sqlite()) return;
    store *s = NULL;
    bfl_error err = {0};
    char url[600];
    CHECK(fresh_tamper("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"));
    const char *given = getenv("STORE_TEST_SERVER"), *name = strstr(given, "/postgres?");
    (void)snprintf(url, sizeof url, "%.*s/latin?%s", (int)(name - given), given, name + strlen("/postgres?"));
    CHECK_INT(store_open(url, &(store_options){.create = true}, &s, &err), BFL_ENOTSUP);
    CHECK(says(&err, "encoding LATIN1"));
}

/* ---- too much ---- */

TEST(hundred_megabytes_are_refused) {
    enum { SIZE = 100 << 20 };
    store *s = fresh_store("faults");
    bfl_error err = {0};
    store_record_put_result out = {0};
    int64_t id = 0;
    char *large = malloc(SIZE);
    CHECK(large != NULL);
    if (!large) return;
    memset(large, 'x', SIZE);
    CHECK_INT(store_record_put(s, &ann, &(store_record_new){.patient_id = "P", .content = {large, SIZE}}, &out, &err),
              BFL_ELIMIT);
    CHECK(says(&err, "104857600 bytes; this store takes at most 67108864"));
    CHECK_INT(store_source_put(s, &ann, &(store_source){.name = "f", .content = {large, SIZE}}, &id, &err), BFL_ELIMIT);
    free(large);
    store_close(s);
    CHECK_INT(store_open(fresh_url(), &(store_options){.content_bytes = (uint64_t)1 << 40}, &s, &err), BFL_EINVAL);
    CHECK_INT(store_open(fresh_url(), &(store_options){.connections = 1000}, &s, &err), BFL_EINVAL);
}

/* clang-format off */
TEST_CASES(CASE(locked), CASE(full_by_limit), CASE(full_by_the_system), CASE(full_on_the_server), CASE(damaged_files),
           CASE(files_of_others), CASE(no_rights), CASE(newer_and_other_schemas), CASE(lost_servers), CASE(other_encodings),
           CASE(hundred_megabytes_are_refused))
/* clang-format on */
