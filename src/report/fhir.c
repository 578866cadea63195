/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The assessment as FHIR: the record as it was known, and what was concluded from it. Response by RECIST at each visit, the
 * disease status of mCODE now, the state of the bone in the program's own code system, a report, where it all comes from.
 *
 * A healing flare has no code in mCODE. It is never coded as "worsened": the disease status is what RECIST's note on flare says.
 */
#include "report/report.h"

#include "format/format.h"
#include "record/record.h"

#include <string.h>

#define OWN_SYSTEM BFL_FHIR_OWN_SYSTEM
#define MII "https://www.medizininformatik-initiative.de/fhir/ext/modul-mtb/CodeSystem/mii-cs-mtb-response-befund-"

typedef struct page {
    bfl_arena *arena;
    bfl_fhir_bundle *bundle;
    const bfl_assessment *a;
    const bfl_report_options *options;
    BFL_LIST(const char *) results; /* references of what was concluded, in order */
} page;

static bfl_date date_of_day(const page *p, int32_t day) {
    const bfl_when when = {.day = day, .first = day, .known = true, .exact = true};
    return day == INT32_MIN ? BFL_NO_DATE : bfl_fhir_date_of(p->a->record, when);
}

/* What every conclusion begins with. Only an approved review makes it final. */
static bfl_json_writer *begin(page *p, const char *type, const char *profile) {
    bfl_json_writer *w = bfl_fhir_resource_open(p->bundle, type, profile, true);
    return w;
}

static void put_status(const page *p, bfl_json_writer *w) {
    bfl_json_text(w, "status", p->options->review == BFL_REVIEW_APPROVED ? "final" : "preliminary");
}

static void put_whose(const page *p, bfl_json_writer *w, int32_t day) {
    bfl_fhir_put_reference(w, "subject", bfl_fhir_patient_url(p->bundle));
    bfl_fhir_put_date(w, "effectiveDateTime", date_of_day(p, day));
}

static const char *finish(page *p) {
    const char *url = bfl_fhir_resource_close(p->bundle, NULL);
    *BFL_PUSH(p->arena, &p->results) = url;
    return url;
}

/* ---- what a conclusion rests on ---- */

typedef struct basis {
    BFL_LIST(const char *) urls;
} basis;

static void rest_on_url(const page *p, basis *b, const char *url) {
    for (size_t i = 0; i < b->urls.count; i++)
        if (strcmp(b->urls.items[i], url) == 0) return;
    *BFL_PUSH(p->arena, &b->urls) = url;
}

/* FHIR lets an Observation be derived from Observations, not from a drug or a diagnosis. */
static void rest_on(const page *p, basis *b, const bfl_event_ref *events, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (bfl_fhir_event_is_observation(p->bundle, events[i]))
            rest_on_url(p, b, bfl_fhir_event_url(p->bundle, events[i]));
}

static void put_basis(bfl_json_writer *w, const basis *b) {
    bfl_fhir_list list = bfl_fhir_list_open(w, "derivedFrom");
    for (size_t i = 0; i < b->urls.count; i++) bfl_fhir_put_reference(w, NULL, b->urls.items[i]);
    bfl_fhir_list_close(w, list);
}

/* ---- RECIST at a visit ---- */

/* The categories of the German tumour board module; it has none for non-CR/non-PD, and "NA" is not assessable. */
static const char *mii_code(bfl_response response) {
    switch (response) {
    case BFL_RESPONSE_CR: return "CR";
    case BFL_RESPONSE_PR: return "PR";
    case BFL_RESPONSE_SD: return "SD";
    case BFL_RESPONSE_PD: return "PD";
    case BFL_RESPONSE_NE: return "NA";
    case BFL_RESPONSE_NONE:
    case BFL_RESPONSE_NON_CR_NON_PD:
    case BFL_RESPONSE_PD_UNCONFIRMED: return "";
    }
    return "";
}

static void put_response(bfl_json_writer *w, const char *key, bfl_response response) {
    bfl_fhir_concept_open(w, key);
    bfl_fhir_put_coding(w, OWN_SYSTEM "response", bfl_response_word(response), "");
    if (mii_code(response)[0]) bfl_fhir_put_coding(w, MII "beurteilung", mii_code(response), "");
    bfl_fhir_concept_close(w, "");
}

