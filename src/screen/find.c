/* SPDX-License-Identifier: Apache-2.0 */
/* The screen: look through everybody, read those who may have the question, and put them in the order in which to see them. */
#include "screen/screen.h"
#include "record/record.h"

#include <string.h>

typedef struct found {
    bfl_work_item item;
    double width; /* of the interval */
} found;

/* The public object and the arena that holds everything in it. */
typedef struct work_list {
    bfl_work_list face;
    bfl_arena *arena;
} work_list;

typedef struct screen {
    bfl_screen_options options;
    const bfl_rulebook *rulebook;
    bfl_inputs inputs;
    bfl_people people;
    bfl_arena *arena; /* of the list */
    BFL_LIST(found) items;
    bfl_screen_account account;
    bfl_work_list *list;
} screen;

/* ---- one bucket of patients ---- */

/* The lines of a bucket, handed out as a file would be. */
typedef struct feed {
    const bfl_grouped *lines;
    size_t count, at, offset;
} feed;

typedef struct bucket {
    const screen *screen;
    feed feed;
    bfl_patient_stream stream;
    bfl_patient_lines patient;
    bfl_arena *arena;
    BFL_LIST(found) items;
    bfl_buf problems;
    bfl_screen_account account; /* what this bucket adds */
} bucket;

static ptrdiff_t read_feed(void *context, char *data, size_t size) {
    feed *f = context;
    size_t done = 0;
    while (done < size && f->at < f->count) {
        bfl_text text = f->lines[f->at].text;
        size_t part = text.size - f->offset < size - done ? text.size - f->offset : size - done;
        if (part) memcpy(data + done, text.data + f->offset, part);
        done += part;
        f->offset += part;
        if (f->offset < text.size || done == size) break;
        data[done++] = '\n';
        f->offset = 0;
        f->at++;
    }
    return (ptrdiff_t)done;
}

typedef struct problem {
    bucket *bucket;
    const char *patient, *text;
} problem;

static bfl_status add_problem(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    const problem *p = context;
    bfl_buf_addf(&p->bucket->problems, "patient %s: %s\n", bfl_issue_quote(arena, bfl_text_of(p->patient)), p->text);
    p->bucket->account.problems++;
    return BFL_OK;
}

static bfl_status tell(void *context, uint64_t line, const char *patient, const char *text, bfl_error *err) {
    (void)line; /* of the bucket: it means nothing outside */
    problem p = {context, patient, text};
    return bfl_arena_run(p.bucket->arena, add_problem, &p, err);
}

/* ---- one patient ---- */

static bool is_open(bfl_bone_state state) {
    return state == BFL_BONE_FLARE_SUSPECTED || state == BFL_BONE_UNDETERMINED || state == BFL_BONE_PROGRESSION;
}

static const char *day_z(bfl_arena *arena, const bfl_record *record, int32_t day) {
    char text[32];
    size_t size = bfl_record_format_day(record, day, text, sizeof text);
    return bfl_arena_text(arena, (bfl_text){text, size});
}

static bool has_bone(const screen *s, const bfl_record *record) {
    for (size_t i = 0; i < record->lesion_count; i++)
        if (record->lesions[i].organ == BFL_ORGAN_BONE) return true;
    for (size_t i = 0; i < record->clinical_count; i++)
        if (strcmp(record->clinicals[i].item, "bone_metastasis") == 0) return true;
    return bfl_people_hints(&s->people, bfl_stable_hash(bfl_text_of(record->patient.id))) & BFL_HINT_BONE;
}

static double least(bfl_losses l) {
    double best = l.flare < l.progression ? l.flare : l.progression;
    return l.wait < best ? l.wait : best;
}

static void say_therapy(bfl_arena *arena, const bfl_record *record, int32_t day, bfl_work_item *item) {
    const bfl_therapy *t = bfl_record_therapy_on(record, day);
    item->therapy = t ? bfl_arena_text(arena, bfl_text_of(t->drug)) : "";
    item->therapy_day = t ? day - t->start.day : 0;
}

static void say_next(bfl_arena *arena, const bfl_assessment *a, bfl_work_item *item) {
    item->next = item->by = "";
    if (a->workup->next_count == 0) return;
    const bfl_step *step = &a->workup->next[0];
    item->next = bfl_arena_text(arena, bfl_text_of(step->action));
    item->has_by = step->has_by;
    if (step->has_by) item->by = day_z(arena, a->record, step->by_day);
    item->due_days = step->has_by ? step->by_day - a->as_of : 0;
}

