/* SPDX-License-Identifier: Apache-2.0 */
/* How a state, a day, a chance, a source is said. The sentences themselves are rulebook/report. */
#include "report/report.h"
#include "rules/rules.h"

#include <math.h>
#include <string.h>

const char *bfl_say_state(const bfl_rulebook *rulebook, bfl_bone_state state, bfl_audience audience) {
    bool plain = audience == BFL_FOR_PATIENT;
    switch (state) {
    case BFL_BONE_NONE:
        return bfl_rule_words(rulebook, plain ? BFL_TXT_REPORT_PATIENT_STATE__NONE : BFL_TXT_REPORT_STATE__NONE);
    case BFL_BONE_FLARE_SUSPECTED:
        return bfl_rule_words(rulebook, plain ? BFL_TXT_REPORT_PATIENT_STATE__FLARE_SUSPECTED
                                              : BFL_TXT_REPORT_STATE__FLARE_SUSPECTED);
    case BFL_BONE_FLARE_CONFIRMED:
        return bfl_rule_words(rulebook, plain ? BFL_TXT_REPORT_PATIENT_STATE__FLARE_CONFIRMED
                                              : BFL_TXT_REPORT_STATE__FLARE_CONFIRMED);
    case BFL_BONE_PROGRESSION:
        return bfl_rule_words(rulebook,
                              plain ? BFL_TXT_REPORT_PATIENT_STATE__PROGRESSION : BFL_TXT_REPORT_STATE__PROGRESSION);
    case BFL_BONE_UNDETERMINED:
        return bfl_rule_words(rulebook,
                              plain ? BFL_TXT_REPORT_PATIENT_STATE__UNDETERMINED : BFL_TXT_REPORT_STATE__UNDETERMINED);
    }
    return "";
}

const char *bfl_say_meaning(const bfl_rulebook *rulebook, bfl_bone_state state, bfl_audience audience) {
    bool plain = audience == BFL_FOR_PATIENT;
    switch (state) {
    case BFL_BONE_NONE:
        return bfl_rule_words(rulebook, plain ? BFL_TXT_REPORT_PATIENT_MEANING__NONE : BFL_TXT_REPORT_MEANING__NONE);
    case BFL_BONE_FLARE_SUSPECTED:
        return bfl_rule_words(rulebook, plain ? BFL_TXT_REPORT_PATIENT_MEANING__FLARE_SUSPECTED
                                              : BFL_TXT_REPORT_MEANING__FLARE_SUSPECTED);
    case BFL_BONE_FLARE_CONFIRMED:
        return bfl_rule_words(rulebook, plain ? BFL_TXT_REPORT_PATIENT_MEANING__FLARE_CONFIRMED
                                              : BFL_TXT_REPORT_MEANING__FLARE_CONFIRMED);
    case BFL_BONE_PROGRESSION:
        return bfl_rule_words(rulebook, plain ? BFL_TXT_REPORT_PATIENT_MEANING__PROGRESSION
                                              : BFL_TXT_REPORT_MEANING__PROGRESSION);
    case BFL_BONE_UNDETERMINED:
        return bfl_rule_words(rulebook, plain ? BFL_TXT_REPORT_PATIENT_MEANING__UNDETERMINED
                                              : BFL_TXT_REPORT_MEANING__UNDETERMINED);
    }
    return "";
}

const char *bfl_say_unused(bfl_arena *arena, const bfl_assessment *a) {
    size_t errors = 0;
    for (size_t i = 0; i < a->issue_count; i++) errors += a->issues[i].severity == BFL_ISSUE_ERROR;
    if (errors == 0) return NULL;
    return bfl_arena_printf(arena,
                            "Not all data could be used (%zu %s, see Data problems): the answer rests on the rest.",
                            errors, errors == 1 ? "error" : "errors");
}

const char *bfl_say_disclaimer(const bfl_rulebook *rulebook, bfl_audience audience) {
    return bfl_rule_words(rulebook, audience == BFL_FOR_PATIENT ? BFL_TXT_REPORT_DISCLAIMER__PATIENT
                                                                : BFL_TXT_REPORT_DISCLAIMER__CLINICIAN);
}

