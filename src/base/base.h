/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base: arena, text, lists, stable sort, JSON out, byte IO. What every room stands on; includes libc only.
 *
 * Memory follows PostgreSQL's memory contexts and libpng's error jump: inside bfl_arena_run() an allocation never returns
 * NULL. When memory runs out the call jumps back to bfl_arena_run(), which returns BFL_ENOMEM; the caller frees the arena.
 * So a function that runs inside holds nothing outside the arena across an allocation (no open file, no malloc, no lock).
 */
#ifndef BFL_BASE_BASE_H
#define BFL_BASE_BASE_H

#include <boneflare/base.h>

#include <stdarg.h>
#include <string.h>

/* ---- memory (arena.c) ---- */

typedef struct bfl_arena bfl_arena;

/* A new, empty arena; NULL when there is no memory. */
bfl_arena *bfl_arena_new(void);
/* Releases the arena and everything in it. NULL is allowed. */
void bfl_arena_free(bfl_arena *arena);
/* Releases everything in the arena but keeps its first block: for per-patient scratch in a loop. */
void bfl_arena_reset(bfl_arena *arena);
/* An arena for what a loop may forget, to be reset at each turn: it is released with its parent, and when memory runs out in it
 * the parent's bfl_arena_run() returns. Not to be freed. */
bfl_arena *bfl_arena_scratch(bfl_arena *parent) __attribute__((returns_nonnull));
/* As when an allocation fails: bfl_arena_run() returns BFL_ENOMEM. */
_Noreturn void bfl_arena_give_up(const bfl_arena *arena);
/* Bytes handed out since the last reset. */
size_t bfl_arena_used(const bfl_arena *arena);

/* A place in the arena's history. What is allocated between taking the mark and going back to it is scratch: results must be
 * allocated before the mark. Marks nest; going back to an outer one drops the inner ones. */
typedef struct bfl_arena_mark {
    void *block;
    char *at;
    size_t before;
    bfl_arena *scratches;
} bfl_arena_mark;
bfl_arena_mark bfl_arena_here(const bfl_arena *arena);
void bfl_arena_back(bfl_arena *arena, bfl_arena_mark mark);

typedef bfl_status (*bfl_arena_body)(bfl_arena *arena, void *context, bfl_error *err);
/* Runs body(arena, context, err). Returns its status, or BFL_ENOMEM when an allocation failed inside. May be nested with
 * another arena; the same arena may not be run twice at a time. */
bfl_status bfl_arena_run(bfl_arena *arena, bfl_arena_body body, void *context, bfl_error *err);
/* Runs body in a new arena, which it may keep in what it builds. On failure the arena is freed again. */
bfl_status bfl_arena_build(bfl_arena_body body, void *context, bfl_error *err);

/* How an arena begins: the free bytes of its last block, all that an allocation looks at when they are enough. */
typedef struct bfl_arena_room {
    char *at, *end;
} bfl_arena_room;
/* What allocations are rounded to: aligned for any type; with -Darena=malloc to the byte, in a room that is always empty. */
#ifdef BFL_ARENA_MALLOC
enum { BFL_ARENA_UNIT = 1 };
#else
enum { BFL_ARENA_UNIT = _Alignof(max_align_t) };
#endif
/* Bytes, not cleared, out of a new block. */
void *bfl_arena_more(bfl_arena *arena, size_t bytes) __attribute__((returns_nonnull));

/* Never 0, so that each allocation has a place of its own. */
static inline size_t bfl_arena_rounded(size_t bytes) {
    return ((bytes ? bytes : 1) + BFL_ARENA_UNIT - 1) / BFL_ARENA_UNIT * BFL_ARENA_UNIT;
}

/* Bytes, not cleared. */
static inline __attribute__((returns_nonnull)) void *bfl_arena_take(bfl_arena *arena, size_t bytes) {
    bfl_arena_room *room = (bfl_arena_room *)arena;
    bytes = bfl_arena_rounded(bytes);
    if ((size_t)(room->end - room->at) < bytes) return bfl_arena_more(arena, bytes);
    void *p = room->at;
    room->at += bytes;
    return p;
}

