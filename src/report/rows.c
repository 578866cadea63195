/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the timeline: therapy bars, events with labels that keep clear of each other, what each criterion said. */
#include "report/timeline.h"

#include <math.h>
#include <string.h>

enum {
    BAR = 20,
    LANE = 24,
    LABEL_LANE = 16,
    ROW_GAP = 12,
    CHIP_WIDTH = 32,
    CHIP_HEIGHT = 17,
    MOST_LABEL = 330,
    MOST_LABELS = 60
};

/* ---- therapy ---- */

/* Drugs given together are one bar. */
typedef struct bar {
    const bfl_therapy *first;
    const char *name;
} bar;

static bool together(const bfl_therapy *a, const bfl_therapy *b) {
    return a->start.day == b->start.day && a->stop.known == b->stop.known &&
           (!a->stop.known || a->stop.day == b->stop.day) && a->intent == b->intent;
}

typedef BFL_LIST(bar) bar_list;

static bar_list bars_of(bfl_timeline *t) {
    bar_list bars = {0};
    for (size_t i = 0; i < t->record->therapy_count; i++) {
        const bfl_therapy *therapy = &t->record->therapies[i];
        bool point = therapy->intent == BFL_INTENT_SURGERY && !therapy->stop.known;
        int32_t last = therapy->stop.known ? therapy->stop.day : point ? therapy->start.day : t->to;
        bool shown = therapy->start.known && last >= t->from;
        if (!shown) continue;
        bar *same = NULL;
        for (size_t k = 0; k < bars.count && !same; k++)
            if (together(bars.items[k].first, therapy)) same = &bars.items[k];
        if (same)
            same->name = bfl_arena_printf(t->arena, "%s + %s", same->name, therapy->drug);
        else
            *BFL_PUSH(t->arena, &bars) = (bar){therapy, therapy->drug};
    }
    return bars;
}

static const char *intent_class(bfl_intent intent) {
    switch (intent) {
    case BFL_INTENT_ANTICANCER: return "therapy anticancer";
    case BFL_INTENT_RADIOTHERAPY:
    case BFL_INTENT_SURGERY: return "therapy local";
    case BFL_INTENT_BONE_AGENT:
    case BFL_INTENT_SUPPORTIVE:
    case BFL_INTENT_NONE:
    case BFL_INTENT_COUNT: return "therapy other";
    }
    return "therapy other";
}

/* The name stands in the bar when it fits, else beside it, where there is more room. */
static void bar_name(bfl_timeline *t, const bar *b, double x1, double x2) {
    bool dark = b->first->intent == BFL_INTENT_ANTICANCER;
    double width = bfl_svg_text_width(b->name, TIMELINE_TEXT), base = t->y + BAR - 6;
    if (width + 14 <= x2 - x1) {
        bfl_svg_text(&t->body, dark ? "bartext inverse" : "bartext", BFL_ANCHOR_START, x1 + 7, base, b->name);
    } else if (t->width - x2 - 8 >= fmin(width, x1 - t->left)) {
        const char *name = bfl_svg_fit(t->arena, b->name, TIMELINE_TEXT, t->width - x2 - 8);
        bfl_svg_text(&t->body, "bartext", BFL_ANCHOR_START, x2 + 6, base, name);
    } else {
        const char *name = bfl_svg_fit(t->arena, b->name, TIMELINE_TEXT, x1 - t->left - 6);
        bfl_svg_text(&t->body, "bartext", BFL_ANCHOR_END, x1 - 6, base, name);
    }
}

