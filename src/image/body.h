/* SPDX-License-Identifier: Apache-2.0 */
/* A made-up body, for tests and for users without data. */
#ifndef BFL_IMAGE_BODY_H
#define BFL_IMAGE_BODY_H

#include "image/register.h"

/* A chest around the middle of the grid, without noise; about 350 x 240 mm, of any length. The seed changes its size, the slope of
 * its ribs and the texture of its marrow. */
bfl_volume *bfl_body_phantom(bfl_arena *arena, uint32_t threads, uint64_t seed, const bfl_grid *grid)
    __attribute__((returns_nonnull));
/* The same with chambers of the heart, great vessels and contrast agent: blood in the aorta is of aorta_hu, elsewhere as the phase has
 * it (vessels.h). 0: the vessels are there, without the agent. There is no liver and no kidney. */
bfl_volume *bfl_body_enhanced(bfl_arena *arena, uint32_t threads, uint64_t seed, const bfl_grid *grid, float aorta_hu)
    __attribute__((returns_nonnull));

#endif
