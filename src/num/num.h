/* SPDX-License-Identifier: Apache-2.0 */
/*
 * num: the statistics of a cohort study. Arrays and counts in, structs out; no patients, no words of the clinic.
 *
 * Every result says in `state` whether it is there. A number that may be missing on its own is a bfl_num_real. No result holds
 * NaN or infinity. Same numbers in, same digits out: one thread, fixed order of summation, no random start.
 * docs/statistics.md names the method, the source and the oracle of each function.
 */
#ifndef BFL_NUM_NUM_H
#define BFL_NUM_NUM_H

#include "num/state.h"

#include "num/compare.h"
#include "num/cox.h"
#include "num/descriptive.h"
#include "num/distribution.h"
#include "num/mixed.h"
#include "num/proportion.h"
#include "num/random.h"
#include "num/risks.h"
#include "num/survival.h"

#endif
