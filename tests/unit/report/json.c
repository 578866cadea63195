/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

TEST(empty_record) {
    sample s;
    sample_empty(&s);
    char *json = as_json(&s);
    CHECK_HAS(json, "{\"schema\":\"boneflare.assessment/1\",");
    CHECK_HAS(json, "\"patient\":\"nobody\",\"as_of\":{\"day\":null,\"date\":null}");
    CHECK_HAS(json, "\"visits\":[]");
    CHECK_HAS(json, "\"best_overall_response\":null");
    CHECK_HAS(json, "\"state\":\"none\",\"question\":false");
    CHECK_HAS(json, "\"p_flare\":null,\"p_progression\":null,\"p_other\":null,\"interval\":null,\"prior\":null");
    CHECK_HAS(json, "\"most_useful\":null");
    CHECK_HAS(json, "\"issues\":[]}\n");
    CHECK_INT(strchr(json, '\n') - json, strlen(json) - 1); /* one line */
    free(json);
    sample_free(&s);
}

TEST(full_record) {
    sample s;
    sample_full(&s);
    char *json = as_json(&s);
    CHECK_HAS(json, "\"as_of\":{\"day\":43,\"date\":\"2019-02-21\"}");
    CHECK_HAS(json, "\"day\":-3,\"date\":\"2019-01-06\"");
    CHECK_HAS(json, "\"recist\":{\"target\":\"PR\",\"nontarget\":null,\"new\":\"unequivocal\",\"overall\":\"PD\","
                    "\"overall_flare_note\":\"PR\",\"sum_mm\":30,\"nadir_mm\":45,\"change_percent\":-33.3,");
    CHECK_HAS(json, "\"soft_tissue\":\"PR\",\"mda\":\"PR\"");
    CHECK_HAS(json, "\"analyte\":\"ALP\"");
    CHECK_HAS(json, "\"last_x_uln\":2.82,\"change_percent\":151.2");
    CHECK_HAS(json, "\"beyond_noise\":\"up\"");
    CHECK_HAS(json, "\"p_flare\":0.830,\"p_progression\":0.120,\"p_other\":0.050,\"interval\":[0.620,0.940]");
    CHECK_HAS(json, "\"direction\":\"flare\",\"rule\":\"test.rule\"");
    CHECK_HAS(json, "\"weight\":1.099,");
    CHECK_HAS(json, "\"source\":[\"shi2021\"],\"events\":[\"lesions.csv:3\"]");
    CHECK_HAS(json, "\"by\":{\"day\":85,\"date\":\"2019-04-04\"}");
    CHECK_HAS(json, "\"file\":\"notes.csv\",\"row\":4,\"column\":\"stated_day\"");
    free(json);
    sample_free(&s);
}

TEST(decimals_keep_their_digits) {
    sample s;
    sample_full(&s);
    s.visits[1].sum_mm = number("30.50");
    s.points[1].value = number("0.0070").value;
    char *json = as_json(&s);
    CHECK_HAS(json, "\"sum_mm\":30.50,");
    CHECK_HAS(json, "\"value\":0.0070,");
    free(json);
    sample_free(&s);
}

TEST(hostile_names_stay_inside_their_strings) {
    sample s;
    sample_full(&s);
    s.record.patient.id = "a\"},{\"b\":\"\n\xFF";
    char *json = as_json(&s);
    CHECK_HAS(json, "\"patient\":\"a\\\"},{\\\"b\\\":\\\"\\u000a\xEF\xBF\xBD\"");
    free(json);
    sample_free(&s);
}

static bool refuse(void *context, const char *data, size_t size) {
    (void)context, (void)data, (void)size;
    return false;
}

TEST(wrong_calls) {
    sample s;
    sample_empty(&s);
    bfl_error err = {0};
    bfl_report_options options = {.struct_size = 1};
    bfl_sink sink = {refuse, NULL};
    CHECK_INT(bfl_report_json(&s.assessment, NULL, sink, &err), BFL_EIO);
    CHECK_INT(bfl_report_json(&s.assessment, &options, sink, &err), BFL_EINVAL);
    CHECK_INT(bfl_report_json(NULL, NULL, sink, &err), BFL_EINVAL);
    CHECK_INT(bfl_report_json(&s.assessment, NULL, (bfl_sink){0}, &err), BFL_EINVAL);
    CHECK_INT(bfl_report_html(NULL, 0, NULL, sink, &err), BFL_EINVAL);
    sample_free(&s);
}

/* Each allocation fails in turn: the call says so and writes nothing. */
TEST(out_of_memory) {
    sample s;
    sample_full(&s);
    const bfl_assessment *one[] = {&s.assessment};
    bool done = false;
    for (int64_t n = 1; !done; n++) {
        collected all = {0};
        (void)bfl_memory_fail_at(n);
        bfl_status status = bfl_report_html(one, 1, NULL, (bfl_sink){collect, &all}, NULL);
        done = bfl_memory_fail_at(0) > 0;
        CHECK(done || status == BFL_ENOMEM);
        CHECK(done || all.size == 0);
        free(all.data);
    }
    sample_free(&s);
}

TEST_CASES(CASE(empty_record), CASE(full_record), CASE(decimals_keep_their_digits),
           CASE(hostile_names_stay_inside_their_strings), CASE(wrong_calls), CASE(out_of_memory))
