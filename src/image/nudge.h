/* SPDX-License-Identifier: Apache-2.0 */
/* What registration leaves: small shifts of each neighbourhood on its own. */
#ifndef BFL_IMAGE_NUDGE_H
#define BFL_IMAGE_NUDGE_H

#include "image/shape.h"

/* `before` shifted by up to 4 mm, each neighbourhood as it lies best on `after`, where `where` is set; elsewhere as it is. What changed
 * between the two counts little, so that a lesion does not pull its surroundings over itself. Both images on one iso grid. */
bfl_image *bfl_nudged(bfl_arena *arena, uint32_t threads, const bfl_image *before, const bfl_image *after,
                      const bfl_shape *where) __attribute__((returns_nonnull));

#endif
