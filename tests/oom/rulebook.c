/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the rulebook, with and without an overlay. */
#include "sweep.h"

#include <boneflare/rules.h>

#include <stdio.h>

static bfl_status open_rulebook(const char *overlay) {
    bfl_rulebook *const untouched = (bfl_rulebook *)(uintptr_t)8, *book = untouched;
    bfl_error err = {0};
    bfl_status status = bfl_rulebook_open(bfl_text_of(overlay), &book, &err);
    if (status) {
        if (book != untouched) oom_complain("the output was touched");
        if (err.status != status) oom_complain("the error says something else");
        return status;
    }
    bfl_rulebook_free(book);
    return BFL_OK;
}

int main(void) {
    printf("1..2\n");
    bool good = oom_sweep(1, "rulebook", open_rulebook, "", INT64_MAX);
    good =
        oom_sweep(
            2, "rulebook with an overlay", open_rulebook,
            "{\"recist11.target.pr\": {\"decrease_percent\": 25}, \"recist11.target.pd\": {\"increase_percent\": 25}}",
            INT64_MAX) &&
        good;
    return good ? 0 : 1;
}
