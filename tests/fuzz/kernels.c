/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With and without SIMD: the same bytes give the same answer by simdjson's best kernel and by its fallback, as lines, as a stream of
 * patients at another size of read, and as FHIR read whole. And a line that the tree reader takes is a line that the line reader
 * takes; the other way round but for numbers that no double holds.
 */
#include "fuzz.h"

#include "format/fhir/fhir.h"

#include <simdjson/line_json.h>
#include <simdjson/tree_json.h>

enum { DEPTH = 128 };

static uint64_t mix(uint64_t h, uint64_t value) { return (h ^ value) * 0x100000001b3u; }
static uint64_t mix_text(uint64_t h, bfl_text text) { return mix(mix(h, text.size), bfl_stable_hash(text)); }

/* ---- lines ---- */

static void check_part(const bfl_json_lines *lines, const bfl_json_part *part, char *buffer) {
    static const bfl_json_name names[] = {BFL_JSON_NAME("a"), BFL_JSON_NAME("resourceType"), BFL_JSON_NAME("subject")};
    bfl_json_part parts[3], each = {0};
    size_t size;
    PROMISE(part->size > 0);
    bfl_json_find(lines, part, names, 3, parts);
    while (bfl_json_element(lines, part, &each))
        PROMISE(each.text >= part->text && each.text + each.size <= part->text + part->size);
    const char *text = bfl_json_part_string(part, buffer, &size);
    PROMISE(!text || (size <= part->size && bfl_utf8_valid((bfl_text){text, size}, NULL)));
}

/* No long run of digits and no exponent: every number fits, and then both readers must agree. */
static bool plain_numbers(bfl_text line) {
    size_t digits = 0;
    for (size_t i = 0; i < line.size; i++) {
        bool exponent = digits && (line.data[i] == 'e' || line.data[i] == 'E');
        digits = line.data[i] >= '0' && line.data[i] <= '9' ? digits + 1 : 0;
        if (exponent || digits > 17) return false;
    }
    return true;
}

static void compare_with_tree(bfl_json_reader *tree, const bfl_json_line *line) {
    const bfl_json_node *root = NULL;
    char message[160];
    if (line->blank || line->size == 0) return;
    bool good =
        bfl_json_read(tree, line->text, line->size, 1 << 20, DEPTH, &root, message, sizeof message) == BFL_JSON_OK;
    bool ours = line->status == BFL_JSON_OK;
    bool escaped = memchr(line->text, '\\', line->size) != NULL; /* half of a pair: ours is stricter */
    if (good && !ours) PROMISE(escaped || line->status == BFL_JSON_LIMIT);
    if (ours && !good && !escaped)
        PROMISE(!plain_numbers((bfl_text){line->text, line->size}) || strstr(message, "deep"));
}

static uint64_t read_lines(const char *data, size_t size, bool compare) {
    bfl_json_lines *lines = bfl_json_lines_new(DEPTH);
    bfl_json_reader *tree = bfl_json_reader_new();
    char *buffer = malloc(size + 1);
    bfl_json_line line;
    uint64_t h = 1;
    PROMISE(lines && tree && buffer && bfl_json_lines_begin(lines, data, size) == BFL_JSON_OK);
    while (bfl_json_lines_next(lines, &line)) {
        h = mix(mix(mix(h, line.status == BFL_JSON_OK), line.blank), line.size);
        if (line.status == BFL_JSON_OK && !line.blank) {
            h = mix(mix(h, line.root.size), line.root.type);
            check_part(lines, &line.root, buffer);
        }
        PROMISE(line.status == BFL_JSON_OK || line.why[0]);
        if (compare) compare_with_tree(tree, &line);
    }
    bfl_json_lines_free(lines);
    bfl_json_reader_free(tree);
    free(buffer);
    return h;
}

/* ---- patients ---- */

typedef struct source {
    const char *data;
    size_t size, at, step;
} source;

static ptrdiff_t read_source(void *context, char *data, size_t size) {
    source *s = context;
    size_t n = s->size - s->at < s->step ? s->size - s->at : s->step;
    if (n > size) n = size;
    memcpy(data, s->data + s->at, n);
    s->at += n;
    return (ptrdiff_t)n;
}