static void describe(bfl_arena *arena, const screen *s, const bfl_assessment *a, found *out) {
    const bfl_bone *now = &a->verdict->now;
    bfl_work_item *item = &out->item;
    *item = (bfl_work_item){.patient = bfl_arena_text(arena, bfl_text_of(a->record->patient.id)),
                            .alarm_count = a->verdict->alarm_count,
                            .alarm = "",
                            .state = now->state,
                            .p_flare = now->p_flare,
                            .low = now->low,
                            .high = now->high,
                            .p_progression = now->p_progression,
                            .loss_days = least(now->losses),
                            .bone = has_bone(s, a->record),
                            .as_of = day_z(arena, a->record, a->as_of),
                            .because = bfl_arena_text(arena, bfl_text_of(now->because))};
    for (size_t i = 0; i < a->verdict->alarm_count; i++) item->urgent = item->urgent || a->verdict->alarms[i].urgent;
    if (item->alarm_count) item->alarm = bfl_arena_text(arena, bfl_text_of(a->verdict->alarms[0].finding));
    say_therapy(arena, a->record, a->as_of, item);
    say_next(arena, a, item);
    out->width = now->high - now->low;
}

typedef struct finding {
    bucket *bucket;
    const bfl_assessment *assessment;
} finding;

static bfl_status add_item(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    const finding *f = context;
    describe(arena, f->bucket->screen, f->assessment, BFL_PUSH(arena, &f->bucket->items));
    return BFL_OK;
}

static void count_resources(bfl_screen_account *to, const bfl_study *study) {
    for (size_t i = 0; i < bfl_study_account_count(study); i++) {
        const bfl_account *a = bfl_study_account(study, i);
        switch (a->outcome) {
        case BFL_ACCOUNT_USED: to->used += a->count; break;
        case BFL_ACCOUNT_KEPT: to->kept += a->count; break;
        case BFL_ACCOUNT_DROPPED: to->dropped += a->count; break;
        case BFL_ACCOUNT_UNKNOWN: to->unknown += a->count; break;
        }
    }
}

static bfl_status use(void *context, const bfl_study *study, const bfl_assessment *assessment, bfl_error *err) {
    bucket *b = context;
    const bfl_bone *now = &assessment->verdict->now;
    finding f = {b, assessment};
    if (assessment->record == bfl_study_record(study, 0) || bfl_study_record_count(study) == 1)
        count_resources(&b->account, study);
    b->account.asked += now->question;
    if (!now->question || !is_open(now->state)) return BFL_OK;
    b->account.open++;
    b->account.alarmed += assessment->verdict->alarm_count > 0;
    return bfl_arena_run(b->arena, add_item, &f, err);
}

/* ---- all of them ---- */

static bool wanted(void *context, uint64_t patient_hash) {
    const screen *s = context;
    return bfl_hints_ask(bfl_people_hints(&s->people, patient_hash));
}

/* The stream of the slot begins anew; what it allocated is used again. */
static bfl_status open_bucket(bucket *b, bfl_error *err) {
    if (!b->arena) b->arena = bfl_arena_new();
    if (!b->arena || !bfl_patient_lines_ready(&b->patient)) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_arena_reset(b->arena);
    b->items.items = NULL;
    b->items.count = b->items.capacity = 0;
    b->problems = (bfl_buf){.arena = b->arena};
    b->account = (bfl_screen_account){0};
    bfl_block rest = b->stream.lines.rest;
    rest.size = 0;
    b->stream.lines = (bfl_line_stream){.rest = rest};
    b->stream.begun = b->stream.held = false;
    return bfl_patients_open(&b->stream, (bfl_intake){read_feed, &b->feed}, "bucket", b->screen->options.patient_bytes,
                             err);
}

static bfl_status work(void *context, void *slot, const bfl_grouped *lines, size_t count, bfl_error *err) {
    bucket *b = slot;
    b->screen = context;
    b->feed = (feed){lines, count, 0, 0};
    const bfl_each each = {b->screen->rulebook, b->screen->options.assess, "input", b, use, tell};
    bfl_status status = open_bucket(b, err);
    for (bool more = true; !status;) {
        status = bfl_patient_stream_next(&b->stream, &b->patient, &more, err);
        if (status || !more) break;
        status = bfl_each_record(&each, &b->patient, err);
    }
    return status;
}

static void copy_texts(bfl_arena *arena, bfl_work_item *item) {
    const char **const texts[] = {&item->patient, &item->alarm, &item->therapy, &item->as_of,
                                  &item->because, &item->next,  &item->by};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) *texts[i] = bfl_arena_text(arena, bfl_text_of(*texts[i]));
}

typedef struct collection {
    screen *screen;
    const bucket *bucket;
} collection;

static bfl_status collect(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    collection *c = context;
    for (size_t i = 0; i < c->bucket->items.count; i++) {
        found *f = BFL_PUSH(arena, &c->screen->items);
        *f = c->bucket->items.items[i];
        copy_texts(arena, &f->item);
    }
    return BFL_OK;
}

