/* SPDX-License-Identifier: Apache-2.0 */
/* IBM System/360 floating point, as SAS transport files hold numbers: sign, exponent of 16 (excess 64), a fraction of 56 bits. */
#ifndef BFL_SDTM_IBM_H
#define BFL_SDTM_IBM_H

#include "base/base.h"

enum { BFL_IBM_SIZE = 8 };

/* SAS cuts off low bytes: `size` is 2 to 8. */
double bfl_ibm_read(const char *bytes, size_t size);
/* False when the number is too large; one too close to 0 becomes 0. Every double between is held exactly. */
bool bfl_ibm_write(double value, char bytes[BFL_IBM_SIZE]);
/* The shortest decimal that is this number, give or take `slack`; NULL when it has none with at most 15 digits before and 9
 * behind the point. */
const char *bfl_ibm_text(bfl_arena *arena, double value, double slack);

#endif
