/* SPDX-License-Identifier: Apache-2.0 */
/* Blood made dense by contrast agent. */
#ifndef BFL_IMAGE_BLOOD_H
#define BFL_IMAGE_BLOOD_H

#include "image/shape.h"

/*
 * Takes from a shape of what is dense its wide, even parts with their rims: heart, large vessels, kidneys, bladder. Even marrow may go
 * too, but not the denser cortex around it. Returns the density that such contents hardly exceed, 0 when there are none.
 */
float bfl_blood_take_out(bfl_arena *arena, uint32_t threads, const bfl_image *image, bfl_shape *dense);

#endif
