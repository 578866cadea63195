/* SPDX-License-Identifier: Apache-2.0 */
/* Users, their sessions, and tokens that are good once. */
#include "chain.h"
#include "field.h"
#include "kept.h"
#include "memory.h"
#include "pool.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST_USER = 100 };

static bool is_role(const char *role) {
    return role && (strcmp(role, "reader") == 0 || strcmp(role, "reviewer") == 0 || strcmp(role, "admin") == 0);
}

static bfl_status check_user(const char *name, const char *role, const char *password_hash, bfl_error *err) {
    if (role && !is_role(role)) return error_set(err, BFL_EINVAL, "a role is reader, reviewer or admin");
    return FIELD_CHECK(err, {"the user's name", bfl_text_of(name), LONGEST_USER, false},
                       {"the hash of the password", bfl_text_of(password_hash), FIELD_LINE, true});
}

/* ---- users ---- */

static bfl_status create(store *s, const store_by *by, const store_user *user, bool first, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = check_user(user->name, user->role ? user->role : "", user->password_hash, err);
    if (status == BFL_OK) status = pool_write(s, by, &db, err);
    if (status != BFL_OK) return status;
    if (first && sql_number(db, 0, "SELECT COUNT(*) FROM users", SQL_NONE) > 0)
        sql_fail(db, BFL_EEXIST, "there is a user already");
    else if (sql_number(db, 0, "SELECT COUNT(*) FROM users WHERE LOWER(name) = LOWER(?1)",
                        SQL_VALUES(sql_z(user->name))) > 0)
        sql_fail(db, BFL_EEXIST, "this name is taken");
    if (sql_good(db))
        kept_insert(db, by, KEPT_USERS, user->name,
                    (sql_value[]){sql_z(user->name), sql_z(user->role), sql_z(user->password_hash),
                                  sql_of(user->disabled), sql_of(by->now_ms)});
    return pool_end(s, db, err);
}

bfl_status store_user_create(store *s, const store_by *by, const store_user *user, bfl_error *err) {
    return create(s, by, user, false, err);
}

bfl_status store_user_create_first(store *s, const store_by *by, const store_user *user, bfl_error *err) {
    return create(s, by, user, true, err);
}

#define USER_SELECT "SELECT name, role, password_hash, disabled, created_ms FROM users "

static void read_user(const sql_rows *rows, store_user *user, void *result) {
    user->name = sql_keep(rows, 0, result);
    user->role = sql_keep(rows, 1, result);
    user->password_hash = sql_keep(rows, 2, result);
    user->disabled = sql_int(rows, 3) != 0;
    user->created_ms = sql_int(rows, 4);
}

static store_user *user_of(sql *db, const char *name) {
    store_user *user = sql_result(db, sizeof *user);
    sql_rows rows = sql_ask(db, USER_SELECT "WHERE name = ?1", SQL_VALUES(sql_z(name)));
    if (sql_next(&rows))
        read_user(&rows, user, user);
    else
        sql_fail(db, BFL_ENOTFOUND, "there is no user of this name");
    sql_end(&rows);
    return user;
}

static void change_user(sql *db, const store_by *by, const store_user *old, const store_user_change *change) {
    const char *role = change->role ? change->role : old->role;
    const char *hash = change->password_hash ? change->password_hash : old->password_hash;
    bool disabled = change->set_disabled ? change->disabled : old->disabled;
    const sql_value values[] = {sql_z(old->name), sql_z(role), sql_z(hash), sql_of(disabled), sql_of(old->created_ms)};
    int64_t seq = chain_add(db, by, "user.change", old->name, values, sizeof values / sizeof *values);
    sql_do(db, "UPDATE users SET role = ?2, password_hash = ?3, disabled = ?4, audit = ?5 WHERE name = ?1",
           SQL_VALUES(values[0], values[1], values[2], values[3], sql_of(seq)));
    sql_do(db, "DELETE FROM sessions WHERE name = ?1", SQL_VALUES(values[0]));
    bool was_admin = strcmp(old->role, "admin") == 0 && !old->disabled;
    if (was_admin &&
        sql_number(db, 0, "SELECT COUNT(*) FROM users WHERE role = 'admin' AND disabled = 0", SQL_NONE) == 0)
        sql_fail(db, BFL_EINVAL, "this is the last admin: make another one first");
}

