/* SPDX-License-Identifier: Apache-2.0 */
/* Search: one patient's resources of a type by code and date, or the patients. A parameter that is not known is refused: a filter
 * that is silently not applied gives more than was asked for. */
#include "serve/fhir/fhir.h"
#include "serve/record/record.h"
#include "serve/server.h"

#include <string.h>

enum { USUAL_COUNT = 100, MOST_COUNT = 1000, MOST_CODES = 64, DATE_SIZE = 11 };

/* A date as far as it is known, as the first and last day that it can mean: they compare as texts. */
typedef struct span {
    char first[DATE_SIZE], last[DATE_SIZE];
} span;

typedef struct search {
    serve_call *call;
    const char *type, *patient, *id;
    const char *whose;          /* key; NULL: of everybody */
    bfl_text codes[MOST_CODES]; /* "system|code" or "code": any of them */
    size_t code_count;
    uint64_t count, offset;
    serve_json out;
    uint64_t matched;
} search;

/* ---- what is asked ---- */

static bool refuse(serve_call *call, const char *text) {
    serve_fhir_refuse(call, 400, "invalid", text);
    return false;
}

/* "2019-04-04T10:00:00Z" -> 2019-04-04 .. 2019-04-04; "2019" -> 2019-01-01 .. 2019-12-31. */
static bool read_span(const char *text, span *out) {
    static const char first[] = "0000-01-01", last[] = "0000-12-31", form[] = "dddd-dd-dd";
    size_t size = strcspn(text, "T");
    if (size != 4 && size != 7 && size != 10) return false;
    for (size_t i = 0; i < size; i++)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return false;
    memcpy(out->first, first, sizeof out->first);
    memcpy(out->last, last, sizeof out->last);
    memcpy(out->first, text, size);
    memcpy(out->last, text, size);
    return true;
}

static bool is_prefix(const char *value) {
    static const char *const prefixes[] = {"eq", "ge", "gt", "le", "lt"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(value, prefixes[i], 2) == 0) return true;
    return false;
}

static bool read_codes(search *s, const char *value) {
    for (const char *at = value; *at; at += *at == ',') {
        size_t size = strcspn(at, ",");
        if (s->code_count == MOST_CODES) return refuse(s->call, "too many codes");
        s->codes[s->code_count++] = (bfl_text){at, size};
        at += size;
    }
    return true;
}

static bool read_page(search *s, const serve_pair *p) {
    if (strcmp(p->name, "_count") == 0)
        return serve_parse_whole(p->value, MOST_COUNT, &s->count) || refuse(s->call, "_count must be 0 to 1000");
    return serve_parse_whole(p->value, UINT32_MAX, &s->offset) || refuse(s->call, "_offset must be a whole number");
}

static bool is_named(const serve_pair *p, const char *a, const char *b) {
    return strcmp(p->name, a) == 0 || strcmp(p->name, b) == 0;
}

static bool read_parameter(search *s, const serve_pair *p) {
    span ignored;
    bool patients = strcmp(s->type, "Patient") == 0;
    if (is_named(p, "_count", "_offset")) return read_page(s, p);
    if (strcmp(p->name, "_id") == 0) s->id = p->value;
    if (is_named(p, "_id", "_format")) return true;
    if (!patients && strcmp(p->name, "code") == 0) return read_codes(s, p->value);
    if (!patients && is_named(p, "patient", "subject")) {
        s->patient = strncmp(p->value, "Patient/", 8) == 0 ? p->value + 8 : p->value;
        return true;
    }
    if (!patients && strcmp(p->name, "date") == 0)
        return read_span(is_prefix(p->value) ? p->value + 2 : p->value, &ignored) ||
               refuse(s->call, "date must be such as ge2019-04-04 or 2019");
    return refuse(s->call, serve_pool_printf(s->call->pool, "the search parameter %s is not known", p->name));
}

static bool read_search(search *s) {
    const serve_target *t = &s->call->target;
    s->count = USUAL_COUNT;
    if (!serve_fhir_is_type(s->type)) {
        serve_fhir_refuse(s->call, 404, "not-supported", "resources of this type are not kept here");
        return false;
    }
    for (size_t i = 0; i < t->query_count; i++)
        if (!read_parameter(s, &t->query[i])) return false;
    if (s->patient || s->id || strcmp(s->type, "Patient") == 0) return true;
    return refuse(s->call, "say whose: patient=ID");
}

