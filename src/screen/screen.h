/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen: populations as streams of FHIR NDJSON.
 *
 *   filter.c    one patient after the other through the assessment
 */
#ifndef BFL_SCREEN_SCREEN_H
#define BFL_SCREEN_SCREEN_H

#include "base/base.h"
#include "format/format.h"
#include <boneflare/screen.h>

enum {
    BFL_STREAM_BLOCK_BYTES = 256 * 1024, /* fits a core's own cache */
    BFL_STREAM_PATIENT_BYTES = 64 * 1024 * 1024
};

#endif
