/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict as a story in time: at each day that brought news, what was known then is judged, and the state moves.
 *
 *   none -> flare_suspected -> flare_confirmed, or -> progression, or -> undetermined, by evidence.
 *   flare_confirmed is left only by new trouble in the bone. progression is left only by new bone evidence, and then first
 *   to undetermined; a new therapy opens a new question.
 */
#include "flare/decide.h"
#include "flare/past.h"
#include "flare/prior.h"
#include "flare/standing.h"

#include <limits.h>
#include <string.h>

/* What earlier days leave for later ones. */
typedef struct memory {
    bfl_bone_state state;
    bfl_bone last;        /* the last judgement that answered a question; its sentence is NULL until it is said */
    int32_t judged_day;   /* when it was made */
    bfl_bone_state found; /* the state that it found */
    int32_t state_day;    /* when the state was reached */
    int32_t after_day;    /* bone studies up to here are settled */
    int32_t asked_after;  /* after_day of the question that was settled last */
    bool kept;            /* its evidence lies where it stays */
    bool healed;          /* a flare was confirmed under this therapy */
    standing *standing;   /* NULL before the walk */
    known_rows rows;      /* of the day; in the walk and after it */
    bone_signs signs;
} memory;

const char *bfl_bone_state_word(bfl_bone_state state) {
    switch (state) {
    case BFL_BONE_NONE: return "none";
    case BFL_BONE_FLARE_SUSPECTED: return "flare_suspected";
    case BFL_BONE_FLARE_CONFIRMED: return "flare_confirmed";
    case BFL_BONE_PROGRESSION: return "progression";
    case BFL_BONE_UNDETERMINED: return "undetermined";
    }
    return "undetermined";
}

const char *bfl_direction_word(bfl_direction direction) {
    switch (direction) {
    case BFL_FOR_FLARE: return "flare";
    case BFL_FOR_PROGRESSION: return "progression";
    case BFL_FOR_OTHER: return "other";
    case BFL_NEUTRAL: return "neutral";
    }
    return "neutral";
}

/* ---- one judgement ---- */

static bool has_veto(const bfl_bone *bone) {
    for (size_t i = 0; i < bone->evidence_count; i++)
        if (bone->evidence[i].veto) return true;
    return false;
}

static bool progression_elsewhere(const bfl_findings *f, int32_t from_day) {
    const bfl_criteria *c = f->criteria;
    for (size_t i = c->visit_count; i-- > 0;)
        if (c->visits[i].day >= from_day) return c->visits[i].soft_tissue == BFL_RESPONSE_PD;
    return false;
}

static bool serum_returned(const bfl_findings *f) {
    const bfl_marker *alp = bfl_markers_find(f->markers, "ALP");
    return alp && alp->shape == BFL_SHAPE_RISE_THEN_FALL && alp->return_day.present;
}

/* A later study without new trouble, long enough after the first worse one, under the same therapy. */
static bool confirmed(const bfl_findings *f, const episode *e) {
    if (progression_elsewhere(f, e->first_day)) return false;
    if (e->serum) return serum_returned(f);
    int32_t wait = bfl_rule_days(f->rulebook, BFL_NUM_FLARE_CONFIRM__AFTER_DAYS);
    bool quiet = false;
    for (size_t s = e->first + 1; s < e->study_count; s++) {
        const bfl_therapy *then = bfl_record_therapy_on(f->record, e->studies[s].day);
        if (study_new_trouble(&e->studies[s])) return false;
        bool same = then && then->start.day <= e->therapy->start.day;
        bool late = e->studies[s].day - e->first_day >= wait;
        quiet = study_quiet(&e->studies[s]) && (quiet || (same && late)); /* of the last worse study */
    }
    return quiet;
}

static const char *plain(bfl_bone_state state) {
    switch (state) {
    case BFL_BONE_NONE: return "no question";
    case BFL_BONE_FLARE_SUSPECTED: return "flare suspected";
    case BFL_BONE_FLARE_CONFIRMED: return "flare confirmed";
    case BFL_BONE_PROGRESSION: return "progression";
    case BFL_BONE_UNDETERMINED: return "undetermined";
    }
    return "undetermined";
}

