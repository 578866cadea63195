/* SPDX-License-Identifier: Apache-2.0 */
/* What the writers of a comparison share. */
#ifndef BFL_LESION_OUTPUT_H
#define BFL_LESION_OUTPUT_H

#include "lesion/lesion.h"

#define BFL_LESION_NOTICE \
    "Changes are described, not judged. For clinicians' judgement; not a medical device; not clinically validated."

/* "; the scans name two patients", or "". Static text. */
const char *bfl_lesion_mismatch_note(const bfl_ct *ct);
bfl_text bfl_lesion_text(bfl_arena *arena, const bfl_ct *ct);
/* What was seen in the lungs; nothing when none were in view. */
void bfl_lesion_lungs_text(bfl_buf *out, const bfl_ct *ct);
void bfl_lesion_lungs_json(bfl_json_writer *j, const bfl_ct *ct);

#endif
