/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare store: what an operator does with a store. */
#include "issues.h"
#include "storing.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

static const char help[] =
    "Usage: boneflare store create|info|verify|migrate URL [OPTION...]\n"
    "       boneflare store backup URL FILE [OPTION...]\n"
    "       boneflare store restore FILE URL [OPTION...]\n"
    "       boneflare store export URL FOLDER [OPTION...]\n"
    "\n"
    "Looks after a store, in which 'boneflare serve' keeps patients, every version of their records, assessments, "
    "reviews,\n"
    "users and the audit log. URL is sqlite:PATH or postgresql://USER@HOST/DATABASE.\n"
    "\n"
    "  create    make an empty store\n"
    "  info      what it holds, its schema, and the head of its audit log\n"
    "  verify    recompute the hash chain of the audit log and every row that it covers\n"
    "  migrate   bring an older schema up to date; make a backup first\n"
    "  backup    write a copy, while the service goes on, to a file that must not be there\n"
    "  restore   verify a backup and put it in place of a missing store; nobody stays logged in\n"
    "  export    write every patient's tables and the audit log into a new folder\n"
    "\n"
    "  --head COUNT:HASH  verify, restore: a head from before (of a backup, of info), which must be in the log\n"
    "  --force            restore: replace the store that is there\n"
    "  --versions         export: every version, not only the latest\n"
    "  --wait SECONDS     how long to wait for another program; default 5\n"
    "  --json             print JSON\n"
    "  --help             this text\n"
    "\n"
    "Exit code: 0 done; 1 verify: something was changed, removed or cut off; 2 wrong command line; 3 the store or a "
    "file\ncannot be read or written.\n"
    "\n"
    "Example:\n"
    "  boneflare store backup sqlite:boneflare.db backup.db\n"
    "  boneflare store verify sqlite:boneflare.db --head 41:6ab7...\n";

typedef struct request {
    const char *action, *first, *second; /* as on the command line */
    store_options open;
    store_head known;
    bool has_known, force, versions, json;
} request;

typedef struct action {
    const char *name;
    int arguments;
    int (*run)(const request *r);
} action;

/* ---- printing ---- */

static int refuse(const char *where, bfl_error *err) {
    char plain[sizeof err->where];
    if (!err->where[0]) {
        (void)store_url_plain(where, plain, sizeof plain);
        (void)snprintf(err->where, sizeof err->where, "%s", plain);
    }
    int code = cli_fail("store", err);
    return code == CLI_USAGE ? CLI_INPUT : code;
}

static void print_json_text(const char *key, const char *text, const char *after) {
    (void)printf("  \"%s\": ", key);
    cli_json_string(stdout, text);
    (void)printf("%s\n", after);
}

static void print_head(const request *r, const char *schema, const store_head *head) {
    char text[STORE_HEAD_SIZE];
    store_head_format(head, text);
    if (!r->json) {
        (void)printf("head %s\n", text);
        return;
    }
    (void)printf("{\n  \"schema\": \"boneflare.store-%s/1\",\n", schema);
    print_json_text("head", text, "\n}");
}

static int finish(int code) { return fflush(stdout) == 0 ? code : CLI_INPUT; }

/* ---- the actions ---- */

static int open_first(const request *r, store **out) {
    bfl_error err = {0};
    return store_open(r->first, &r->open, out, &err) == BFL_OK ? CLI_OK : refuse(r->first, &err);
}

static int run_create(const request *r) {
    request made = *r;
    store *s = NULL;
    store_head head;
    bfl_error err = {0};
    if (store_open(r->first, &r->open, &s, &err) == BFL_OK) {
        store_close(s);
        err = (bfl_error){.status = BFL_EEXIST, .message = "there is a store already"};
        return refuse(r->first, &err);
    }
    if (err.status != BFL_ENOTFOUND) return refuse(r->first, &err);
    made.open.create = true;
    int code = open_first(&made, &s);
    if (code != CLI_OK) return code;
    bfl_status status = store_head_get(s, &head, &err);
    store_close(s);
    if (status != BFL_OK) return refuse(r->first, &err);
    print_head(r, "create", &head);
    return finish(CLI_OK);
}