const char *bfl_say_review(const bfl_rulebook *rulebook, bfl_review review) {
    switch (review) {
    case BFL_REVIEW_DRAFT: return bfl_rule_words(rulebook, BFL_TXT_REPORT_REVIEW__DRAFT);
    case BFL_REVIEW_SUBMITTED: return bfl_rule_words(rulebook, BFL_TXT_REPORT_REVIEW__SUBMITTED);
    case BFL_REVIEW_UNDER_REVIEW: return bfl_rule_words(rulebook, BFL_TXT_REPORT_REVIEW__UNDER_REVIEW);
    case BFL_REVIEW_APPROVED: return bfl_rule_words(rulebook, BFL_TXT_REPORT_REVIEW__APPROVED);
    }
    return "";
}

const char *bfl_review_word(bfl_review review) {
    static const char *const words[] = {"draft", "submitted", "under_review", "approved"};
    return (unsigned)review < sizeof words / sizeof *words ? words[review] : words[0];
}

const char *bfl_say_response(const bfl_rulebook *rulebook, bfl_response response) {
    switch (response) {
    case BFL_RESPONSE_NONE: return "";
    case BFL_RESPONSE_CR: return bfl_rule_words(rulebook, BFL_TXT_REPORT_PATIENT_RESPONSE__CR);
    case BFL_RESPONSE_PR: return bfl_rule_words(rulebook, BFL_TXT_REPORT_PATIENT_RESPONSE__PR);
    case BFL_RESPONSE_SD: return bfl_rule_words(rulebook, BFL_TXT_REPORT_PATIENT_RESPONSE__SD);
    case BFL_RESPONSE_NON_CR_NON_PD: return bfl_rule_words(rulebook, BFL_TXT_REPORT_PATIENT_RESPONSE__NON_CR_NON_PD);
    case BFL_RESPONSE_PD_UNCONFIRMED:
    case BFL_RESPONSE_PD: return bfl_rule_words(rulebook, BFL_TXT_REPORT_PATIENT_RESPONSE__PD);
    case BFL_RESPONSE_NE: return bfl_rule_words(rulebook, BFL_TXT_REPORT_PATIENT_RESPONSE__NE);
    }
    return "";
}

const char *bfl_say_cause(const bfl_rulebook *rulebook, const bfl_alp_cause *cause) {
    const bfl_rule *rule = bfl_rulebook_find(rulebook, "report.patient_cause");
    const bfl_parameter *words = rule ? bfl_rule_parameter(rule, cause->id) : NULL;
    return words ? words->text : cause->name;
}

const char *bfl_say_plain(const bfl_rulebook *rulebook, const bfl_rule *rule) {
    if (!rule || !rule->id) return NULL;
    const bfl_parameter *own = bfl_rule_parameter(rule, "patient_text");
    if (own && !own->numeric) return own->text;
    const bfl_rule *plain = bfl_rule_named(rulebook, "report.plain.", rule->id);
    return plain ? plain->text : NULL;
}

/* ---- days ---- */

const char *bfl_say_date(bfl_arena *arena, const bfl_record *record, int32_t day) {
    char text[32];
    bfl_record_format_day(record, day, text, sizeof text);
    return bfl_arena_printf(arena, "%s", text);
}

const char *bfl_say_day(bfl_arena *arena, const bfl_record *record, int32_t day) {
    const char *date = bfl_say_date(arena, record, day);
    return record->has_calendar ? bfl_arena_printf(arena, "%s (day %d)", date, (int)day) : date;
}

const char *bfl_say_long_date(bfl_arena *arena, const bfl_record *record, int32_t day) {
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    if (!record->has_calendar) return bfl_arena_printf(arena, "day %d of treatment", (int)day);
    int32_t year = 0, month = 1, date = 1;
    bfl_civil_from_day(record->day0_civil + day, &year, &month, &date);
    return bfl_arena_printf(arena, "%d %s %d", (int)date, months[(month - 1) % 12], (int)year);
}

const char *bfl_say_alarm(bfl_arena *arena, const bfl_record *record, const bfl_alarm *alarm) {
    if (alarm->undated) return alarm->finding; /* it says so itself */
    const char *date = bfl_say_date(arena, record, alarm->day);
    bfl_text finding = bfl_text_of(alarm->finding);
    if (bfl_text_find_nocase(finding, bfl_text_of(date)) != SIZE_MAX) return alarm->finding;
    return bfl_arena_printf(arena, "%s: %s", date, alarm->finding);
}

/* ---- chances ---- */

const char *bfl_say_percent(bfl_arena *arena, double p) {
    long percent = lround(p * 100);
    if (percent == 0 && p > 0) return "<1 %";
    if (percent == 100 && p < 1) return ">99 %";
    return bfl_arena_printf(arena, "%ld %%", percent);
}

