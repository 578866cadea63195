/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enhanced CT: one file, many frames. What belongs to a frame stands in functional groups (PS3.3, C.7.6.16), those of all frames
 * first, then those of each; packed frames are found by the table of offsets, or by one fragment each.
 */
#include "format/dicom/read.h"

#include <string.h>

enum { MOST_DEPTH = 16 };
static const uint32_t SHARED = 0x52009229, PER_FRAME = 0x52009230;

typedef struct walk {
    bfl_dicom_input *in;
    bfl_dicom_head shared, *heads;
    size_t count, seen;   /* frames; items of the groups of each so far */
    bfl_dicom_head *head; /* whose groups are read; NULL: nobody's */
} walk;

/* Sequences whose items are looked into. */
static bool is_group(uint32_t tag) {
    static const uint32_t GROUPS[] = {0x00189329, 0x00209113, 0x00209116, 0x00289110, 0x00289145};
    for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS; i++)
        if (GROUPS[i] == tag) return true;
    return tag == SHARED || tag == PER_FRAME;
}

static void take(walk *w, const bfl_dicom_element *e) {
    static const struct {
        uint32_t tag;
        bfl_dicom_tag to;
    } TAKEN[] = {{0x00089007, BFL_TAG_IMAGE_TYPE},  {0x00180050, BFL_TAG_THICKNESS},   {0x00200032, BFL_TAG_POSITION},
                 {0x00200037, BFL_TAG_ORIENTATION}, {0x00280030, BFL_TAG_SPACING},     {0x00281052, BFL_TAG_INTERCEPT},
                 {0x00281053, BFL_TAG_SLOPE},       {0x00281054, BFL_TAG_RESCALE_TYPE}};
    for (size_t i = 0; w->head && i < sizeof TAKEN / sizeof *TAKEN; i++)
        if (TAKEN[i].tag == e->tag) bfl_dicom_take_text(w->in, e, w->head->text[TAKEN[i].to]);
}

static bool sequence(walk *w, const bfl_dicom_element *e, bfl_dicom_coding c, int depth, size_t *at);

/* Elements up to `end`, or up to the end of an item whose length is not told (SIZE_MAX). Leaves *at behind them. */
static bool elements(walk *w, size_t *at, size_t end, bfl_dicom_coding c, int depth) { // NOLINT(misc-no-recursion)
    bfl_dicom_element e;
    while (*at < end) {
        if (*at >= w->in->size) return end == SIZE_MAX && depth == 0;
        if (!bfl_dicom_next(w->in, *at, c, &e)) return false;
        *at = e.at;
        if (e.tag == BFL_DICOM_ITEM_END && end == SIZE_MAX) return true;
        if (e.tag >> 16 >= 0x7fe0 && depth == 0) return true; /* the pixels */
        if (is_group(e.tag) || e.length == BFL_DICOM_UNKNOWN) {
            const bfl_dicom_coding inside = e.implicit_inside ? (bfl_dicom_coding){.implicit = true} : c;
            if (!sequence(w, &e, inside, depth, at)) return false;
            continue;
        }
        if (e.length > w->in->size - e.at) return false;
        if (depth > 0) take(w, &e);
        *at = e.at + e.length;
    }
    return true;
}

static void begin_item(walk *w, uint32_t tag) {
    if (tag == SHARED) w->head = &w->shared;
    if (tag != PER_FRAME) return;
    w->head = w->seen < w->count ? &w->heads[w->seen] : NULL;
    if (w->head) *w->head = w->shared;
    w->seen++;
}

static bool sequence(walk *w, const bfl_dicom_element *e, bfl_dicom_coding c, int depth, // NOLINT(misc-no-recursion)
                     size_t *at) {
    const bool told = e->length != BFL_DICOM_UNKNOWN, known = is_group(e->tag);
    bfl_dicom_head *const outside = w->head;
    if (depth >= MOST_DEPTH || (told && e->length > w->in->size - e->at)) return false;
    const size_t end = told ? e->at + e->length : SIZE_MAX;
    if (!known) w->head = NULL;
    for (*at = e->at; *at < end;) {
        bfl_dicom_element item;
        if (!bfl_dicom_next(w->in, *at, c, &item)) return false;
        *at = item.at;
        if (item.tag == BFL_DICOM_SEQUENCE_END && !told) break;
        if (item.tag != BFL_DICOM_ITEM) return false;
        const bool open = item.length == BFL_DICOM_UNKNOWN;
        if (!open && item.length > w->in->size - item.at) return false;
        begin_item(w, e->tag);
        if (!elements(w, at, open ? SIZE_MAX : item.at + item.length, c, depth + 1)) return false;
    }
    w->head = outside;
    return true;
}

