/* SPDX-License-Identifier: Apache-2.0 */
/* workup: what to do next; see the public face. */
#ifndef BFL_WORKUP_WORKUP_H
#define BFL_WORKUP_WORKUP_H

#include "flare/flare.h"
#include <boneflare/workup.h>

const bfl_workup *bfl_workup_assess(bfl_arena *arena, const bfl_findings *findings, const bfl_verdict *verdict);

#endif