/* ---- what fits ---- */

static bool code_fits(const search *s, const json_t *coding) {
    const char *system = json_string_value(json_object_get(coding, "system"));
    const char *code = json_string_value(json_object_get(coding, "code"));
    for (size_t i = 0; code && i < s->code_count; i++) {
        const bfl_text asked = s->codes[i];
        const char *bar = memchr(asked.data, '|', asked.size);
        size_t before = bar ? (size_t)(bar - asked.data) : 0;
        bfl_text value = bar ? (bfl_text){bar + 1, asked.size - before - 1} : asked;
        bool right_system = !bar || bfl_text_equal((bfl_text){asked.data, before}, bfl_text_of(system));
        if (right_system && (value.size == 0 || bfl_text_equal(value, bfl_text_of(code)))) return true;
    }
    return false;
}

static bool codes_fit(const search *s, const json_t *resource) {
    static const char *const members[] = {"code", "medicationCodeableConcept", NULL};
    for (const char *const *m = members; *m && s->code_count; m++) {
        const json_t *codings = json_object_get(json_object_get(resource, *m), "coding");
        for (size_t i = 0; i < json_array_size(codings); i++)
            if (code_fits(s, json_array_get(codings, i))) return true;
    }
    return s->code_count == 0;
}

static const char *date_of(const json_t *resource) {
    static const char *const members[] = {
        "effectiveDateTime", "performedDateTime", "onsetDateTime", "recordedDate", "authoredOn",
        "started",           "recorded",          "issued",        "date",         NULL};
    static const char *const periods[] = {"effectivePeriod", "performedPeriod", NULL};
    for (const char *const *m = members; *m; m++)
        if (json_is_string(json_object_get(resource, *m))) return json_string_value(json_object_get(resource, *m));
    for (const char *const *m = periods; *m; m++) {
        const json_t *start = json_object_get(json_object_get(resource, *m), "start");
        if (json_is_string(start)) return json_string_value(start);
    }
    return NULL;
}

static bool date_fits(const char *asked, const span *d) {
    span q;
    bool prefix = is_prefix(asked);
    if (!read_span(prefix ? asked + 2 : asked, &q)) return false;
    if (!prefix || strncmp(asked, "eq", 2) == 0) return strcmp(d->first, q.first) >= 0 && strcmp(d->last, q.last) <= 0;
    if (strncmp(asked, "ge", 2) == 0) return strcmp(d->last, q.first) >= 0;
    if (strncmp(asked, "gt", 2) == 0) return strcmp(d->last, q.last) > 0;
    if (strncmp(asked, "le", 2) == 0) return strcmp(d->first, q.last) <= 0;
    return strcmp(d->first, q.first) < 0;
}

static bool dates_fit(const search *s, const json_t *resource) {
    const serve_target *t = &s->call->target;
    span d;
    const char *date = date_of(resource);
    bool known = date && read_span(date, &d);
    for (size_t i = 0; i < t->query_count; i++)
        if (strcmp(t->query[i].name, "date") == 0 && (!known || !date_fits(t->query[i].value, &d))) return false;
    return true;
}

static bool fits(const search *s, const serve_fhir_line *line) {
    if (!bfl_text_equal(line->type, bfl_text_of(s->type))) return false;
    if (s->id && !bfl_text_equal(line->id, bfl_text_of(s->id))) return false;
    if (!s->code_count && !serve_query(s->call, "date")) return true;
    json_t *resource = json_loadb(line->json.data, line->json.size, 0, NULL);
    bool good = resource && codes_fit(s, resource) && dates_fit(s, resource);
    json_decref(resource);
    return good;
}

/* ---- the Bundle ---- */

static void put_match(search *s, const serve_fhir_line *line) {
    uint64_t number = s->matched++;
    if (number < s->offset || number - s->offset >= s->count) return;
    serve_json_open(&s->out, NULL, "{");
    serve_json_text(&s->out, "fullUrl",
                    serve_pool_printf(s->call->pool, "%s/fhir/%s/%.*s", s->call->server->base, s->type,
                                      (int)line->id.size, line->id.data));
    serve_json_raw(&s->out, "resource", line->json);
    serve_json_open(&s->out, "search", "{");
    serve_json_text(&s->out, "mode", "match");
    serve_json_close(&s->out, "}");
    serve_json_close(&s->out, "}");
}