static void put_therapy(const page *p, bfl_json_writer *w, int32_t day) {
    const bfl_record *r = p->a->record;
    const bfl_therapy *t = bfl_record_therapy_on(r, day);
    if (!t) return;
    const bfl_event_ref event = {BFL_EVENT_THERAPY, (uint32_t)(t - r->therapies)};
    bfl_json_open(w, "partOf", "[");
    bfl_fhir_put_reference(w, NULL, bfl_fhir_event_url(p->bundle, event));
    bfl_json_close(w, "]");
}

static void put_number(bfl_json_writer *w, const char *code, bfl_maybe value, const char *unit) {
    if (!value.present) return;
    bfl_json_open(w, NULL, "{");
    bfl_fhir_put_concept(w, "code", OWN_SYSTEM "component", code, "");
    bfl_fhir_put_quantity(w, "valueQuantity", value.value, unit, unit);
    bfl_json_close(w, "}");
}

static void put_reading(bfl_json_writer *w, const char *code, bfl_response response) {
    if (response == BFL_RESPONSE_NONE) return;
    bfl_json_open(w, NULL, "{");
    bfl_fhir_put_concept(w, "code", OWN_SYSTEM "component", code, "");
    put_response(w, "valueCodeableConcept", response);
    bfl_json_close(w, "}");
}

static void put_readings(bfl_json_writer *w, const bfl_recist_visit *v) {
    bfl_fhir_list component = bfl_fhir_list_open(w, "component");
    put_reading(w, "target", v->target);
    put_reading(w, "nontarget", v->nontarget);
    put_reading(w, "overall_flare_note", v->overall_flare_note);
    put_reading(w, "soft_tissue", v->soft_tissue);
    bfl_fhir_put_component(w, "new", bfl_new_lesions_word(v->new_lesions));
    put_number(w, "sum_mm", v->sum_mm, "mm");
    put_number(w, "nadir_mm", v->nadir_mm, "mm");
    put_number(w, "change_percent", v->change_percent, "%");
    put_number(w, "nadir_change_percent", v->nadir_change_percent, "%");
    bfl_fhir_list_close(w, component);
}

/* The lesions that were looked at, from the first study of the visit to its last. */
static basis studies_of(const page *p, const bfl_recist_visit *v) {
    basis b = {0};
    for (size_t i = 0; i < p->a->record->lesion_count; i++) {
        bfl_when when = p->a->record->lesions[i].when;
        const bfl_event_ref event = {BFL_EVENT_LESION, (uint32_t)i};
        if (when.known && when.day >= v->first_day && when.day <= v->day) rest_on(p, &b, &event, 1);
    }
    return b;
}

static const char *put_visit(page *p, const bfl_recist_visit *v) {
    basis b = studies_of(p, v);
    bfl_json_writer *w = begin(p, "Observation", NULL);
    put_therapy(p, w, v->day);
    put_status(p, w);
    bfl_fhir_concept_open(w, "code");
    bfl_fhir_put_coding(w, BFL_FHIR_SNOMED, "396432002", "");
    bfl_fhir_put_coding(w, BFL_FHIR_LOINC, "21976-6", "");
    bfl_fhir_concept_close(w, "Response by RECIST 1.1");
    put_whose(p, w, v->day);
    put_response(w, "valueCodeableConcept", v->overall);
    bfl_fhir_put_concept(w, "method", MII "beurteilungsmethode", "RECIST", "");
    put_basis(w, &b);
    put_readings(w, v);
    return finish(p);
}

/* ---- the disease status ---- */

#define IMPROVED "268910001"
#define STABLE "359746009"
#define WORSENED "271299001"
#define UNDETERMINED "709137006"

static const char *trend_of_response(bfl_response response) {
    switch (response) {
    case BFL_RESPONSE_CR:
    case BFL_RESPONSE_PR: return IMPROVED;
    case BFL_RESPONSE_SD:
    case BFL_RESPONSE_NON_CR_NON_PD: return STABLE;
    case BFL_RESPONSE_PD: return WORSENED;
    case BFL_RESPONSE_NE:
    case BFL_RESPONSE_PD_UNCONFIRMED: return UNDETERMINED;
    case BFL_RESPONSE_NONE: return "";
    }
    return "";
}