/* How many were named. */
static size_t add_strongest(bfl_buf *text, const bfl_bone *bone, bfl_direction direction, const char *lead) {
    size_t named = 0;
    for (size_t i = 0; i < bone->evidence_count && named < 2; i++) {
        const bfl_evidence *e = &bone->evidence[i];
        if (e->direction != direction) continue;
        bfl_buf_join(text, named ? "; " : lead, e->finding);
        named++;
    }
    return named;
}

/* The sentence of the last judgement. */
static const char *because(bfl_arena *arena, const bfl_record *record, const memory *m) {
    const bfl_bone *bone = &m->last;
    char day[32];
    bfl_record_format_day(record, m->judged_day, day, sizeof day);
    bfl_buf text = {.arena = arena};
    if (m->found != BFL_BONE_NONE && m->found != bone->state)
        bfl_buf_addf(&text, "Changed from %s to %s on %s", plain(m->found), plain(bone->state), day);
    else
        bfl_buf_addf(&text, "%s on %s", bone->state == BFL_BONE_UNDETERMINED ? "Undetermined" : plain(bone->state),
                     day);
    bool progression = bone->state == BFL_BONE_PROGRESSION;
    (void)add_strongest(&text, bone, progression ? BFL_FOR_PROGRESSION : BFL_FOR_FLARE,
                        progression ? ": " : ", for healing: ");
    size_t against = 0;
    if (bone->state == BFL_BONE_UNDETERMINED || progression)
        against = add_strongest(&text, bone, progression ? BFL_FOR_FLARE : BFL_FOR_PROGRESSION,
                                progression ? " (against it: " : "; against: ");
    if (progression && against) bfl_buf_add(&text, ")");
    char *sentence = text.data;
    if (sentence[0] >= 'a' && sentence[0] <= 'z') sentence[0] = (char)(sentence[0] - 'a' + 'A');
    return sentence;
}

static bool bone_study_on(const bfl_record *record, int32_t day) {
    for (size_t i = record->lesion_count; i-- > 0;) { /* by day, undated ones last */
        const bfl_lesion *lesion = &record->lesions[i];
        if (lesion->when.known && lesion->when.day < day) return false;
        if (lesion->when.known && lesion->when.day == day && lesion->organ == BFL_ORGAN_BONE) return true;
    }
    return false;
}

static bool tissue_or_genome(const bfl_record *record) { return record->pathology_count || record->molecular_count; }

/* Tissue or genome that speaks against a settled flare: viable tumour in bone, or a resistance mutation. */
static bool contradicted(const bfl_rulebook *book, const bfl_bone *bone) {
    for (size_t i = 0; i < bone->evidence_count; i++) {
        const bfl_rule *rule = bone->evidence[i].rule;
        if (rule == bfl_rule_of(book, BFL_RULE_FLARE_EVIDENCE_BIOPSY_TUMOUR)) return true;
        if (rule == bfl_rule_of(book, BFL_RULE_FLARE_EVIDENCE_RESISTANCE)) return true;
    }
    return false;
}

/* What a judgement rests on. */
typedef enum basis {
    STILL_LAST, /* the last judgement stands as it is */
    AS_LAST,    /* judged anew on the same findings */
    ANEW        /* on findings of its own, which lie in the arena of the day */
} basis;

/* The question is settled and no bone study asks it again: the last judgement stands. */
static basis stay(const bfl_findings *f, const memory *m, bfl_bone *bone) {
    *bone = m->last;
    if (bone->question) bone->therapy_day += f->as_of - bone->day;
    bone->day = f->as_of;
    bone->state = m->state;
    return STILL_LAST;
}

static bfl_evidence *copied(bfl_arena *arena, const bfl_evidence *evidence, size_t count) {
    bfl_evidence *copy = BFL_NEW_ARRAY(arena, count, bfl_evidence);
    size_t all = 0;
    for (size_t i = 0; i < count; i++) all += evidence[i].event_count;
    bfl_event_ref *events = BFL_NEW_ARRAY(arena, all, bfl_event_ref);
    for (size_t i = 0; i < count; i++) {
        copy[i] = evidence[i];
        copy[i].finding = bfl_arena_text(arena, bfl_text_of(evidence[i].finding));
        copy[i].events = events;
        if (evidence[i].event_count) memcpy(events, evidence[i].events, evidence[i].event_count * sizeof *events);
        events += evidence[i].event_count;
    }
    return copy;
}

