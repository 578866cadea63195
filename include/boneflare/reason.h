/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file reason.h
 * Why: every statement of the program carries the rule that spoke, what it found, and the events it rests on.
 */
#ifndef BONEFLARE_REASON_H
#define BONEFLARE_REASON_H

#include <boneflare/record.h>
#include <boneflare/rules.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One reason: the rule that spoke, what it found in this record, and the events it rests on. */
typedef struct bfl_reason {
    const bfl_rule *rule;
    const char *finding; /**< "sum 81 -> 32 mm, -60.5 %" */
    const bfl_event_ref *events;
    size_t event_count;
} bfl_reason;

#ifdef __cplusplus
}
#endif
#endif
