/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First pass: every line is checked whole and asked only what it may tell of its patient. A patient is a hash and some bits. Two
 * ids with one hash share their bits: one of them may then be read whole for nothing, and no one is missed.
 */
#include "screen/screen.h"

#include <string.h>

enum { FIRST_ROOM = 4096 };

/* A question needs a lesion, or ALP under an anticancer drug. */
bool bfl_hints_ask(uint32_t hints) {
    const uint32_t serum = BFL_HINT_THERAPY | BFL_HINT_ALP;
    return (hints & BFL_HINT_LESION) || (hints & serum) == serum;
}

/* ---- the people ---- */

static uint64_t key_of(uint64_t hash) { return hash ? hash : 1; }

static struct bfl_person_hints *find(const bfl_people *p, uint64_t hash) {
    size_t i = hash & (p->room - 1);
    while (p->slots[i].hash && p->slots[i].hash != hash) i = (i + 1) & (p->room - 1);
    return &p->slots[i];
}

uint32_t bfl_people_hints(const bfl_people *people, uint64_t hash) {
    return people->room ? find(people, key_of(hash))->hints : 0;
}

static void grow(bfl_people *p) {
    bfl_people larger = {.arena = p->arena, .room = p->room ? p->room * 2 : FIRST_ROOM};
    larger.slots = bfl_arena_alloc(p->arena, larger.room, sizeof *larger.slots);
    for (size_t i = 0; i < p->room; i++)
        if (p->slots[i].hash) *find(&larger, p->slots[i].hash) = p->slots[i];
    p->slots = larger.slots;
    p->room = larger.room;
}

static void add_hints(bfl_people *p, uint64_t hash, uint32_t hints) {
    if (p->count * 2 >= p->room) grow(p);
    struct bfl_person_hints *one = find(p, key_of(hash));
    p->count += one->hash == 0;
    one->hash = key_of(hash);
    one->hints |= hints;
}

/* ---- lines ---- */

typedef struct seen {
    uint64_t hash;
    uint32_t hints;
} seen;

typedef struct look {
    bfl_inputs *inputs;
    bfl_progress progress;
    bfl_people *people, drugs; /* drugs: Medications that treat cancer */
    bfl_screen_account *account;
    bool again;        /* the second time: only who takes those drugs */
    bool any_referred; /* somebody takes a drug that is a resource of its own */
} look;

typedef struct look_slot {
    bfl_block block;
    bfl_arena *arena;
    bfl_line_reader *reader;
    const char *path;
    BFL_LIST(seen) people;
    BFL_LIST(seen) drugs;
    uint64_t lines, unused, resources;
    bool any_referred;
} look_slot;

typedef struct request {
    const look *look;
    look_slot *slot;
} request;

static bool is_looked_at(bfl_text type) {
    return bfl_text_starts(type, BFL_TEXT("Medication")) || bfl_text_equal(type, BFL_TEXT("Observation")) ||
           bfl_text_equal(type, BFL_TEXT("Condition")) || bfl_text_equal(type, BFL_TEXT("BodyStructure")) ||
           bfl_text_equal(type, BFL_TEXT("Patient")) || bfl_text_equal(type, BFL_TEXT("Bundle"));
}

/* Lines of one patient mostly stand together, and most tell nothing new. */
static void note(bfl_arena *arena, look_slot *s, uint64_t hash, uint32_t hints) {
    seen *last = s->people.count ? &s->people.items[s->people.count - 1] : NULL;
    if (last && last->hash == hash)
        last->hints |= hints;
    else
        *BFL_PUSH(arena, &s->people) = (seen){hash, hints};
}

static void look_at(const look *l, look_slot *s, const bfl_line *line) {
    bool of_somebody = line->kind == BFL_LINE_PATIENT;
    if (!of_somebody && (line->kind != BFL_LINE_NOBODY || line->medication.size == 0)) return;
    if (l->again) {
        bool wanted =
            of_somebody && line->medication.size && bfl_people_hints(&l->drugs, bfl_stable_hash(line->medication));
        if (wanted) note(s->arena, s, bfl_stable_hash(line->patient), BFL_HINT_THERAPY);
        return;
    }
    unsigned hints = bfl_line_hints(s->reader, line);
    if (!of_somebody) {
        if (hints & BFL_HINT_THERAPY) *BFL_PUSH(s->arena, &s->drugs) = (seen){bfl_stable_hash(line->medication), 1};
        return;
    }
    s->resources++;
    s->unused += !is_looked_at(line->type);
    s->any_referred = s->any_referred || (hints & BFL_HINT_MEDICATION);
    note(s->arena, s, bfl_stable_hash(line->patient), hints);
}