bfl_status store_user_change_put(store *s, const store_by *by, const char *name, const store_user_change *change,
                                 bfl_error *err) {
    sql *db = NULL;
    bfl_status status = check_user(name, change->role, change->password_hash, err);
    if (status == BFL_OK) status = pool_write(s, by, &db, err);
    if (status != BFL_OK) return status;
    store_user *old = user_of(db, name);
    if (sql_good(db)) change_user(db, by, old, change);
    store_free(old);
    return pool_end(s, db, err);
}

bfl_status store_user_get(store *s, const char *name, store_user **out, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = check_user(name, NULL, NULL, err);
    if (status == BFL_OK) status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    store_user *user = user_of(db, name);
    status = pool_give(s, db, user, err);
    if (status == BFL_OK) *out = user;
    return status;
}

bfl_status store_user_list(store *s, store_users **out, bfl_error *err) {
    sql *db = NULL;
    size_t capacity = 0;
    bfl_status status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    store_users *list = sql_result(db, sizeof *list);
    sql_rows rows = sql_ask(db, USER_SELECT "ORDER BY name", SQL_NONE);
    for (store_user *user; sql_next(&rows) && (user = SQL_MORE(db, list, &capacity)) != NULL;)
        read_user(&rows, user, list);
    sql_end(&rows);
    status = pool_give(s, db, list, err);
    if (status == BFL_OK) *out = list;
    return status;
}

/* ---- sessions ---- */

static sql_value hash_value(const uint8_t hash[STORE_HASH_BYTES]) { return sql_blob(hash, STORE_HASH_BYTES); }

static void forget_expired(sql *db, int64_t now_ms) {
    sql_do(db, "DELETE FROM sessions WHERE expires_ms <= ?1", SQL_VALUES(sql_of(now_ms)));
    sql_do(db, "DELETE FROM tokens WHERE expires_ms <= ?1", SQL_VALUES(sql_of(now_ms)));
}

bfl_status store_session_put(store *s, const store_by *by, const store_session *session, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = check_user(session->user, NULL, NULL, err);
    if (status == BFL_OK) status = FIELD_CHECK(err, {"the CSRF token", bfl_text_of(session->csrf), FIELD_NAME, true});
    if (status == BFL_OK) status = pool_write(s, by, &db, err);
    if (status != BFL_OK) return status;
    forget_expired(db, by->now_ms);
    if (sql_number(db, 0, "SELECT COUNT(*) FROM users WHERE name = ?1 AND disabled = 0",
                   SQL_VALUES(sql_z(session->user))) == 0)
        sql_fail(db, BFL_ENOTFOUND, "there is no such user, or he is disabled");
    const sql_value values[] = {hash_value(session->token), sql_z(session->user), sql_z(session->csrf),
                                sql_of(by->now_ms), sql_of(session->expires_ms)};
    sql_do(db,
           "INSERT INTO sessions (token, name, csrf, created_ms, seen_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
           values, sizeof values / sizeof *values);
    (void)chain_add(db, by, "session.put", session->user, values, sizeof values / sizeof *values);
    return pool_end(s, db, err);
}

bfl_status store_session_get(store *s, const uint8_t token[STORE_HASH_BYTES], int64_t now_ms, store_session **out,
                             bfl_error *err) {
    sql *db = NULL;
    bfl_status status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    store_session *session = sql_result(db, sizeof *session);
    sql_rows rows =
        sql_ask(db,
                "SELECT s.name, u.role, s.csrf, s.created_ms, s.seen_ms, s.expires_ms FROM sessions s"
                " JOIN users u ON u.name = s.name WHERE s.token = ?1 AND s.expires_ms > ?2 AND u.disabled = 0",
                SQL_VALUES(hash_value(token), sql_of(now_ms)));
    if (sql_next(&rows)) {
        memcpy(session->token, token, STORE_HASH_BYTES);
        session->user = sql_keep(&rows, 0, session);
        session->role = sql_keep(&rows, 1, session);
        session->csrf = sql_keep(&rows, 2, session);
        session->created_ms = sql_int(&rows, 3);
        session->seen_ms = sql_int(&rows, 4);
        session->expires_ms = sql_int(&rows, 5);
    } else
        sql_fail(db, BFL_ENOTFOUND, "there is no such session, or it is over");
    sql_end(&rows);
    status = pool_give(s, db, session, err);
    if (status == BFL_OK) *out = session;
    return status;
}