/* The findings and probabilities of the last judgement, on the day of `bone`. */
static void take_last(const memory *m, bfl_bone *bone) {
    int32_t day = bone->day, therapy_day = bone->therapy_day;
    *bone = m->last;
    bone->day = day;
    bone->therapy_day = therapy_day;
    bone->because = NULL;
}

/* Judges one day, without its sentence. The findings of `bone` lie in `arena`, or where those of the last judgement do. */
static basis judge(bfl_arena *arena, const bfl_findings *f, memory *m, bfl_bone *bone) {
    episode e;
    inquiry q = {.arena = arena, .findings = f, .episode = &e};
    bool asked = episode_find(f, &m->signs, m->after_day, m->healed, &e);
    if (!asked && !(m->healed && tissue_or_genome(f->record))) return stay(f, m, bone);
    if (!asked && !episode_find(f, &m->signs, m->asked_after, false, &e)) return stay(f, m, bone);
    bool anew = weigh(&q, m->standing, &m->rows, bone);
    if (!anew) take_last(m, bone);
    day_news news = {.asked = asked, .reopened = !asked && contradicted(f->rulebook, bone)};
    if (!news.asked && !news.reopened) return stay(f, m, bone);
    news.answer = answer_of(&bone->losses, has_veto(bone));
    news.confirmed = confirmed(f, &e);
    news.bone_study = bone_study_on(f->record, f->as_of);
    bone->state = state_after(m->state, &news);
    return anew ? ANEW : AS_LAST;
}

/* ---- the story ---- */

/* A new therapy after progression opens a new question on the day after its start: what lies before is settled. */
static void open_new_question(const bfl_record *record, int32_t day, memory *m) {
    if (m->state != BFL_BONE_PROGRESSION) return;
    for (size_t i = 0; i < record->therapy_count; i++) {
        const bfl_therapy *t = &record->therapies[i];
        if (t->intent != BFL_INTENT_ANTICANCER || !t->start.known) continue;
        if (t->start.day <= m->state_day || t->start.day >= day || t->start.day <= m->after_day) continue;
        m->after_day = t->start.day;
        m->healed = false;
    }
}

static void remember(memory *m, const bfl_bone *bone, basis rests_on) {
    if (rests_on != STILL_LAST) {
        m->judged_day = bone->day;
        m->found = m->state;
    }
    if (rests_on == ANEW) m->kept = false;
    if (bone->state != m->state) m->state_day = bone->day;
    m->state = bone->state;
    m->last = *bone;
    if (bone->state == BFL_BONE_FLARE_CONFIRMED && bone->question && !m->healed) {
        m->healed = true;
        m->asked_after = m->after_day;
        m->after_day = bone->day;
    }
}

static int32_t first_start(const bfl_record *record) {
    int32_t first = INT32_MAX;
    for (size_t i = 0; i < record->therapy_count; i++) {
        const bfl_therapy *t = &record->therapies[i];
        if (t->intent == BFL_INTENT_ANTICANCER && t->start.known && t->start.day < first) first = t->start.day;
    }
    return first;
}

/* Worse bone without a date: the question is there and cannot be answered. */
static void judge_undated(bfl_arena *arena, const bfl_findings *f, size_t rows, bfl_bone *bone) {
    *bone = (bfl_bone){.day = f->as_of, .state = BFL_BONE_UNDETERMINED, .question = true};
    inquiry q = {.arena = arena, .findings = f};
    prior_set_undated(&q, bone);
    prior_publish(&q, bone);
    evidence_add(&q, BFL_RULE_FLARE_TIME_UNKNOWN, NULL, "%zu worse bone finding%s without a usable date", rows,
                 rows == 1 ? "" : "s");
    evidence_combine(&q, bone);
    bone->because =
        bfl_arena_printf(arena, "Undetermined: %zu bone finding%s cannot be placed on the timeline; add the dates",
                         rows, rows == 1 ? "" : "s");
}

