/* SPDX-License-Identifier: Apache-2.0 */
/* Response of the target lesions: sum of diameters against baseline and nadir, compared exactly. */
#include "criteria/recist/parts.h"
#include "criteria/study.h"

typedef struct sum {
    bfl_decimal mm, baseline_mm; /* of the targets that could be measured; of all targets at baseline */
    size_t targets, missing, sized;
    bool inherited;  /* some target is measured by its parts, or by the whole it merged into */
    bool all_normal; /* nothing left but nodes of normal size */
    const char *first_missing;
    bfl_event_list events;
} sum;

static sum add_up(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens);
static bool grown(const bfl_recist_case *c, bfl_decimal mm, bfl_decimal nadir);
static bfl_response without_sum(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens, const sum *s,
                                bfl_reason_list *reasons);
static bfl_response with_sum(const bfl_recist_case *c, const sum *s, const bfl_target_state *state,
                             bfl_reason_list *reasons);
static void compare_with(const sum *s, bfl_target_state *state);

bfl_target_state bfl_recist_target(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens, bfl_maybe nadir,
                                   bfl_reason_list *reasons) {
    sum s = add_up(c, visit, lens);
    bfl_target_state state = {.response = BFL_RESPONSE_NONE, .nadir = nadir};
    if (s.targets == 0) return state;
    if (s.inherited)
        bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, BFL_RULE_RECIST11_TARGET_SPLIT), &s.events,
                       "a target split or merged; its parts are added, the whole counts once");
    if (!c->in_words && s.missing == 0) state.sum = bfl_some(s.mm);
    if (visit == 0) return state;
    if (c->in_words && s.missing == 0 && s.all_normal) {
        bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, BFL_RULE_RECIST11_TARGET_CR), &s.events,
                       "all %zu target lesions are gone", s.targets);
        state.response = BFL_RESPONSE_CR;
    } else if (!state.sum.present) {
        bool pd = !c->in_words && nadir.present && grown(c, s.mm, nadir.value);
        if (pd)
            bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, BFL_RULE_RECIST11_TARGET_PD), &s.events,
                           "the measured targets alone sum to %s mm, smallest sum %s mm",
                           bfl_decimal_z(c->arena, s.mm, -1), bfl_decimal_z(c->arena, nadir.value, -1));
        state.response = pd ? BFL_RESPONSE_PD : without_sum(c, visit, lens, &s, reasons);
    } else {
        compare_with(&s, &state);
        state.response = with_sum(c, &s, &state, reasons);
    }
    return state;
}

static void add_size(const bfl_recist_case *c, const bfl_followed *lesion, const bfl_size *size, sum *s) {
    bool node = lesion->tracked->organ == BFL_ORGAN_NODE;
    s->targets++;
    if (lesion->baseline_mm.present) s->baseline_mm = bfl_decimal_add(s->baseline_mm, lesion->baseline_mm.value);
    if (size->kind == BFL_SIZE_MISSING) {
        if (s->missing++ == 0) s->first_missing = lesion->tracked->id;
        s->all_normal = false;
        return;
    }
    s->sized += size->kind != BFL_SIZE_GONE;
    s->mm = bfl_decimal_add(s->mm, size->mm);
    bfl_decimal normal_below = bfl_rule_number(c->rulebook, BFL_NUM_RECIST11_TARGET_CR__NODE_MM);
    s->all_normal &= size->kind == BFL_SIZE_GONE || (node && bfl_decimal_compare(size->mm, normal_below) < 0);
}

