/* SPDX-License-Identifier: Apache-2.0 */
/* A Bundle: its resources under ids that depend on nothing but what they say, so that writing twice gives the same bytes. */
#include "format/fhir/write.h"

#include <sodium.h>
#include <string.h>

/* ---- ids ---- */

const char *bfl_fhir_uuid(bfl_arena *arena, const char *text) {
    unsigned char h[crypto_hash_sha256_BYTES];
    char z[37], *out = z;
    (void)crypto_hash_sha256(h, (const unsigned char *)text, strlen(text));
    h[6] = (unsigned char)((h[6] & 0x0F) | 0x80);
    h[8] = (unsigned char)((h[8] & 0x3F) | 0x80);
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
        *out++ = "0123456789abcdef"[h[i] >> 4];
        *out++ = "0123456789abcdef"[h[i] & 15];
    }
    *out = '\0';
    return bfl_arena_text(arena, bfl_text_of(z));
}

/* Two resources that say the same are told apart by their number. */
static const char *id_of(bfl_fhir_bundle *b, const char *key) {
    const char *patient = b->record ? b->record->patient.id : "*";
    const char *text = bfl_arena_printf(b->arena, "%s\n%s\n%s\n%s", patient, b->type, b->profile ? b->profile : "",
                                        key ? key : bfl_buf_z(&b->body));
    const char *id = bfl_fhir_uuid(b->arena, text);
    const char *server = b->options.patient_id && b->options.patient_id[0] ? b->options.patient_id : NULL;
    if (server && strcmp(b->type, "Patient") == 0) return server;
    uintptr_t *count = (uintptr_t *)&bfl_names_add(&b->contents, bfl_text_of(id))->value;
    if (++*count > 1) id = bfl_fhir_uuid(b->arena, bfl_arena_printf(b->arena, "%s\n%u", text, (unsigned)*count));
    return server ? bfl_arena_printf(b->arena, "%s.%s", server, id) : id;
}

/* ---- the Bundle ---- */

bfl_fhir_bundle *bfl_fhir_bundle_open(bfl_arena *arena, bfl_buf *out, const bfl_record *record,
                                      const bfl_fhir_options *options) {
    bfl_fhir_bundle *b = BFL_NEW(arena, bfl_fhir_bundle);
    b->arena = arena;
    b->record = record;
    if (options) b->options = *options;
    b->out = (bfl_json_writer){.out = out};
    b->lesions = b->contents = (names){.arena = arena, .scratch = arena};
    b->patient_url = b->cancer_url = "";
    b->body.arena = arena;
    if (b->options.bundle == BFL_FHIR_LINES) return b;
    bfl_json_open(&b->out, NULL, "{");
    bfl_json_text(&b->out, "resourceType", "Bundle");
    bfl_json_text(&b->out, "type", b->options.bundle == BFL_FHIR_TRANSACTION ? "transaction" : "collection");
    bfl_json_open(&b->out, "entry", "[");
    return b;
}

void bfl_fhir_bundle_close(bfl_fhir_bundle *b) {
    if (b->options.bundle == BFL_FHIR_LINES) return;
    bfl_json_close(&b->out, "]");
    bfl_json_close(&b->out, "}");
    bfl_buf_add(b->out.out, "\n");
}

/* ---- one resource ---- */

bfl_json_writer *bfl_fhir_resource_open(bfl_fhir_bundle *b, const char *type, const char *profile, bool derived) {
    b->type = type;
    b->profile = profile;
    b->derived = derived;
    b->source = (bfl_source){0};
    b->body.size = 0;
    b->member = (bfl_json_writer){.out = &b->body};
    return &b->member;
}

bfl_json_writer *bfl_fhir_event_open(bfl_fhir_bundle *b, const char *type, const char *profile, bfl_source source) {
    bfl_json_writer *w = bfl_fhir_resource_open(b, type, profile, false);
    b->source = source;
    return w;
}

/* "labs.csv#12": a URI has no spaces and no control characters. */
static const char *source_uri(bfl_arena *arena, bfl_source source) {
    bfl_buf buf = {.arena = arena};
    for (const char *p = source.file; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c > 0x20 && c < 0x7F && !strchr("\"<>\\^`{|}%#", c))
            bfl_buf_addf(&buf, "%c", *p);
        else
            bfl_buf_addf(&buf, "%%%02X", c);
    }
    bfl_buf_addf(&buf, "#%u", source.row);
    return bfl_buf_z(&buf);
}

static void put_meta(bfl_fhir_bundle *b) {
    bfl_json_writer *w = &b->out;
    bool sourced = b->source.file && b->source.file[0];
    if (!b->profile && !b->derived && !sourced) return;
    bfl_json_open(w, "meta", "{");
    if (sourced) bfl_json_text(w, "source", source_uri(b->arena, b->source));
    if (b->profile) {
        bfl_json_open(w, "profile", "[");
        bfl_json_text(w, NULL, bfl_arena_printf(b->arena, BFL_FHIR_MCODE "%s", b->profile));
        bfl_json_close(w, "]");
    }
    if (b->derived) {
        bfl_json_open(w, "tag", "[");
        bfl_fhir_put_coding(w, BFL_FHIR_OWN_SYSTEM "tag", "derived", "");
        bfl_json_close(w, "]");
    }
    bfl_json_close(w, "}");
}

