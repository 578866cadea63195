/* SPDX-License-Identifier: Apache-2.0 */
/*
 * endpoint: the visits of a criterion -> responses and times of one patient. The one place for best overall response and for
 * every contested rule around it.
 */
#ifndef BFL_ENDPOINT_ENDPOINT_H
#define BFL_ENDPOINT_ENDPOINT_H

#include "criteria/criteria.h"
#include <boneflare/endpoint.h>

/* The criterion of that id; NULL when the registry has none. */
const bfl_criterion_result *bfl_endpoint_criterion(const bfl_criteria *criteria, const char *id);

typedef struct bfl_endpoint_input {
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_criterion_result *criterion;
    const bfl_endpoint_options *options;
} bfl_endpoint_input;

const bfl_endpoints *bfl_endpoint_derive(bfl_arena *arena, const bfl_endpoint_input *input);

/* Best responses by each reading of RECIST 1.1. */
const bfl_best_responses *bfl_endpoint_best(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                            const bfl_criteria *criteria, const bfl_endpoint_options *options);

#endif
