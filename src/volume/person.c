/* SPDX-License-Identifier: Apache-2.0 */
/* Are two scans of one patient, as far as their headers tell? */
#include "volume/volume.h"

#include <string.h>

bfl_scan_kinship bfl_scan_person_compare(const bfl_scan_person *a, const bfl_scan_person *b) {
    bfl_scan_kinship out = {.told = 0};
    for (unsigned fact = 0; fact < BFL_PERSON_FACTS; fact++) {
        if (!a->has[fact] || !b->has[fact]) continue;
        out.told |= 1U << fact;
        if (memcmp(a->hash[fact], b->hash[fact], sizeof a->hash[fact]) != 0) out.other |= 1U << fact;
    }
    return out;
}

const char *bfl_scan_person_words(bfl_arena *arena, unsigned facts) {
    static const char *const WORDS[] = {[BFL_PERSON_ID] = "number",
                                        [BFL_PERSON_NAME] = "name",
                                        [BFL_PERSON_BIRTH] = "date of birth",
                                        [BFL_PERSON_SEX] = "sex"};
    bfl_buf out = {.arena = arena};
    for (unsigned fact = 0; fact < BFL_PERSON_FACTS; fact++) {
        if (!(facts >> fact & 1U)) continue;
        const bool first = out.size == 0, last = facts >> (fact + 1) == 0;
        bfl_buf_addf(&out, "%s%s", first ? "" : last ? " and " : ", ", WORDS[fact]);
    }
    return bfl_buf_z(&out);
}