static void draw_bar(bfl_timeline *t, const bar *b) {
    const bfl_therapy *therapy = b->first;
    int32_t as_of = t->page->a->as_of == INT32_MIN ? t->to : t->page->a->as_of;
    int32_t end = therapy->stop.known ? therapy->stop.day : as_of > therapy->start.day ? as_of : therapy->start.day;
    bool point = therapy->intent == BFL_INTENT_SURGERY && !therapy->stop.known;
    double x1 = bfl_timeline_x(t, therapy->start.day), x2 = bfl_timeline_x(t, point ? therapy->start.day : end);
    x2 = fmax(x2, x1 + 8);
    const char *title =
        bfl_arena_printf(t->arena, "%s, from %s%s%s", b->name, bfl_say_day(t->arena, t->record, therapy->start.day),
                         therapy->stop.known ? " to "
                         : point             ? ""
                                             : ", going on",
                         therapy->stop.known ? bfl_say_day(t->arena, t->record, therapy->stop.day) : "");
    bfl_svg_rect(&t->body, intent_class(therapy->intent), x1, t->y, x2 - x1, BAR, 3, title);
    bar_name(t, b, x1, x2);
    t->y += LANE;
}

void bfl_timeline_therapies(bfl_timeline *t) {
    bar_list bars = bars_of(t);
    if (bars.count == 0) return;
    bfl_timeline_name(t, t->plain ? "Treatment" : "Therapy", t->y + BAR - 6);
    for (size_t i = 0; i < bars.count; i++) draw_bar(t, &bars.items[i]);
    t->y += ROW_GAP;
}

/* ---- events ---- */

/* Everything of one kind on one day. */
typedef struct event {
    int32_t day;
    bfl_buf text;
} event;
typedef BFL_LIST(event) event_list;

static void add_event(bfl_timeline *t, event_list *list, bfl_when when, const char *text) {
    if (!when.known || !bfl_timeline_shows(t, when.day) || !text[0]) return;
    event *last = list->count ? &list->items[list->count - 1] : NULL;
    if (!last || last->day != when.day) {
        last = BFL_PUSH(t->arena, list);
        *last = (event){when.day, {.arena = t->arena}};
    }
    if (last->text.data && bfl_text_find_nocase(bfl_text_of(last->text.data), bfl_text_of(text)) != SIZE_MAX) return;
    bfl_buf_addf(&last->text, "%s%s", last->text.size ? ", " : "", text);
}

/* The first `named` events have a label; all have a mark that says what it is. */
static void draw_marks(bfl_timeline *t, const event_list *list, const bfl_label *labels, const char *const *texts,
                       size_t named, double base) {
    for (size_t i = 0; i < named; i++) {
        double x = bfl_timeline_x(t, list->items[i].day), y = base + 20 + labels[i].lane * LABEL_LANE;
        if (labels[i].lane > 0) bfl_svg_line(&t->body, "leader", x, base + 6, x, y - 9);
    }
    for (size_t i = 0; i < named; i++)
        bfl_svg_text(&t->body, "label halo", BFL_ANCHOR_START, labels[i].left, base + 20 + labels[i].lane * LABEL_LANE,
                     texts[i]);
    for (size_t i = 0; i < list->count; i++) {
        const event *e = &list->items[i];
        const char *title =
            bfl_arena_printf(t->arena, "%s: %s", bfl_say_day(t->arena, t->record, e->day), bfl_buf_z(&e->text));
        bfl_svg_mark(&t->body, "event", BFL_MARK_DIAMOND, bfl_timeline_x(t, e->day), base, 5, title);
    }
}

static void draw_events(bfl_timeline *t, const char *name, const event_list *list) {
    if (list->count == 0) return;
    size_t named = list->count < MOST_LABELS ? list->count : MOST_LABELS;
    double base = t->y + 8;
    bfl_timeline_name(t, name, t->y + 13);
    bfl_svg_line(&t->body, "rule", t->left, base, t->right, base);
    bfl_label *labels = BFL_NEW_ARRAY(t->arena, named, bfl_label);
    const char **texts = BFL_NEW_ARRAY(t->arena, named, const char *);
    for (size_t i = 0; i < named; i++) {
        texts[i] = bfl_svg_fit(t->arena, bfl_buf_z(&list->items[i].text), TIMELINE_SMALL, MOST_LABEL);
        double x = bfl_timeline_x(t, list->items[i].day);
        labels[i] = (bfl_label){.at = x + 4, .width = bfl_svg_text_width(texts[i], TIMELINE_SMALL)};
    }
    int lanes = bfl_labels_place(labels, named, t->left, t->width, 8);
    draw_marks(t, list, labels, texts, named, base);
    t->y = base + 20 + (lanes - 1) * LABEL_LANE + ROW_GAP;
}