static bool is_flare(bfl_bone_state state) {
    return state == BFL_BONE_FLARE_SUSPECTED || state == BFL_BONE_FLARE_CONFIRMED;
}

/*
 * One of mCODE's four trends. Bone progression is worse whatever the sum does. Under a flare the response counts with RECIST's
 * note; where even that is progression, something outside the flare grew, and saying so is right. A progression that rests on
 * bone alone, of which nobody knows yet what it is, is undetermined.
 */
static const char *trend(bfl_bone_state state, const bfl_recist_visit *last) {
    bfl_response read = last ? last->overall : BFL_RESPONSE_NONE;
    bfl_response noted = last ? last->overall_flare_note : BFL_RESPONSE_NONE;
    if (state == BFL_BONE_PROGRESSION) return WORSENED;
    if (is_flare(state)) {
        const char *code = trend_of_response(noted);
        return code[0] && strcmp(code, UNDETERMINED) != 0 ? code : STABLE;
    }
    bool bone_alone = read == BFL_RESPONSE_PD && noted != BFL_RESPONSE_PD;
    if (state == BFL_BONE_UNDETERMINED && (bone_alone || read == BFL_RESPONSE_NONE)) return UNDETERMINED;
    return trend_of_response(read);
}

static void put_evidence_types(bfl_json_writer *w, bool imaging, bool laboratory) {
    const char *codes[] = {imaging ? "363679005" : "", laboratory ? "386344002" : ""};
    for (size_t i = 0; i < 2; i++) {
        if (!codes[i][0]) continue;
        bfl_json_open(w, NULL, "{");
        bfl_json_text(w, "url", BFL_FHIR_MCODE "mcode-cancer-disease-status-evidence-type");
        bfl_fhir_put_concept(w, "valueCodeableConcept", BFL_FHIR_SNOMED, codes[i], "");
        bfl_json_close(w, "}");
    }
}

static bool has_kind(const bfl_bone *bone, bfl_event_kind kind) {
    for (size_t i = 0; i < bone->evidence_count; i++)
        for (size_t j = 0; j < bone->evidence[i].event_count; j++)
            if (bone->evidence[i].events[j].kind == kind) return true;
    return false;
}

static void put_disease_status(page *p, const bfl_recist_visit *last, const char *visit_url) {
    const bfl_bone *bone = &p->a->verdict->now;
    const char *code = trend(bone->state, last);
    if (!code[0]) return;
    bool flare = is_flare(bone->state) && strcmp(code, WORSENED) != 0; /* else it is something beside the flare */
    bool told = flare || (bone->state != BFL_BONE_NONE && !is_flare(bone->state));
    basis b = {0};
    if (visit_url) rest_on_url(p, &b, visit_url);
    for (size_t i = 0; i < bone->evidence_count; i++)
        rest_on(p, &b, bone->evidence[i].events, bone->evidence[i].event_count);
    bfl_json_writer *w = begin(p, "Observation", "mcode-cancer-disease-status");
    bfl_fhir_list extension = bfl_fhir_list_open(w, "extension");
    put_evidence_types(w, last || has_kind(bone, BFL_EVENT_LESION), has_kind(bone, BFL_EVENT_LAB));
    if (told)
        bfl_fhir_put_extension(w, BFL_FHIR_OWN_EXTENSION "bone-state", "valueCode", bfl_bone_state_word(bone->state));
    bfl_fhir_list_close(w, extension);
    put_status(p, w);
    bfl_fhir_put_concept(w, "code", BFL_FHIR_LOINC, "97509-4", "Cancer disease status");
    bfl_fhir_put_reference(w, "subject", bfl_fhir_patient_url(p->bundle));
    if (bfl_fhir_cancer_url(p->bundle)[0]) {
        bfl_json_open(w, "focus", "[");
        bfl_fhir_put_reference(w, NULL, bfl_fhir_cancer_url(p->bundle));
        bfl_json_close(w, "]");
    }
    bfl_fhir_put_date(w, "effectiveDateTime", date_of_day(p, p->a->as_of));
    bfl_fhir_put_concept(w, "valueCodeableConcept", BFL_FHIR_SNOMED, code,
                         flare ? bfl_say_state(p->a->rulebook, bone->state, BFL_FOR_CLINICIAN) : "");
    put_basis(w, &b);
    (void)finish(p);
}

