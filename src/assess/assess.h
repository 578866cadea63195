/* SPDX-License-Identifier: Apache-2.0 */
/* assess: one patient's results in one sealed bundle, as known on one day; see the public face. */
#ifndef BFL_ASSESS_ASSESS_H
#define BFL_ASSESS_ASSESS_H

#include "endpoint/endpoint.h"
#include "workup/workup.h"
#include <boneflare/assess.h>

#endif
