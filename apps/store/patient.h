/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_PATIENT_H
#define STORE_PATIENT_H

#include "sql.h"

/* A patient inside a transaction. */
typedef struct patient {
    int64_t id, version;
} patient;

/* By key; BFL_ENOTFOUND fails the transaction. */
patient patient_of(sql *db, const char *key);
/* Replaces what a full-text search finds the patient by. */
void patient_words(sql *db, int64_t id, const char *patient_id, const char *text);

#endif
