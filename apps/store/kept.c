/* SPDX-License-Identifier: Apache-2.0 */
#include "kept.h"

#include "chain.h"

#include <stdio.h>
#include <string.h>

const kept_table kept_tables[KEPT_COUNT] = {
    [KEPT_PATIENTS] = {"patients", "id, key, patient_id, created_ms", 4, "patient.create", 0},
    [KEPT_SOURCES] = {"sources", "id, name, media_type, made_ms, made_by, sha256, content", 7, "source.put", 5},
    [KEPT_RECORDS] = {"records",
                      "id, patient, version, made_ms, made_by, reason, source, issues, losses, sha256, bytes, content",
                      12, "record.put", 9},
    [KEPT_ASSESSMENTS] =
        {"assessments",
         "id, patient, version, as_of, rulebook, replay, state, p_flare, p_progression, low, high, alarms, "
         "questions, urgency, next_step, due, made_ms, made_by, json",
         19, "assessment.put", 0},
    [KEPT_REVIEWS] = {"reviews", "id, patient, version, assessment, status, as_of, at_ms, who, note", 9, "review.put",
                      0},
    [KEPT_FEEDBACK] = {"feedback", "id, service, card, outcome, json, at_ms", 6, "feedback.put", 0},
    [KEPT_USERS] = {"users", "name, role, password_hash, disabled, created_ms", 5, "user.create", 0},
};

int kept_hashed(const kept_table *table) { return table->sha256 ? table->count - 1 : table->count; }

void kept_insert(sql *db, const store_by *by, kept_id id, const char *subject, const sql_value *values) {
    const kept_table *table = &kept_tables[id];
    char text[640];
    sql_value all[KEPT_MOST_COLUMNS + 1];
    size_t used =
        (size_t)snprintf(text, sizeof text, "INSERT INTO %s (%s, audit) VALUES (?1", table->name, table->columns);
    for (int i = 2; i <= table->count + 1; i++) used += (size_t)snprintf(text + used, sizeof text - used, ", ?%d", i);
    (void)snprintf(text + used, sizeof text - used, ")");
    memcpy(all, values, (size_t)table->count * sizeof *values);
    all[table->count] = sql_of(chain_add(db, by, table->action, subject, values, (size_t)kept_hashed(table)));
    sql_do(db, text, all, (size_t)table->count + 1);
}

int64_t kept_next(sql *db, kept_id id) {
    char text[96];
    (void)snprintf(text, sizeof text, "SELECT COALESCE(MAX(id), 0) + 1 FROM %s", kept_tables[id].name);
    return sql_number(db, 1, text, SQL_NONE);
}

bool kept_action(const char *action) {
    for (int i = 0; i < KEPT_COUNT; i++)
        if (strcmp(action, kept_tables[i].action) == 0) return true;
    return strncmp(action, "store.", 6) == 0 || strncmp(action, "user.", 5) == 0;
}
