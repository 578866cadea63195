/* SPDX-License-Identifier: Apache-2.0 */
/* Heart and great vessels of the made-up body, with contrast agent in them. */
#ifndef BFL_IMAGE_VESSELS_H
#define BFL_IMAGE_VESSELS_H

#include <math.h>

static const float BFL_EDGE_MM = 0.5F, BFL_FAR_MM = 5;

/* What is there turns into `to` where the place lies inside, over a soft edge. */
static inline void bfl_blend(float *hu, float to, float inside_mm) {
    if (inside_mm > BFL_FAR_MM)
        *hu = to;
    else if (inside_mm > -BFL_FAR_MM)
        *hu += (to - *hu) / (1 + expf(-inside_mm / BFL_EDGE_MM));
}

/* How dense blood is, from that in the aorta. Up to 150 HU it has mixed: all is alike (venous phase). From there on the agent still
 * comes in: at 300 HU and more the vein of the arm is 900 HU denser, the right heart and the arteries of the lungs are by a third. */
typedef struct bfl_blood_hu {
    float left, right, vein, lower_vein, muscle; /* of the heart */
} bfl_blood_hu;

bfl_blood_hu bfl_blood_phase(float aorta_hu);
/* `at`: mm from the body's centre. Chambers, aorta with its arch and branches, arteries to the hila, veins; over what was painted. */
void bfl_vessels_paint(const float at[3], const bfl_blood_hu *blood, float *hu);

#endif
