/* SPDX-License-Identifier: Apache-2.0 */
/**
 * store.h: the door of the store. Patients, every version of every record, assessments, reviews, users, sessions and an audit
 * log that is append-only and hash-chained, in SQLite (one file) or PostgreSQL (a department), behind one interface.
 *
 * Every write is one transaction together with its audit row, and is on the disk when the call returns BFL_OK. All calls on a
 * store may come from any thread. Time is passed in (milliseconds since 1970-01-01 UTC). Texts are UTF-8 without NUL.
 *
 * Errors: BFL_EINVAL (an argument), BFL_ENOMEM, BFL_EIO (the database: the message says what and what to do), BFL_ENOTFOUND,
 * BFL_EEXIST (there already, or somebody was faster), BFL_ELIMIT (too large), BFL_ENOTSUP (a newer schema, an unknown URL),
 * BFL_EPARSE (no store). On failure outputs are untouched and nothing was written. No message holds a password or patient data.
 */
#ifndef BFL_STORE_H
#define BFL_STORE_H

#include <boneflare/base.h>

typedef struct store store;

enum {
    STORE_KEY_SIZE = 27,  /* 26 characters of base32 and a NUL: an opaque name of a patient, fit for a URL */
    STORE_HASH_BYTES = 32 /* SHA-256 */
};

/* ---- open ---- */

typedef struct store_options {
    bool create;            /* make an empty store when there is none (else BFL_ENOTFOUND) */
    bool migrate;           /* bring an older schema up to date, in one transaction (else BFL_ENOTSUP says how) */
    uint32_t connections;   /* at most so many at a time; 0 = 4. In memory always 1 */
    uint32_t wait_ms;       /* how long to wait for another writer or a free connection; 0 = 5000 */
    uint64_t content_bytes; /* the largest record, source or assessment; 0 = 64 MiB, at most 512 MiB */
    uint64_t store_bytes;   /* the largest SQLite file: then BFL_EIO "full"; 0 = as large as the disk */
    int64_t now_ms;         /* for the audit rows of creation and migration */
} store_options;

/* Opens "sqlite:PATH", "sqlite::memory:", "postgresql://..." or "postgres://..."; options may be NULL (all zero). */
BFL_MUST_USE bfl_status store_open(const char *url, const store_options *options, store **out, bfl_error *err);
/* No call may be under way. NULL is allowed. */
void store_close(store *s);
/* Releases any result of a store_...() call that gives a pointer. NULL is allowed. */
void store_free(const void *result);
/* The URL as it may be printed: a password in it is replaced by three asterisks. Returns the length, cuts at size - 1. */
size_t store_url_plain(const char *url, char *buffer, size_t size);

/* Who does it, and when: for the audit. `who` is the name of a user, or of a part of the program ("import"). */
typedef struct store_by {
    const char *who;
    int64_t now_ms;
} store_by;

/* ---- records: every version is kept ---- */

typedef struct store_record_new {
    const char *key;          /* the patient; NULL = a new patient with the id `patient_id` */
    const char *patient_id;   /* as in the record; unique in the store (BFL_EEXIST). Read for a new patient only */
    int64_t expected_version; /* the version it was made from: BFL_EEXIST when that is no longer the latest; -1 = any */
    bfl_text content;         /* {"schema":"boneflare.case/1","files":{...}} */
    const char *reason;       /* what was done: "import", "row of labs.csv"; NULL = "" */
    int64_t source;           /* store_source_put(); 0 = typed in */
    const char *issues;       /* what is wrong in it, JSON; NULL = "[]" */
    const char *losses;       /* what the import could not hold, JSON; NULL = "[]" */
    const char *search;       /* what a full-text search finds this patient by; NULL = as before */
} store_record_new;

typedef struct store_record_put_result {
    char key[STORE_KEY_SIZE];
    int64_t version; /* 1, 2, ...; the latest on BFL_EEXIST of a known key */
} store_record_put_result;

/* On BFL_EEXIST `out` is filled too: with the key and the latest version of what is there. */
BFL_MUST_USE bfl_status store_record_put(store *s, const store_by *by, const store_record_new *record,
                                         store_record_put_result *out, bfl_error *err);

typedef struct store_record {
    char key[STORE_KEY_SIZE];
    const char *patient_id;
    int64_t version, made_ms, source;
    const char *made_by, *reason, *issues, *losses;
    bfl_text content; /* empty in a list */
    uint64_t content_bytes;
    uint8_t sha256[STORE_HASH_BYTES]; /* of the content */
} store_record;

typedef struct store_records {
    store_record *items;
    size_t count;
} store_records;

/* version 0 = the latest. */
BFL_MUST_USE bfl_status store_record_get(store *s, const char *key, int64_t version, store_record **out,
                                         bfl_error *err);
