/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the program does, as a table for the model: state_after() asked with every input, and for every state and report format
 * whether an urgent alarm is printed. Nothing here is written by hand, so the model checks the code that ships.
 */
#include "../unit/report/sample.h"

#include "flare/decide.h"

#include <stdio.h>
#include <string.h>

enum { STATES = BFL_BONE_UNDETERMINED + 1 };

static const bfl_bone_state answers[] = {BFL_BONE_FLARE_SUSPECTED, BFL_BONE_PROGRESSION, BFL_BONE_UNDETERMINED};

static unsigned index_of(unsigned before, unsigned answer, unsigned bits) { return (before * 3 + answer) * 16 + bits; }

static void print_next(void) {
    printf("#define INPUTS %u\nbyte next_in_code[INPUTS] = {\n", index_of(STATES, 0, 0));
    for (unsigned before = 0; before < STATES; before++)
        for (unsigned answer = 0; answer < 3; answer++)
            for (unsigned bits = 0; bits < 16; bits++) {
                day_news news = {.asked = bits & 1,
                                 .reopened = bits & 2,
                                 .confirmed = bits & 4,
                                 .bone_study = bits & 8,
                                 .answer = answers[answer]};
                unsigned next = state_after((bfl_bone_state)before, &news);
                printf("%u%s", next, index_of(before, answer, bits) + 1 == index_of(STATES, 0, 0) ? "\n};\n" : ",");
            }
}

typedef struct page {
    char text[1 << 20];
    size_t size;
} page;

static bool keep(void *context, const char *data, size_t size) {
    page *p = context;
    if (p->size + size >= sizeof p->text) return false;
    memcpy(p->text + p->size, data, size);
    p->size += size;
    p->text[p->size] = '\0';
    return true;
}

static bool prints_alarm(sample *s, unsigned format, bfl_audience audience) {
    static page p;
    p.size = 0;
    bfl_sink sink = {keep, &p};
    bfl_report_options options = {.struct_size = sizeof options, .audience = audience};
    const bfl_assessment *one = &s->assessment;
    bfl_status status = format == 0   ? bfl_report_text(one, &options, sink, NULL)
                        : format == 1 ? bfl_report_json(one, &options, sink, NULL)
                                      : bfl_report_html(&one, 1, &options, sink, NULL);
    return status == BFL_OK && strstr(p.text, s->alarm.finding) != NULL;
}

/* Bit by bit: text, JSON and HTML for clinicians; text and HTML for patients print the alarm in their own words. */
static void print_alarms(void) {
    printf("byte alarm_printed[%d] = {", STATES);
    for (unsigned state = 0; state < STATES; state++) {
        sample s;
        sample_full(&s);
        s.alarm.finding = "a finding that nothing else prints";
        s.verdict.now.state = (bfl_bone_state)state;
        s.verdict.now.question = state != BFL_BONE_NONE;
        unsigned printed = 0;
        for (unsigned format = 0; format < 3; format++)
            printed |= (unsigned)prints_alarm(&s, format, BFL_FOR_CLINICIAN) << format;
        printf("%u%s", printed, state + 1 < STATES ? "," : "};\n");
    }
}

int main(void) {
    print_next();
    print_alarms();
    return 0;
}