static event_list imaging(bfl_timeline *t) {
    event_list list = {0};
    for (size_t i = 0; i < t->record->lesion_count; i++) {
        const bfl_lesion *l = &t->record->lesions[i];
        add_event(t, &list, l->when, bfl_say_modality(l->modality));
    }
    return list;
}

static bool is_word(const char *value, const char *word) {
    return bfl_text_equal_nocase(bfl_text_of(value), bfl_text_of(word));
}

/* "pain improved", "ECOG 1", "fever", "no fever" */
static const char *clinical_text(bfl_timeline *t, const bfl_clinical *c) {
    const char *item = is_word(c->item, "ecog") ? "ECOG" : bfl_say_spaced(t->arena, c->item);
    if (is_word(c->item, "symptoms")) return c->value;
    if (is_word(c->value, "yes")) return item;
    if (is_word(c->value, "no") || is_word(c->value, "none")) return bfl_arena_printf(t->arena, "no %s", item);
    const char *unit = c->unit && c->unit[0] ? bfl_arena_printf(t->arena, " %s", c->unit) : "";
    return bfl_arena_printf(t->arena, "%s %s%s", item, c->value, unit);
}

/* Is it the same as the last time this was noted? Then it is no event. */
static bool said_before(const bfl_record *record, size_t index) {
    const bfl_clinical *c = &record->clinicals[index];
    for (size_t i = index; i-- > 0;)
        if (is_word(record->clinicals[i].item, c->item))
            return is_word(record->clinicals[i].value, c->value) &&
                   is_word(record->clinicals[i].site ? record->clinicals[i].site : "", c->site ? c->site : "");
    return false;
}

/* Scores and examination findings, which say nothing to a patient. */
static bool is_jargon(const bfl_clinical *c) {
    return is_word(c->item, "ecog") || is_word(c->item, "cord_signs") || is_word(c->item, "deterioration");
}

static event_list clinical(bfl_timeline *t) {
    event_list list = {0};
    for (size_t i = 0; i < t->record->clinical_count; i++)
        if (!(t->plain && is_jargon(&t->record->clinicals[i])) && !said_before(t->record, i) &&
            !is_word(t->record->clinicals[i].value, "negative"))
            add_event(t, &list, t->record->clinicals[i].when, clinical_text(t, &t->record->clinicals[i]));
    return list;
}

typedef struct tissue_ref {
    bfl_when when;
    const char *text;
} tissue_ref;

static int by_day(const void *a, const void *b, const void *context) {
    (void)context;
    int32_t x = ((const tissue_ref *)a)->when.day, y = ((const tissue_ref *)b)->when.day;
    return (x > y) - (x < y);
}

static const char *gene_text(bfl_timeline *t, const bfl_molecular *m) {
    const char *sign = is_word(m->result, "negative") ? " negative" : "";
    const char *space = m->variant && m->variant[0] ? " " : "";
    return bfl_arena_printf(t->arena, "%s%s%s%s", m->gene, space, m->variant ? m->variant : "", sign);
}

/* Genes and tissue in one row, by day. */
static event_list tissue(bfl_timeline *t) {
    BFL_LIST(tissue_ref) all = {0};
    for (size_t i = 0; i < t->record->molecular_count; i++) {
        const bfl_molecular *m = &t->record->moleculars[i];
        *BFL_PUSH(t->arena, &all) = (tissue_ref){m->when, gene_text(t, m)};
    }
    for (size_t i = 0; i < t->record->pathology_count; i++) {
        const bfl_pathology *p = &t->record->pathologies[i];
        const char *what = p->procedure && p->procedure[0] ? p->procedure : "biopsy";
        const char *text = bfl_arena_printf(t->arena, "%s%s%s: %s", what, p->site && p->site[0] ? " " : "",
                                            p->site ? p->site : "", bfl_say_spaced(t->arena, p->result));
        *BFL_PUSH(t->arena, &all) = (tissue_ref){p->when, text};
    }
    bfl_sort(t->arena, all.items, all.count, sizeof *all.items, by_day, NULL);
    event_list list = {0};
    for (size_t i = 0; i < all.count; i++) add_event(t, &list, all.items[i].when, all.items[i].text);
    return list;
}