/* All versions, newest first, without content. */
BFL_MUST_USE bfl_status store_record_list(store *s, const char *key, store_records **out, bfl_error *err);
/* The key of the patient with this id; BFL_ENOTFOUND. */
BFL_MUST_USE bfl_status store_patient_find(store *s, const char *patient_id, char key[STORE_KEY_SIZE], bfl_error *err);

/* ---- sources: the bytes that were uploaded ---- */

typedef struct store_source {
    int64_t id, made_ms;
    const char *name, *media_type, *made_by;
    bfl_text content;
    uint8_t sha256[STORE_HASH_BYTES];
} store_source;

/* The same bytes under the same name are kept once: their id is given again. */
BFL_MUST_USE bfl_status store_source_put(store *s, const store_by *by, const store_source *source, int64_t *id,
                                         bfl_error *err);
BFL_MUST_USE bfl_status store_source_get(store *s, int64_t id, store_source **out, bfl_error *err);

/* ---- assessments ---- */

typedef struct store_assessment {
    int64_t id;      /* given by the store */
    int64_t made_ms; /* given by the store, as is made_by */
    char key[STORE_KEY_SIZE];
    int64_t version;                          /* of the record; 0 in a put = the latest */
    const char *as_of;                        /* "" = as known at the end */
    const char *rulebook;                     /* its hash, hexadecimal */
    bool replay;                              /* of an earlier day or version: kept, and not shown in the work list */
    const char *state;                        /* of the verdict, for example "flare_suspected" */
    bool has_probability;                     /* false: there is no question, the four numbers mean nothing */
    double p_flare, p_progression, low, high; /* 0..1, kept as millionths */
    int64_t alarms, questions;                /* how many */
    int64_t urgency;                          /* the work list's order "urgency": higher first */
    const char *next_step;                    /* one sentence; "" = none */
    const char *due;                          /* YYYY-MM-DD; "" = none */
    const char *made_by;
    bfl_text json; /* boneflare.assessment/1 */
} store_assessment;

/* The same assessment of the same version again gives the id of the one that is there. */
BFL_MUST_USE bfl_status store_assessment_put(store *s, const store_by *by, const store_assessment *assessment,
                                             int64_t *id, bfl_error *err);
BFL_MUST_USE bfl_status store_assessment_get(store *s, int64_t id, store_assessment **out, bfl_error *err);

typedef struct store_assessment_want {
    const char *key;
    int64_t version;      /* 0 = any */
    const char *as_of;    /* NULL = any that is not a replay */
    const char *rulebook; /* NULL = any */
} store_assessment_want;

/* The newest that fits; BFL_ENOTFOUND. */
BFL_MUST_USE bfl_status store_assessment_latest(store *s, const store_assessment_want *want, store_assessment **out,
                                                bfl_error *err);

/* ---- reviews ---- */

typedef enum store_review_status {
    STORE_REVIEW_NONE = 0, /* nobody has looked yet */
    STORE_REVIEW_DRAFT,
    STORE_REVIEW_SUBMITTED,
    STORE_REVIEW_UNDER_REVIEW,
    STORE_REVIEW_APPROVED
} store_review_status;

/* "none", "draft", "submitted", "under_review", "approved". Static text. */
const char *store_review_name(store_review_status status);
/* The other way; false when it is none of them. */
bool store_review_parse(const char *name, store_review_status *out);

typedef struct store_review {
    int64_t id, at_ms;  /* given by the store, as is `who` */
    int64_t version;    /* what was reviewed: must be the latest (BFL_EEXIST says that there is a newer one) */
    int64_t assessment; /* 0 = none */
    store_review_status status;
    const char *as_of, *who, *note;
} store_review;

typedef struct store_reviews {
    store_review *items;
    size_t count;
} store_reviews;

BFL_MUST_USE bfl_status store_review_put(store *s, const store_by *by, const char *key, const store_review *review,
                                         bfl_error *err);
/* Newest first. */
BFL_MUST_USE bfl_status store_review_list(store *s, const char *key, store_reviews **out, bfl_error *err);

/* ---- the work list and search ---- */

typedef enum store_sort {
    STORE_SORT_URGENCY = 0, /* of the latest assessment, highest first */
    STORE_SORT_UPDATED,     /* newest first */
    STORE_SORT_ID,          /* the patient's id, by bytes */
    STORE_SORT_STATE,
    STORE_SORT_P_FLARE, /* highest first, without a question last */
    STORE_SORT_DUE      /* earliest first, none last */
} store_sort;

typedef struct store_list_want {
    const char *text;   /* full-text search: every word, as the beginning of a word; NULL or no word in it = all */
    const char *state;  /* only this state; NULL = all */
    const char *review; /* only this review status; NULL = all */
    store_sort sort;
    uint32_t limit;    /* 0 = 100; at most 1000 */
    const char *after; /* key of the last one of the page before; NULL = from the start */
} store_list_want;

