/* SPDX-License-Identifier: Apache-2.0 */
/* Data types of FHIR: CodeableConcept, choice, dateTime, decimal, Quantity, Extension. */
#include "format/fhir/read.h"

#include <string.h>

/* ---- codes ---- */

/* "http://loinc.org/" and "https://loinc.org" are met too. */
static bool same_system(const char *a, const char *b) {
    if (strcmp(a, b) == 0) return true;
    bfl_text x = bfl_text_of(a), y = bfl_text_of(b);
    if (bfl_text_starts(x, BFL_TEXT("https://"))) x = (bfl_text){x.data + 8, x.size - 8};
    if (bfl_text_starts(x, BFL_TEXT("http://"))) x = (bfl_text){x.data + 7, x.size - 7};
    if (bfl_text_starts(y, BFL_TEXT("https://"))) y = (bfl_text){y.data + 8, y.size - 8};
    if (bfl_text_starts(y, BFL_TEXT("http://"))) y = (bfl_text){y.data + 7, y.size - 7};
    if (x.size && x.data[x.size - 1] == '/') x.size--;
    return bfl_text_equal(x, y);
}

const char *bfl_fhir_code(const node *concept, const char *system) {
    const node *coding = bfl_fhir_first(bfl_fhir_get(concept, "coding"));
    if (!coding && bfl_fhir_get(concept, "code")) coding = concept;
    for (; coding; coding = coding == concept ? NULL : coding->next)
        if (same_system(bfl_fhir_string(bfl_fhir_get(coding, "system")), system)) {
            const char *code = bfl_fhir_string(bfl_fhir_get(coding, "code"));
            if (code[0]) return code;
        }
    return "";
}

const char *bfl_fhir_words(reader *r, const node *concept) {
    const char *text = bfl_fhir_string(bfl_fhir_get(concept, "text"));
    if (text[0]) return bfl_fhir_keep(r, text);
    const char *code = "";
    for (const node *c = bfl_fhir_first(bfl_fhir_get(concept, "coding")); c; c = c->next) {
        const char *display = bfl_fhir_string(bfl_fhir_get(c, "display"));
        if (display[0]) return bfl_fhir_keep(r, display);
        if (!code[0]) code = bfl_fhir_string(bfl_fhir_get(c, "code"));
    }
    if (!code[0]) code = bfl_fhir_string(bfl_fhir_get(concept, "display"));
    if (!code[0]) code = bfl_fhir_string(bfl_fhir_get(concept, "code"));
    return bfl_fhir_keep(r, code);
}

/* ---- choices ---- */

const node *bfl_fhir_choice(resource *w, const node *object, const char *stem, const char **kind, bool *twice) {
    const node *found = NULL;
    size_t length = strlen(stem);
    *kind = "";
    *twice = false;
    for (const node *n = object && object->type == BFL_JSON_OBJECT ? bfl_json_child(object) : NULL; n; n = n->next) {
        if (n->key_first != (unsigned char)stem[0] || strncmp(n->key, stem, length) != 0 || n->key[length] < 'A' ||
            n->key[length] > 'Z')
            continue;
        if (found) {
            bfl_fhir_issue(w, FHIR_VALUE_TWICE, bfl_fhir_keep(w->r, n->key),
                           bfl_arena_printf(w->r->arena, "%s and %s", bfl_fhir_keep(w->r, found->key),
                                            bfl_fhir_keep(w->r, n->key)),
                           bfl_arena_printf(w->r->arena, "one %s[x]", stem));
            *twice = true;
            return NULL;
        }
        found = n;
        *kind = n->key + length;
    }
    return found;
}

/* ---- dates ---- */

static bool all_digits(const char *z, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (z[i] < '0' || z[i] > '9') return false;
    return true;
}

/* What stands behind the pattern, in which 0 is any digit; NULL when the text does not begin so. */
static const char *behind(const char *z, const char *pattern) {
    for (; *pattern; z++, pattern++)
        if (*pattern == '0' ? !all_digits(z, 1) : *z != *pattern) return NULL;
    return z;
}

