/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

TEST(page_has_every_part) {
    sample s;
    sample_full(&s);
    bfl_report_options options = sample_options();
    options.review = BFL_REVIEW_APPROVED;
    options.reviewer = "Dr. <Who>, 2020-01-02";
    char *html = as_html(&s, &options);
    const char *parts[] = {"Bone flare suspected",
                           "Alarms",
                           "What next",
                           "Timeline",
                           "Why: evidence for and against",
                           "Criteria, side by side",
                           "Lesions over time",
                           "Markers",
                           "Problems in the data",
                           "References"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) CHECK_HAS(html, parts[i]);
    CHECK_HAS(html, "Approved, Dr. &lt;Who&gt;, 2020-01-02");
    CHECK_HAS(html, "href=\"https://doi.org/10.21203/rs.3.rs-518758/v1\"");
    CHECK_HAS(html, "role=\"img\"");
    CHECK_HAS(html, "<th scope=\"col\">");
    CHECK_HAS(html, bfl_rulebook_sha256(s.rulebook));
    CHECK_HAS(html, "not a medical device");
    free(html);
    sample_free(&s);
}

static size_t folds_of(int32_t last_day) {
    sample s;
    sample_full(&s);
    s.record.last_day = last_day;
    s.lesions[1].when = (bfl_when){last_day, last_day, true, true};
    s.visits[1].day = s.visits[1].first_day = s.mda_visits[1].day = last_day;
    s.assessment.as_of = last_day;
    char *html = as_html(&s, NULL);
    size_t count = 0;
    for (const char *at = html; (at = strstr(at, "class=\"fold\"")); at++) count++;
    CHECK((strstr(html, "Hatched: a long time") != NULL) == (count > 0));
    CHECK(strstr(html, "=\"nan") == NULL && strstr(html, "=\"-nan") == NULL && strstr(html, "=\"inf") == NULL);
    free(html);
    sample_free(&s);
    return count;
}

TEST(a_long_time_without_events_is_drawn_short) {
    CHECK_INT(folds_of(43), 0);
    CHECK_INT(folds_of(300), 0); /* less than half a year after the window in which a flare is usual */
    CHECK_INT(folds_of(400), 1);
    CHECK_INT(folds_of(4000), 1);
}

TEST(page_asks_nothing_of_the_network_and_runs_nothing) {
    sample s;
    sample_full(&s);
    char *html = as_html(&s, NULL);
    const char *never[] = {"<script", "src=", "@import", "url(", "<link", "<iframe", "javascript:", "onload"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) CHECK_LACKS(html, never[i]);
    free(html);
    sample_free(&s);
}

static void poison(sample *s, const char *z) {
    s->record.patient.id = s->record.patient.stage = s->record.patient.histology = z;
    s->therapy.drug = z;
    s->lesions[0].id = s->lesions[0].site = s->lesions[1].id = z;
    s->evidence[0].finding = s->verdict.now.because = s->alarm.finding = z;
    s->step.action = s->step.patient_action = s->step.why = s->step.changes = z;
    s->issue.found = s->issue.expected = s->issue.action = s->issue.column = s->issue.source.file = z;
    s->reason.finding = z;
    s->rule.title = s->rule.text = z;
}

TEST(hostile_text_is_escaped_everywhere) {
    static const char *const bad[] = {"<script>alert(1)</script>", "\"><svg onload=x>", "' onmouseover='x",
                                      "\xFF\x01<b>"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sample s;
        sample_full(&s);
        poison(&s, bad[i]);
        bfl_report_options options = sample_options();
        for (int reader = 0; reader < 2; reader++) {
            options.audience = reader ? BFL_FOR_PATIENT : BFL_FOR_CLINICIAN;
            char *html = as_html(&s, &options);
            CHECK_LACKS(html, "<script");
            CHECK_LACKS(html, "<svg onload");
            CHECK_LACKS(html, "' onmouseover='x");
            CHECK_LACKS(html, "<b>");
            CHECK(bfl_utf8_valid(bfl_text_of(html), NULL));
            free(html);
        }
        sample_free(&s);
    }
}

TEST(an_unknown_citation_is_named_without_a_link) {
    sample s;
    sample_full(&s);
    s.sources[0] = "no_such_citation_2020";
    char *html = as_html(&s, NULL);
    CHECK_HAS(html, "No Such Citation 2020");
    CHECK_LACKS(html, "id=\"ref-1\"");
    free(html);
    sample_free(&s);
}

TEST(several_patients_have_an_index) {
    sample a, b;
    sample_full(&a);
    sample_empty(&b);
    const bfl_assessment *both[] = {&a.assessment, &b.assessment};
    collected all = {0};
    CHECK(bfl_report_html(both, 2, NULL, (bfl_sink){collect, &all}, NULL) == BFL_OK);
    CHECK_HAS(all.data, "<nav aria-label=\"Patients\">");
    CHECK_HAS(all.data, "<a href=\"#p2\">nobody</a>");
    CHECK_HAS(all.data, "<article id=\"p2\"");
    free(all.data);
    sample_free(&a);
    sample_free(&b);
}

TEST(the_patient_reads_plain_words_and_the_same_chance) {
    sample s;
    sample_full(&s);
    bfl_report_options options = sample_options();
    options.audience = BFL_FOR_PATIENT;
    char *html = as_html(&s, &options);
    CHECK_HAS(html, "most likely healing");
    CHECK_HAS(html, "about 8 in 10");
    CHECK_HAS(html, "about 6 in 10");
    CHECK_HAS(html, "By 4 April 2019: Another scan.");
    CHECK_LACKS(html, "likelihood");
    CHECK_LACKS(html, "RECIST");
    free(html);
    sample_free(&s);
}

TEST(every_evidence_and_alarm_has_plain_words) {
    sample s;
    sample_empty(&s);
    size_t checked = 0;
    for (size_t i = 0; i < bfl_rulebook_count(s.rulebook); i++) {
        const bfl_rule *rule = bfl_rulebook_at(s.rulebook, i);
        static const char *const kinds[] = {"flare.evidence.", "flare.time.", "flare.other.", "alarm."};
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (strncmp(rule->id, kinds[k], strlen(kinds[k])) == 0) {
                checked++;
                if (!bfl_say_plain(s.rulebook, rule)) printf("# no plain words for %s\n", rule->id);
                CHECK(bfl_say_plain(s.rulebook, rule) != NULL);
            }
    }
    CHECK(checked > 40);
    sample_free(&s);
}

TEST_CASES(CASE(page_has_every_part), CASE(a_long_time_without_events_is_drawn_short),
           CASE(page_asks_nothing_of_the_network_and_runs_nothing), CASE(hostile_text_is_escaped_everywhere),
           CASE(an_unknown_citation_is_named_without_a_link), CASE(several_patients_have_an_index),
           CASE(the_patient_reads_plain_words_and_the_same_chance), CASE(every_evidence_and_alarm_has_plain_words))
