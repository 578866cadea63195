/* SPDX-License-Identifier: Apache-2.0 */
/* cohort: many records to one study; see the public face. */
#ifndef BFL_COHORT_COHORT_H
#define BFL_COHORT_COHORT_H

#include "assess/assess.h"
#include "format/format.h"
#include "num/num.h"
#include <boneflare/cohort.h>

/* A p value as people write it: "0.04", "0.0003", "<0.0001". */
const char *bfl_cohort_p(bfl_arena *arena, double p);

#endif
