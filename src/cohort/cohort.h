/* SPDX-License-Identifier: Apache-2.0 */
/* cohort: many records to one study; see the public face. */
#ifndef BFL_COHORT_COHORT_H
#define BFL_COHORT_COHORT_H

#include "assess/assess.h"
#include "format/format.h"
#include "num/num.h"
#include <boneflare/cohort.h>

#endif
