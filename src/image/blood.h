/* SPDX-License-Identifier: Apache-2.0 */
/* Blood made dense by contrast agent. */
#ifndef BFL_IMAGE_BLOOD_H
#define BFL_IMAGE_BLOOD_H

#include "image/canal.h"

/* Wide, even parts of what is dense with soft tissue around: heart, large vessels, kidneys, bladder. */
typedef struct bfl_blood bfl_blood;

/* NULL: there are none. */
bfl_blood *bfl_blood_find(bfl_arena *arena, uint32_t threads, const bfl_image *image, const bfl_shape *dense);
/*
 * Takes them out of what is dense, with their rims; but not what lies where vertebrae do, which may be as even. Even marrow may go too,
 * but not the denser cortex around it. Returns the density that such contents hardly exceed, 0 when there are none.
 */
float bfl_blood_take_out(bfl_arena *arena, uint32_t threads, const bfl_image *image, const bfl_blood *blood,
                         const bfl_canal *canal, bfl_shape *dense);

#endif
