/* SPDX-License-Identifier: Apache-2.0 */
/* Laboratory values: value[x] with comparator and unit, reference ranges, interpretation. Sealing judges them like any row. */
#include "format/fhir/read.h"

#include <string.h>

typedef struct measurement {
    const node *at; /* the Observation or one of its components */
    const bfl_analyte *analyte;
    const char *name, *written, *unit;
    bfl_maybe low, high;
    bool refused;
} measurement;

/* ---- value and unit ---- */

static const char *comparator_of(resource *w, measurement *m, const node *quantity) {
    const char *c = bfl_fhir_string(bfl_fhir_get(quantity, "comparator"));
    if (!c[0] || strcmp(c, "<") == 0 || strcmp(c, ">") == 0) return c;
    if (strcmp(c, "<=") == 0 || strcmp(c, ">=") == 0) {
        bfl_fhir_issue_once(w, FHIR_COMPARATOR, m->name, "valueQuantity.comparator",
                            c[0] == '<' ? "<=" : ">=", c[0] == '<' ? "<" : ">");
        return c[0] == '<' ? "<" : ">";
    }
    bfl_fhir_issue(w, FHIR_CODE_SET, "valueQuantity.comparator", bfl_issue_quote(w->r->arena, bfl_text_of(c)),
                   "<, <=, >= or >");
    m->refused = true;
    return "";
}

/* NULL for no text, and for an analyte that is not known. */
static const bfl_unit *unit_in(const measurement *m, const char *text) {
    return m->analyte && text[0] ? bfl_analyte_unit(m->analyte, bfl_text_of(text)) : NULL;
}

static bool same_factor(const bfl_unit *a, const bfl_unit *b) { return bfl_decimal_compare(a->factor, b->factor) == 0; }

/* Once for each patient, analyte and unit. */
static void say_converted(resource *w, const bfl_analyte *analyte, const bfl_unit *unit, const char *text,
                          const char *path) {
    uintptr_t place = (uintptr_t)unit / sizeof *unit + (uintptr_t)w->who / sizeof *w->who;
    converted *said = &w->r->last_converted[place % CONVERTED];
    if (said->who == w->who && said->unit == unit && said->text == text) return;
    *said = (converted){w->who, unit, text};
    const char *usual = analyte->units[0].text, *key = bfl_arena_printf(w->r->scratch, "%s %s", analyte->id, text);
    bfl_fhir_issue_once(w, FHIR_UNIT_CONVERTED, key, path, bfl_arena_printf(w->r->arena, "%s in %s", analyte->id, text),
                        bfl_arena_printf(w->r->arena, "%s; 1 %s = %s %s", usual, text,
                                         bfl_decimal_z(w->r->arena, unit->factor, -1), usual));
}

/* The unit as the code says it, else as the text says it. Both must mean the same. */
static const char *unit_of(resource *w, measurement *m, const node *quantity, const char *path) {
    const char *code = bfl_fhir_text(w, quantity, "code"), *text = bfl_fhir_text(w, quantity, "unit");
    const bfl_unit *by_text = unit_in(m, text);
    const bfl_unit *by_code = strcmp(code, text) == 0 ? by_text : unit_in(m, code);
    if (by_code && by_text && !same_factor(by_code, by_text)) {
        bfl_fhir_issue(w, FHIR_UNIT_CODE, path,
                       bfl_arena_printf(w->r->arena, "unit %s, code %s",
                                        bfl_issue_quote(w->r->arena, bfl_text_of(text)),
                                        bfl_issue_quote(w->r->arena, bfl_text_of(code))),
                       "the same unit in both");
        m->refused = true;
    }
    const char *unit = by_text || !code[0] ? text : code;
    const bfl_unit *known = by_text ? by_text : by_code;
    if (known && !known->note[0] && !bfl_fhir_same(unit, m->analyte->units[0].text))
        say_converted(w, m->analyte, known, unit, path);
    return unit;
}

static void read_quantity(resource *w, measurement *m, const node *quantity) {
    bfl_decimal value;
    const node *n = bfl_fhir_get(quantity, "value");
    if (!n) return;
    if (quantity->type != BFL_JSON_OBJECT || !bfl_fhir_number(w, n, "valueQuantity.value", &value)) {
        m->refused = true;
        return;
    }
    bool short_enough = bfl_decimal_parse(bfl_text_of(n->text), &value, NULL) == BFL_OK;
    const char *comparator = comparator_of(w, m, quantity);
    const char *digits = short_enough ? n->text : bfl_decimal_z(w->r->scratch, value, -1);
    m->written =
        bfl_fhir_keep(w->r, comparator[0] ? bfl_arena_printf(w->r->scratch, "%s%s", comparator, digits) : digits);
    m->unit = unit_of(w, m, quantity, "valueQuantity.unit");
}