const char *bfl_say_chance(bfl_arena *arena, double p) {
    if (p < 0.05) return "fewer than 1 in 20";
    if (p > 0.95) return "more than 19 in 20";
    if (p < 0.075) return "about 1 in 20";
    if (p > 0.925) return "about 19 in 20";
    long tenths = lround(p * 10);
    return bfl_arena_printf(arena, "about %ld in 10", tenths < 1 ? 1 : tenths > 9 ? 9 : tenths);
}

const char *bfl_say_weight(bfl_arena *arena, const bfl_evidence *evidence) {
    bfl_buf out = {.arena = arena};
    double ratio = exp(fabs(evidence->log_lr));
    if (evidence->log_lr == 0.0) return evidence->veto ? "veto" : "no weight";
    bfl_buf_add(&out, evidence->veto ? "veto, " : "");
    bfl_buf_add(&out, "\xC3\x97"); /* multiplication sign */
    bfl_buf_double(&out, ratio, ratio < 10 ? 1 : 0);
    bfl_buf_add(&out, evidence->log_lr > 0 ? " for flare" : " for progression");
    return bfl_buf_z(&out);
}

/* ---- sources and rows ---- */

/* Words of citation keys that are written in capitals. */
static bool is_acronym(bfl_text word) {
    static const char *const acronyms[] = {"acg",      "egfr", "ici",   "loinc", "tki",   "ucum", "alp",   "apex",
                                           "alsympca", "bmj",  "ctcae", "dili",  "dilin", "easl", "eortc", "esmo",
                                           "fda",      "ifcc", "iof",   "jscc",  "nccn",  "nice", "pcwg",  "pmc",
                                           "pmid",     "qs",   "sap",   "sclc",  "tnm"};
    for (size_t i = 0; i < sizeof acronyms / sizeof *acronyms; i++)
        if (bfl_text_equal(word, bfl_text_of(acronyms[i]))) return true;
    return false;
}

/* "chao" -> "Chao", "ctcae" -> "CTCAE". */
static void add_capital(bfl_buf *out, bfl_text word) {
    bool all = is_acronym(word);
    for (size_t i = 0; i < word.size; i++) {
        bool raise = (all || i == 0) && word.data[i] >= 'a' && word.data[i] <= 'z';
        bfl_buf_addf(out, "%c", raise ? word.data[i] - 'a' + 'A' : word.data[i]);
    }
}

/* "De Bondt 2020": the first author as printed, when the key says the same name and ends in the year; else NULL. */
static const char *author_and_year(bfl_arena *arena, const char *key) {
    const bfl_citation *citation = bfl_citation_find(key);
    size_t letters = strcspn(key, "0123456789"), matched = 0, end = 0;
    if (!citation || strlen(key + letters) != 4) return NULL;
    for (const char *p = citation->text; *p && matched < letters; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
        if (c == key[matched])
            matched++;
        else if (*p != ' ' && *p != '-')
            return NULL;
        end = (size_t)(p - citation->text) + 1;
    }
    if (matched < letters || (citation->text[end] != ' ' && citation->text[end] != ',')) return NULL;
    return bfl_arena_printf(arena, "%.*s %s", (int)end, citation->text, key + letters);
}

const char *bfl_say_source(bfl_arena *arena, const char *key) {
    const char *author = author_and_year(arena, key);
    if (author) return author;
    bfl_buf out = {.arena = arena};
    for (bfl_text rest = bfl_text_of(key); rest.size;) {
        bfl_text word = bfl_text_split(&rest, '_');
        size_t letters = 0;
        while (letters < word.size && (word.data[letters] < '0' || word.data[letters] > '9')) letters++;
        bfl_buf_add(&out, out.size ? " " : "");
        add_capital(&out, (bfl_text){word.data, letters});
        bfl_buf_add(&out, letters && letters < word.size ? " " : "");
        bfl_buf_add_text(&out, (bfl_text){word.data + letters, word.size - letters});
    }
    return bfl_buf_z(&out);
}

const char *bfl_say_event(bfl_arena *arena, const bfl_record *record, bfl_event_ref ref) {
    bfl_source source = bfl_record_source(record, ref);
    const char *file = source.file ? source.file : "";
    return source.row ? bfl_arena_printf(arena, "%s:%u", file, (unsigned)source.row) : file;
}

const char *bfl_say_events(bfl_arena *arena, const bfl_record *record, const bfl_event_ref *events, size_t count) {
    bfl_buf out = {.arena = arena};
    for (size_t i = 0; i < count; i++)
        bfl_buf_addf(&out, "%s%s", i ? ", " : "", bfl_say_event(arena, record, events[i]));
    return bfl_buf_z(&out);
}

