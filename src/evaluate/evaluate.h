/* SPDX-License-Identifier: Apache-2.0 */
/* evaluate: verdicts against the truth; see the public face. */
#ifndef BFL_EVALUATE_EVALUATE_H
#define BFL_EVALUATE_EVALUATE_H

#include "assess/assess.h"
#include "format/format.h"
#include "num/num.h"
#include <boneflare/evaluate.h>

/* Reads truths from memory; `where` names them in messages. */
BFL_MUST_USE bfl_status bfl_eval_labels_parse(bfl_text bytes, const char *where, bfl_eval_labels **out, bfl_error *err);

#endif