void bfl_timeline_events(bfl_timeline *t) {
    event_list list = imaging(t);
    draw_events(t, t->plain ? "Examinations" : "Imaging", &list);
    list = clinical(t);
    draw_events(t, t->plain ? "How you felt" : "Clinical", &list);
    if (t->plain) return;
    list = tissue(t);
    draw_events(t, "Genes, tissue", &list);
}

/* ---- what the criteria said ---- */

static const char *chip_class(bfl_response response) {
    switch (response) {
    case BFL_RESPONSE_CR:
    case BFL_RESPONSE_PR: return "chip good";
    case BFL_RESPONSE_PD: return "chip bad";
    case BFL_RESPONSE_NONE:
    case BFL_RESPONSE_SD:
    case BFL_RESPONSE_NON_CR_NON_PD:
    case BFL_RESPONSE_PD_UNCONFIRMED:
    case BFL_RESPONSE_NE: return "chip even";
    }
    return "chip even";
}

static void chip(bfl_timeline *t, const char *criterion, int32_t day, bfl_response response, double room) {
    if (response == BFL_RESPONSE_NONE || !bfl_timeline_shows(t, day)) return;
    const char *word = response == BFL_RESPONSE_NON_CR_NON_PD ? "non-PD" : bfl_response_word(response);
    double x = bfl_timeline_x(t, day);
    double width = fmin(fmax(CHIP_WIDTH, bfl_svg_text_width(word, TIMELINE_SMALL) + 8), fmax(room - 2, 6));
    const char *title = bfl_arena_printf(t->arena, "%s, %s: %s", bfl_say_day(t->arena, t->record, day), criterion,
                                         bfl_response_word(response));
    bfl_svg_rect(&t->body, chip_class(response), x - width / 2, t->y, width, CHIP_HEIGHT, 3, title);
    if (bfl_svg_text_width(word, TIMELINE_SMALL) <= width)
        bfl_svg_text(&t->body, response == BFL_RESPONSE_PD ? "chiptext inverse" : "chiptext", BFL_ANCHOR_MIDDLE, x,
                     t->y + CHIP_HEIGHT - 4.5, word);
}

/* Pixels to the nearer neighbour of a visit. */
static double room_at(const bfl_timeline *t, const bfl_criteria *c, size_t i) {
    double room = t->width, x = bfl_timeline_x(t, c->visits[i].day);
    if (i > 0) room = fmin(room, x - bfl_timeline_x(t, c->visits[i - 1].day));
    if (i + 1 < c->visit_count) room = fmin(room, bfl_timeline_x(t, c->visits[i + 1].day) - x);
    return room;
}

void bfl_timeline_readings(bfl_timeline *t) {
    const bfl_criteria *c = t->page->a->criteria;
    static const char *const names[] = {"RECIST as read", "with flare note", "soft tissue", "MDA bone"};
    bool any = false;
    for (size_t i = 0; i < c->visit_count; i++) any = any || !c->visits[i].baseline;
    if (!any) return;
    for (size_t row = 0; row < sizeof names / sizeof *names; row++) {
        bfl_timeline_subname(t, names[row], t->y + CHIP_HEIGHT - 4.5);
        bfl_svg_line(&t->body, "rule", t->left, t->y + CHIP_HEIGHT / 2.0, t->right, t->y + CHIP_HEIGHT / 2.0);
        for (size_t i = 0; i < c->visit_count; i++) {
            const bfl_recist_visit *v = &c->visits[i];
            const bfl_response said[] = {v->overall, v->overall_flare_note, v->soft_tissue,
                                         bfl_response_of(c, "mda2004", i)};
            if (!v->baseline) chip(t, names[row], v->day, said[row], room_at(t, c, i));
        }
        t->y += CHIP_HEIGHT + 4;
    }
    t->y += ROW_GAP;
}