static bfl_status look_body(bfl_arena *arena, void *context, bfl_error *err) {
    (void)arena;
    request *q = context;
    look_slot *s = q->slot;
    bfl_line line;
    if (s->block.too_long) return BFL_OK; /* the second pass tells */
    bfl_status status = bfl_line_reader_begin(s->reader, (bfl_text){s->block.data, s->block.size}, err);
    while (!status && bfl_line_reader_next(s->reader, &line)) {
        s->lines++;
        look_at(q->look, s, &line);
    }
    return status;
}

/* ---- the pipeline ---- */

static bfl_status next(void *context, void *item, bool *more, bfl_error *err) {
    look *l = context;
    look_slot *s = item;
    if (!s->block.arena) s->block.arena = bfl_arena_new();
    if (!s->arena) s->arena = bfl_arena_new();
    if (!s->reader) s->reader = bfl_line_reader_new();
    if (!s->block.arena || !s->arena || !s->reader) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    if (l->progress.show)
        l->progress.show(l->progress.context, "looking through", l->inputs->bytes, l->inputs->total_bytes);
    return bfl_inputs_next(l->inputs, &s->block, &s->path, more, err);
}

static bfl_status work(void *context, void *item, bfl_error *err) {
    look_slot *s = item;
    request q = {context, s};
    bfl_arena_reset(s->arena);
    s->people.items = s->drugs.items = NULL;
    s->people.count = s->people.capacity = s->drugs.count = s->drugs.capacity = 0;
    s->lines = s->unused = s->resources = 0;
    s->any_referred = false;
    return bfl_arena_run(s->arena, look_body, &q, err);
}

static bfl_status merge(bfl_arena *arena, void *context, bfl_error *err) {
    (void)arena;
    (void)err;
    request *q = context;
    look_slot *s = q->slot;
    for (size_t i = 0; i < s->people.count; i++)
        add_hints(q->look->people, s->people.items[i].hash, s->people.items[i].hints);
    return BFL_OK;
}

static bfl_status emit(void *context, void *item, bfl_error *err) {
    look *l = context;
    look_slot *s = item;
    request q = {l, s};
    l->account->unused += s->unused;
    l->any_referred = l->any_referred || s->any_referred;
    bfl_status status = bfl_arena_run(l->people->arena, merge, &q, err);
    bfl_people *people = l->people;
    for (size_t i = 0; i < s->drugs.count && !status; i++) {
        /* the same table, of drugs */
        look_slot one = {.people = {&s->drugs.items[i], 1, 1}};
        request drugs = {l, &one};
        l->people = &l->drugs;
        status = bfl_arena_run(l->drugs.arena, merge, &drugs, err);
        l->people = people;
    }
    return status;
}

static void release(void *context, void *item) {
    (void)context;
    look_slot *s = item;
    bfl_line_reader_free(s->reader);
    bfl_arena_free(s->block.arena);
    bfl_arena_free(s->arena);
}

static void count_people(const bfl_people *p, bfl_screen_account *a) {
    for (size_t i = 0; i < p->room; i++) {
        uint32_t hints = p->slots[i].hints;
        if (!p->slots[i].hash) continue;
        a->patients++;
        a->cancer += (hints & BFL_HINT_CANCER) != 0;
        a->bone += (hints & BFL_HINT_BONE) != 0;
        a->therapy += (hints & BFL_HINT_THERAPY) != 0;
        a->alp += (hints & BFL_HINT_ALP) != 0;
        a->candidates += bfl_hints_ask(hints);
    }
}

bfl_status bfl_look(bfl_inputs *inputs, uint32_t threads, bfl_progress progress, bfl_people *people,
                    bfl_screen_account *account, bfl_error *err) {
    look l = {.inputs = inputs, .progress = progress, .people = people, .account = account};
    const bfl_pipeline plan = {&l, sizeof(look_slot), threads, next, work, emit, release};
    l.drugs.arena = bfl_arena_new();
    if (!l.drugs.arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_inputs_rewind(inputs);
    bfl_status status = bfl_pipeline_run(&plan, err);
    if (!status && l.any_referred && l.drugs.count) {
        l.again = true;
        bfl_inputs_rewind(inputs);
        status = bfl_pipeline_run(&plan, err);
    }
    bfl_arena_free(l.drugs.arena);
    count_people(people, account);
    return status;
}
