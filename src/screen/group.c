/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of each patient put together. First pass: every line goes into the bucket that its patient's id belongs to. Between:
 * Medications, which belong to nobody, are joined with the patients who refer to them. Second pass: one bucket after the other
 * is sorted in memory. The order depends on ids and texts alone.
 */
#include "screen/screen.h"

#include <stdalign.h>
#include <string.h>

enum { BUCKET_BYTES = 4 * 1024 * 1024, MOST_BUCKETS = 8192, RANK_PATIENT = 0, RANK_OWN = 1, RANK_SHARED = 2 };

typedef struct run {
    bfl_group_job *job;
    bfl_inputs *inputs;
    bfl_group_counts counts;
    bfl_spill *lines, *medications;
    uint32_t parts, per_part; /* buckets of a part */
    uint32_t next_bucket;
    bool any_medication;
    bfl_arena *arenas[2]; /* of the join */
} run;

static bfl_status no_memory(bfl_error *err) { return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory"); }

uint32_t bfl_group_part(uint64_t patient_hash, uint32_t parts) { return (uint32_t)(patient_hash % parts); }

/* Parts by the remainder; inside a part by the upper bits, so that buckets in order are hashes in order. */
static uint32_t bucket_of(const run *r, uint64_t hash) {
    return bfl_group_part(hash, r->parts) * r->per_part + (uint32_t)((hash >> 32) * r->per_part >> 32);
}

/* ---- a resource as bytes ---- */

typedef struct header {
    uint64_t hash;
    uint32_t patient, type, id, text, rank, padding;
} header;

static size_t put(bfl_block *out, const bfl_grouped *g) {
    const header h = {g->hash,
                      (uint32_t)g->patient.size,
                      (uint32_t)g->type.size,
                      (uint32_t)g->id.size,
                      (uint32_t)g->text.size,
                      g->rank,
                      0};
    size_t before = out->size;
    bfl_block_add(out, (bfl_text){(const char *)&h, sizeof h});
    bfl_block_add(out, g->patient);
    bfl_block_add(out, g->type);
    bfl_block_add(out, g->id);
    bfl_block_add(out, g->text);
    return out->size - before;
}

static bfl_text take(const char **p, uint32_t size) {
    bfl_text text = {*p, size};
    *p += size;
    return text;
}

static const char *get(const char *p, bfl_grouped *g) {
    header h;
    memcpy(&h, p, sizeof h);
    p += sizeof h;
    g->hash = h.hash;
    g->rank = h.rank;
    g->patient = take(&p, h.patient);
    g->type = take(&p, h.type);
    g->id = take(&p, h.id);
    g->text = take(&p, h.text);
    return p;
}

static int compare_texts(bfl_text a, bfl_text b) {
    size_t size = a.size < b.size ? a.size : b.size;
    int order = size ? memcmp(a.data, b.data, size) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_grouped *x = a, *y = b;
    int order = (x->hash > y->hash) - (x->hash < y->hash);
    if (!order) order = compare_texts(x->patient, y->patient);
    if (!order) order = (x->rank > y->rank) - (x->rank < y->rank);
    if (!order) order = compare_texts(x->type, y->type);
    if (!order) order = compare_texts(x->id, y->id);
    return order ? order : compare_texts(x->text, y->text);
}

static size_t get_all(bfl_arena *arena, const bfl_block *bytes, bfl_grouped **out) {
    size_t count = 0;
    bfl_grouped each;
    const char *end = bytes->size ? bytes->data + bytes->size : bytes->data; /* which may be NULL */
    for (const char *p = bytes->data; p < end; count++) p = get(p, &each);
    bfl_grouped *lines = BFL_NEW_ARRAY(arena, count, bfl_grouped);
    const char *p = bytes->data;
    for (size_t i = 0; i < count; i++) p = get(p, &lines[i]);
    bfl_sort(arena, lines, count, sizeof *lines, compare, NULL);
    *out = lines;
    return count;
}

/* ---- first pass: into buckets ---- */

typedef struct entry {
    bool medication; /* of the join */
    uint32_t bucket;
    size_t at, size;
} entry;

typedef struct scan_slot {
    bfl_block block, records;
    bfl_arena *arena;
    bfl_line_reader *reader;
    const char *path;
    BFL_LIST(entry) entries;
    BFL_LIST(bfl_line) aside;
    bfl_buf problems;
    bfl_group_counts counts;
} scan_slot;

static bool is_ready(scan_slot *s) {
    if (!s->block.arena) s->block.arena = bfl_arena_new();
    if (!s->records.arena) s->records.arena = bfl_arena_new();
    if (!s->arena) s->arena = bfl_arena_new();
    if (!s->reader) s->reader = bfl_line_reader_new();
    return s->block.arena && s->records.arena && s->arena && s->reader;
}

static bfl_status scan_next(void *context, void *item, bool *more, bfl_error *err) {
    run *r = context;
    scan_slot *s = item;
    if (!is_ready(s)) return no_memory(err);
    if (r->job->progress.show)
        r->job->progress.show(r->job->progress.context, "reading", r->inputs->bytes, r->inputs->total_bytes);
    return bfl_inputs_next(r->inputs, &s->block, &s->path, more, err);
}

static void keep(scan_slot *s, bool medication, uint32_t bucket, const bfl_grouped *g) {
    size_t at = s->records.size, size = put(&s->records, g);
    *BFL_PUSH(s->arena, &s->entries) = (entry){medication, bucket, at, size};
}

static void keep_line(const run *r, scan_slot *s, const bfl_line *line) {
    uint64_t hash = bfl_stable_hash(line->patient);
    s->counts.resources++;
    if (r->job->wanted && !r->job->wanted(r->job->context, hash)) return;
    uint32_t rank = bfl_text_equal(line->type, BFL_TEXT("Patient")) ? RANK_PATIENT : RANK_OWN;
    keep(s, false, bucket_of(r, hash), &(bfl_grouped){hash, line->patient, line->type, line->id, line->text, rank});
    if (line->medication.size == 0) return;
    uint64_t of = bfl_stable_hash(line->medication);
    keep(s, true, bucket_of(r, of), &(bfl_grouped){of, line->medication, {"", 0}, line->patient, {"", 0}, RANK_SHARED});
}

static void tell(scan_slot *s, uint64_t number, const char *what, const char *why) {
    bfl_buf_addf(&s->problems, "%s:%llu: %s%s: this line is left out\n", s->path, (unsigned long long)number, what,
                 why);
    s->counts.broken++;
}

static void sort_line(const run *r, scan_slot *s, const bfl_line *line, uint64_t number) {
    switch (line->kind) {
    case BFL_LINE_BLANK: break;
    case BFL_LINE_BROKEN: tell(s, number, "not JSON: ", line->why); break;
    case BFL_LINE_OTHER: tell(s, number, "JSON without resourceType", ""); break;
    case BFL_LINE_PATIENT: keep_line(r, s, line); break;
    case BFL_LINE_NOBODY:
        s->counts.nobody++;
        if (line->medication.size) {
            uint64_t hash = bfl_stable_hash(line->medication);
            keep(s, true, bucket_of(r, hash),
                 &(bfl_grouped){hash, line->medication, line->type, line->id, line->text, RANK_OWN});
        }
        *BFL_PUSH(s->arena, &s->aside) = *line;
        break;
    case BFL_LINE_UNSOLVED:
        s->counts.unsolved++;
        *BFL_PUSH(s->arena, &s->aside) = *line;
        break;
    }
}

typedef struct scan_request {
    const run *run;
    scan_slot *slot;
} scan_request;

static bfl_status scan_block(bfl_arena *arena, void *context, bfl_error *err) {
    (void)arena;
    scan_request *q = context;
    scan_slot *s = q->slot;
    bfl_line line;
    if (s->block.too_long) tell(s, s->block.first_line, "longer than a line may be", "");
    if (s->block.too_long) return BFL_OK;
    bfl_status status = bfl_line_reader_begin(s->reader, (bfl_text){s->block.data, s->block.size}, err);
    if (status) return status;
    for (uint64_t n = s->block.first_line; bfl_line_reader_next(s->reader, &line); n++) {
        s->counts.lines++;
        sort_line(q->run, s, &line, n);
    }
    return BFL_OK;
}

static bfl_status scan_in_arena(bfl_arena *arena, void *context, bfl_error *err) {
    (void)arena;
    scan_request *q = context;
    return bfl_arena_run(q->slot->records.arena, scan_block, q, err);
}

static bfl_status scan_work(void *context, void *item, bfl_error *err) {
    scan_slot *s = item;
    scan_request q = {context, s};
    bfl_arena_reset(s->arena);
    s->entries.items = NULL;
    s->entries.count = s->entries.capacity = 0;
    s->aside.items = NULL;
    s->aside.count = s->aside.capacity = 0;
    s->problems = (bfl_buf){.arena = s->arena};
    s->counts = (bfl_group_counts){.bytes = s->block.size};
    s->records.size = 0;
    return bfl_arena_run(s->arena, scan_in_arena, &q, err);
}

static void add_counts(bfl_group_counts *to, const bfl_group_counts *more) {
    to->bytes += more->bytes;
    to->lines += more->lines;
    to->broken += more->broken;
    to->resources += more->resources;
    to->patients += more->patients;
    to->nobody += more->nobody;
    to->unsolved += more->unsolved;
}

static bfl_status scan_emit(void *context, void *item, bfl_error *err) {
    run *r = context;
    scan_slot *s = item;
    bfl_status status = BFL_OK;
    for (size_t i = 0; i < s->entries.count && !status; i++) {
        const entry *e = &s->entries.items[i];
        r->any_medication = r->any_medication || e->medication;
        status = bfl_spill_add(e->medication ? r->medications : r->lines, e->bucket,
                               (bfl_text){s->records.data + e->at, e->size}, err);
    }
    for (size_t i = 0; i < s->aside.count && !status && r->job->aside; i++)
        status = r->job->aside(r->job->context, &s->aside.items[i], err);
    bfl_sink sink = r->job->problems;
    if (!status && s->problems.size && sink.write && !sink.write(sink.context, s->problems.data, s->problems.size))
        status = bfl_fail(err, BFL_EIO, "problems", 0, "cannot be written");
    add_counts(&r->counts, &s->counts);
    return status;
}

static void scan_release(void *context, void *item) {
    (void)context;
    scan_slot *s = item;
    bfl_line_reader_free(s->reader);
    bfl_arena_free(s->block.arena);
    bfl_arena_free(s->records.arena);
    bfl_arena_free(s->arena);
}

/* ---- between: Medications ---- */

typedef struct join_request {
    run *run;
    bfl_block bytes, record;
} join_request;

/* Medications of one key, then who wants them: both in order, so who wants it twice stands side by side. */
static bfl_status join_bucket(bfl_arena *arena, void *context, bfl_error *err) {
    join_request *q = context;
    run *r = q->run;
    bfl_grouped *lines;
    bfl_status status = BFL_OK;
    size_t count = get_all(arena, &q->bytes, &lines);
    for (size_t i = 0; i < count && !status; i++) {
        if (lines[i].rank != RANK_OWN) continue;
        for (size_t k = i + 1; k < count && !status && bfl_text_equal(lines[k].patient, lines[i].patient); k++) {
            bool again = lines[k - 1].rank == RANK_SHARED && bfl_text_equal(lines[k - 1].id, lines[k].id);
            if (lines[k].rank != RANK_SHARED || again) continue;
            uint64_t hash = bfl_stable_hash(lines[k].id);
            q->record.size = 0;
            (void)put(&q->record,
                      &(bfl_grouped){hash, lines[k].id, lines[i].type, lines[i].id, lines[i].text, RANK_SHARED});
            status = bfl_spill_add(r->lines, bucket_of(r, hash), (bfl_text){q->record.data, q->record.size}, err);
            r->counts.shared++;
        }
    }
    return status;
}

static bfl_status join(run *r, bfl_error *err) {
    join_request q = {.run = r};
    bfl_status status = BFL_OK;
    for (size_t i = 0; i < 2; i++)
        if (!(r->arenas[i] = bfl_arena_new())) return no_memory(err);
    q.bytes.arena = r->arenas[0];
    q.record.arena = r->arenas[1];
    for (size_t i = 0; i < (size_t)r->parts * r->per_part && !status; i++) {
        status = bfl_spill_load(r->medications, i, &q.bytes, err);
        bfl_arena_reset(r->arenas[1]);
        q.record.data = NULL;
        q.record.size = q.record.room = 0;
        if (!status) status = bfl_arena_run(r->arenas[1], join_bucket, &q, err);
    }
    return status;
}

/* ---- second pass: a bucket at a time ---- */

typedef struct bucket_slot {
    bfl_block bytes;
    bfl_arena *arena;
    uint32_t part;
    bfl_grouped *lines;
    size_t count;
    uint64_t patients;
} bucket_slot;

typedef union aligned_slot {
    bucket_slot slot;
    max_align_t align;
} aligned_slot;

static void *users_slot(void *item) { return (char *)item + sizeof(aligned_slot); }

static bfl_status bucket_next(void *context, void *item, bool *more, bfl_error *err) {
    run *r = context;
    bucket_slot *s = item;
    uint32_t count = r->parts * r->per_part;
    *more = r->next_bucket < count;
    if (!*more) return BFL_OK;
    if (!s->bytes.arena) s->bytes.arena = bfl_arena_new();
    if (!s->arena) s->arena = bfl_arena_new();
    if (!s->bytes.arena || !s->arena) return no_memory(err);
    if (r->job->progress.show)
        r->job->progress.show(r->job->progress.context, "patients, bucket", r->next_bucket, count);
    s->part = r->next_bucket / r->per_part;
    return bfl_spill_load(r->lines, r->next_bucket++, &s->bytes, err);
}

static bfl_status sort_bucket(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    bucket_slot *s = context;
    s->count = get_all(arena, &s->bytes, &s->lines);
    s->patients = s->count > 0;
    for (size_t i = 1; i < s->count; i++) s->patients += !bfl_text_equal(s->lines[i].patient, s->lines[i - 1].patient);
    return BFL_OK;
}

static bfl_status bucket_work(void *context, void *item, bfl_error *err) {
    run *r = context;
    bucket_slot *s = item;
    bfl_arena_reset(s->arena);
    bfl_status status = bfl_arena_run(s->arena, sort_bucket, s, err);
    if (status || !r->job->work) return status;
    return r->job->work(r->job->context, users_slot(item), s->lines, s->count, err);
}

static bfl_status bucket_emit(void *context, void *item, bfl_error *err) {
    run *r = context;
    bucket_slot *s = item;
    r->counts.patients += s->patients;
    return r->job->emit(r->job->context, users_slot(item), s->part, s->lines, s->count, err);
}

static void bucket_release(void *context, void *item) {
    run *r = context;
    bucket_slot *s = item;
    if (r->job->release) r->job->release(r->job->context, users_slot(item));
    bfl_arena_free(s->bytes.arena);
    bfl_arena_free(s->arena);
}

/* ---- the whole ---- */

static bfl_status group(run *r, bfl_error *err) {
    size_t buckets = (size_t)r->parts * r->per_part;
    bfl_status status = bfl_spill_new(r->job->folder, buckets, &r->lines, err);
    if (!status) status = bfl_spill_new(r->job->folder, buckets, &r->medications, err);
    const bfl_pipeline scan = {r, sizeof(scan_slot), r->job->threads, scan_next, scan_work, scan_emit, scan_release};
    if (!status) status = bfl_pipeline_run(&scan, err);
    if (!status && r->any_medication) status = join(r, err);
    const bfl_pipeline sort = {r,
                               sizeof(aligned_slot) + r->job->slot_size,
                               r->job->threads,
                               bucket_next,
                               bucket_work,
                               bucket_emit,
                               bucket_release};
    if (!status) status = bfl_pipeline_run(&sort, err);
    return status;
}

bfl_status bfl_group_run(bfl_group_job *job, bfl_inputs *inputs, bfl_group_counts *counts, bfl_error *err) {
    run r = {.job = job, .inputs = inputs, .parts = job->parts ? job->parts : 1};
    uint64_t wanted = inputs->total_bytes / BUCKET_BYTES / r.parts + 1, most = MOST_BUCKETS / r.parts + 1;
    r.per_part = (uint32_t)(wanted < most ? wanted : most);
    bfl_inputs_rewind(inputs);
    bfl_status status = group(&r, err);
    r.counts.left_out = inputs->left_out;
    *counts = r.counts;
    bfl_spill_free(r.lines);
    bfl_spill_free(r.medications);
    for (size_t i = 0; i < 2; i++) bfl_arena_free(r.arenas[i]);
    return status;
}