/* Which error of a broken line is named may depend on the kernel: `words` only where one kernel is asked twice. */
static uint64_t read_patients(const char *data, size_t size, size_t step, bool words) {
    source from = {data, size, 0, step};
    bfl_patient_stream stream = {
        .lines = {.intake = {read_source, &from}, .name = "fuzz", .block_bytes = step, .line_bytes = 4096},
        .patient_bytes = 8192};
    bfl_patient_lines patient = {.arena = bfl_arena_new(), .lines = {.arena = bfl_arena_new()}};
    stream.lines.rest.arena = bfl_arena_new();
    stream.block.arena = bfl_arena_new();
    stream.arena = bfl_arena_new();
    stream.reader = bfl_line_reader_new();
    uint64_t h = 1;
    for (bool more = true; more;) {
        PROMISE(bfl_patient_stream_next(&stream, &patient, &more, NULL) == BFL_OK);
        if (!more) break;
        h = mix_text(mix_text(h, bfl_text_of(patient.id)),
                     (bfl_text){patient.lines.data ? patient.lines.data : "", patient.lines.size});
        for (size_t i = 0; i < patient.problems.count; i++)
            h = mix_text(mix(h, patient.problems.items[i].line),
                         bfl_text_of(words ? patient.problems.items[i].text : ""));
    }
    bfl_line_reader_free(stream.reader);
    bfl_arena_free(stream.lines.rest.arena);
    bfl_arena_free(stream.block.arena);
    bfl_arena_free(stream.arena);
    bfl_arena_free(patient.arena);
    bfl_arena_free(patient.lines.arena);
    return h;
}

static uint64_t read_hints(const char *data, size_t size) {
    bfl_line_reader *reader = bfl_line_reader_new();
    bfl_line line;
    uint64_t h = 1;
    PROMISE(reader && bfl_line_reader_begin(reader, (bfl_text){data, size}, NULL) == BFL_OK);
    while (bfl_line_reader_next(reader, &line)) {
        h = mix_text(mix(h, line.kind), line.patient);
        if (line.kind >= BFL_LINE_NOBODY) h = mix(h, bfl_line_hints(reader, &line));
    }
    bfl_line_reader_free(reader);
    return h;
}

/* ---- FHIR read whole ---- */

static uint64_t read_fhir(const char *name, bfl_text text) {
    const bfl_limits limits = {.struct_size = sizeof limits, .rows = 200, .file_bytes = 1 << 16};
    bfl_study *study = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_fhir_parse(name, text, &limits, &study, &err);
    uint64_t h = mix(1, status == BFL_OK);
    if (status) return h;
    for (size_t i = 0; i < bfl_study_issue_count(study); i++) {
        const bfl_issue *issue = bfl_study_issue(study, i);
        bool words = strcmp(issue->code, "fhir.not_json") != 0;
        h = mix_text(mix(h, issue->source.row), bfl_text_of(issue->code));
        if (words) h = mix_text(h, bfl_text_of(issue->found));
    }
    for (size_t i = 0; i < bfl_study_account_count(study); i++) h = mix(h, bfl_study_account(study, i)->count);
    for (size_t i = 0; i < bfl_study_record_count(study); i++) {
        const bfl_record *r = bfl_study_record(study, i);
        h = mix(mix(mix_text(h, bfl_text_of(r->patient.id)), r->lesion_count), r->lab_count);
        for (size_t k = 0; k < r->lab_count; k++) h = mix_text(h, bfl_text_of(r->labs[k].written));
    }
    bfl_study_free(study);
    return h;
}

typedef struct answers {
    uint64_t values[5];
} answers;

static answers ask(const char *lines, size_t size, bfl_text text, bool compare) {
    return (answers){{read_lines(lines, size, compare), read_patients(lines, size, 4096, false),
                      read_hints(lines, size), read_fhir("a.ndjson", text), read_fhir("a.json", text)}};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *lines = malloc(size + 1);
    PROMISE(lines);
    memcpy(lines, data, size);
    lines[size] = '\n';
    PROMISE(bfl_json_use_kernel(NULL));
    answers best = ask(lines, size + 1, fuzz_text(data, size), true);
    PROMISE(read_patients(lines, size + 1, 4096, true) == read_patients(lines, size + 1, 64, true));
    PROMISE(bfl_json_use_kernel("fallback"));
    answers plain = ask(lines, size + 1, fuzz_text(data, size), false);
    for (size_t i = 0; i < 5; i++) {
        if (best.values[i] != plain.values[i]) (void)fprintf(stderr, "answer %zu differs\n", i);
        PROMISE(best.values[i] == plain.values[i]);
    }
    PROMISE(bfl_json_use_kernel(NULL));
    free(lines);
    return 0;
}
