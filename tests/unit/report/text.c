/* SPDX-License-Identifier: Apache-2.0 */
#include "report/terminal.h"
#include "sample.h"

/* Up to the line that names the rulebook's version and hash. */
static const char page_for_a_clinician[] =
    "Patient A, as of 2019-02-21 (day 43): F, lung\n"
    "\n"
    " URGENT 2019-01-22: ALT 4.2 x and bilirubin 2.1 x the upper limit\n"
    "    A published rule [Shi 2021]\n"
    "\n"
    "Bone flare suspected\n"
    "  The worsening seen in bone is more likely healing than progression. It is not confirmed yet.\n"
    "  Flare suspected: soft tissue responds while new blastic lesions appear.\n"
    "\n"
    "  ██████████████████████████████████████████▒▒▒▒▒▒░░\n"
    "                                ├──────────●────┤\n"
    "  █ flare 83 % (95 % interval 62 % to 94 %)   ▒ progression 12 %   ░ other 5 %\n"
    "  Before any finding: flare 68 %. An assumption (expert)\n"
    "\n"
    "WHY\n"
    "  For flare (healing):\n"
    "    new lesions of T4 are blastic (×3.0 for flare)\n"
    "      A published rule [Shi 2021] lesions.csv:3\n"
    "  For progression:\n"
    "    the reader called it progression (×1.7 for progression)\n"
    "      An assumption (expert)\n"
    "\n"
    "WHAT NEXT\n"
    "  1. Repeat CT in the bone window\n"
    "     By 2019-04-04 (day 85): a flare is confirmed by a later study\n"
    "\n"
    "CRITERIA, SIDE BY SIDE\n"
    "  ! RECIST 1.1 says PD, MDA says PR\n"
    "      A published rule [Shi 2021] lesions.csv:3\n"
    "  visit       sum mm  from base  target  non-target  new          RECIST  flare      soft        MDA\n"
    "                                                                          note       tissue\n"
    "  2019-01-06  45      baseline   -       -           none         -       -          -           -\n"
    "  2019-02-21  30      -33.3 %    PR      -           unequivocal  PD      PR         PR          PR\n"
    "  Best overall response PD (confirmed: PD; under the flare note: PR; soft tissue: PR)\n"
    "\n"
    "MARKERS\n"
    "  analyte  baseline      last          x ULN  change    noise  course\n"
    "  ALP      379 U/L, d-3  952 U/L, d13  2.82   +151.2 %  up     rising\n"
    "\n"
    "DATA PROBLEMS\n"
    "  warning notes.csv:4 stated_day: day 45; expected day 43, counted from the dates. What to do: check\n"
    "          both dates\n"
    "\n";

static const char page_for_the_patient[] =
    "For A, 21 February 2019\n"
    "\n"
    "Please contact your team today\n"
    "  • ALT 4.2 x and bilirubin 2.1 x the upper limit\n"
    "\n"
    "The change in your bones is most likely healing.\n"
    "  When a treatment works, damaged bone repairs itself. Repair can make a spot in the bone look\n"
    "  brighter or larger on a scan, and can make a blood value rise for a while. It can look like growth\n"
    "  although it is healing. Doctors call this a bone flare. Another examination will help to be sure.\n"
    "\n"
    "How sure is this?\n"
    "  From what is known on this date: about 8 in 10 that it is healing, about 1 in 10 that the illness\n"
    "  is growing, and about 1 in 20 that it is something else.\n"
    "  These numbers are not exact. The chance that it is healing may be as low as about 6 in 10 or as\n"
    "  high as about 19 in 20.\n"
    "\n"
    "What speaks for healing\n"
    "  • new lesions of T4 are blastic\n"
    "\n"
    "What speaks for growth\n"
    "  • the reader called it progression\n"
    "\n"
    "The spots outside the bones\n"
    "  They have become clearly smaller. (Examination of 21 February 2019.)\n"
    "  Added together, the measured spots are now 30 mm (-33.3 % since the start).\n"
    "\n"
    "Your blood values\n"
    "  • ALP (alkaline phosphatase): an enzyme from bone and liver; it rises when bone is being built or\n"
    "    the liver is irritated. It is now 2.82 times the upper normal value. It is rising.\n"
    "\n"
    "What happens next\n"
    "  • By 4 April 2019: Another scan.\n"
    "\n"
    "Your record\n"
    "  1 entry in your record should be checked by your team, such as dates that do not fit together or\n"
    "  values without a unit. The details are in the doctors' version of this page.\n"
    "\n"
    "Do not wait for the next appointment if you notice\n"
    "  • new weakness, numbness or unsteadiness of the legs\n"
    "  • trouble passing urine or stool, or losing control of them\n"
    "  • sudden strong pain in the back or another bone, or pain that wakes you at night\n"
    "  • fever\n"
    "  • yellow eyes or skin, or dark urine\n"
    "\n"
    "This page was made by a computer program from your medical record. It is not a medical device and\n"
    "has not been tested in clinical practice. It cannot replace a talk with your doctors. Please do not\n"
    "stop or change any medicine because of this page.\n";

