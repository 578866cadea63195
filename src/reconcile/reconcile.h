/* SPDX-License-Identifier: Apache-2.0 */
/* reconcile: responses derived from lesions against those collected, and collected readings against each other. */
#ifndef BFL_RECONCILE_RECONCILE_H
#define BFL_RECONCILE_RECONCILE_H

#include <boneflare/reconcile.h>

#endif
