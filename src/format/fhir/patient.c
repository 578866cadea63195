/* SPDX-License-Identifier: Apache-2.0 */
/* Patients, their cancer and its stage; imaging studies and reports, which are kept as notes. */
#include "format/fhir/read.h"

#include <string.h>

void bfl_fhir_note(resource *w, bfl_date date, const char *topic, const char *value, const char *text) {
    if (w->derived) return;
    bfl_note *n = bfl_record_add_note(w->who->builder);
    n->date = date;
    n->topic = topic;
    n->value = value;
    n->text = text;
    n->source = w->source;
}

/* ---- Patient ---- */

static void read_sex(resource *w, bfl_patient *p) {
    const char *gender = bfl_fhir_text(w, w->root, "gender");
    if (strcmp(gender, "female") == 0)
        p->sex = "F";
    else if (strcmp(gender, "male") == 0)
        p->sex = "M";
    else if (!bfl_fhir_among(gender, "other unknown") && gender[0])
        bfl_fhir_issue(w, FHIR_CODE_SET, "gender", bfl_issue_quote(w->r->arena, bfl_text_of(gender)),
                       "male, female, other or unknown");
}

static void read_own_patient(resource *w, bfl_patient *p) {
    bfl_date day0;
    bfl_decimal age;
    const char *text = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "day0");
    if (text[0] && bfl_date_parse(bfl_text_of(text), &day0, NULL) == BFL_OK) bfl_record_set_day0(w->who->builder, day0);
    text = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "age");
    if (text[0] && bfl_decimal_parse(bfl_text_of(text), &age, NULL) == BFL_OK) p->age_years = bfl_some(age);
    p->smoking = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "smoking");
    p->label = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "label");
    p->note = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "note");
}

outcome bfl_fhir_read_patient(resource *w) {
    bfl_patient *p = bfl_record_patient(w->who->builder);
    const char *smoking = p->smoking;
    w->who->seen = true;
    p->source = w->source;
    read_sex(w, p);
    p->birth = bfl_fhir_date(w, w->root, "birthDate");
    p->death = bfl_fhir_date(w, w->root, "deceasedDateTime");
    const node *deceased = bfl_fhir_get(w->root, "deceasedBoolean");
    if (deceased && deceased->type == BFL_JSON_TRUE)
        bfl_fhir_note(w, BFL_NO_DATE, "deceased", "yes", "date not stated");
    read_own_patient(w, p);
    if (!p->smoking[0]) p->smoking = smoking;
    return OUTCOME_USED;
}

/* ---- Condition ---- */

/* The tumour by its ICD-10 category or a word of its name. */
static const struct {
    const char *icd, *word, *tumour;
} tumours[] = {
    {"C34", "lung", "lung"},        {"C34", "bronch", "lung"},     {"C50", "breast", "breast"},
    {"C61", "prostat", "prostate"}, {"C64", "kidney", "kidney"},   {"C64", "renal cell", "kidney"},
    {"C73", "thyroid", "thyroid"},  {"C67", "bladder", "bladder"}, {"C18", "colon", "colon"},
    {"C16", "stomach", "stomach"},  {"C16", "gastric", "stomach"},
};

static const char *icd_of(const node *code) {
    const char *icd = bfl_fhir_code(code, "http://hl7.org/fhir/sid/icd-10-cm");
    return icd[0] ? icd : bfl_fhir_code(code, "http://hl7.org/fhir/sid/icd-10");
}

static const char *tumour_of(const char *icd, const char *words, const char *site) {
    for (size_t i = 0; i < sizeof tumours / sizeof *tumours; i++)
        if (strncmp(icd, tumours[i].icd, 3) == 0 || bfl_fhir_holds(words, tumours[i].word) ||
            bfl_fhir_holds(site, tumours[i].word))
            return tumours[i].tumour;
    return "";
}

bool bfl_fhir_is_secondary(const char *icd, const char *words, const char *profiles) {
    return bfl_fhir_holds(profiles, "secondary-cancer-condition") || bfl_fhir_holds(words, "secondary malignant") ||
           bfl_fhir_holds(words, "metasta") || (icd[0] == 'C' && icd[1] == '7' && icd[2] >= '7' && icd[2] <= '9') ||
           strncmp(icd, "C80", 3) == 0;
}

bool bfl_fhir_is_primary(const char *icd, const char *words, const char *profiles) {
    bool named =
        bfl_fhir_holds(words, "malignant") || bfl_fhir_holds(words, "carcinoma") || bfl_fhir_holds(words, "cancer");
    bool of_family = bfl_fhir_holds(words, "family history") || bfl_fhir_holds(words, "suspected") ||
                     bfl_fhir_holds(words, "screening");
    return bfl_fhir_holds(profiles, "primary-cancer-condition") || icd[0] == 'C' || (named && !of_family);
}

