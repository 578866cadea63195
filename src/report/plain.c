/* SPDX-License-Identifier: Apache-2.0 */
/* The same facts, short and kind: no jargon, no number hidden, nothing promised. */
#include "report/plain.h"
#include "rules/rules.h"

#include <string.h>

typedef struct plain {
    bfl_arena *arena;
    const bfl_assessment *a;
    bfl_plain_parts parts;
} plain;

static bfl_plain_part *part(plain *p, const char *name, const char *heading) {
    bfl_plain_part *added = BFL_PUSH(p->arena, &p->parts);
    *added = (bfl_plain_part){.name = name, .heading = heading};
    return added;
}

static void paragraph(plain *p, bfl_plain_part *to, const char *z) {
    if (z && z[0]) *BFL_PUSH(p->arena, &to->paragraphs) = z;
}

static void point(plain *p, bfl_plain_part *to, const char *z) {
    if (!z || !z[0]) return;
    for (size_t i = 0; i < to->points.count; i++)
        if (strcmp(to->points.items[i], z) == 0) return;
    *BFL_PUSH(p->arena, &to->points) = z;
}

/* A part that was started and has nothing to say goes away. */
static void drop_if_empty(plain *p) {
    const bfl_plain_part *last = &p->parts.items[p->parts.count - 1];
    if (last->paragraphs.count + last->points.count == 0) p->parts.count--;
}

/* "8 October 2019", or "day 41 of treatment". */
static const char *day_words(plain *p, int32_t day) { return bfl_say_long_date(p->arena, p->a->record, day); }

/* ---- parts ---- */

static void alarms(plain *p, bool urgent) {
    const bfl_verdict *verdict = p->a->verdict;
    bfl_plain_part *to =
        part(p, urgent ? "today" : "soon", urgent ? "Please contact your team today" : "Please tell your team soon");
    to->urgent = urgent;
    for (size_t i = 0; i < verdict->alarm_count; i++) {
        const bfl_alarm *alarm = &verdict->alarms[i];
        const char *words = bfl_say_plain(p->a->rulebook, alarm->rule);
        if (alarm->urgent == urgent) point(p, to, words ? words : alarm->finding);
    }
    drop_if_empty(p);
}

static void sure(plain *p) {
    const bfl_bone *bone = &p->a->verdict->now;
    if (!bone->question) return;
    bfl_plain_part *to = part(p, "sure", "How sure is this?");
    paragraph(
        p, to,
        bfl_arena_printf(p->arena,
                         "From what is known on this date: %s that it is healing, %s that the illness is growing, "
                         "and %s that it is something else.",
                         bfl_say_chance(p->arena, bone->p_flare), bfl_say_chance(p->arena, bone->p_progression),
                         bfl_say_chance(p->arena, bone->p_other)));
    paragraph(p, to,
              bfl_arena_printf(
                  p->arena,
                  "These numbers are not exact. The chance that it is healing may be as low as %s or as high as %s.",
                  bfl_say_chance(p->arena, bone->low), bfl_say_chance(p->arena, bone->high)));
}

static void evidence(plain *p, bfl_direction direction, const char *name, const char *heading) {
    const bfl_bone *bone = &p->a->verdict->now;
    bfl_plain_part *to = part(p, name, heading);
    for (size_t i = 0; i < bone->evidence_count; i++) {
        const bfl_evidence *e = &bone->evidence[i];
        const char *words = bfl_say_plain(p->a->rulebook, e->rule);
        if (e->direction == direction) point(p, to, words ? words : e->finding);
    }
    drop_if_empty(p);
}

static void outside_bone(plain *p) {
    const bfl_criteria *c = p->a->criteria;
    if (c->visit_count == 0) return;
    const bfl_recist_visit *last = &c->visits[c->visit_count - 1];
    const char *words = bfl_say_response(p->a->rulebook, last->soft_tissue);
    if (last->baseline || !words[0]) return;
    bfl_plain_part *to = part(p, "outside", "The spots outside the bones");
    paragraph(p, to, bfl_arena_printf(p->arena, "%s (Examination of %s.)", words, day_words(p, last->day)));
    if (last->change_percent.present && last->sum_mm.present)
        paragraph(p, to,
                  bfl_arena_printf(p->arena, "Added together, the measured spots are now %s mm (%s since the start).",
                                   bfl_say_maybe(p->arena, last->sum_mm),
                                   bfl_say_change(p->arena, last->change_percent)));
}

static const char *shape_words(bfl_shape shape) {
    switch (shape) {
    case BFL_SHAPE_UNKNOWN: return "";
    case BFL_SHAPE_STABLE: return "It has not changed much.";
    case BFL_SHAPE_FALLING: return "It is falling.";
    case BFL_SHAPE_RISING: return "It is rising.";
    case BFL_SHAPE_RISE_THEN_FALL: return "It rose and then fell again.";
    case BFL_SHAPE_FALL_THEN_RISE: return "It fell and then rose again.";
    }
    return "";
}

