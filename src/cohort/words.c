/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the enumerations. */
#include "cohort/cohort.h"

static const char *word(const char *const *words, size_t count, size_t index) {
    return words[index < count ? index : 0];
}
#define WORD(words, index) word((words), sizeof(words) / sizeof *(words), (size_t)(index))

const char *bfl_flare_call_word(bfl_flare_call call) {
    static const char *const words[] = {"none", "undetermined", "progression", "suspected", "confirmed"};
    return WORD(words, call);
}

const char *bfl_course_group_word(bfl_course_group group) {
    static const char *const words[] = {"flare", "benefit", "progression", "not evaluable"};
    return (size_t)group < sizeof words / sizeof *words ? words[group] : words[BFL_COURSE_OTHER];
}

const char *bfl_cohort_endpoint_word(bfl_cohort_endpoint endpoint) {
    static const char *const words[] = {"pfs", "os", "ttp"};
    return WORD(words, endpoint);
}

const char *bfl_flare_cause_word(bfl_flare_cause cause) {
    static const char *const words[] = {"", "flare", "progression", "death"};
    return WORD(words, cause);
}