static void put_resource(bfl_fhir_bundle *b, const char *id) {
    bfl_json_writer *w = &b->out;
    bfl_json_text(w, "resourceType", b->type);
    bfl_json_text(w, "id", id);
    put_meta(b);
    if (b->body.size) {
        bfl_json_key(w, NULL);
        bfl_buf_add_text(w->out, (bfl_text){b->body.data, b->body.size});
    }
    bfl_json_close(w, "}");
}

static const char *close_line(bfl_fhir_bundle *b, const char *id) {
    b->out.comma = false;
    bfl_json_open(&b->out, NULL, "{");
    put_resource(b, id);
    bfl_buf_add(b->out.out, "\n");
    return bfl_arena_printf(b->arena, "%s/%s", b->type, id);
}

const char *bfl_fhir_resource_close(bfl_fhir_bundle *b, const char *key) {
    bfl_json_writer *w = &b->out;
    const char *id = id_of(b, key);
    if (b->options.bundle == BFL_FHIR_LINES) return close_line(b, id);
    const char *url = bfl_arena_printf(b->arena, "urn:uuid:%s", id);
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "fullUrl", url);
    bfl_json_open(w, "resource", "{");
    put_resource(b, id);
    if (b->options.bundle == BFL_FHIR_TRANSACTION) {
        bfl_json_open(w, "request", "{");
        bfl_json_text(w, "method", "PUT");
        bfl_json_text(w, "url", bfl_arena_printf(b->arena, "%s/%s", b->type, id));
        bfl_json_close(w, "}");
    }
    bfl_json_close(w, "}");
    return url;
}

/* ---- what was put ---- */

const char *bfl_fhir_patient_url(const bfl_fhir_bundle *b) { return b->patient_url; }
const char *bfl_fhir_cancer_url(const bfl_fhir_bundle *b) { return b->cancer_url; }
const char *bfl_fhir_event_url(const bfl_fhir_bundle *b, bfl_event_ref event) {
    return b->event_urls[event.kind][event.index];
}

void bfl_fhir_put_subject(const bfl_fhir_bundle *b, bfl_json_writer *w, const char *key) {
    if (b->patient_url[0]) bfl_fhir_put_reference(w, key, b->patient_url);
}

bool bfl_fhir_event_is_observation(const bfl_fhir_bundle *b, bfl_event_ref event) {
    if (event.kind == BFL_EVENT_CLINICAL) return !bfl_fhir_is_diagnosis(&b->record->clinicals[event.index]);
    return event.kind != BFL_EVENT_THERAPY;
}

static bool is_civil(bfl_date d) { return d.precision != BFL_DATE_NONE && d.precision != BFL_DATE_RELATIVE; }

fhir_time bfl_fhir_time_of(const bfl_fhir_bundle *b, const bfl_date *written, size_t index, bfl_when when) {
    fhir_time time = {.date = BFL_NO_DATE, .counted = BFL_NO_DATE};
    if (written && (is_civil(written[index]) || !when.known)) {
        time.date = written[index];
        return time;
    }
    time.date = bfl_fhir_date_of(b->record, when);
    if (written) time.counted = written[index];
    return time;
}

void bfl_fhir_put_source(bfl_json_writer *w, bfl_source source) {
    bfl_fhir_put_extension(w, BFL_FHIR_OWN_EXTENSION "source", "valueString", source.stated);
}

void bfl_fhir_put_note(bfl_json_writer *w, const char *text) {
    if (!text[0]) return;
    bfl_json_open(w, "note", "[");
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "text", text);
    bfl_json_close(w, "}");
    bfl_json_close(w, "]");
}

void bfl_fhir_put_record(bfl_fhir_bundle *b, const bfl_as_written *written) {
    const bfl_record *r = b->record;
    const size_t counts[FHIR_EVENT_KINDS] = {[BFL_EVENT_THERAPY] = r->therapy_count,
                                             [BFL_EVENT_LESION] = r->lesion_count,
                                             [BFL_EVENT_LAB] = r->lab_count,
                                             [BFL_EVENT_CLINICAL] = r->clinical_count,
                                             [BFL_EVENT_MOLECULAR] = r->molecular_count,
                                             [BFL_EVENT_PATHOLOGY] = r->pathology_count,
                                             [BFL_EVENT_NOTE] = r->note_count};
    b->written = written;
    for (size_t k = 0; k < FHIR_EVENT_KINDS; k++) b->event_urls[k] = BFL_NEW_ARRAY(b->arena, counts[k], const char *);
    bfl_fhir_put_patient(b);
    bfl_fhir_put_therapies(b);
    bfl_fhir_put_lesions(b);
    bfl_fhir_put_labs(b);
    bfl_fhir_put_told(b);
}