static bfl_status emit(void *context, void *slot, uint32_t part, const bfl_grouped *lines, size_t count,
                       bfl_error *err) {
    (void)part, (void)lines, (void)count;
    screen *s = context;
    const bucket *b = slot;
    collection c = {s, b};
    bfl_screen_account *to = &s->account;
    to->asked += b->account.asked;
    to->open += b->account.open;
    to->alarmed += b->account.alarmed;
    to->problems += b->account.problems;
    to->used += b->account.used;
    to->kept += b->account.kept;
    to->dropped += b->account.dropped;
    to->unknown += b->account.unknown;
    bfl_sink sink = s->options.problems;
    if (b->problems.size && sink.write && !sink.write(sink.context, b->problems.data, b->problems.size))
        return bfl_fail(err, BFL_EIO, "problems", 0, "cannot be written");
    return bfl_arena_run(s->arena, collect, &c, err);
}

static void release(void *context, void *slot) {
    (void)context;
    bucket *b = slot;
    bfl_patients_close(&b->stream);
    bfl_patient_lines_close(&b->patient);
    bfl_arena_free(b->arena);
}

/* ---- the order ---- */

static int more_first(double a, double b) {
    int64_t x = (int64_t)(a * 1000 + 0.5), y = (int64_t)(b * 1000 + 0.5); /* as far as it is printed */
    return (x < y) - (x > y);
}

static int compare(const void *a, const void *b, const void *context) {
    (void)context;
    const found *x = a, *y = b;
    const bfl_work_item *p = &x->item, *q = &y->item;
    int order = q->urgent - p->urgent;
    if (!order) order = (q->alarm_count > 0) - (p->alarm_count > 0);
    if (!order) order = q->bone - p->bone;
    if (!order) order = more_first(p->loss_days, q->loss_days);
    if (!order) order = more_first(x->width, y->width);
    if (!order) order = q->has_by - p->has_by;
    if (!order) order = (p->due_days > q->due_days) - (p->due_days < q->due_days);
    return order ? order : strcmp(p->patient, q->patient);
}

static bfl_status make_list(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    screen *s = context;
    work_list *list = BFL_NEW(arena, work_list);
    bfl_sort(arena, s->items.items, s->items.count, sizeof *s->items.items, compare, NULL);
    bfl_work_item *items = BFL_NEW_ARRAY(arena, s->items.count, bfl_work_item);
    for (size_t i = 0; i < s->items.count; i++) items[i] = s->items.items[i].item;
    list->face = (bfl_work_list){items, s->items.count, s->account};
    list->arena = arena;
    s->list = &list->face;
    return BFL_OK;
}

/* ---- the run ---- */

static void take_counts(bfl_screen_account *a, const bfl_group_counts *c) {
    a->bytes = c->bytes;
    a->lines = c->lines;
    a->broken = c->broken;
    a->nobody = c->nobody;
    a->unsolved = c->unsolved;
    a->resources = c->resources;
    a->left_out = c->left_out;
    a->problems += c->broken;
}

static bfl_status run(screen *s, bfl_error *err) {
    bfl_group_counts counts = {0};
    bfl_group_job job = {.folder = s->options.folder ? s->options.folder : ".",
                         .threads = s->options.threads,
                         .parts = 1,
                         .problems = s->options.problems,
                         .progress = s->options.progress,
                         .context = s,
                         .wanted = wanted,
                         .slot_size = sizeof(bucket),
                         .work = work,
                         .emit = emit,
                         .release = release};
    s->arena = bfl_arena_new();
    s->people.arena = bfl_arena_new();
    if (!s->arena || !s->people.arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_status status = bfl_inputs_open(&s->inputs, s->options.inputs, s->options.input_count, err);
    if (!status) status = bfl_look(&s->inputs, s->options.threads, s->options.progress, &s->people, &s->account, err);
    if (!status) status = bfl_group_run(&job, &s->inputs, &counts, err);
    take_counts(&s->account, &counts);
    if (!status) status = bfl_arena_run(s->arena, make_list, s, err);
    return status;
}

bfl_status bfl_screen(const bfl_rulebook *rulebook, const bfl_screen_options *options, bfl_work_list **out,
                      bfl_error *err) {
    if (!rulebook || !options || !options->inputs || !options->input_count || !out)
        return bfl_fail(err, BFL_EINVAL, "bfl_screen", 0, "rulebook, inputs and out are needed");
    screen s = {.rulebook = rulebook};
    memcpy(&s.options, options, options->struct_size < sizeof s.options ? options->struct_size : sizeof s.options);
    if (!s.options.patient_bytes) s.options.patient_bytes = BFL_STREAM_PATIENT_BYTES;
    bfl_status status = run(&s, err);
    bfl_inputs_close(&s.inputs);
    bfl_arena_free(s.people.arena);
    if (status)
        bfl_arena_free(s.arena);
    else
        *out = s.list;
    return status;
}

void bfl_work_list_free(bfl_work_list *list) {
    if (list) bfl_arena_free(((work_list *)list)->arena);
}