/* "ALP (alkaline phosphatase): an enzyme from bone and liver..." from the rulebook, else the name. */
static const char *marker_words(plain *p, const bfl_marker *m) {
    char *key = bfl_text_lower(p->arena, bfl_text_of(bfl_arena_printf(p->arena, "%s_text", m->analyte->id)));
    const bfl_rule *words = bfl_rulebook_find(p->a->rulebook, "workup.words.marker");
    const bfl_parameter *found = words ? bfl_rule_parameter(words, key) : NULL;
    return found && !found->numeric ? found->text : m->analyte->name;
}

static bool worth_telling(const bfl_marker *m) {
    if (m->point_count == 0) return false;
    const bfl_marker_point *last = &m->points[m->point_count - 1];
    bool part = m->analyte->part_of && m->analyte->part_of[0];
    if (part || (last->derived && !m->own)) return false;
    return strcmp(m->analyte->id, "ALP") == 0 || m->own || last->above_range || last->below_range;
}

static void blood(plain *p) {
    const bfl_markers *all = p->a->markers;
    bfl_plain_part *to = part(p, "blood", "Your blood values");
    for (size_t i = 0; i < all->course_count; i++) {
        const bfl_marker *m = &all->courses[i];
        if (!worth_telling(m)) continue;
        const bfl_marker_point *last = &m->points[m->point_count - 1];
        const char *range = last->above_range && m->last_x_uln.present
                                ? bfl_arena_printf(p->arena, "now %s times the upper normal value",
                                                   bfl_say_maybe(p->arena, m->last_x_uln))
                            : last->below_range ? "now below the normal range"
                            : m->last_x_uln.present
                                ? "now in the normal range"
                                : bfl_arena_printf(p->arena, "now %s", bfl_say_value(p->arena, p->a->record, m, last));
        point(p, to, bfl_arena_printf(p->arena, "%s. It is %s. %s", marker_words(p, m), range, shape_words(m->shape)));
    }
    drop_if_empty(p);
}

static void causes(plain *p) {
    const bfl_markers *all = p->a->markers;
    bfl_plain_part *to = part(p, "causes", "What may have raised ALP");
    for (size_t i = 0; i < all->cause_count; i++)
        if (all->causes[i].present) point(p, to, bfl_say_cause(p->a->rulebook, &all->causes[i]));
    if (to->points.count > 1) paragraph(p, to, "More than one of these can be true at the same time.");
    drop_if_empty(p);
}

static void next(plain *p) {
    const bfl_workup *workup = p->a->workup;
    bfl_plain_part *to = part(p, "next", "What happens next");
    for (size_t i = 0; i < workup->next_count; i++) {
        const bfl_step *step = &workup->next[i];
        const char *words = step->patient_action && step->patient_action[0] ? step->patient_action : step->action;
        const char *by = step->has_by ? bfl_arena_printf(p->arena, "By %s: ", day_words(p, step->by_day)) : "";
        point(p, to, bfl_arena_printf(p->arena, "%s%s", by, words));
    }
    drop_if_empty(p);
}

static void open_points(plain *p) {
    size_t count = p->a->issue_count;
    if (count == 0) return;
    bfl_plain_part *to = part(p, "open", "Your record");
    paragraph(p, to,
              bfl_arena_printf(
                  p->arena,
                  "%zu %s in your record should be checked by your team, such as dates that do not fit together or "
                  "values without a unit. The details are in the doctors' version of this page.",
                  count, count == 1 ? "entry" : "entries"));
}

static void when_to_call(plain *p) {
    const bfl_rule *rule = bfl_rule_of(p->a->rulebook, BFL_RULE_REPORT_PATIENT_CALL);
    bfl_plain_part *to = part(p, "call", "Do not wait for the next appointment if you notice");
    for (size_t i = 0; i < rule->parameter_count; i++)
        if (!rule->parameters[i].numeric) point(p, to, rule->parameters[i].text);
}

bfl_plain_parts bfl_plain_parts_of(bfl_arena *arena, const bfl_assessment *assessment) {
    plain p = {.arena = arena, .a = assessment};
    alarms(&p, true);
    sure(&p);
    evidence(&p, BFL_FOR_FLARE, "healing", "What speaks for healing");
    evidence(&p, BFL_FOR_PROGRESSION, "growth", "What speaks for growth");
    evidence(&p, BFL_FOR_OTHER, "other", "What could also explain it");
    outside_bone(&p);
    blood(&p);
    causes(&p);
    next(&p);
    alarms(&p, false);
    open_points(&p);
    when_to_call(&p);
    return p.parts;
}