/* What the last study in the rulebook's window after a day says of the same question; what was said then stays. */
static void look_back(const bfl_rulebook *book, bfl_bone *history, size_t count) {
    int32_t from = bfl_rule_days(book, BFL_NUM_FLARE_HINDSIGHT__FROM_DAYS);
    int32_t until = bfl_rule_days(book, BFL_NUM_FLARE_HINDSIGHT__UNTIL_DAYS);
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count && history[j].day - history[i].day <= until; j++) {
            const bfl_bone *later = &history[j];
            if (later->day - history[i].day < from || later->asked_day != history[i].asked_day) continue;
            history[i].hindsight =
                (bfl_hindsight){true, later->day, later->state, later->p_flare, later->low, later->high};
        }
}

/* The last judgement with its sentence, out of the scratch that it was made in. */
static const bfl_bone *keep(bfl_arena *arena, const bfl_record *record, memory *m) {
    if (!m->last.because) m->last.because = because(arena, record, m);
    if (!m->kept) m->last.evidence = copied(arena, m->last.evidence, m->last.evidence_count);
    m->kept = true;
    return &m->last;
}

typedef BFL_LIST(bfl_bone) bone_list;

/* Once healing is known, images and tissue alone ask: what was not asked on a day is not asked on a later one without them. */
static bool settled(const bfl_record *record, const known_rows *before, const known_rows *now, const memory *m) {
    return m->healed && !tissue_or_genome(record) && !anything_but_serum(record, before, now);
}

/*
 * Day by day, each with news from the first question on. Each day is judged in one of two scratch arenas, so that memory does not
 * grow with the days: what is remembered of the day before stays whole in the other one.
 */
static void walk(bfl_arena *arena, const bfl_findings *f, int32_t first_day, memory *m, bone_list *history) {
    bfl_arena *scratch[] = {bfl_arena_scratch(arena), bfl_arena_scratch(arena)};
    past *days = past_of(arena, f, first_day);
    m->standing = standing_new(arena);
    size_t remembered = 1; /* which of the two holds m->last */
    basis rests_on = ANEW;
    while (past_next_day(days)) {
        const known_rows before = m->rows;
        m->rows = *past_rows(days);
        open_new_question(f->record, m->rows.day, m);
        if (rests_on == STILL_LAST && settled(f->record, &before, &m->rows, m)) continue;
        bfl_arena *today = scratch[1 - remembered];
        bfl_arena_reset(today);
        bfl_findings then = past_findings(days);
        bfl_bone_state state = m->state;
        bfl_bone bone;
        rests_on = judge(today, &then, m, &bone);
        remember(m, &bone, rests_on);
        if (rests_on == ANEW) {
            remembered = 1 - remembered;
            standing_remember(m->standing);
        }
        if (bone.question && (bone.state != state || bone_study_on(then.record, then.as_of)))
            *BFL_PUSH(arena, history) = *keep(arena, f->record, m);
    }
    (void)keep(arena, f->record, m);
    m->rows = past_rows_today(days);
}

const bfl_verdict *bfl_flare_assess(bfl_arena *arena, const bfl_findings *f) {
    bfl_verdict *verdict = BFL_NEW(arena, bfl_verdict);
    bone_list history = {0};
    memory m = {.state = BFL_BONE_NONE, .after_day = first_start(f->record)};
    m.signs = bone_signs_of(arena, f);
    m.last = (bfl_bone){
        .because = m.after_day == INT32_MAX
                       ? "No anticancer therapy with a known start is recorded: there is nothing that could flare"
                       : "Nothing in the bone or in ALP looks worse under therapy"};
    episode first;
    if (episode_find(f, &m.signs, m.after_day, false, &first)) walk(arena, f, first.first_day, &m, &history);
    open_new_question(f->record, f->as_of, &m);
    bfl_bone today;
    basis rests_on = judge(arena, f, &m, &today);
    remember(&m, &today, rests_on);
    if (!m.last.because) m.last.because = because(arena, f->record, &m);
    verdict->now = m.last;
    size_t undated = undated_worse(f);
    if (undated && !verdict->now.question) judge_undated(arena, f, undated, &verdict->now);
    if (verdict->now.question) *BFL_PUSH(arena, &history) = verdict->now;
    look_back(f->rulebook, history.items, history.count);
    verdict->history = history.items;
    verdict->history_count = history.count;
    verdict->alarms = bfl_alarms_find(arena, f, &verdict->alarm_count);
    return verdict;
}
