/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

TEST(page) {
    sample s;
    sample_full(&s);
    char *text = as_text(&s, NULL);
    printf("%s\n", text);
    free(text);
    bfl_report_options options = sample_options();
    options.audience = BFL_FOR_PATIENT;
    text = as_text(&s, &options);
    printf("%s\n", text);
    free(text);
    sample_free(&s);
}
TEST_CASES(CASE(page))