/* "<0.5", "high", or a number with its unit behind it: ">1000 U/mL". */
static void read_string(resource *w, measurement *m, const char *text) {
    bfl_text whole = bfl_text_trim(bfl_text_of(text)), rest = whole;
    m->unit = bfl_fhir_extension_text(w, m->at, OWN_EXTENSION "unit");
    if (m->unit[0]) { /* the text is no number with its unit: it was written beside one */
        m->written = bfl_fhir_keep(w->r, text);
        return;
    }
    bfl_text head = bfl_text_split(&rest, ' ');
    bfl_decimal ignored;
    bfl_text digits = head;
    if (digits.size && (digits.data[0] == '<' || digits.data[0] == '>'))
        digits = (bfl_text){digits.data + 1, digits.size - 1};
    bool with_unit = rest.size && bfl_decimal_parse(digits, &ignored, NULL) == BFL_OK;
    m->written = bfl_fhir_keep(w->r, bfl_arena_text(w->r->scratch, with_unit ? head : whole));
    if (with_unit) m->unit = bfl_fhir_keep(w->r, bfl_arena_text(w->r->scratch, bfl_text_trim(rest)));
}

static const char *interpreted(const node *at) {
    static const struct {
        const char *code, *word;
    } words[] = {{"H", "high"}, {"HH", "high"}, {"L", "low"}, {"LL", "low"}, {"N", "normal"}};
    const node *i = bfl_fhir_first(bfl_fhir_get(at, "interpretation"));
    const char *code = bfl_fhir_code(i, "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation");
    for (size_t n = 0; n < sizeof words / sizeof *words; n++)
        if (strcmp(words[n].code, code) == 0) return words[n].word;
    return "";
}

static void read_choice(resource *w, measurement *m, const node *value, const char *kind) {
    if (strcmp(kind, "Quantity") == 0)
        read_quantity(w, m, value);
    else if (strcmp(kind, "String") == 0)
        read_string(w, m, bfl_fhir_text(w, m->at, "valueString"));
    else if (strcmp(kind, "Integer") == 0 && value->type == BFL_JSON_NUMBER)
        m->written = bfl_fhir_keep(w->r, value->text);
    else if (strcmp(kind, "CodeableConcept") == 0) {
        const node *concept = bfl_fhir_object(w, m->at, "valueCodeableConcept");
        m->refused = !concept;
        m->written = bfl_fhir_words(w->r, concept);
    }
}

/* False when there is no value, or one that cannot be used: it has been reported. */
static bool read_value(resource *w, measurement *m) {
    const char *kind;
    bool twice;
    const node *value = bfl_fhir_choice(w, m->at, "value", &kind, &twice);
    if (twice) return false;
    if (value) read_choice(w, m, value, kind);
    if (m->refused) return false;
    if (!m->written[0]) m->written = interpreted(m->at);
    if (m->written[0]) return true;
    const node *reason = bfl_fhir_get(m->at, "dataAbsentReason");
    bfl_fhir_issue(w, FHIR_NO_VALUE, "", reason ? bfl_fhir_words(w->r, reason) : "no value that is read", "a value");
    return false;
}

/* ---- the reference range ---- */

/* A limit in the unit of the value. */
static bfl_maybe limit(resource *w, const measurement *m, const node *quantity, bool *good) {
    bfl_decimal value;
    if (!quantity) return (bfl_maybe){0};
    if (!bfl_fhir_number(w, bfl_fhir_get(quantity, "value"), "referenceRange", &value)) return (bfl_maybe){0};
    const char *text = bfl_fhir_string(bfl_fhir_get(quantity, "unit"));
    if (!text[0]) text = bfl_fhir_string(bfl_fhir_get(quantity, "code"));
    if (!text[0] || strcmp(text, m->unit) == 0) return bfl_some(value);
    const bfl_unit *own = unit_in(m, text), *of_value = unit_in(m, m->unit);
    if (own && of_value && same_factor(own, of_value)) return bfl_some(value);
    *good = *good && own && of_value;
    if (!*good) return (bfl_maybe){0};
    return bfl_some(bfl_decimal_divide(bfl_decimal_multiply(value, own->factor), of_value->factor, 6));
}