/* "T10:30", "T10:30:00.5Z", "T10:30:00+09:00": the day written is the civil day where it was recorded. */
static bool time_is_well_formed(const char *z) {
    z = behind(z, "T00:00");
    if (!z) return false;
    const char *seconds = behind(z, ":00");
    if (seconds) z = seconds;
    if (*z == '.')
        for (z++; all_digits(z, 1);) z++;
    if (*z == '\0' || strcmp(z, "Z") == 0) return true;
    const char *zone = *z == '-' ? behind(z, "-00:00") : behind(z, "+00:00");
    return zone && *zone == '\0';
}

bool bfl_fhir_is_instant(const char *text) {
    bfl_date day;
    const char *time = behind(text, "0000-00-00"), *seconds = time ? behind(time, "T00:00:00") : NULL;
    size_t length = strlen(text);
    bool zone = length && (text[length - 1] == 'Z' || (length > 6 && strchr("+-", text[length - 6])));
    return seconds && zone && time_is_well_formed(time) &&
           bfl_date_parse((bfl_text){text, strlen("0000-00-00")}, &day, NULL) == BFL_OK;
}

static bool parse_date(const char *z, bfl_date *out) {
    size_t length = strlen(z);
    if (length < 4 || !all_digits(z, 4)) return false;
    if (length > 10 && !time_is_well_formed(z + 10)) return false;
    return bfl_date_parse((bfl_text){z, length > 10 ? 10 : length}, out, NULL) == BFL_OK;
}

/* The own extension "study-day" of a date that the source only counts: "d41", "d56..d90". */
static bool relative_date(const node *object, const char *key, bfl_date *out) {
    char shadow[64] = "_";
    if (strlen(key) + 2 > sizeof shadow) return false;
    memcpy(shadow + 1, key, strlen(key) + 1);
    const node *extension = bfl_fhir_extension(bfl_fhir_get(object, shadow), OWN_EXTENSION "study-day");
    const char *text = bfl_fhir_string(bfl_fhir_get(extension, "valueString"));
    return text[0] && bfl_date_parse(bfl_text_of(text), out, NULL) == BFL_OK;
}

bfl_date bfl_fhir_date(resource *w, const node *object, const char *key) {
    bfl_date date = BFL_NO_DATE;
    const node *n = bfl_fhir_get(object, key);
    if (relative_date(object, key, &date)) return date; /* beside a civil date: the source counted days */
    if (!n) return BFL_NO_DATE;
    if (n->type == BFL_JSON_STRING && parse_date(n->text, &date)) return date;
    bfl_fhir_issue(w, FHIR_DATE, key, bfl_issue_quote(w->r->arena, bfl_text_of(n->text)),
                   "a date such as 2019-04-04, 2019-04, 2019 or 2019-04-04T10:30:00+09:00");
    return BFL_DATE_REPORTED;
}

static bool has_date(const node *object, const char *key) {
    bfl_date ignored;
    return bfl_fhir_get(object, key) || relative_date(object, key, &ignored);
}

bfl_date bfl_fhir_time(resource *w, const char *stem, bfl_date *end) {
    bool twice;
    const char *kind;
    char key[32];
    *end = BFL_NO_DATE;
    const node *n = bfl_fhir_choice(w, w->root, stem, &kind, &twice);
    if (twice) return BFL_DATE_REPORTED;
    size_t length = strlen(stem);
    memcpy(key, stem, length);
    memcpy(key + length, "DateTime", sizeof "DateTime");
    if (has_date(w->root, key)) return bfl_fhir_date(w, w->root, key);
    if (n && strcmp(kind, "Instant") == 0) return bfl_fhir_date(w, w->root, n->key);
    if (n && strcmp(kind, "Period") == 0) {
        *end = bfl_fhir_date(w, n, "end");
        return has_date(n, "start") ? bfl_fhir_date(w, n, "start") : *end;
    }
    if (n && strcmp(kind, "Timing") == 0) {
        bfl_date date;
        const char *event = bfl_fhir_string(bfl_fhir_first(bfl_fhir_get(n, "event")));
        if (parse_date(event, &date)) return date;
    }
    return BFL_NO_DATE;
}

/* ---- numbers ---- */