/* ---- where the pixels of each frame lie ---- */

static bool plain_pixels(const bfl_dicom_head *head, bfl_dicom_head *out, size_t count) {
    const size_t plane = (size_t)head->rows * head->columns * (head->bits / 8U);
    if (!plane || count > head->size / plane) return false;
    for (size_t i = 0; i < count; i++) {
        out[i].from = head->from + i * plane;
        out[i].size = plane;
    }
    return true;
}

static bool item_at(bfl_dicom_input *in, size_t at, bfl_dicom_element *out) {
    return bfl_dicom_next(in, at, (bfl_dicom_coding){.implicit = true}, out) && out->tag == BFL_DICOM_ITEM &&
           out->length <= in->size - out->at;
}

/* The first bytes of a picture: JPEG and JPEG-LS, or JPEG 2000. */
static bool begins_picture(bfl_dicom_input *in, const bfl_dicom_element *item) {
    unsigned char head[3] = {0};
    return item->length >= sizeof head && bfl_dicom_peek(in, item->at, sizeof head, head) && head[0] == 0xff &&
           (head[1] == 0xd8 || head[1] == 0x4f) && head[2] == 0xff;
}

static size_t count_fragments(bfl_dicom_input *in, size_t at) {
    bfl_dicom_element item;
    size_t count = 0;
    for (; item_at(in, at, &item); at = item.at + item.length) count++;
    return count;
}

/* Without a table a frame is a fragment; where there are more fragments, it begins at each that begins a picture. */
static bool frames_by_fragments(bfl_dicom_input *in, size_t at, bfl_dicom_head *out, size_t count) {
    const size_t fragments = count_fragments(in, at);
    bfl_dicom_element item;
    size_t found = 0;
    for (; item_at(in, at, &item); at = item.at + item.length) {
        if (fragments != count && !begins_picture(in, &item)) continue;
        if (found == count) return false;
        out[found++].from = at;
    }
    return found == count;
}

static bool frames_by_table(bfl_dicom_input *in, const bfl_dicom_element *table, bfl_dicom_head *out, size_t count) {
    const size_t first = table->at + table->length;
    bfl_dicom_element item;
    if (table->length / 4 != count) return false;
    for (size_t i = 0; i < count; i++) {
        unsigned char o[4];
        if (!bfl_dicom_peek(in, table->at + 4 * i, sizeof o, o)) return false;
        out[i].from = first + ((size_t)o[0] | (size_t)o[1] << 8 | (size_t)o[2] << 16 | (size_t)o[3] << 24);
        if (!item_at(in, out[i].from, &item) || (i && out[i].from <= out[i - 1].from)) return false;
    }
    return true;
}

static bool packed_pixels(bfl_dicom_input *in, const bfl_dicom_head *head, bfl_dicom_head *out, size_t count) {
    bfl_dicom_element item;
    if (!count || !item_at(in, head->from, &item)) return false;
    if (!(item.length ? frames_by_table(in, &item, out, count) : frames_by_fragments(in, item.at, out, count)))
        return false;
    size_t end = out[count - 1].from;
    while (item_at(in, end, &item)) end = item.at + item.length;
    for (size_t i = 0; i < count; i++) {
        out[i].size = (i + 1 < count ? out[i + 1].from : end) - out[i].from;
        out[i].bare = true;
    }
    return true;
}

/* ---- the whole ---- */

size_t bfl_dicom_frame_count(const bfl_dicom_head *head) {
    size_t count = 0;
    const char *z = head->text[BFL_TAG_FRAMES];
    for (; *z >= '0' && *z <= '9' && count < INT32_MAX / 10; z++) count = 10 * count + (size_t)(*z - '0');
    return *z || !count ? 1 : count;
}

bool bfl_dicom_frames(const bfl_dicom_source *source, const bfl_dicom_head *head, bfl_dicom_head *out, size_t count) {
    bfl_dicom_input in;
    size_t at = head->dataset_at;
    walk w = {.in = &in, .shared = *head, .heads = out, .count = count};
    bool good = head->has_pixels && bfl_dicom_open(source, &in);
    if (!good) return false;
    good = elements(&w, &at, SIZE_MAX, (bfl_dicom_coding){head->implicit, head->big_endian}, 0) && w.seen == count &&
           (head->packed ? packed_pixels(&in, head, out, count) : plain_pixels(head, out, count));
    bfl_dicom_close(&in);
    for (size_t i = 0; good && i < count; i++) {
        out[i].frame = (int32_t)i + 1;
        memcpy(out[i].text[BFL_TAG_FRAMES], "1", 2);
    }
    return good;
}