static sum add_up(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens) {
    sum s = {.all_normal = true, .first_missing = ""};
    for (size_t i = 0; i < c->lesion_count; i++) {
        const bfl_followed *lesion = &c->lesions[i];
        if (!lesion->target || !bfl_recist_in_lens(lesion, lens)) continue;
        bfl_rows rows = bfl_visits_rows(lesion->tracked, &c->visits->items[visit]);
        bfl_modality method = visit == 0 ? BFL_MODALITY_CT : lesion->method;
        bfl_size size = bfl_lesion_size(&(bfl_measure){c->record, c->rulebook}, lesion->tracked, rows, method);
        if (size.row != SIZE_MAX) {
            bfl_event_push(c->arena, &s.events, BFL_EVENT_LESION, size.row);
        } else if (visit > 0) {
            size = bfl_recist_heir_size(c, lesion, visit, &s.events);
            s.inherited = s.inherited || size.row != SIZE_MAX;
        }
        add_size(c, lesion, &size, &s);
    }
    return s;
}

static bfl_decimal percent_of(bfl_decimal mm, bfl_decimal percent) { return bfl_decimal_multiply(mm, percent); }

/* a * 100 >= percent * b, without a division. */
static bool at_least_percent(bfl_decimal a, bfl_decimal percent, bfl_decimal b) {
    return bfl_decimal_compare(bfl_decimal_multiply(a, bfl_decimal_of(100)), percent_of(b, percent)) >= 0;
}

static bool grown(const bfl_recist_case *c, bfl_decimal mm, bfl_decimal nadir) {
    bfl_decimal more = bfl_decimal_subtract(mm, nadir);
    if (bfl_decimal_compare(more, bfl_rule_number(c->rulebook, BFL_NUM_RECIST11_TARGET_PD__INCREASE_MM)) < 0)
        return false;
    return at_least_percent(more, bfl_rule_number(c->rulebook, BFL_NUM_RECIST11_TARGET_PD__INCREASE_PERCENT), nadir);
}

static bfl_maybe percent_change(bfl_decimal from, bfl_decimal to) {
    if (bfl_decimal_is_zero(from)) return (bfl_maybe){.present = false};
    bfl_decimal change = bfl_decimal_multiply(bfl_decimal_subtract(to, from), bfl_decimal_of(100));
    return bfl_some(bfl_decimal_divide(change, from, 1));
}

static void compare_with(const sum *s, bfl_target_state *state) {
    state->change = percent_change(s->baseline_mm, s->mm);
    if (state->nadir.present) state->nadir_change = percent_change(state->nadir.value, s->mm);
}

/* What is not known leaves its pieces empty. */
static const char *change_text(const bfl_recist_case *c, const sum *s, const bfl_target_state *state) {
    bfl_digits baseline, now, change, nadir, since_nadir;
    bool of_nadir = state->nadir_change.present;
    bfl_text nothing = BFL_TEXT("");
    return BFL_JOIN(c->arena, BFL_TEXT("sum "), bfl_digits_decimal(&baseline, s->baseline_mm, -1), BFL_TEXT(" -> "),
                    bfl_digits_decimal(&now, s->mm, -1), state->change.present ? BFL_TEXT(" mm, ") : BFL_TEXT(" mm"),
                    state->change.present ? bfl_digits_decimal(&change, state->change.value, 1) : nothing,
                    state->change.present ? BFL_TEXT(" %") : nothing, of_nadir ? BFL_TEXT(" (smallest ") : nothing,
                    of_nadir ? bfl_digits_decimal(&nadir, state->nadir.value, -1) : nothing,
                    of_nadir ? BFL_TEXT(" mm, ") : nothing,
                    of_nadir ? bfl_digits_decimal(&since_nadir, state->nadir_change.value, 1) : nothing,
                    of_nadir ? BFL_TEXT(" %)") : nothing);
}