static bfl_date onset(resource *w) {
    bfl_date end, date = bfl_fhir_time(w, "onset", &end);
    return date.precision == BFL_DATE_NONE && date.first == 0 ? bfl_fhir_date(w, w->root, "recordedDate") : date;
}

static const char *histology_of(resource *w, const char *words) {
    const node *e = bfl_fhir_extension(w->root, MCODE "mcode-histology-morphology-behavior");
    if (!e)
        e = bfl_fhir_extension(
            w->root,
            "http://hl7.org/fhir/us/mcode/StructureDefinition/onco-core-HistologyMorphologyBehavior-extension");
    const char *text = bfl_fhir_words(w->r, bfl_fhir_get(e, "valueCodeableConcept"));
    bfl_text head = bfl_text_of(text);
    head = bfl_text_trim(bfl_text_split(&head, '('));
    if (head.size) return bfl_fhir_keep(w->r, bfl_text_lower(w->r->scratch, head));
    return bfl_fhir_holds(words, "non-small cell") ? "non-small cell"
           : bfl_fhir_holds(words, "small cell")   ? "small cell"
                                                   : "";
}

static void read_stages(resource *w, bfl_patient *p) {
    for (const node *s = bfl_fhir_objects(w, w->root, "stage"); s; s = s->next) {
        const char *words = bfl_fhir_words(w->r, bfl_fhir_get(s, "summary"));
        const char *type = bfl_fhir_code(bfl_fhir_get(s, "type"), OWN_SYSTEM "fact");
        if (strcmp(type, "tnm") == 0)
            p->tnm = words;
        else if (strcmp(type, "stage") == 0)
            w->who->stage = words;
        else if (!w->who->stage && bfl_fhir_category(w->r, words, 'S')[0])
            w->who->stage = bfl_fhir_category(w->r, words, 'S');
    }
    const char *edition = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "tnm-edition");
    if (edition[0] >= '0' && edition[0] <= '9' && !edition[1]) p->tnm_edition = edition[0] - '0';
}

static outcome read_primary(resource *w, const char *words, const char *icd) {
    bfl_patient *p = bfl_record_patient(w->who->builder);
    const char *site = bfl_fhir_words(w->r, bfl_fhir_first(bfl_fhir_get(w->root, "bodySite")));
    const char *own = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "tumour");
    const char *tumour = own[0] ? own : tumour_of(icd, words, site);
    w->what = "primary cancer";
    if (w->who->tumour_code && strcmp(tumour, p->tumour ? p->tumour : "") != 0) {
        bfl_fhir_note(w, onset(w), "another_cancer", words, "");
        return OUTCOME_KEPT;
    }
    w->who->tumour_code = w->reference;
    p->tumour = tumour;
    const char *histology = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "histology");
    if (!histology[0]) histology = histology_of(w, words);
    if (!p->histology || !p->histology[0]) p->histology = histology;
    read_stages(w, p);
    return tumour[0] ? OUTCOME_USED : OUTCOME_KEPT;
}

#define BONE_METASTASIS "94222008"

/* In bone: ICD-10 C79.5 without C79.52 (marrow), SNOMED CT 94222008, or the name or the place says so. */
static bool is_in_bone(resource *w, const char *icd, const char *words) {
    if (icd[0]) return strncmp(icd, "C79.5", 5) == 0 && strcmp(icd, "C79.52") != 0;
    const node *code = bfl_fhir_get(w->root, "code");
    if (strcmp(bfl_fhir_code(code, SNOMED), BONE_METASTASIS) == 0) return true;
    const char *site = bfl_fhir_words(w->r, bfl_fhir_first(bfl_fhir_get(w->root, "bodySite")));
    bool marrow = bfl_fhir_holds(words, "marrow") || bfl_fhir_holds(site, "marrow");
    return !marrow && (bfl_fhir_organ(words) == BFL_ORGAN_BONE || bfl_fhir_organ(site) == BFL_ORGAN_BONE);
}

/* Only a diagnosis that nobody doubts: neither provisional nor one of several that were thought of. */
static bool is_confirmed(resource *w) {
    const char *status = bfl_fhir_code(bfl_fhir_get(w->root, "verificationStatus"),
                                       "http://terminology.hl7.org/CodeSystem/condition-ver-status");
    return !status[0] || strcmp(status, "confirmed") == 0;
}

/*
 * A diagnosis is no image: it makes no lesion, and no visit of any criterion. But bone metastases that were known are a fact: an
 * ALP has a source then, and a bone lesion that is first described later may be older than it looks.
 */