static int run_migrate(const request *r) {
    request migrating = *r;
    store *s = NULL;
    store_info info;
    bfl_error err = {0};
    migrating.open.migrate = true;
    int code = open_first(&migrating, &s);
    if (code != CLI_OK) return code;
    bfl_status status = store_info_get(s, &info, &err);
    store_close(s);
    if (status != BFL_OK) return refuse(r->first, &err);
    if (!r->json) (void)printf("schema %" PRId64 "\n", info.schema);
    print_head(r, "migrate", &info.head);
    return finish(CLI_OK);
}

static void print_info(const store_info *info) {
    char head[STORE_HEAD_SIZE];
    store_head_format(&info->head, head);
    (void)printf("store        %s\n", info->id);
    (void)printf("kept in      %s %s, %" PRId64 " bytes\n", info->back_end, info->library, info->bytes);
    (void)printf("schema       %" PRId64 "\n", info->schema);
    (void)printf("patients     %" PRId64 "\n", info->patients);
    (void)printf("records      %" PRId64 "\n", info->records);
    (void)printf("sources      %" PRId64 "\n", info->sources);
    (void)printf("assessments  %" PRId64 "\n", info->assessments);
    (void)printf("reviews      %" PRId64 "\n", info->reviews);
    (void)printf("users        %" PRId64 "\n", info->users);
    (void)printf("head         %s\n", head);
}

static void print_info_json(const store_info *info) {
    char head[STORE_HEAD_SIZE];
    store_head_format(&info->head, head);
    (void)printf("{\n  \"schema\": \"boneflare.store-info/1\",\n");
    print_json_text("store", info->id, ",");
    print_json_text("back_end", info->back_end, ",");
    print_json_text("library", info->library, ",");
    (void)printf("  \"bytes\": %" PRId64 ",\n  \"store_schema\": %" PRId64 ",\n  \"newest_schema\": %" PRId64 ",\n",
                 info->bytes, info->schema, info->newest_schema);
    (void)printf("  \"created_ms\": %" PRId64 ",\n", info->created_ms);
    (void)printf("  \"patients\": %" PRId64 ",\n  \"records\": %" PRId64 ",\n  \"sources\": %" PRId64 ",\n",
                 info->patients, info->records, info->sources);
    (void)printf("  \"assessments\": %" PRId64 ",\n  \"reviews\": %" PRId64 ",\n  \"users\": %" PRId64 ",\n",
                 info->assessments, info->reviews, info->users);
    print_json_text("head", head, "\n}");
}

static int run_info(const request *r) {
    store *s = NULL;
    store_info info;
    bfl_error err = {0};
    int code = open_first(r, &s);
    if (code != CLI_OK) return code;
    bfl_status status = store_info_get(s, &info, &err);
    store_close(s);
    if (status != BFL_OK) return refuse(r->first, &err);
    if (r->json)
        print_info_json(&info);
    else
        print_info(&info);
    return finish(CLI_OK);
}

static int run_verify(const request *r) {
    store *s = NULL;
    store_verdict v;
    char head[STORE_HEAD_SIZE];
    bfl_error err = {0};
    int code = open_first(r, &s);
    if (code != CLI_OK) return code;
    bfl_status status = store_verify(s, r->has_known ? &r->known : NULL, &v, &err);
    store_close(s);
    if (status != BFL_OK) return refuse(r->first, &err);
    store_head_format(&v.head, head);
    if (r->json) {
        (void)printf("{\n  \"schema\": \"boneflare.store-verify/1\",\n  \"good\": %s,\n", v.good ? "true" : "false");
        (void)printf("  \"audit_rows\": %" PRId64 ",\n  \"rows\": %" PRId64 ",\n  \"bad_row\": %" PRId64 ",\n",
                     v.head.count, v.rows, v.bad_seq);
        print_json_text("problem", v.problem, ",");
        print_json_text("head", head, "\n}");
    } else if (v.good)
        (void)printf("good: %" PRId64 " audit rows, %" PRId64 " rows that they cover\nhead %s\n", v.head.count, v.rows,
                     head);
    else
        (void)printf("NOT good: %s\n", v.problem);
    return finish(v.good ? CLI_OK : CLI_DATA);
}

