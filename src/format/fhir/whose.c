/* SPDX-License-Identifier: Apache-2.0 */
/* Whose a line of NDJSON is. Every byte of the line is checked as JSON; a handful of members is looked at. */
#include "format/fhir/whose.h"

#include <string.h>

enum { LINE_DEPTH = 128, COPIES = 6 /* of any byte of a line, at most */ };

static bfl_status build(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    bfl_line_reader *r = BFL_NEW(arena, bfl_line_reader);
    r->arena = arena;
    *(bfl_line_reader **)context = r;
    return BFL_OK;
}

bfl_line_reader *bfl_line_reader_new(void) {
    bfl_line_reader *r = NULL;
    if (bfl_arena_build(build, &r, NULL)) return NULL;
    r->texts = bfl_arena_new();
    r->json = bfl_json_lines_new(LINE_DEPTH);
    if (r->texts && r->json) return r;
    bfl_line_reader_free(r);
    return NULL;
}

void bfl_line_reader_free(bfl_line_reader *reader) {
    if (!reader) return;
    bfl_json_lines_free(reader->json);
    bfl_arena_free(reader->texts);
    bfl_arena_free(reader->arena);
}

static bfl_status make_room(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    bfl_line_reader *r = context;
    r->room = bfl_arena_alloc(arena, r->room_size, COPIES);
    return BFL_OK;
}

bfl_status bfl_line_reader_begin(bfl_line_reader *r, bfl_text block, bfl_error *err) {
    if (r->room_size < block.size) {
        bfl_arena_reset(r->texts);
        r->room_size = block.size;
        bfl_status status = bfl_arena_run(r->texts, make_room, r, err);
        if (status) r->room_size = 0;
        if (status) return status;
    }
    if (bfl_json_lines_begin(r->json, block.data, block.size) == BFL_JSON_OK) return BFL_OK;
    return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
}

/* ---- texts ---- */

bfl_text bfl_line_string(bfl_line_reader *r, const bfl_json_part *part) {
    size_t size = 0;
    const char *text = bfl_json_part_string(part, r->free, &size);
    if (!text) return (bfl_text){"", 0};
    if (text == r->free) r->free += size;
    return bfl_text_trim((bfl_text){text, size});
}

bfl_json_part bfl_line_member(const bfl_line_reader *r, const bfl_json_part *object, const char *key) {
    const bfl_json_name wanted = {key, strlen(key)};
    bfl_json_part part;
    bfl_json_find(r->json, object, &wanted, 1, &part);
    return part;
}

static bool is(bfl_text text, const char *word) { return bfl_text_equal(text, bfl_text_of(word)); }

/* ---- references ---- */

/* "Type/id" at the end of a reference, without "/_history/1"; what stands before it in *before. Empty when there is none. */
static bfl_text last_two(bfl_text url, bfl_text *before) {
    size_t history = bfl_text_find_nocase(url, BFL_TEXT("/_history/"));
    if (history != SIZE_MAX) url.size = history;
    size_t at = url.size;
    int slashes = 0;
    for (; at > 0; at--)
        if (url.data[at - 1] == '/' && ++slashes == 2) break;
    *before = (bfl_text){url.data, at ? at - 1 : 0};
    return slashes ? (bfl_text){url.data + at, url.size - at} : (bfl_text){url.data, 0};
}

/* The id behind "Type/", false for another type. */
static bool id_of(bfl_text url, const char *type, bfl_text *id, bfl_text *server) {
    bfl_text before, last = last_two(url, &before), found = bfl_text_split(&last, '/');
    if (!is(found, type)) return false;
    *id = last;
    size_t scheme = bfl_text_find_nocase(before, BFL_TEXT("://"));
    *server = scheme == SIZE_MAX ? (bfl_text){"", 0} : (bfl_text){before.data + scheme + 3, before.size - scheme - 3};
    return true;
}

static bool strip(bfl_text *text, bfl_text prefix) {
    if (!bfl_text_starts(*text, prefix)) return false;
    *text = (bfl_text){text->data + prefix.size, text->size - prefix.size};
    return true;
}

static bfl_line_kind unsolved(bfl_line *line, const char *why) {
    line->why = why;
    return BFL_LINE_UNSOLVED;
}

/* A contained Patient has no id of its own outside the resource. */
static bfl_line_kind refer_to_contained(bfl_line_reader *r, bfl_line *line, bfl_text id) {
    bfl_json_part list = bfl_line_member(r, &r->line.root, "contained"), inner = {0};
    while (bfl_json_element(r->json, &list, &inner)) {
        bfl_json_part own = bfl_line_member(r, &inner, "id"), type = bfl_line_member(r, &inner, "resourceType");
        if (!bfl_text_equal(bfl_line_string(r, &own), id)) continue;
        if (!is(bfl_line_string(r, &type), "Patient")) return BFL_LINE_NOBODY;
        return unsolved(line, "its patient is contained in the resource and has no id of its own");
    }
    return unsolved(line, "it refers to a contained resource that is not there");
}