/* count * size zeroed bytes, aligned for any type. Never NULL inside bfl_arena_run(). */
void *bfl_arena_alloc(bfl_arena *arena, size_t count, size_t size) __attribute__((returns_nonnull));
/* The same, not cleared: for what is written whole before it is read. */
void *bfl_arena_uncleared(bfl_arena *arena, size_t count, size_t size) __attribute__((returns_nonnull));
/* NUL-terminated copy. */
char *bfl_arena_text(bfl_arena *arena, bfl_text text) __attribute__((returns_nonnull));
/* NUL-terminated formatted text. No %f, %g, %e: they follow the host program's locale. Use bfl_buf_decimal(). */
char *bfl_arena_printf(bfl_arena *arena, const char *format, ...) BFL_PRINTF(2, 3) __attribute__((returns_nonnull));
/* The same of at most `most` bytes: the rest is cut off. */
char *bfl_arena_vprintf(bfl_arena *arena, size_t most, const char *format, va_list args) BFL_PRINTF(3, 0)
    __attribute__((returns_nonnull));

#define BFL_NEW(arena, type) ((type *)memset(bfl_arena_take((arena), sizeof(type)), 0, sizeof(type)))
#define BFL_NEW_ARRAY(arena, count, type) ((type *)bfl_arena_alloc((arena), (count), sizeof(type)))
#define BFL_ROOM_FOR(arena, count, type) ((type *)bfl_arena_uncleared((arena), (count), sizeof(type)))

/* A growing array in an arena: BFL_LIST(int) days = {0}; *BFL_PUSH(arena, &days) = 41; */
#define BFL_LIST(type)          \
    struct {                    \
        type *items;            \
        size_t count, capacity; \
    }
/* Pointer to a new zeroed last element. */
#define BFL_PUSH(arena, list)                                                                                    \
    ((void)((list)->count < (list)->capacity ||                                                                  \
            ((list)->items = bfl_arena_grow((arena), (list)->items, &(list)->capacity, sizeof *(list)->items))), \
     (void)memset(&(list)->items[(list)->count], 0, sizeof *(list)->items), &(list)->items[(list)->count++])
/* Room for more than the capacity, which becomes the new one; what is new is not cleared. */
void *bfl_arena_grow(bfl_arena *arena, void *items, size_t *capacity, size_t size) __attribute__((returns_nonnull));

/* Tests only: the n-th allocation from now on this thread fails (1 = the next); 0 = never. Returns how many were still to come. */
int64_t bfl_memory_fail_at(int64_t n);
/* Tests only: allocations made by this thread since the last call. */
int64_t bfl_memory_count(void);

/* ---- errors (error.c) ---- */

/* Fills err (NULL is allowed) and returns status: return bfl_fail(err, BFL_EPARSE, path, line, "found '%s', expected ...", x); */
bfl_status bfl_fail(bfl_error *err, bfl_status status, const char *where, uint32_t line, const char *format, ...)
    BFL_PRINTF(5, 6);

/* ---- text (text.c) ---- */

/* The public one where it is called from inside: of a literal it is a constant. */
extern inline __attribute__((gnu_inline)) bfl_text bfl_text_of(const char *z) {
    return z ? (bfl_text){z, strlen(z)} : (bfl_text){"", 0};
}
#define BFL_TEXT(literal) ((bfl_text){(literal), sizeof(literal) - 1})
/* memcpy() of mostly a few letters: two moves that may overlap, and no call. */
static inline void bfl_copy_short(char *to, const char *from, size_t size) {
    enum { LONG = sizeof(uint64_t), SHORT = sizeof(uint32_t) };
    if (size > 2 * LONG) {
        memcpy(to, from, size);
    } else if (size >= LONG) {
        memcpy(to, from, LONG);
        memcpy(to + size - LONG, from + size - LONG, LONG);
    } else if (size >= SHORT) {
        memcpy(to, from, SHORT);
        memcpy(to + size - SHORT, from + size - SHORT, SHORT);
    } else {
        for (size_t i = 0; i < size; i++) to[i] = from[i];
    }
}
/* Without leading and trailing ASCII white space. */
bfl_text bfl_text_trim(bfl_text text);
bool bfl_text_starts(bfl_text text, bfl_text prefix);
/* bfl_text_equal_nocase() of a NUL-terminated text. */
bool bfl_z_equal_nocase(const char *z, bfl_text text);
/* First position of `needle` at or after `from`, SIZE_MAX when there is none; ASCII case ignored. */
size_t bfl_text_find_nocase(bfl_text text, bfl_text needle);
/* Splits at the first `separator`: returns what is before it, leaves the rest in *text (empty at the end). */
bfl_text bfl_text_split(bfl_text *text, char separator);
/* vsnprintf() for texts of the program: %s, %d, %u, %zu, %c and %% are written here, several times faster; a format with
 * anything else goes to vsnprintf() whole. Same bytes, same result: the length that the text has or would have had. */
