/* SPDX-License-Identifier: Apache-2.0 */
/* Patient-contiguous NDJSON, one patient at a time. What is remembered beyond the patient does not grow with the stream. */
#include "format/format.h"
#include "record/record.h"

#include <string.h>

/* Of so many patients at most it is remembered that they were here. */
enum { FIRST_SEEN = 1024, MOST_SEEN = 1 << 20 };

uint64_t bfl_stable_hash(bfl_text text) {
    uint64_t h = 0xcbf29ce484222325u; /* FNV-1a, 64 bits, then the last mix of MurmurHash3: every bit counts */
    for (size_t i = 0; i < text.size; i++) h = (h ^ (unsigned char)text.data[i]) * 0x100000001b3u;
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdu;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53u;
    return h ^ (h >> 33);
}

/* ---- who was here ---- */

static bool add_seen(uint64_t *slots, size_t room, uint64_t hash) {
    size_t i = hash & (room - 1);
    for (; slots[i]; i = (i + 1) & (room - 1))
        if (slots[i] == hash) return false;
    slots[i] = hash;
    return true;
}

static bfl_status grow_seen(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    bfl_patient_stream *s = context;
    size_t room = s->seen_room ? s->seen_room * 2 : FIRST_SEEN;
    uint64_t *slots = BFL_NEW_ARRAY(arena, room, uint64_t);
    for (size_t i = 0; i < s->seen_room; i++)
        if (s->seen[i]) (void)add_seen(slots, room, s->seen[i]);
    s->seen = slots;
    s->seen_room = room;
    return BFL_OK;
}

static bfl_status remember(bfl_patient_stream *s, bfl_text id, bool *is_new, bfl_error *err) {
    uint64_t hash = bfl_stable_hash(id) | 1;
    bfl_status status = BFL_OK;
    if (s->seen_count * 2 >= s->seen_room && s->seen_room < MOST_SEEN)
        status = bfl_arena_run(s->arena, grow_seen, s, err);
    if (status) return status;
    *is_new = true;
    if (s->seen_count * 2 >= s->seen_room) { /* full: only look */
        for (size_t i = hash & (s->seen_room - 1); s->seen[i] && *is_new; i = (i + 1) & (s->seen_room - 1))
            *is_new = s->seen[i] != hash;
        return BFL_OK;
    }
    *is_new = add_seen(s->seen, s->seen_room, hash);
    s->seen_count += *is_new;
    return BFL_OK;
}

/* ---- one patient ---- */

typedef struct request {
    bfl_patient_stream *stream;
    bfl_patient_lines *out;
    const char *server;
    uint64_t line; /* number of stream->line */
    bool begun, too_large;
} request;

static void tell(request *q, uint64_t line, const char *text) {
    bfl_patient_lines *out = q->out;
    *BFL_PUSH(out->arena, &out->problems) = (bfl_stream_problem){line, out->id, text};
}

static bfl_status begin(request *q, bfl_error *err) {
    bfl_patient_lines *out = q->out;
    bool is_new = true;
    q->begun = true;
    out->id = bfl_arena_text(out->arena, q->stream->line.patient);
    out->lines.first_line = q->line;
    q->stream->patients++;
    bfl_status status = remember(q->stream, q->stream->line.patient, &is_new, err);
    if (is_new) return status;
    out->refused = true;
    tell(q, q->line,
         "comes again behind other patients, and is not assessed a second time: boneflare shard puts the "
         "lines of each patient together");
    return status;
}

/* The same id on two servers may be two people: nothing in a line says which server a relative reference means. */
static void check_server(request *q, bfl_text server) {
    if (server.size == 0 || q->out->refused) return;
    if (!q->server) {
        q->server = bfl_arena_text(q->out->arena, server);
    } else if (!bfl_text_equal_nocase(server, bfl_text_of(q->server))) {
        q->out->refused = true;
        tell(q, q->line,
             bfl_arena_printf(
                 q->out->arena, "two servers have a patient with this id: %s and %s, which may be two people",
                 bfl_issue_quote(q->out->arena, bfl_text_of(q->server)), bfl_issue_quote(q->out->arena, server)));
    }
}