/* ---- the bone ---- */

static void put_chance(bfl_json_writer *w, const char *code, double value) {
    bfl_json_open(w, NULL, "{");
    bfl_fhir_put_concept(w, "code", OWN_SYSTEM "component", code, "");
    bfl_json_open(w, "valueQuantity", "{");
    bfl_json_key(w, "value");
    bfl_buf_double(w->out, value, 3);
    bfl_json_text(w, "system", BFL_FHIR_UCUM);
    bfl_json_text(w, "code", "1");
    bfl_json_close(w, "}");
    bfl_json_close(w, "}");
}

/* Which rule spoke, for what, and what it found. */
static void put_evidence(bfl_json_writer *w, const bfl_evidence *e) {
    bfl_json_open(w, NULL, "{");
    bfl_fhir_put_concept(w, "code", OWN_SYSTEM "rule", e->rule->id, e->rule->title);
    bfl_json_text(w, "valueString",
                  bfl_arena_printf(w->out->arena, "%s: %s", bfl_direction_word(e->direction), e->finding));
    bfl_json_close(w, "}");
}

static void put_bone(page *p) {
    const bfl_bone *bone = &p->a->verdict->now;
    basis b = {0};
    for (size_t i = 0; i < bone->evidence_count; i++)
        rest_on(p, &b, bone->evidence[i].events, bone->evidence[i].event_count);
    bfl_json_writer *w = begin(p, "Observation", NULL);
    put_status(p, w);
    bfl_fhir_put_concept(w, "code", OWN_SYSTEM "assessment", "bone-state", "State of the bone under therapy");
    put_whose(p, w, p->a->as_of);
    bfl_fhir_put_concept(w, "valueCodeableConcept", OWN_SYSTEM "bone-state", bfl_bone_state_word(bone->state),
                         bfl_say_state(p->a->rulebook, bone->state, BFL_FOR_CLINICIAN));
    if (bone->because && bone->because[0]) {
        bfl_json_open(w, "note", "[");
        bfl_json_open(w, NULL, "{");
        bfl_json_text(w, "text", bone->because);
        bfl_json_close(w, "}");
        bfl_json_close(w, "]");
    }
    put_basis(w, &b);
    bfl_fhir_list component = bfl_fhir_list_open(w, "component");
    if (bone->question) {
        put_chance(w, "p_flare", bone->p_flare);
        put_chance(w, "p_flare_low", bone->low);
        put_chance(w, "p_flare_high", bone->high);
        put_chance(w, "p_progression", bone->p_progression);
        put_chance(w, "p_other", bone->p_other);
    }
    for (size_t i = 0; i < bone->evidence_count; i++) put_evidence(w, &bone->evidence[i]);
    bfl_fhir_list_close(w, component);
    (void)finish(p);
}

/* ---- the report ---- */

static const char *conclusion(const page *p) {
    const bfl_assessment *a = p->a;
    bfl_buf buf = {.arena = p->arena};
    bfl_buf_addf(&buf, "%s. %s", bfl_say_state(a->rulebook, a->verdict->now.state, BFL_FOR_CLINICIAN),
                 bfl_say_meaning(a->rulebook, a->verdict->now.state, BFL_FOR_CLINICIAN));
    for (size_t i = 0; i < a->verdict->alarm_count; i++)
        bfl_buf_addf(&buf, "\nAlarm: %s", bfl_say_alarm(p->arena, a->record, &a->verdict->alarms[i]));
    for (size_t i = 0; i < a->workup->next_count; i++) {
        const bfl_step *s = &a->workup->next[i];
        const char *by = s->has_by ? bfl_say_date(p->arena, a->record, s->by_day) : "";
        bfl_buf_addf(&buf, "\nNext: %s", s->action);
        bool said = bfl_text_find_nocase(bfl_text_of(s->action), bfl_text_of(by)) != SIZE_MAX;
        if (by[0] && !said) bfl_buf_addf(&buf, " By %s.", by);
    }
    bfl_buf_addf(&buf, "\n%s", bfl_say_disclaimer(a->rulebook, BFL_FOR_CLINICIAN));
    return bfl_buf_z(&buf);
}