static bool put_patient_lines(search *s, const char *key) {
    serve_fhir_line line;
    bfl_text rest;
    if (!serve_fhir_lines(s->call, key, &rest)) return false;
    while (serve_fhir_next(&rest, &line))
        if (fits(s, &line)) put_match(s, &line);
    return true;
}

/* Each in a pool of its own would be leaner; a page has at most as many as are asked for. */
static bool put_patients(search *s) {
    store_list_want want = {.sort = STORE_SORT_ID, .limit = MOST_COUNT};
    bool good = true, more = true;
    while (good && more) {
        store_patients *page = NULL;
        bfl_error err = {0};
        bfl_status status = store_patient_list(s->call->server->store, &want, &page, &err);
        if (status) {
            serve_failed(s->call, status, &err);
            return false;
        }
        (void)serve_keep(s->call, page);
        for (size_t i = 0; i < page->count && good; i++) {
            bool shown = s->matched >= s->offset && s->matched - s->offset < s->count;
            if (shown)
                good = put_patient_lines(s, page->items[i].key);
            else
                s->matched++;
        }
        more = page->more && page->count;
        if (more) want.after = page->items[page->count - 1].key;
    }
    return good;
}

/* Keys only stand in it: no link holds an id or a name of the record. */
static const char *link_to(const search *s, uint64_t offset) {
    const serve_target *t = &s->call->target;
    serve_buf url = {.pool = s->call->pool};
    serve_buf_printf(&url, "%s/fhir/%s?_offset=%llu&_count=%llu", s->call->server->base, s->type,
                     (unsigned long long)offset, (unsigned long long)s->count);
    for (size_t i = 0; i < t->query_count; i++) {
        if (t->query[i].name[0] == '_' && strcmp(t->query[i].name, "_id") != 0) continue;
        serve_buf_printf(&url, "&%s=", t->query[i].name);
        for (const char *p = t->query[i].value; *p; p++)
            serve_buf_printf(&url, strchr("&#%+|, /?", *p) ? "%%%02X" : "%c", (unsigned char)*p);
    }
    return serve_buf_text(&url).data;
}

static void put_link(search *s, const char *relation, uint64_t offset) {
    serve_json_open(&s->out, NULL, "{");
    serve_json_text(&s->out, "relation", relation);
    serve_json_text(&s->out, "url", link_to(s, offset));
    serve_json_close(&s->out, "}");
}

static bool put_entries(search *s) {
    const char *whose = s->patient; /* "KEY.observation-1" is of KEY */
    if (!whose && s->id) whose = serve_pool_text(s->call->pool, (bfl_text){s->id, strcspn(s->id, ".")});
    s->whose = whose;
    if (!whose) return put_patients(s);
    if (strlen(whose) == STORE_KEY_SIZE - 1 && put_patient_lines(s, whose)) return true;
    if (s->call->status && s->call->status != 404) return false; /* nobody of that key: nothing is found */
    s->call->status = 0;
    return true;
}

void serve_fhir_search(serve_call *call) {
    search s = {.call = call, .type = call->keys[0], .out = serve_json_in(call->pool)};
    if (!read_search(&s)) return;
    serve_json_open(&s.out, NULL, "{");
    serve_json_text(&s.out, "resourceType", "Bundle");
    serve_json_text(&s.out, "type", "searchset");
    serve_json_open(&s.out, "entry", "[");
    if (!put_entries(&s)) return;
    if (s.whose && s.matched)
        serve_reads(call, "patient.fhir", s.whose);
    else
        serve_reads(call, "patients.list", "");
    serve_json_close(&s.out, "]");
    serve_json_whole(&s.out, "total", (int64_t)s.matched);
    serve_json_open(&s.out, "link", "[");
    put_link(&s, "self", s.offset);
    if (s.count && s.offset + s.count < s.matched) put_link(&s, "next", s.offset + s.count);
    serve_json_close(&s.out, "]");
    serve_json_close(&s.out, "}");
    serve_reply(call, 200, SERVE_FHIR_JSON, serve_buf_text(&s.out.out));
}