int bfl_text_vformat(char *out, size_t size, const char *format, va_list args) BFL_PRINTF(3, 0);
/* The same with its arguments; the length that the text has or would have had. */
size_t bfl_text_format(char *out, size_t size, const char *format, ...) BFL_PRINTF(3, 4);
/* The digits of a whole number, not NUL-terminated; how many. */
enum { BFL_WHOLE_SIZE = 24 };
size_t bfl_whole_format(bool negative, uint64_t value, char out[BFL_WHOLE_SIZE]);
/* ASCII lower case copy. */
char *bfl_text_lower(bfl_arena *arena, bfl_text text) __attribute__((returns_nonnull));

/* A text that grows in an arena; always NUL-terminated. Start with bfl_buf b = {arena}; */
typedef struct bfl_buf {
    bfl_arena *arena;
    char *data;
    size_t size, capacity;
} bfl_buf;
void bfl_buf_add(bfl_buf *buf, const char *z);
void bfl_buf_add_text(bfl_buf *buf, bfl_text text);
void bfl_buf_addf(bfl_buf *buf, const char *format, ...) BFL_PRINTF(2, 3);
/* One more of a list: the separator where something was added before, then the text. */
void bfl_buf_join(bfl_buf *buf, const char *separator, const char *z);
/* The decimal as written; rounded to `places` when places >= 0. */
void bfl_buf_decimal(bfl_buf *buf, bfl_decimal value, int places);
/* A double rounded to `places` (0..9), locale-free. Not for NaN or infinity (written as "-"). */
void bfl_buf_double(bfl_buf *buf, double value, int places);
/* The text so far ("" when nothing was added). */
const char *bfl_buf_z(const bfl_buf *buf);

/* ---- sentence.c: a sentence put together from its pieces; nothing in them is searched for conversions ---- */

/* Where a number stands while it is a piece. */
typedef struct bfl_digits {
    char room[48];
} bfl_digits;
/* Rounded to `places` when places >= 0. The text lives as long as the digits. */
bfl_text bfl_digits_decimal(bfl_digits *digits, bfl_decimal value, int places);
bfl_text bfl_digits_whole(bfl_digits *digits, int64_t value);
/* The pieces one after another, NUL-terminated; of at most `most` bytes, the rest is cut off. */
char *bfl_arena_join(bfl_arena *arena, size_t most, const bfl_text *pieces, size_t count)
    __attribute__((returns_nonnull));
#define BFL_JOIN(arena, ...)                                               \
    bfl_arena_join((arena), SIZE_MAX / 4, (const bfl_text[]){__VA_ARGS__}, \
                   sizeof((const bfl_text[]){__VA_ARGS__}) / sizeof(bfl_text))

/* ---- escape.c: text from a record may hold anything ---- */

/* A JSON string with its quotes. Invalid UTF-8 and NUL become U+FFFD, control characters \u00XX; NULL gives "". */
void bfl_json_string(bfl_buf *out, const char *z);
/* Text for an element or a quoted attribute of HTML and SVG. Invalid UTF-8 and control characters become U+FFFD. */
void bfl_html_text(bfl_buf *out, const char *z);
/* Text for a terminal on one line: no control characters (so no escape sequences), no direction overrides. */
const char *bfl_plain_text(bfl_arena *arena, const char *z);