static outcome read_secondary(resource *w, const char *words, const char *icd) {
    bool own = strcmp(bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "fact"), "clinical") == 0;
    w->what = "secondary cancer";
    if (!own) bfl_fhir_note(w, onset(w), "metastasis", words, bfl_fhir_keep(w->r, icd));
    if (!is_in_bone(w, icd, words) || !is_confirmed(w)) return OUTCOME_KEPT;
    bfl_clinical *c = bfl_record_add_clinical(w->who->builder, onset(w));
    c->item = "bone_metastasis";
    c->value = "yes";
    c->note = own ? bfl_fhir_notes(w) : words;
    c->source = w->source;
    w->what = "bone metastasis";
    return OUTCOME_USED;
}

outcome bfl_fhir_read_condition(resource *w) {
    const node *code = bfl_fhir_object(w, w->root, "code");
    const char *words = bfl_fhir_words(w->r, code), *icd = icd_of(code);
    bool of_bone = strcmp(bfl_fhir_code(code, SNOMED), BONE_METASTASIS) == 0;
    if (of_bone || bfl_fhir_is_secondary(icd, words, w->profile_words)) return read_secondary(w, words, icd);
    if (bfl_fhir_is_primary(icd, words, w->profile_words)) return read_primary(w, words, icd);
    if (bfl_fhir_holds(words, "osteitis deformans") || bfl_fhir_holds(words, "paget's disease of bone") ||
        strncmp(icd, "M88", 3) == 0) {
        bfl_clinical *c = bfl_record_add_clinical(w->who->builder, onset(w));
        c->item = "paget";
        c->value = "yes";
        c->source = w->source;
        w->what = "Paget's disease of bone";
        return OUTCOME_USED;
    }
    w->what = words;
    return OUTCOME_UNKNOWN;
}

/* ---- stage and TNM out of words ---- */

static bool is_category(const char *z, char letter) {
    bool after = (z[1] >= '0' && z[1] <= '4') || z[1] == 'X' || strncmp(z + 1, "is", 2) == 0;
    return z[0] == letter && after;
}

const char *bfl_fhir_category(reader *r, const char *words, char letter) {
    const char *end, *z = words;
    if (letter == 'S') {
        size_t at = bfl_text_find_nocase(bfl_text_of(words), BFL_TEXT("stage "));
        if (at == SIZE_MAX) return "";
        z = words + at + 6;
        size_t size = strspn(z, "IV0");
        size += size ? strspn(z + size, "ABCabc0123") : 0;
        return bfl_fhir_keep(r, bfl_arena_text(r->scratch, (bfl_text){z, size}));
    }
    while (*z && !is_category(z, letter)) z++;
    if (!*z) return "";
    for (end = z + 1; (*end >= '0' && *end <= '9') || (*end >= 'a' && *end <= 'z') || *end == 'X';) end++;
    const char *begin = z > words && strchr("cpy", z[-1]) ? z - 1 : z;
    return bfl_fhir_keep(r, bfl_arena_text(r->scratch, (bfl_text){begin, (size_t)(end - begin)}));
}

void bfl_fhir_staging(reader *r, person *who) {
    bfl_patient *p = bfl_record_patient(who->builder);
    if (who->stage && (!p->stage || !p->stage[0])) p->stage = who->stage;
    if ((!who->t && !who->n && !who->m) || (p->tnm && p->tnm[0])) return;
    const char *parts[] = {who->t, who->n, who->m};
    bfl_buf buf = {.arena = r->arena};
    for (size_t i = 0; i < 3; i++)
        if (parts[i]) bfl_buf_addf(&buf, "%s%s", buf.size ? " " : "", parts[i]);
    p->tnm = bfl_buf_z(&buf);
}

/* ---- ImagingStudy, DiagnosticReport ---- */

outcome bfl_fhir_read_imaging(resource *w) {
    const node *series = bfl_fhir_first(bfl_fhir_get(w->root, "series"));
    const node *modality = bfl_fhir_first(bfl_fhir_get(w->root, "modality"));
    if (!modality) modality = bfl_fhir_get(series, "modality");
    const char *site = bfl_fhir_words(w->r, bfl_fhir_get(series, "bodySite"));
    const char *description = bfl_fhir_text(w, w->root, "description");
    bfl_fhir_note(
        w, bfl_fhir_date(w, w->root, "started"), "imaging", "",
        bfl_arena_printf(w->r->arena, "%s: %s", bfl_fhir_words(w->r, modality), description[0] ? description : site));
    return OUTCOME_KEPT;
}

outcome bfl_fhir_read_report(resource *w) {
    bfl_date end, date = bfl_fhir_time(w, "effective", &end);
    const char *conclusion = bfl_fhir_text(w, w->root, "conclusion");
    if (!conclusion[0]) conclusion = bfl_fhir_words(w->r, bfl_fhir_first(bfl_fhir_get(w->root, "conclusionCode")));
    if (!conclusion[0]) return OUTCOME_KEPT; /* its results are Observations of their own */
    bfl_fhir_note(w, date, "report", "", conclusion);
    return OUTCOME_KEPT;
}