/* Complete response goes first: nodes of normal size that vary in size are not progression. */
static bfl_response with_sum(const bfl_recist_case *c, const sum *s, const bfl_target_state *state,
                             bfl_reason_list *reasons) {
    bfl_decimal less = bfl_decimal_subtract(s->baseline_mm, s->mm);
    bfl_response response = BFL_RESPONSE_SD;
    bfl_rule_index rule = BFL_RULE_RECIST11_TARGET_SD;
    if (s->all_normal) {
        response = BFL_RESPONSE_CR;
        rule = BFL_RULE_RECIST11_TARGET_CR;
    } else if (state->nadir.present && grown(c, s->mm, state->nadir.value)) {
        response = BFL_RESPONSE_PD;
        rule = BFL_RULE_RECIST11_TARGET_PD;
    } else if (at_least_percent(less, bfl_rule_number(c->rulebook, BFL_NUM_RECIST11_TARGET_PR__DECREASE_PERCENT),
                                s->baseline_mm)) {
        response = BFL_RESPONSE_PR;
        rule = BFL_RULE_RECIST11_TARGET_PR;
    }
    if (reasons)
        bfl_reason_push(c->arena, reasons, bfl_rule_of(c->rulebook, rule), &s->events, change_text(c, s, state));
    return response;
}

static bool read_response(bfl_text word, bfl_response *out) {
    static const bfl_response choices[] = {BFL_RESPONSE_CR, BFL_RESPONSE_PR, BFL_RESPONSE_SD, BFL_RESPONSE_PD};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (bfl_text_equal_nocase(bfl_text_trim(word), bfl_text_of(bfl_response_word(choices[i])))) {
            *out = choices[i];
            return true;
        }
    return false;
}

/* Is a target described as larger or progressed at this visit? */
static bool described_larger(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens) {
    for (size_t i = 0; i < c->lesion_count; i++) {
        if (!c->lesions[i].target || !bfl_recist_in_lens(&c->lesions[i], lens)) continue;
        bfl_rows rows = bfl_visits_rows(c->lesions[i].tracked, &c->visits->items[visit]);
        for (size_t j = 0; j < rows.count; j++) {
            const bfl_lesion *row = &c->record->lesions[rows.items[j]];
            if (row->state == BFL_LESION_PROGRESSED || (row->changes & BFL_CHANGE_LARGER)) return true;
        }
    }
    return false;
}

/* A response stated on an exact day of this visit; SIZE_MAX when there is none. */
static size_t stated_note(const bfl_recist_case *c, size_t visit, bfl_response *response) {
    const bfl_visit *v = &c->visits->items[visit];
    for (size_t i = 0; i < c->record->note_count; i++) {
        const bfl_note *note = &c->record->notes[i];
        if (!note->when.known || !note->when.exact || note->when.day < v->first_day) continue;
        if (note->when.day > v->day && note->when.day - v->first_day > c->visits->window) continue;
        if (visit + 1 < c->visits->count && note->when.day >= c->visits->items[visit + 1].first_day) continue;
        if (!bfl_text_equal_nocase(bfl_text_of(note->topic), BFL_TEXT("response"))) continue;
        if (read_response(bfl_text_of(note->value), response)) return i;
    }
    return SIZE_MAX;
}

static bfl_response without_sum(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens, const sum *s,
                                bfl_reason_list *reasons) {
    bfl_response stated = BFL_RESPONSE_NE;
    size_t note = s->sized == 0 ? stated_note(c, visit, &stated) : SIZE_MAX;
    if (note != SIZE_MAX && (stated != BFL_RESPONSE_PD || described_larger(c, visit, lens))) {
        bfl_event_list events = {0};
        bfl_event_add(c->arena, &events, BFL_EVENT_NOTE, note);
        bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, BFL_RULE_RECIST11_TARGET_STATED), &events,
                       "target response %s as stated by the source, not computed: no target has a size at this visit",
                       bfl_response_word(stated));
        return stated;
    }
    bool described = s->sized == 0 && s->events.count > 0;
    bfl_rule_index rule = described ? BFL_RULE_RECIST11_TARGET_WORDS : BFL_RULE_RECIST11_TARGET_NE;
    bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, rule), &s->events,
                   described ? "%zu of %zu target lesions are described without a size or not at all ('%s')"
                             : "%zu of %zu target lesions were not measured ('%s')",
                   s->missing ? s->missing : s->targets, s->targets, s->first_missing);
    return BFL_RESPONSE_NE;
}