typedef struct store_patient {
    char key[STORE_KEY_SIZE];
    const char *id;
    int64_t version, created_ms, updated_ms;
    int64_t assessment; /* id of the latest that is not a replay; 0 = not assessed yet: the next lines mean nothing */
    int64_t assessed_version;
    const char *state, *next_step, *due; /* "" when there is none */
    bool has_probability;
    double p_flare, p_progression, low, high;
    int64_t alarms, questions, urgency;
    store_review_status review; /* of the latest review */
    int64_t reviewed_version;   /* 0 = none; a version may have come since */
} store_patient;

typedef struct store_patients {
    store_patient *items;
    size_t count;
    bool more; /* ask again with `after` = the last key */
} store_patients;

/* BFL_ENOTFOUND when `after` names nobody. */
BFL_MUST_USE bfl_status store_patient_list(store *s, const store_list_want *want, store_patients **out, bfl_error *err);
/* One patient's line; BFL_ENOTFOUND. */
BFL_MUST_USE bfl_status store_patient_get(store *s, const char *key, store_patient **out, bfl_error *err);

/* ---- users, sessions, one-time tokens ---- */

typedef struct store_user {
    const char *name;          /* 1..100 bytes, unique */
    const char *role;          /* "reader", "reviewer", "admin" */
    const char *password_hash; /* Argon2id, as text; "" = cannot log in with a password */
    bool disabled;
    int64_t created_ms;
} store_user;

typedef struct store_users {
    store_user *items;
    size_t count;
} store_users;

/* BFL_EEXIST when the name is taken, also when it is the same but for upper and lower case. */
BFL_MUST_USE bfl_status store_user_create(store *s, const store_by *by, const store_user *user, bfl_error *err);

/* Only while there is nobody else: of any number of callers at once, one makes a user. BFL_EEXIST. */
BFL_MUST_USE bfl_status store_user_create_first(store *s, const store_by *by, const store_user *user, bfl_error *err);

typedef struct store_user_change {
    const char *role, *password_hash; /* NULL = as it is */
    bool set_disabled, disabled;
} store_user_change;

/* The user's sessions end with any change. BFL_EINVAL when it would leave no admin who is not disabled. */
BFL_MUST_USE bfl_status store_user_change_put(store *s, const store_by *by, const char *name,
                                              const store_user_change *change, bfl_error *err);
BFL_MUST_USE bfl_status store_user_get(store *s, const char *name, store_user **out, bfl_error *err);
BFL_MUST_USE bfl_status store_user_list(store *s, store_users **out, bfl_error *err);

typedef struct store_session {
    uint8_t token[STORE_HASH_BYTES]; /* the hash of the token, never the token */
    const char *user, *role, *csrf;  /* `role` is the user's today */
    int64_t created_ms, seen_ms, expires_ms;
} store_session;

/* Also forgets what has expired. BFL_ENOTFOUND when there is no such user, or he is disabled. */
BFL_MUST_USE bfl_status store_session_put(store *s, const store_by *by, const store_session *session, bfl_error *err);
/* BFL_ENOTFOUND when there is none, it has expired, or its user is disabled. */
BFL_MUST_USE bfl_status store_session_get(store *s, const uint8_t token[STORE_HASH_BYTES], int64_t now_ms,
                                          store_session **out, bfl_error *err);
/* Seen now, valid until then. The only write without an audit row: call it now and then, not at every request. */
BFL_MUST_USE bfl_status store_session_touch(store *s, const uint8_t token[STORE_HASH_BYTES], int64_t now_ms,
                                            int64_t expires_ms, bfl_error *err);
/* No session of that token is no error. */
BFL_MUST_USE bfl_status store_session_delete(store *s, const store_by *by, const uint8_t token[STORE_HASH_BYTES],
                                             bfl_error *err);

typedef struct store_token {
    uint8_t token[STORE_HASH_BYTES]; /* the hash of the token, never the token */
    const char *purpose;             /* "setup", "invite", ... */
    const char *subject;             /* what it is good for; "" */
    int64_t expires_ms;
} store_token;

BFL_MUST_USE bfl_status store_token_put(store *s, const store_by *by, const store_token *token, bfl_error *err);
/* Uses it up: of any number of callers at once, one gets BFL_OK. BFL_ENOTFOUND when it is unknown, used or expired. */
BFL_MUST_USE bfl_status store_token_take(store *s, const store_by *by, const uint8_t token[STORE_HASH_BYTES],
                                         const char *purpose, store_token **out, bfl_error *err);

/* ---- CDS Hooks ---- */

typedef struct store_feedback {
    const char *service, *card, *outcome; /* the id of the service, the uuid of the card, "accepted" or "overridden" */
    const char *json;                     /* the feedback as it came */
    int64_t at_ms;                        /* given by the store */
} store_feedback;