/* ---- JSON out (json.c) ---- */

/* Writes JSON one value after another and knows whether a comma is due. A NULL key is an element of an array. */
typedef struct bfl_json_writer {
    bfl_buf *out;
    bool comma;
} bfl_json_writer;
/* Only the comma and the key: the value is added to `out` next. */
void bfl_json_key(bfl_json_writer *w, const char *key);
/* bracket: "{" or "[", closed by "}" or "]". */
void bfl_json_open(bfl_json_writer *w, const char *key, const char *bracket);
void bfl_json_close(bfl_json_writer *w, const char *bracket);
void bfl_json_text(bfl_json_writer *w, const char *key, const char *z);
void bfl_json_decimal(bfl_json_writer *w, const char *key, bfl_decimal value);

/* ---- decimals and dates beyond the public face ---- */

/* Nearest decimal with `places` (0..9) decimal places. value must be finite and |value| < 1e9. */
bfl_decimal bfl_decimal_from_double(double value, int places);
bool bfl_decimal_is_zero(bfl_decimal a);
bfl_maybe bfl_some(bfl_decimal value);
#include "base/exact.h"
/* Writes it before `end`, from its last digit on, without a NUL; where it begins. */
char *bfl_decimal_digits(bfl_decimal a, char *end);
/* Text of a decimal in an arena, rounded to `places` when places >= 0. */
const char *bfl_decimal_z(bfl_arena *arena, bfl_decimal value, int places);
enum { BFL_FARTHEST_DAY = 40000 }; /* from day 0, before or after: what bfl_date_parse() takes */
/* As they are written, both the same; two that are no date are the same. */
bool bfl_date_same(bfl_date a, bfl_date b);
/* A year, or a calendar date, whose year alone is at fault; the years taken are those of BFL_DATE_YEARS. */
bool bfl_date_year_at_fault(bfl_text text);
#define BFL_DATE_YEARS "a year from 1800 to 2200"

/* ---- sort (sort.c) ---- */

typedef int (*bfl_compare)(const void *a, const void *b, const void *context);
/* Stable merge sort. Scratch memory comes from the arena. */
void bfl_sort(bfl_arena *arena, void *items, size_t count, size_t size, bfl_compare compare, const void *context);

/* ---- loops over threads (pipeline.c) ---- */

typedef void (*bfl_part)(void *context, size_t index);
/* Calls part(context, 0..count-1), each once, in any order on up to `threads` threads (0 = processors). A part writes only what
 * is its own and allocates nothing; `count` must not depend on `threads`, so that what is summed over the parts does not. */
void bfl_parallel(uint32_t threads, size_t count, bfl_part part, void *context);
/* The same for parts that allocate: each has a scratch arena of `arena` for its own, which lives until that goes back to an earlier
 * mark. When memory runs out in a part, it is as if it had run out in `arena` once all parts have ended. */
typedef void (*bfl_own_part)(bfl_arena *own, void *context, size_t index);
void bfl_parallel_own(bfl_arena *arena, uint32_t threads, size_t count, bfl_own_part part, void *context);

/* ---- bytes (file.c) ---- */

/* Reads a whole file into the arena, NUL-terminated. BFL_ENOTFOUND, BFL_EIO (a folder too), BFL_ELIMIT (over max_bytes). */
BFL_MUST_USE bfl_status bfl_file_read(bfl_arena *arena, const char *path, size_t max_bytes, bfl_text *out,
                                      bfl_error *err);
/* Writes a file by way of a temporary beside it and a rename; BFL_EEXIST when it is there and !overwrite. */
BFL_MUST_USE bfl_status bfl_file_write(const char *path, bfl_text data, bool overwrite, bfl_error *err);

/* A sink that remembers its first failure. */
typedef struct bfl_out {
    bfl_sink sink;
    bool failed;
} bfl_out;
void bfl_out_text(bfl_out *out, bfl_text text);
void bfl_out_z(bfl_out *out, const char *z);

#endif