static void check_head(char *text, const char *expected) {
    char *foot = strstr(text, "\nDraft: ");
    CHECK(foot != NULL);
    if (foot) foot[1] = '\0';
    CHECK_TEXT(text, expected);
}

TEST(page_of_one_small_record) {
    sample s;
    sample_full(&s);
    char *text = as_text(&s, NULL);
    CHECK_HAS(text, bfl_rulebook_sha256(s.rulebook));
    check_head(text, page_for_a_clinician);
    free(text);
    sample_free(&s);
}

TEST(the_same_for_the_patient) {
    sample s;
    sample_full(&s);
    bfl_report_options options = sample_options();
    options.audience = BFL_FOR_PATIENT;
    char *text = as_text(&s, &options);
    check_head(text, page_for_the_patient);
    free(text);
    sample_free(&s);
}

TEST(nothing_known) {
    sample s;
    sample_empty(&s);
    char *text = as_text(&s, NULL);
    CHECK_HAS(text, "Patient nobody\n\nNo bone question\n");
    CHECK_LACKS(text, "WHY");
    CHECK_LACKS(text, "flare 0 %");
    free(text);
    sample_free(&s);
}

/* No line is wider than the page, at any width, whatever the words. */
TEST(lines_fit) {
    sample s;
    sample_full(&s);
    s.record.patient.id = "a-very-long-identifier-without-any-space-that-a-hospital-may-well-use-0123456789";
    s.evidence[0].finding = "骨転移の硬化性変化 in T4 and the left fourth rib";
    for (int columns = 40; columns <= 120; columns += 13) {
        bfl_report_options options = sample_options();
        options.columns = columns;
        char *text = as_text(&s, &options);
        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
            if (bfl_term_width(line) > columns) {
                printf("# %d columns: %s\n", columns, line);
                CHECK(false);
            }
        free(text);
    }
    sample_free(&s);
}

TEST(colour_only_when_asked_and_no_foreign_escape) {
    sample s;
    sample_full(&s);
    s.evidence[0].finding = "\033[2J\033]0;title\007 wiped";
    bfl_report_options options = sample_options();
    char *text = as_text(&s, &options);
    CHECK_LACKS(text, "\033");
    free(text);
    options.colour = true;
    text = as_text(&s, &options);
    CHECK_HAS(text, "\033[1;37;41m URGENT \033[0m");
    CHECK_LACKS(text, "\033[2J");
    free(text);
    sample_free(&s);
}

TEST(issues_that_say_the_same_are_one_line) {
    sample s;
    sample_full(&s);
    bfl_issue issues[5];
    for (uint32_t i = 0; i < 5; i++) {
        issues[i] = s.issue;
        issues[i].source.row = i < 3 ? i + 6 : i + 10; /* 6, 7, 8, 13, 14 */
        issues[i].found = i == 4 ? "day 46" : "day 45";
    }
    s.assessment.issues = issues;
    s.assessment.issue_count = 5;
    char *text = as_text(&s, NULL);
    CHECK_HAS(text, "notes.csv:6-8, 13, 14 stated_day: day 45; day 46;");
    free(text);
    sample_free(&s);
}

TEST_CASES(CASE(page_of_one_small_record), CASE(the_same_for_the_patient), CASE(nothing_known), CASE(lines_fit),
           CASE(colour_only_when_asked_and_no_foreign_escape), CASE(issues_that_say_the_same_are_one_line))