const char *bfl_say_spaced(bfl_arena *arena, const char *word) {
    char *copy = bfl_arena_text(arena, bfl_text_of(word));
    for (char *p = copy; *p; p++)
        if (*p == '_') *p = ' ';
    return copy;
}

/* ---- values ---- */

const char *bfl_say_modality(bfl_modality modality) {
    switch (modality) {
    case BFL_MODALITY_NONE:
    case BFL_MODALITY_COUNT: return "imaging";
    case BFL_MODALITY_CT: return "CT";
    case BFL_MODALITY_MRI: return "MRI";
    case BFL_MODALITY_XRAY: return "X-ray";
    case BFL_MODALITY_BONE_SCAN: return "bone scan";
    case BFL_MODALITY_FDG_PET: return "FDG PET";
    case BFL_MODALITY_PSMA_PET: return "PSMA PET";
    case BFL_MODALITY_NAF_PET: return "NaF PET";
    case BFL_MODALITY_ULTRASOUND: return "ultrasound";
    case BFL_MODALITY_CLINICAL: return "clinical";
    }
    return "imaging";
}

const char *bfl_say_change(bfl_arena *arena, bfl_maybe percent) {
    if (!percent.present) return "-";
    bool up = percent.value.mantissa > 0;
    return bfl_arena_printf(arena, "%s%s %%", up ? "+" : "", bfl_decimal_z(arena, percent.value, -1));
}

const char *bfl_say_maybe(bfl_arena *arena, bfl_maybe value) {
    return value.present ? bfl_decimal_z(arena, value.value, -1) : "-";
}

/* The row a point was read from; NULL for a computed one. */
static const bfl_lab *lab_of(const bfl_record *record, const bfl_marker_point *point) {
    bool read = !point->derived && point->event.kind == BFL_EVENT_LAB && point->event.index < record->lab_count;
    return read ? &record->labs[point->event.index] : NULL;
}

/* Were all points of the course reported in one unit? Then they are shown as written. */
static bool one_unit(const bfl_record *record, const bfl_marker *marker) {
    const bfl_lab *first = NULL;
    for (size_t i = 0; i < marker->point_count; i++) {
        const bfl_lab *lab = lab_of(record, &marker->points[i]);
        if (!lab || !lab->written || !lab->written[0]) return false;
        if (!first) first = lab;
        if (!bfl_text_equal(bfl_text_of(lab->unit_text), bfl_text_of(first->unit_text))) return false;
    }
    return first != NULL;
}

const char *bfl_say_value(bfl_arena *arena, const bfl_record *record, const bfl_marker *marker,
                          const bfl_marker_point *point) {
    if (one_unit(record, marker)) {
        const bfl_lab *lab = lab_of(record, point);
        const char *unit = lab->unit_text ? lab->unit_text : "";
        return bfl_arena_printf(arena, "%s%s%s", lab->written, unit[0] ? " " : "", unit);
    }
    const char *sign = point->comparator == BFL_BELOW ? "<" : point->comparator == BFL_ABOVE ? ">" : "";
    const char *unit = marker->analyte->unit_count ? marker->analyte->units[0].text : "";
    bool long_tail = point->value.exponent < -3; /* a conversion factor's digits, not the laboratory's */
    const char *value = bfl_decimal_z(arena, point->value, long_tail ? 2 : -1);
    return bfl_arena_printf(arena, "%s%s%s%s", sign, value, unit[0] ? " " : "", unit);
}

bfl_response bfl_response_of(const bfl_criteria *criteria, const char *criterion, size_t visit) {
    for (size_t i = 0; i < criteria->criterion_count; i++)
        if (strcmp(criteria->criteria[i].id, criterion) == 0)
            return visit < criteria->criteria[i].visit_count ? criteria->criteria[i].visits[visit].response
                                                             : BFL_RESPONSE_NONE;
    return BFL_RESPONSE_NONE;
}

bool bfl_criterion_is_further(const bfl_criterion_result *criterion) {
    static const char *const shown[] = {"recist11", "recist11_flare_note", "soft_tissue", "mda2004"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (strcmp(shown[i], criterion->id) == 0) return false;
    for (size_t i = 0; i < criterion->visit_count; i++)
        if (criterion->visits[i].response != BFL_RESPONSE_NONE) return true;
    return false;
}
