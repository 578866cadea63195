/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict as a story in time: at each day that brought news, what was known then is judged, and the state moves.
 *
 *   none -> flare_suspected -> flare_confirmed, or -> progression, or -> undetermined, by evidence.
 *   flare_confirmed is left only by new trouble in the bone. progression is left only by new bone evidence, and then first
 *   to undetermined; a new therapy opens a new question.
 */
#include "flare/decide.h"
#include "flare/prior.h"

#include <limits.h>
#include <string.h>

/* What earlier days leave for later ones. */
typedef struct memory {
    bfl_bone_state state;
    bfl_bone last;       /* the last judgement that answered a question */
    int32_t state_day;   /* when the state was reached */
    int32_t after_day;   /* bone studies up to here are settled */
    int32_t asked_after; /* after_day of the question that was settled last */
    bool healed;         /* a flare was confirmed under this therapy */
    weights weights;
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
        quiet = quiet || (same && !study_asks_again(&e->studies[s]) && e->studies[s].day - e->first_day >= wait);
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

static void add_strongest(bfl_buf *text, const bfl_bone *bone, bfl_direction direction, const char *lead) {
    size_t named = 0;
    for (size_t i = 0; i < bone->evidence_count && named < 2; i++) {
        const bfl_evidence *e = &bone->evidence[i];
        if (e->direction != direction) continue;
        bfl_buf_addf(text, "%s%s", named ? "; " : lead, e->finding);
        named++;
    }
}

static const char *because(bfl_arena *arena, const bfl_record *record, const memory *m, const bfl_bone *bone) {
    char day[32];
    bfl_record_format_day(record, bone->day, day, sizeof day);
    bfl_buf text = {.arena = arena};
    if (m->state != BFL_BONE_NONE && m->state != bone->state)
        bfl_buf_addf(&text, "Changed from %s to %s on %s", plain(m->state), plain(bone->state), day);
    else
        bfl_buf_addf(&text, "%s on %s", bone->state == BFL_BONE_UNDETERMINED ? "Undetermined" : plain(bone->state),
                     day);
    bool progression = bone->state == BFL_BONE_PROGRESSION;
    add_strongest(&text, bone, progression ? BFL_FOR_PROGRESSION : BFL_FOR_FLARE,
                  progression ? ": " : ", for healing: ");
    if (bone->state == BFL_BONE_UNDETERMINED || progression)
        add_strongest(&text, bone, progression ? BFL_FOR_FLARE : BFL_FOR_PROGRESSION,
                      progression ? " (against it: " : "; against: ");
    if (progression && text.data &&
        bfl_text_find_nocase((bfl_text){text.data, text.size}, BFL_TEXT("(against")) != SIZE_MAX)
        bfl_buf_add(&text, ")");
    char *sentence = bfl_arena_text(arena, (bfl_text){text.data, text.size});
    if (sentence[0] >= 'a' && sentence[0] <= 'z') sentence[0] = (char)(sentence[0] - 'a' + 'A');
    return sentence;
}

static bool bone_study_on(const bfl_record *record, int32_t day) {
    for (size_t i = 0; i < record->lesion_count; i++)
        if (record->lesions[i].organ == BFL_ORGAN_BONE && record->lesions[i].when.known &&
            record->lesions[i].when.day == day)
            return true;
    return false;
}

static bool tissue_or_genome(const bfl_record *record) { return record->pathology_count || record->molecular_count; }

/* Tissue or genome that speaks against a settled flare: viable tumour in bone, or a resistance mutation. */
static bool contradicted(const inquiry *q) {
    for (size_t i = 0; i < q->found.count; i++) {
        const bfl_rule *rule = q->found.items[i].rule;
        if (rule == bfl_rule_of(q->findings->rulebook, BFL_RULE_FLARE_EVIDENCE_BIOPSY_TUMOUR)) return true;
        if (rule == bfl_rule_of(q->findings->rulebook, BFL_RULE_FLARE_EVIDENCE_RESISTANCE)) return true;
    }
    return false;
}

/* The question is settled and no bone study asks it again: the last judgement stands. */
static bfl_bone still(const bfl_findings *f, const memory *m) {
    bfl_bone same = m->last;
    if (same.question) same.therapy_day += f->as_of - same.day;
    same.day = f->as_of;
    same.state = m->state;
    return same;
}

static bfl_bone weigh(bfl_arena *arena, const bfl_findings *f, const episode *e, weights shared, inquiry *q) {
    bfl_bone bone = {
        .day = f->as_of, .question = true, .asked_day = e->first_day, .therapy_day = f->as_of - e->therapy->start.day};
    *q = (inquiry){.arena = arena, .findings = f, .episode = e, .weights = shared};
    prior_set(q, &bone);
    evidence_from_images(q);
    evidence_from_patient(q);
    evidence_from_serum(q);
    evidence_combine(q, &bone);
    return bone;
}

/* Judges one day; remember() carries the state on. *anew: the judgement lies in `arena`; else it is the last one, still. */
static bfl_bone judge(bfl_arena *arena, const bfl_findings *f, memory *m, bool *anew) {
    episode e;
    inquiry q;
    bool asked = episode_find(arena, f, &m->signs, m->after_day, m->healed, &e);
    if (!asked && !(m->healed && tissue_or_genome(f->record))) return still(f, m);
    if (!asked && !episode_find(arena, f, &m->signs, m->asked_after, false, &e)) return still(f, m);
    bfl_bone bone = weigh(arena, f, &e, m->weights, &q);
    day_news news = {.asked = asked, .reopened = !asked && contradicted(&q)};
    if (!news.asked && !news.reopened) return still(f, m);
    news.answer = answer_of(&bone.losses, has_veto(&bone));
    news.confirmed = confirmed(f, &e);
    news.bone_study = bone_study_on(f->record, f->as_of);
    bone.state = state_after(m->state, &news);
    bone.because = because(arena, f->record, m, &bone);
    *anew = true;
    return bone;
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

static void remember(memory *m, const bfl_bone *bone) {
    if (bone->state != m->state) m->state_day = bone->day;
    m->state = bone->state;
    m->last = *bone;
    if (bone->state == BFL_BONE_FLARE_CONFIRMED && bone->question && !m->healed) {
        m->healed = true;
        m->asked_after = m->after_day;
        m->after_day = bone->day;
    }
}

typedef BFL_LIST(int32_t) day_list;

static int by_day(const void *a, const void *b, const void *context) {
    (void)context;
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void add_day(bfl_arena *arena, day_list *days, bfl_when when, int32_t from, int32_t to) {
    if (when.known && when.day >= from && when.day < to) *BFL_PUSH(arena, days) = when.day;
}

/* Days with news after the first question, before the day asked for; sorted, each once. */
static day_list news(bfl_arena *arena, const bfl_findings *f, int32_t from) {
    day_list days = {0};
    const bfl_record *r = f->record;
    for (size_t i = 0; i < r->lesion_count; i++) add_day(arena, &days, r->lesions[i].when, from, f->as_of);
    for (size_t i = 0; i < r->lab_count; i++) add_day(arena, &days, r->labs[i].when, from, f->as_of);
    for (size_t i = 0; i < r->clinical_count; i++) add_day(arena, &days, r->clinicals[i].when, from, f->as_of);
    for (size_t i = 0; i < r->molecular_count; i++) add_day(arena, &days, r->moleculars[i].when, from, f->as_of);
    for (size_t i = 0; i < r->pathology_count; i++) add_day(arena, &days, r->pathologies[i].when, from, f->as_of);
    bfl_sort(arena, days.items, days.count, sizeof *days.items, by_day, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < days.count; i++)
        if (kept == 0 || days.items[kept - 1] != days.items[i]) days.items[kept++] = days.items[i];
    days.count = kept;
    return days;
}

/* What was read of the images and of the serum, each while no later day brings more of it. */
typedef struct reading {
    bfl_arena *images, *serum;    /* scratch */
    const bfl_criteria *criteria; /* as known on criteria_day; NULL at first */
    const bfl_markers *markers;   /* as known on markers_day; NULL at first */
    int32_t criteria_day, markers_day;
} reading;

static bool between(bfl_when when, int32_t from, int32_t to) { return when.known && when.day > from && when.day <= to; }

/* Does anything that the response criteria read come after `from` and not after `to`? Of the laboratory they read what was
 * known at a visit: a later value changes nothing. */
static bool read_anew(const bfl_record *r, int32_t from, int32_t to) {
    for (size_t i = 0; i < r->lesion_count; i++)
        if (between(r->lesions[i].when, from, to)) return true;
    for (size_t i = 0; i < r->therapy_count; i++)
        if (between(r->therapies[i].start, from, to) || between(r->therapies[i].stop, from, to)) return true;
    for (size_t i = 0; i < r->clinical_count; i++)
        if (between(r->clinicals[i].when, from, to)) return true;
    for (size_t i = 0; i < r->note_count; i++)
        if (between(r->notes[i].when, from, to)) return true;
    return false;
}

/* The same of the courses in serum: values, and what says that there is a tumour. */
static bool measured_anew(const bfl_record *r, int32_t from, int32_t to) {
    for (size_t i = 0; i < r->lab_count; i++)
        if (between(r->labs[i].when, from, to)) return true;
    for (size_t i = 0; i < r->therapy_count; i++)
        if (between(r->therapies[i].start, from, to)) return true;
    for (size_t i = 0; i < r->pathology_count; i++)
        if (between(r->pathologies[i].when, from, to)) return true;
    return false;
}

/* Were the visits of that day the first ones of today's, each as it is read today? Not while a visit was going on. */
static bool as_read_today(const bfl_criteria *today, int32_t day) {
    if (!today->soft_tissue_stands || today->visit_count == 0 || day < today->visits[0].day) return false;
    for (size_t i = 0; i < today->visit_count; i++)
        if (today->visits[i].first_day <= day && day < today->visits[i].day) return false;
    return true;
}

static const bfl_criteria *visits_until(bfl_arena *arena, const bfl_criteria *today, int32_t day) {
    bfl_criteria *then = BFL_NEW(arena, bfl_criteria);
    then->visits = today->visits;
    while (then->visit_count < today->visit_count && today->visits[then->visit_count].day <= day) then->visit_count++;
    return then;
}

/* What is read holds texts of the record and places in it, nothing of the day's view of it: so it may outlive the view. */
static const bfl_criteria *criteria_on(const bfl_findings *today, const bfl_record *then, int32_t day, reading *read) {
    if (!read->criteria || read_anew(today->record, read->criteria_day, day)) {
        bfl_arena_reset(read->images);
        read->criteria = bfl_criteria_soft_tissue(read->images, then, today->rulebook);
        read->criteria_day = day;
    }
    return read->criteria;
}

static const bfl_markers *markers_on(const bfl_findings *today, const bfl_record *then, int32_t day, reading *read) {
    if (!read->markers || measured_anew(today->record, read->markers_day, day)) {
        bfl_arena_reset(read->serum);
        read->markers = bfl_markers_for_verdict(read->serum, then, today->rulebook);
        read->markers_day = day;
    }
    return read->markers;
}

static bfl_findings as_known_on(bfl_arena *arena, const bfl_findings *f, int32_t day, reading *read) {
    bfl_findings then = *f;
    then.as_of = day;
    then.record = bfl_record_as_of(arena, f->record, day);
    then.criteria = as_read_today(f->criteria, day) ? visits_until(arena, f->criteria, day)
                                                    : criteria_on(f, then.record, day, read);
    then.markers = markers_on(f, then.record, day, read);
    return then;
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
    inquiry q = {.arena = arena, .findings = f, .weights = weights_new(arena, f->rulebook)};
    prior_set_undated(&q, bone);
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

/* A judgement of one day, out of the scratch that it was made in. */
static bfl_bone keep(bfl_arena *arena, const bfl_bone *bone) {
    bfl_bone kept = *bone;
    bfl_evidence *evidence = BFL_NEW_ARRAY(arena, bone->evidence_count, bfl_evidence);
    for (size_t i = 0; i < bone->evidence_count; i++) {
        const bfl_evidence *e = &bone->evidence[i];
        evidence[i] = *e;
        evidence[i].finding = bfl_arena_text(arena, bfl_text_of(e->finding));
        bfl_event_ref *events = BFL_NEW_ARRAY(arena, e->event_count, bfl_event_ref);
        if (e->event_count) memcpy(events, e->events, e->event_count * sizeof *events);
        evidence[i].events = events;
    }
    kept.evidence = evidence;
    kept.because = bfl_arena_text(arena, bfl_text_of(bone->because));
    return kept;
}

typedef BFL_LIST(bfl_bone) bone_list;

/*
 * Day by day. Each day is judged in one of two scratch arenas, so that memory does not grow with the days: what is remembered of
 * the day before stays whole in the other one.
 */
static void walk(bfl_arena *arena, const bfl_findings *f, int32_t first_day, memory *m, bone_list *history) {
    bfl_arena *scratch[] = {bfl_arena_scratch(arena), bfl_arena_scratch(arena)};
    reading read = {.images = bfl_arena_scratch(arena), .serum = bfl_arena_scratch(arena)};
    day_list days = news(arena, f, first_day);
    size_t remembered = 1; /* which of the two holds m->last */
    for (size_t i = 0; i < days.count; i++) {
        bfl_arena *today = scratch[1 - remembered];
        bfl_arena_reset(today);
        bfl_findings then = as_known_on(today, f, days.items[i], &read);
        open_new_question(then.record, then.as_of, m);
        bfl_bone_state before = m->state;
        bool judged_anew = false;
        bfl_bone bone = judge(today, &then, m, &judged_anew);
        remember(m, &bone);
        if (judged_anew) remembered = 1 - remembered;
        if (bone.question && (bone.state != before || bone_study_on(then.record, then.as_of)))
            *BFL_PUSH(arena, history) = keep(arena, &bone);
    }
    m->last = keep(arena, &m->last);
}

const bfl_verdict *bfl_flare_assess(bfl_arena *arena, const bfl_findings *f) {
    bfl_verdict *verdict = BFL_NEW(arena, bfl_verdict);
    bone_list history = {0};
    memory m = {.state = BFL_BONE_NONE, .after_day = first_start(f->record)};
    m.weights = weights_new(arena, f->rulebook);
    m.signs = bone_signs_of(arena, f);
    m.last = (bfl_bone){
        .because = m.after_day == INT32_MAX
                       ? "No anticancer therapy with a known start is recorded: there is nothing that could flare"
                       : "Nothing in the bone or in ALP looks worse under therapy"};
    episode first;
    if (episode_find(arena, f, &m.signs, m.after_day, false, &first)) walk(arena, f, first.first_day, &m, &history);
    open_new_question(f->record, f->as_of, &m);
    bool anew = false;
    verdict->now = judge(arena, f, &m, &anew);
    size_t undated = undated_worse(f);
    if (undated && !verdict->now.question) judge_undated(arena, f, undated, &verdict->now);
    if (verdict->now.question) *BFL_PUSH(arena, &history) = verdict->now;
    look_back(f->rulebook, history.items, history.count);
    verdict->history = history.items;
    verdict->history_count = history.count;
    verdict->alarms = bfl_alarms_find(arena, f, &verdict->alarm_count);
    return verdict;
}