static void keep(request *q, bfl_text text) {
    bfl_block *lines = &q->out->lines;
    if (!q->too_large && lines->size + text.size >= q->stream->patient_bytes && text.size) {
        q->too_large = q->out->refused = true;
        tell(q, q->line,
             bfl_arena_printf(q->out->arena, "more than the limit of %zu bytes for one patient",
                              q->stream->patient_bytes));
    }
    if (q->out->refused) lines->size = 0;
    if (q->out->refused) return;
    bfl_block_add(lines, text);
    bfl_block_add(lines, BFL_TEXT("\n"));
}

static void leave_out(request *q, const char *why) {
    tell(q, q->line, bfl_arena_printf(q->out->arena, "%s: this line is left out", why));
    if (q->begun) keep(q, (bfl_text){"", 0});
}

/* Uses stream->line; *whole = true when it is of the next patient. */
static bfl_status use(request *q, bool *whole, bfl_error *err) {
    const bfl_line *line = &q->stream->line;
    bfl_status status = BFL_OK;
    switch (line->kind) {
    case BFL_LINE_BLANK:
        if (q->begun) keep(q, (bfl_text){"", 0});
        break;
    case BFL_LINE_BROKEN: leave_out(q, bfl_arena_printf(q->out->arena, "not JSON: %s", line->why)); break;
    case BFL_LINE_OTHER: leave_out(q, "JSON without resourceType"); break;
    case BFL_LINE_UNSOLVED: leave_out(q, line->why); break;
    case BFL_LINE_NOBODY:
        q->stream->nobody++;
        if (q->begun) keep(q, line->text);
        break;
    case BFL_LINE_PATIENT:
        *whole = q->begun && !bfl_text_equal(line->patient, bfl_text_of(q->out->id));
        if (*whole) break;
        if (!q->begun) status = begin(q, err);
        check_server(q, line->server);
        keep(q, line->text);
        break;
    }
    return status;
}

static bfl_status next_block(request *q, bool *more, bfl_error *err) {
    bfl_patient_stream *s = q->stream;
    bfl_status status = bfl_line_stream_next(&s->lines, &s->block, more, err);
    if (status || !*more) return status;
    s->next_line = s->block.first_line;
    q->line = s->next_line;
    if (s->block.too_long)
        leave_out(q, bfl_arena_printf(q->out->arena, "longer than the limit of %zu bytes", s->lines.line_bytes));
    if (s->block.too_long) return BFL_OK;
    s->begun = true;
    return bfl_line_reader_begin(s->reader, (bfl_text){s->block.data, s->block.size}, err);
}

static bfl_status read_patient(bfl_arena *arena, void *context, bfl_error *err) {
    (void)arena;
    request *q = context;
    bfl_patient_stream *s = q->stream;
    bfl_status status = BFL_OK;
    for (bool whole = false, more = true; !whole && !status;) {
        if (!s->held && !s->begun) {
            status = next_block(q, &more, err);
            if (!more) break;
            continue;
        }
        if (!s->held && !bfl_line_reader_next(s->reader, &s->line)) {
            s->begun = false;
            continue;
        }
        q->line = s->held ? s->next_line - 1 : s->next_line++;
        s->held = false;
        status = use(q, &whole, err);
        s->held = whole;
    }
    return status;
}

static bfl_status in_lines(bfl_arena *arena, void *context, bfl_error *err) {
    (void)arena;
    request *q = context;
    return bfl_arena_run(q->out->arena, read_patient, q, err);
}

bfl_status bfl_patient_stream_next(bfl_patient_stream *stream, bfl_patient_lines *out, bool *more, bfl_error *err) {
    request q = {.stream = stream, .out = out};
    bfl_arena_reset(out->arena);
    out->id = "";
    out->refused = false;
    out->problems.items = NULL;
    out->problems.count = out->problems.capacity = 0;
    out->lines.size = 0;
    bfl_status status = bfl_arena_run(out->lines.arena, in_lines, &q, err);
    if (!status) *more = q.begun || out->problems.count > 0;
    return status;
}