static int run_backup(const request *r) {
    store *s = NULL;
    store_head head;
    bfl_error err = {0};
    int code = open_first(r, &s);
    if (code != CLI_OK) return code;
    bfl_status status = store_backup(s, r->second, &head, &err);
    store_close(s);
    if (status != BFL_OK) return refuse(r->second, &err);
    print_head(r, "backup", &head);
    return finish(CLI_OK);
}

static int run_restore(const request *r) {
    store_head head;
    bfl_error err = {0};
    store_restore_options options = {.force = r->force, .known = r->has_known ? &r->known : NULL, .open = r->open};
    if (store_restore(r->first, r->second, &options, &head, &err) != BFL_OK)
        return refuse(err.status == BFL_EEXIST ? r->second : r->first, &err);
    print_head(r, "restore", &head);
    return finish(CLI_OK);
}

static int run_export(const request *r) {
    store *s = NULL;
    size_t patients = 0;
    bfl_error err = {0};
    int code = open_first(r, &s);
    if (code != CLI_OK) return code;
    bfl_status status = cli_store_export(s, r->second, r->versions, &patients, &err);
    store_close(s);
    cli_progress_end();
    if (status != BFL_OK) return refuse(r->second, &err);
    (void)printf(r->json ? "{\n  \"schema\": \"boneflare.store-export/1\",\n  \"patients\": %zu\n}\n"
                         : "%zu patients\n",
                 patients);
    return finish(CLI_OK);
}

/* ---- the command line ---- */

static const action actions[] = {{"create", 1, run_create},   {"info", 1, run_info},     {"verify", 1, run_verify},
                                 {"migrate", 1, run_migrate}, {"backup", 2, run_backup}, {"restore", 2, run_restore},
                                 {"export", 2, run_export}};
enum { ACTION_COUNT = sizeof actions / sizeof *actions };

static int read_option(request *r, int option, const char *value) {
    enum { MS = 1000, MOST_SECONDS = 3600 };
    bfl_error err = {0};
    uint64_t seconds = 0;
    switch (option) {
    case 'f': r->force = true; return CLI_OK;
    case 'v': r->versions = true; return CLI_OK;
    case 'j': r->json = true; return CLI_OK;
    case 'w':
        if (!cli_number(value, 1, MOST_SECONDS, &seconds))
            return cli_usage("store", "--wait %s: a number from 1 to %d", value, MOST_SECONDS);
        r->open.wait_ms = (uint32_t)seconds * MS;
        return CLI_OK;
    default: break;
    }
    r->has_known = store_head_parse(value, &r->known, &err) == BFL_OK;
    return r->has_known ? CLI_OK : cli_usage("store", "--head: %s", err.message);
}

static int read_arguments(request *r, int argc, char **argv) {
    static const struct option options[] = {
        {"head", required_argument, NULL, 'h'}, {"force", no_argument, NULL, 'f'}, {"versions", no_argument, NULL, 'v'},
        {"wait", required_argument, NULL, 'w'}, {"json", no_argument, NULL, 'j'},  {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("store", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("store", "%s needs a value", argv[optind - 1]);
        int status = read_option(r, option, optarg);
        if (status != CLI_OK) return status;
    }
    if (optind == argc)
        return cli_usage("store", "say what to do: create, info, verify, migrate, backup, restore, export");
    r->action = argv[optind++];
    if (optind < argc) r->first = argv[optind++];
    if (optind < argc) r->second = argv[optind++];
    return optind == argc ? CLI_OK : cli_usage("store", "'%s' is one argument too many", argv[optind]);
}

static int run_action(const request *r) {
    for (int i = 0; i < ACTION_COUNT; i++) {
        if (strcmp(r->action, actions[i].name) != 0) continue;
        bool two = actions[i].arguments == 2;
        if (!r->first || (two && !r->second))
            return cli_usage("store", "%s needs %s", r->action, two ? "two arguments" : "the URL of a store");
        if (r->second && !two) return cli_usage("store", "'%s' is one argument too many", r->second);
        return actions[i].run(r);
    }
    return cli_usage("store", "there is no '%s'", r->action);
}

int cli_store(int argc, char **argv) {
    enum { MS = 1000, NS_A_MS = 1000000 };
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    request r = {0};
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) == 0) r.open.now_ms = (int64_t)now.tv_sec * MS + now.tv_nsec / NS_A_MS;
    int status = read_arguments(&r, argc, argv);
    return status == CLI_OK ? run_action(&r) : status;
}
