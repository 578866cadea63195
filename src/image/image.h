/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image: from two CT volumes to what changed between them. No medicine: nothing here knows what a lesion is.
 *
 * The follow-up is the fixed image, the baseline is moved onto it. Each image has its own frame: millimetres along its axes
 * from the centre of voxel (0,0,0). Volumes are canonical (volume/volume.h). Everything gives the same bytes at any number of
 * threads: work is cut into parts whose number does not depend on it, and sums are taken part by part.
 */
#ifndef BFL_IMAGE_IMAGE_H
#define BFL_IMAGE_IMAGE_H

#include "image/body.h"
#include "image/lung.h"
#include "image/mark.h"
#include "image/motion.h"
#include "image/noisy.h"
#include "image/pair.h"
#include "image/phantom.h"
#include "image/register.h"
#include "image/shape.h"
#include "image/skeleton.h"
#include "image/spine.h"

#endif