typedef struct store_feedbacks {
    store_feedback *items;
    size_t count;
} store_feedbacks;

BFL_MUST_USE bfl_status store_feedback_put(store *s, const store_by *by, const store_feedback *feedback,
                                           bfl_error *err);
/* Newest first, at most `limit`; service NULL = all. */
BFL_MUST_USE bfl_status store_feedback_list(store *s, const char *service, uint32_t limit, store_feedbacks **out,
                                            bfl_error *err);
/* BFL_OK the first time, BFL_EEXIST when this issuer's `jti` was seen and has not expired. `by->who` is the issuer. */
BFL_MUST_USE bfl_status store_jti_once(store *s, const store_by *by, const char *jti, int64_t expires_ms,
                                       bfl_error *err);

/* ---- audit ---- */

/* The end of the audit chain: who knows it can tell that nothing before it was changed, removed or cut off. */
typedef struct store_head {
    int64_t count; /* audit rows; the last one has this number */
    uint8_t hash[STORE_HASH_BYTES];
} store_head;

enum { STORE_HEAD_SIZE = 88 };
/* "COUNT:64 hexadecimal digits". */
void store_head_format(const store_head *head, char buffer[STORE_HEAD_SIZE]);
BFL_MUST_USE bfl_status store_head_parse(const char *text, store_head *out, bfl_error *err);
BFL_MUST_USE bfl_status store_head_get(store *s, store_head *out, bfl_error *err);

/* A row of its own, for what is not a write: "patient.read", "login.failed". Details are hashed, not kept. */
BFL_MUST_USE bfl_status store_audit_note(store *s, const store_by *by, const char *action, const char *subject,
                                         bfl_error *err);

/* One of several. */
typedef struct store_note {
    store_by by;
    const char *action, *subject;
} store_note;
/* Each as store_audit_note(), all in one transaction: all are kept or none. */
BFL_MUST_USE bfl_status store_audit_notes(store *s, const store_note *notes, size_t count, bfl_error *err);

typedef struct store_audit_row {
    int64_t seq, at_ms;
    const char *who, *action, *subject; /* the subject is a key, a number or a user's name, never patient data */
    uint8_t details[STORE_HASH_BYTES], previous[STORE_HASH_BYTES], hash[STORE_HASH_BYTES];
} store_audit_row;

typedef struct store_audit_rows {
    store_audit_row *items;
    size_t count;
} store_audit_rows;

/* Rows after `after` (0 = from the first), oldest first, at most `limit` (0 = 100, at most 1000). */
BFL_MUST_USE bfl_status store_audit_list(store *s, int64_t after, uint32_t limit, store_audit_rows **out,
                                         bfl_error *err);

typedef struct store_verdict {
    bool good;
    store_head head;   /* as far as the chain is good */
    int64_t rows;      /* rows of records, sources, assessments, reviews compared with their audit rows */
    int64_t bad_seq;   /* the audit row that is wrong or whose data is; 0 = none or not a row */
    char problem[200]; /* one sentence; "" when good */
} store_verdict;

/* Recomputes the whole chain and the hash of every row it covers. `known` (NULL = none) is a head from before, from a backup
 * for example: the chain must contain it. BFL_OK also when something is wrong: see out->good. */
BFL_MUST_USE bfl_status store_verify(store *s, const store_head *known, store_verdict *out, bfl_error *err);

/* ---- operating ---- */

typedef struct store_info {
    char back_end[16]; /* "sqlite", "postgresql" */
    char library[32];  /* version of SQLite or of the server */
    char id[STORE_KEY_SIZE];
    int64_t schema, newest_schema; /* of the store; what this program knows */
    int64_t bytes;
    int64_t patients, records, sources, assessments, reviews, users;
    int64_t created_ms;
    store_head head;
} store_info;

BFL_MUST_USE bfl_status store_info_get(store *s, store_info *out, bfl_error *err);

/* Writes a consistent copy while others go on: always a SQLite store, from either back end. It appears at `path` by rename
 * when whole and on the disk. BFL_EEXIST when there is something. `head` (may be NULL) is the copy's. */
BFL_MUST_USE bfl_status store_backup(store *s, const char *path, store_head *head, bfl_error *err);

typedef struct store_restore_options {
    bool force;              /* replace what is there */
    const store_head *known; /* the backup must contain this head; NULL = not asked */
    store_options open;      /* of the new store */
} store_restore_options;

/* Verifies the backup, then puts it in place of the (empty or missing) store `url`, in one step: BFL_EPARSE when the backup is
 * damaged, BFL_EEXIST when the place is not empty and !force. `head` (may be NULL) is the restored store's. */
BFL_MUST_USE bfl_status store_restore(const char *path, const char *url, const store_restore_options *options,
                                      store_head *head, bfl_error *err);

#endif