/* FHIR asks readers to keep the digits as written; a decimal here holds 18, so the digits behind them are cut off. */
static bool parse_long(resource *w, const char *text, const char *path, bfl_decimal *out) {
    char cut[64];
    size_t size = 0, digits = 0;
    bool point = false;
    for (; strchr("+-.0123456789", *text) && *text && size + 1 < sizeof cut; text++) {
        bool digit = all_digits(text, 1), beyond = digit && digits >= 18;
        point = point || *text == '.';
        if (beyond && !point) return false;
        if (!beyond) cut[size++] = *text;
        digits += digit && (digits > 0 || *text != '0');
    }
    cut[size] = '\0';
    if (*text || bfl_decimal_parse(bfl_text_of(cut), out, NULL) != BFL_OK) return false;
    bfl_fhir_issue_once(w, FHIR_PRECISION, "precision", path, "more than 18 digits", "at most 18 digits");
    return true;
}

bool bfl_fhir_number(resource *w, const node *n, const char *path, bfl_decimal *out) {
    if (n && n->type == BFL_JSON_NUMBER) {
        bfl_status status = bfl_decimal_parse(bfl_text_of(n->text), out, NULL);
        if (status == BFL_OK || (status == BFL_ELIMIT && parse_long(w, n->text, path, out))) return true;
    }
    bfl_fhir_issue(w, FHIR_TYPE, path,
                   n && n->text[0] ? bfl_issue_quote(w->r->arena, bfl_text_of(n->text)) : "no number", "a JSON number");
    return false;
}

static bool unit_is(const char *code, const char *unit, const char *list) {
    return bfl_fhir_among(code, list) || (!code[0] && bfl_fhir_among(unit, list));
}

bfl_maybe bfl_fhir_millimetres(resource *w, const node *quantity, const char *path) {
    bfl_decimal value;
    const char *code = bfl_fhir_string(bfl_fhir_get(quantity, "code"));
    const char *unit = bfl_fhir_string(bfl_fhir_get(quantity, "unit"));
    if (!bfl_fhir_number(w, bfl_fhir_get(quantity, "value"), path, &value)) return (bfl_maybe){0};
    if (unit_is(code, unit, "mm millimeter millimeters millimetre millimetres")) return bfl_some(value);
    if (unit_is(code, unit, "cm centimeter centimeters centimetre centimetres")) {
        bfl_fhir_issue_once(w, FHIR_UNIT_CONVERTED, "size cm", path, "tumour sizes in cm", "mm; 1 cm = 10 mm");
        return bfl_some(bfl_decimal_multiply(value, bfl_decimal_of(10)));
    }
    bfl_fhir_issue(w, FHIR_UNIT, path,
                   bfl_issue_quote(w->r->arena, bfl_text_of(code[0]   ? code
                                                            : unit[0] ? unit
                                                                      : "no unit")),
                   "mm or cm");
    return (bfl_maybe){0};
}

/* ---- extensions and texts ---- */

const node *bfl_fhir_extension(const node *object, const char *url) {
    for (const node *e = bfl_fhir_first(bfl_fhir_get(object, "extension")); e; e = e->next)
        if (strcmp(bfl_fhir_string(bfl_fhir_get(e, "url")), url) == 0) return e;
    return NULL;
}

const char *bfl_fhir_extension_text(resource *w, const node *object, const char *url) {
    const node *e = bfl_fhir_extension(object, url);
    const char *text = bfl_fhir_string(bfl_fhir_get(e, "valueString"));
    if (!text[0]) text = bfl_fhir_string(bfl_fhir_get(e, "valueCode"));
    return text[0] ? bfl_fhir_keep(w->r, text) : "";
}

const char *bfl_fhir_notes(resource *w) {
    bfl_buf buf = {.arena = w->r->scratch};
    for (const node *n = bfl_fhir_objects(w, w->root, "note"); n; n = n->next) {
        if (buf.size) bfl_buf_add(&buf, "; ");
        bfl_buf_add(&buf, bfl_fhir_string(bfl_fhir_get(n, "text")));
    }
    return buf.size ? bfl_fhir_keep(w->r, bfl_buf_z(&buf)) : "";
}

const char *bfl_fhir_stated(resource *w) {
    const char *own = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "source");
    return own[0] ? own : w->reference;
}
