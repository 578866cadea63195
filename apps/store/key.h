/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_KEY_H
#define STORE_KEY_H

#include "store.h"

/* A new random key: 16 bytes as 26 characters a-z2-7. */
void key_new(char out[STORE_KEY_SIZE]);

#endif