bfl_status store_session_touch(store *s, const uint8_t token[STORE_HASH_BYTES], int64_t now_ms, int64_t expires_ms,
                               bfl_error *err) {
    sql *db = NULL;
    bfl_status status = pool_write(s, &(store_by){"session", now_ms}, &db, err);
    if (status != BFL_OK) return status;
    sql_do(db, "UPDATE sessions SET seen_ms = ?2, expires_ms = ?3 WHERE token = ?1 AND expires_ms > ?2",
           SQL_VALUES(hash_value(token), sql_of(now_ms), sql_of(expires_ms)));
    return pool_end(s, db, err);
}

bfl_status store_session_delete(store *s, const store_by *by, const uint8_t token[STORE_HASH_BYTES], bfl_error *err) {
    sql *db = NULL;
    bfl_status status = pool_write(s, by, &db, err);
    if (status != BFL_OK) return status;
    sql_rows rows = sql_ask(db, "DELETE FROM sessions WHERE token = ?1 RETURNING name", SQL_VALUES(hash_value(token)));
    bool found = sql_next(&rows);
    sql_end(&rows);
    if (found) (void)chain_add(db, by, "session.delete", by->who, SQL_VALUES(hash_value(token)));
    return pool_end(s, db, err);
}

/* ---- tokens that are good once ---- */

bfl_status store_token_put(store *s, const store_by *by, const store_token *token, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = FIELD_CHECK(err, {"the purpose", bfl_text_of(token->purpose), FIELD_NAME, false},
                                    {"the subject", bfl_text_of(token->subject), FIELD_LINE, true});
    if (status == BFL_OK) status = pool_write(s, by, &db, err);
    if (status != BFL_OK) return status;
    forget_expired(db, by->now_ms);
    const sql_value values[] = {hash_value(token->token), sql_z(token->purpose), sql_z(token->subject),
                                sql_of(token->expires_ms)};
    sql_do(db, "INSERT INTO tokens (token, purpose, subject, expires_ms) VALUES (?1, ?2, ?3, ?4)", values,
           sizeof values / sizeof *values);
    (void)chain_add(db, by, "token.put", token->purpose, values, sizeof values / sizeof *values);
    return pool_end(s, db, err);
}

bfl_status store_token_take(store *s, const store_by *by, const uint8_t token[STORE_HASH_BYTES], const char *purpose,
                            store_token **out, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = FIELD_CHECK(err, {"the purpose", bfl_text_of(purpose), FIELD_NAME, false});
    if (status == BFL_OK) status = pool_write(s, by, &db, err);
    if (status != BFL_OK) return status;
    store_token *taken = sql_result(db, sizeof *taken);
    sql_rows rows = sql_ask(db,
                            "DELETE FROM tokens WHERE token = ?1 AND purpose = ?2 AND expires_ms > ?3"
                            " RETURNING purpose, subject, expires_ms",
                            SQL_VALUES(hash_value(token), sql_z(purpose), sql_of(by->now_ms)));
    if (sql_next(&rows)) {
        memcpy(taken->token, token, STORE_HASH_BYTES);
        taken->purpose = sql_keep(&rows, 0, taken);
        taken->subject = sql_keep(&rows, 1, taken);
        taken->expires_ms = sql_int(&rows, 2);
    } else
        sql_fail(db, BFL_ENOTFOUND, "this token is unknown, used or too old");
    sql_end(&rows);
    (void)chain_add(db, by, "token.take", purpose, SQL_VALUES(hash_value(token)));
    status = pool_give(s, db, taken, err);
    if (status == BFL_OK) *out = taken;
    return status;
}