/* "45-125", "45 - 125 U/L", "<5.0", "up to 38". */
static bool read_range_text(measurement *m, const char *text) {
    bfl_text rest = bfl_text_trim(bfl_text_of(text));
    bfl_decimal low, high;
    bool only_high = false;
    static const char *const heads[] = {"<=", "<", "up to "};
    for (size_t i = 0; i < 3 && !only_high; i++)
        if (bfl_text_starts(rest, bfl_text_of(heads[i]))) {
            only_high = true;
            rest = bfl_text_trim((bfl_text){rest.data + strlen(heads[i]), rest.size - strlen(heads[i])});
        }
    bfl_text first = only_high ? (bfl_text){"0", 1} : bfl_text_trim(bfl_text_split(&rest, '-'));
    rest = bfl_text_trim(rest);
    bfl_text second = bfl_text_split(&rest, ' ');
    if (bfl_decimal_parse(second, &high, NULL) || bfl_decimal_parse(first, &low, NULL)) return false;
    if (!only_high) m->low = bfl_some(low);
    m->high = bfl_some(high);
    return true;
}

/* The one range that is said to be normal, or of which nothing is said. */
static const node *normal_range(const node *at, size_t *count) {
    const node *best = NULL;
    *count = 0;
    for (const node *n = bfl_fhir_first(bfl_fhir_get(at, "referenceRange")); n; n = n->next) {
        const char *type =
            bfl_fhir_code(bfl_fhir_get(n, "type"), "http://terminology.hl7.org/CodeSystem/referencerange-meaning");
        if (type[0] && strcmp(type, "normal") != 0) continue;
        best = n;
        ++*count;
    }
    return best;
}

static void read_range(resource *w, measurement *m) {
    size_t count;
    bool good = true;
    const node *range = normal_range(m->at, &count);
    if (!range) return;
    const node *low = bfl_fhir_get(range, "low"), *high = bfl_fhir_get(range, "high");
    const char *text = bfl_fhir_string(bfl_fhir_get(range, "text"));
    if (count == 1) {
        m->low = limit(w, m, low, &good);
        m->high = limit(w, m, high, &good);
    }
    if (count == 1 && good && (low || high || !text[0] || read_range_text(m, text))) return;
    m->low = m->high = (bfl_maybe){0};
    bfl_fhir_issue(w, FHIR_RANGE, "referenceRange",
                   count > 1 ? bfl_arena_printf(w->r->arena, "%zu ranges", count)
                   : good    ? bfl_issue_quote(w->r->arena, bfl_text_of(text))
                             : "a range in another kind of unit",
                   "one normal range: low and high, or \"45-125\"");
}

/* ---- one value ---- */

static bfl_date time_of(resource *w) {
    bfl_date end, date = bfl_fhir_time(w, "effective", &end);
    if (date.precision != BFL_DATE_NONE || date.first || !bfl_fhir_get(w->root, "issued")) return date;
    bfl_fhir_issue_once(w, FHIR_DATE_ISSUED, "issued", "issued", "no effective date", "when the specimen was taken");
    return bfl_fhir_date(w, w->root, "issued");
}

outcome bfl_fhir_read_lab(resource *w, const node *at, bool own_resource) {
    measurement m = {.at = at, .name = "", .written = "", .unit = ""};
    const meaning *code = bfl_fhir_analyte(w, bfl_fhir_get(at, "code"));
    m.analyte = code->analyte;
    m.name = code->out;
    /* A row of a case folder whose analyte nobody knows is kept as it was, for the record to report. */
    if (code->match == MATCH_UNKNOWN && !code->own) return OUTCOME_UNKNOWN;
    w->what = own_resource ? "laboratory" : "laboratory panel";
    if (code->match == MATCH_REFUSED || !read_value(w, &m)) return OUTCOME_DROPPED;
    read_range(w, &m);
    bfl_lab *l = bfl_record_add_lab(w->who->builder, time_of(w));
    l->name = m.name;
    l->written = m.written;
    l->unit_text = m.unit;
    l->ref_low = m.low;
    l->ref_high = m.high;
    l->method = bfl_fhir_words(w->r, bfl_fhir_get(w->root, "method"));
    l->note = bfl_fhir_notes(w);
    l->source = w->source;
    return m.analyte ? OUTCOME_USED : OUTCOME_KEPT;
}