static bfl_line_kind refer(bfl_line_reader *r, bfl_line *line, const bfl_json_part *reference) {
    bfl_json_part part = bfl_line_member(r, reference, "reference"),
                  identifier = bfl_line_member(r, reference, "identifier");
    bfl_text text = bfl_line_string(r, &part);
    if (text.size == 0) {
        if (!reference->text || (!identifier.text && !part.text)) return BFL_LINE_NOBODY;
        return unsolved(line, "its patient is named by an identifier");
    }
    if (strip(&text, BFL_TEXT("#"))) return refer_to_contained(r, line, text);
    line->patient = text;
    if (strip(&line->patient, BFL_TEXT("urn:uuid:")) || strip(&line->patient, BFL_TEXT("urn:oid:")))
        return BFL_LINE_PATIENT;
    if (id_of(text, "Patient", &line->patient, &line->server) && line->patient.size) return BFL_LINE_PATIENT;
    line->patient = (bfl_text){"", 0};
    if (bfl_text_starts(text, BFL_TEXT("Patient?"))) return unsolved(line, "its patient is named by a search");
    return BFL_LINE_NOBODY; /* a Group, a Device, a Location */
}

/* ---- Bundles on one line ---- */

static bfl_line_kind of_bundle(bfl_line_reader *r, bfl_line *line) {
    bfl_json_part list = bfl_line_member(r, &r->line.root, "entry"), entry = {0};
    while (bfl_json_element(r->json, &list, &entry)) {
        bfl_json_part inner = bfl_line_member(r, &entry, "resource"), type = bfl_line_member(r, &inner, "resourceType");
        if (!is(bfl_line_string(r, &type), "Patient")) continue;
        if (line->patient.size) return unsolved(line, "a Bundle of several patients");
        bfl_json_part id = bfl_line_member(r, &inner, "id"), url = bfl_line_member(r, &entry, "fullUrl");
        line->patient = bfl_line_string(r, &id);
        if (line->patient.size) continue;
        line->patient = bfl_line_string(r, &url);
        if (!strip(&line->patient, BFL_TEXT("urn:uuid:")))
            (void)id_of(line->patient, "Patient", &line->patient, &line->server);
    }
    return line->patient.size ? BFL_LINE_PATIENT : unsolved(line, "a Bundle without a patient");
}

/* ---- one line ---- */

static bfl_line_kind read_line(bfl_line_reader *r, bfl_line *line) {
    enum { TYPE, ID, SUBJECT, PATIENT, MEDICATION, KEYS };
    static const bfl_json_name keys[KEYS] = {BFL_JSON_NAME("resourceType"), BFL_JSON_NAME("id"),
                                             BFL_JSON_NAME("subject"), BFL_JSON_NAME("patient"),
                                             BFL_JSON_NAME("medicationReference")};
    bfl_json_part parts[KEYS];
    bfl_json_find(r->json, &r->line.root, keys, KEYS, parts);
    line->type = bfl_line_string(r, &parts[TYPE]);
    line->id = bfl_line_string(r, &parts[ID]);
    if (line->type.size == 0) return BFL_LINE_OTHER;
    if (is(line->type, "Bundle")) return of_bundle(r, line);
    if (is(line->type, "Patient")) {
        line->patient = line->id;
        return line->id.size ? BFL_LINE_PATIENT : unsolved(line, "a Patient without an id");
    }
    if (is(line->type, "Medication")) line->medication = line->id;
    if (parts[MEDICATION].text) {
        bfl_json_part part = bfl_line_member(r, &parts[MEDICATION], "reference");
        bfl_text text = bfl_line_string(r, &part), server;
        if (!id_of(text, "Medication", &line->medication, &server) && strip(&text, BFL_TEXT("urn:uuid:")))
            line->medication = text;
    }
    return refer(r, line, parts[SUBJECT].text ? &parts[SUBJECT] : &parts[PATIENT]);
}

bool bfl_line_reader_next(bfl_line_reader *r, bfl_line *line) {
    if (!bfl_json_lines_next(r->json, &r->line)) return false;
    const bfl_text none = {"", 0};
    *line = (bfl_line){BFL_LINE_BLANK, {r->line.text, r->line.size}, none, none, none, none, none, ""};
    r->free = r->room;
    if (r->line.status != BFL_JSON_OK) {
        line->kind = BFL_LINE_BROKEN;
        line->why = r->line.why;
    } else if (!r->line.blank) {
        line->kind = read_line(r, line);
    }
    return true;
}