static void put_report(page *p) {
    size_t results = p->results.count;
    bfl_json_writer *w = begin(p, "DiagnosticReport", NULL);
    bfl_fhir_list extension = bfl_fhir_list_open(w, "extension");
    bfl_fhir_put_extension(w, BFL_FHIR_OWN_EXTENSION "review", "valueCode", bfl_review_word(p->options->review));
    bfl_fhir_put_extension(w, BFL_FHIR_OWN_EXTENSION "reviewer", "valueString", p->options->reviewer);
    bfl_fhir_list_close(w, extension);
    put_status(p, w);
    bfl_fhir_put_concept(w, "code", OWN_SYSTEM "assessment", "report", "Assessment of the bone under cancer therapy");
    put_whose(p, w, p->a->as_of);
    bfl_fhir_list result = bfl_fhir_list_open(w, "result");
    for (size_t i = 0; i < results; i++) bfl_fhir_put_reference(w, NULL, p->results.items[i]);
    bfl_fhir_list_close(w, result);
    bfl_json_text(w, "conclusion", conclusion(p));
    bfl_json_open(w, "conclusionCode", "[");
    bfl_fhir_put_concept(w, NULL, OWN_SYSTEM "bone-state", bfl_bone_state_word(p->a->verdict->now.state), "");
    bfl_json_close(w, "]");
    (void)finish(p);
}

/* ---- where it comes from ---- */

static void put_entity(bfl_json_writer *w, const char *system, const char *value, const char *display) {
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "role", "source");
    bfl_json_open(w, "what", "{");
    bfl_json_open(w, "identifier", "{");
    bfl_json_text(w, "system", system);
    bfl_json_text(w, "value", value);
    bfl_json_close(w, "}");
    bfl_json_text(w, "display", display);
    bfl_json_close(w, "}");
    bfl_json_close(w, "}");
}

static void put_agent(bfl_json_writer *w) {
    bfl_json_open(w, "agent", "[");
    bfl_json_open(w, NULL, "{");
    bfl_fhir_put_concept(w, "type", "http://terminology.hl7.org/CodeSystem/provenance-participant-type", "assembler",
                         "");
    bfl_json_open(w, "who", "{");
    bfl_json_text(w, "display", bfl_arena_printf(w->out->arena, "boneflare %s", bfl_version()));
    bfl_json_close(w, "}");
    bfl_json_close(w, "}");
    bfl_json_close(w, "]");
}

static void put_provenance(page *p, const char *recorded) {
    const bfl_rulebook *rules = p->a->rulebook;
    bfl_json_writer *w = begin(p, "Provenance", NULL);
    bfl_json_open(w, "target", "[");
    for (size_t i = 0; i < p->results.count; i++) bfl_fhir_put_reference(w, NULL, p->results.items[i]);
    bfl_json_close(w, "]");
    bfl_fhir_put_instant(w, "recorded", recorded);
    put_agent(w);
    bfl_json_open(w, "entity", "[");
    put_entity(w, BFL_FHIR_OWN_NAMES "rulebook", bfl_rulebook_sha256(rules),
               bfl_arena_printf(p->arena, "rulebook %s", bfl_rulebook_version(rules)));
    bfl_json_close(w, "]");
    (void)bfl_fhir_resource_close(p->bundle, NULL);
}

/* ---- the Bundle ---- */

void bfl_fhir_report_write(bfl_buf *out, const bfl_assessment *a, const bfl_report_options *options,
                           const bfl_fhir_options *fhir) {
    page p = {.arena = out->arena, .a = a, .options = options};
    const bfl_recist_visit *last = NULL;
    const char *visit_url = NULL;
    p.bundle = bfl_fhir_bundle_open(out->arena, out, a->record, fhir);
    bfl_fhir_put_record(p.bundle, NULL);
    for (size_t i = 0; i < a->criteria->visit_count; i++) {
        const bfl_recist_visit *v = &a->criteria->visits[i];
        if (v->baseline || v->overall == BFL_RESPONSE_NONE) continue;
        visit_url = put_visit(&p, v);
        last = v;
    }
    put_disease_status(&p, last, visit_url);
    put_bone(&p);
    put_report(&p);
    put_provenance(&p, fhir ? fhir->recorded : NULL);
    bfl_fhir_put_issues(p.bundle, a->issues, a->issue_count);
    bfl_fhir_bundle_close(p.bundle);
}
