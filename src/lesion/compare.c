/* SPDX-License-Identifier: Apache-2.0 */
/* Two scans to findings: register, check the fit, subtract, mark, measure. */
#include "lesion/lesion.h"

#include <string.h>

typedef struct request {
    const bfl_scan *baseline, *followup;
    const bfl_ct_options *options;
    bfl_ct *ct;
} request;

/* A finding in the wrong patient's record is worse than none, so whatever differs refuses: that a name was spelled in another way, or
 * that another hospital gave another number, is for whoever calls to know (allow_patient_mismatch). */
static void judge_patient(bfl_arena *arena, bfl_ct *ct, const request *r) {
    const bfl_scan_kinship k = bfl_scan_person_compare(&r->baseline->person, &r->followup->person);
    ct->patient.told = bfl_scan_person_words(arena, k.told);
    ct->patient.other = bfl_scan_person_words(arena, k.other);
    ct->patient.agree = k.other                                                  ? BFL_CT_PATIENT_OTHER
                        : k.told & (1U << BFL_PERSON_ID | 1U << BFL_PERSON_NAME) ? BFL_CT_PATIENT_SAME
                                                                                 : BFL_CT_PATIENT_UNKNOWN;
    if (k.other && !r->options->allow_patient_mismatch)
        ct->refused = bfl_arena_printf(arena, "the scans name two patients: %s differ%s", ct->patient.other,
                                       (k.other & (k.other - 1)) == 0 ? "s" : "");
}

/* What a reader of the follow-up's notes must know; NULL: nothing. */
static const char *patient_note(const bfl_ct *ct) {
    if (ct->patient.agree == BFL_CT_PATIENT_UNKNOWN)
        return "the scans do not both name their patient: that they are of one was not checked";
    return NULL;
}

/* The day that the caller knows, or else the header's. */
static bfl_date day_of(const request *r, bool followup) {
    const bfl_date *given = followup ? r->options->followup_date : r->options->baseline_date;
    return given ? *given : (followup ? r->followup : r->baseline)->info.date;
}

/* Two scans of one day are seldom a baseline and its follow-up. */
static const char *date_note(const request *r) {
    const bfl_scan *a = r->baseline, *b = r->followup;
    const bfl_date days[2] = {day_of(r, false), day_of(r, true)};
    if (a->origin && b->origin && strcmp(a->origin->series, b->origin->series) == 0)
        return "both scans are the same series";
    if (days[0].precision != BFL_DATE_DAY || days[1].precision != BFL_DATE_DAY) return NULL;
    return days[0].first == days[1].first ? "both scans are of one day" : NULL;
}

/* A day that was given stands against a header's, but not silently. */
static const char *override_note(bfl_arena *arena, const request *r, bool followup) {
    const bfl_date header = (followup ? r->followup : r->baseline)->info.date, given = day_of(r, followup);
    char texts[2][32];
    if (header.precision != BFL_DATE_DAY || given.precision != BFL_DATE_DAY || header.first == given.first) return NULL;
    (void)bfl_date_format(header, texts[0], sizeof texts[0]);
    (void)bfl_date_format(given, texts[1], sizeof texts[1]);
    return bfl_arena_printf(arena, "its header says %s; %s was given and is used", texts[0], texts[1]);
}

enum { DOUBTS = 3 };

static void copy_info(bfl_arena *arena, const bfl_scan *scan, bfl_date day, const char *const doubts[DOUBTS],
                      const bfl_scan_info **out) {
    bfl_scan_info *info = BFL_NEW(arena, bfl_scan_info);
    const char **notes = BFL_NEW_ARRAY(arena, scan->info.note_count + DOUBTS, const char *);
    *info = scan->info;
    info->date = day;
    info->path = bfl_arena_text(arena, bfl_text_of(scan->info.path));
    info->series = bfl_arena_text(arena, bfl_text_of(scan->info.series));
    for (size_t n = 0; n < info->note_count; n++) notes[n] = bfl_arena_text(arena, bfl_text_of(info->notes[n]));
    info->notes = notes;
    for (int d = 0; d < DOUBTS; d++)
        if (doubts[d]) notes[info->note_count++] = doubts[d];
    *out = info;
}

static const bfl_scan_identity *copy_identity(bfl_arena *arena, const bfl_scan_identity *i) {
    bfl_scan_identity *copy = BFL_NEW(arena, bfl_scan_identity);
    copy->name = bfl_arena_text(arena, bfl_text_of(i->name));
    copy->id = bfl_arena_text(arena, bfl_text_of(i->id));
    copy->birth_date = bfl_arena_text(arena, bfl_text_of(i->birth_date));
    copy->sex = bfl_arena_text(arena, bfl_text_of(i->sex));
    copy->accession = bfl_arena_text(arena, bfl_text_of(i->accession));
    copy->study_id = bfl_arena_text(arena, bfl_text_of(i->study_id));
    copy->referring = bfl_arena_text(arena, bfl_text_of(i->referring));
    copy->character_set = bfl_arena_text(arena, bfl_text_of(i->character_set));
    return copy;
}

static const bfl_scan_origin *copy_origin(bfl_arena *arena, const bfl_scan_origin *o) {
    if (!o) return NULL;
    bfl_scan_origin *copy = BFL_NEW(arena, bfl_scan_origin);
    bfl_scan_frame *frames = BFL_NEW_ARRAY(arena, o->frame_count, bfl_scan_frame);
    *copy = *o;
    for (size_t i = 0; i < o->frame_count; i++) {
        frames[i] = o->frames[i];
        frames[i].sop = bfl_arena_text(arena, bfl_text_of(o->frames[i].sop));
    }
    copy->frames = frames;
    copy->study = bfl_arena_text(arena, bfl_text_of(o->study));
    copy->series = bfl_arena_text(arena, bfl_text_of(o->series));
    copy->sop_class = bfl_arena_text(arena, bfl_text_of(o->sop_class));
    copy->frame_of_reference = bfl_arena_text(arena, bfl_text_of(o->frame_of_reference));
    copy->study_date = bfl_arena_text(arena, bfl_text_of(o->study_date));
    copy->study_time = bfl_arena_text(arena, bfl_text_of(o->study_time));
    if (o->identity) copy->identity = copy_identity(arena, o->identity);
    return copy;
}

/* The voxels of a scan that can be held are not copied. */
static const bfl_volume *keep_volume(bfl_arena *arena, const bfl_scan *scan) {
    return scan->holders ? scan->volume : bfl_volume_canonical_copy(arena, scan->volume);
}

/* Dates the wrong way round make a flare out of a progression and the other way: never go on with them. */
static const char *refuse_dates(bfl_arena *arena, const request *r) {
    const bfl_date days[2] = {day_of(r, false), day_of(r, true)};
    char texts[2][32];
    if (days[0].precision != days[1].precision || days[1].first >= days[0].first) return NULL;
    if (days[0].precision != BFL_DATE_DAY && days[0].precision != BFL_DATE_RELATIVE) return NULL;
    for (int i = 0; i < 2; i++) (void)bfl_date_format(days[i], texts[i], sizeof texts[i]);
    return bfl_arena_printf(arena, "the follow-up (%s) is older than the baseline (%s)", texts[1], texts[0]);
}

static bool thick_slices(const bfl_ct *ct) {
    const double limit = bfl_rule_double(ct->rulebook, BFL_NUM_CT_SLICE_LIMITED__SLICE_MM);
    for (int a = 0; a < 3; a++)
        if (ct->fixed->grid.spacing_mm[a] > limit || ct->moving->grid.spacing_mm[a] > limit) return true;
    return false;
}

/* Where the findings lie on the baseline; nobody has looked into a record yet. */
static void find_before(bfl_ct *ct) {
    for (size_t n = 0; n < ct->finding_count; n++) {
        bfl_finding *f = &ct->findings[n];
        float mm[3];
        double index[3];
        bfl_transform_point(&ct->transform, ct->marks.items[n].peak_mm, mm);
        for (int a = 0; a < 3; a++) index[a] = (double)mm[a] / ct->moving->grid.spacing_mm[a];
        bfl_grid_to_mm(&ct->moving->grid, index, f->before_mm);
        f->lesion = f->id;
        f->match = "";
        f->known_site = "";
    }
}

/* The lungs come first: what the search for changes leaves for the report takes memory. */
static bfl_status look_for_changes(bfl_arena *arena, bfl_ct *ct, const bfl_ct_options *how, bfl_error *err) {
    bfl_arena *scratch = bfl_arena_scratch(arena);
    const bfl_arena_mark nothing = bfl_arena_here(scratch);
    if (!bfl_lesion_register(arena, ct, how))
        return bfl_fail(err, BFL_EIO, "", 0, "what registration found could not be kept");
    if (ct->refused) return BFL_OK;
    const bfl_volume *matched = bfl_lesion_align(arena, scratch, ct, how);
    if (ct->refused) return BFL_OK;
    if (!how->no_lungs) {
        bfl_lesion_tell(how, "looking at the lungs");
        bfl_lesion_look_at_lungs(arena, ct, how->threads);
    }
    const double score =
        how->least_score > 0 ? how->least_score : bfl_rule_double(ct->rulebook, BFL_NUM_CT_MARK_REPORTED__SCORE);
    const bfl_mark_options options = {how->threads, (float)score};
    bfl_lesion_tell(how, "looking for changes");
    ct->marks = bfl_marks_of(arena, ct->warped, matched, &options);
    bfl_arena_back(scratch, nothing);
    ct->fit.offset_hu = (double)ct->marks.offset_hu;
    ct->fit.noise_hu = (double)ct->marks.noise_hu;
    bfl_lesion_tell(how, "measuring");
    bfl_lesion_measure(arena, ct);
    bfl_lesion_find_sites(arena, ct, how);
    bfl_lesion_misfit(arena, ct);
    find_before(ct);
    return BFL_OK;
}

static bfl_status compare(bfl_arena *arena, void *context, bfl_error *err) {
    request *r = context;
    bfl_ct *ct = BFL_NEW(arena, bfl_ct);
    *ct = (bfl_ct){.arena = arena, .rulebook = r->options->rulebook};
    judge_patient(arena, ct, r);
    const char *const doubts[2][DOUBTS] = {{override_note(arena, r, false), NULL, NULL},
                                           {override_note(arena, r, true), patient_note(ct), date_note(r)}};
    copy_info(arena, r->baseline, day_of(r, false), doubts[0], &ct->baseline_info);
    copy_info(arena, r->followup, day_of(r, true), doubts[1], &ct->followup_info);
    ct->origin = copy_origin(arena, r->followup->origin);
    if (r->baseline->origin) ct->baseline_series = bfl_arena_text(arena, bfl_text_of(r->baseline->origin->series));
    ct->fixed = keep_volume(arena, r->followup);
    ct->moving = r->baseline->volume;
    ct->limited = thick_slices(ct);
    if (!ct->refused) ct->refused = refuse_dates(arena, r);
    bfl_status status = ct->refused ? BFL_OK : look_for_changes(arena, ct, r->options, err);
    ct->moving = NULL; /* the caller's */
    r->ct = ct;
    return status;
}

bfl_status bfl_ct_compare(const bfl_scan *baseline, const bfl_scan *followup, const bfl_ct_options *options,
                          bfl_ct **out, bfl_error *err) {
    if (!baseline || !followup || !options || options->struct_size != sizeof *options || !options->rulebook || !out)
        return bfl_fail(err, BFL_EINVAL, "", 0, "two scans, options with a rulebook, and out are needed");
    if (options->labels && bfl_lesion_check_labels(options->labels, baseline, err)) return BFL_EINVAL;
    request r = {baseline, followup, options, NULL};
    bfl_scan_hold(followup);
    bfl_status status = bfl_arena_build(compare, &r, err);
    if (status) {
        bfl_scan_release(followup);
        return status;
    }
    if (followup->holders) r.ct->held = followup;
    *out = r.ct;
    return BFL_OK;
}

const char *bfl_ct_refused(const bfl_ct *ct) { return ct->refused; }
const bfl_ct_patient *bfl_ct_patient_of(const bfl_ct *ct) { return &ct->patient; }
const bfl_rulebook *bfl_ct_rules(const bfl_ct *ct) { return ct->rulebook; }
const bfl_scan_info *bfl_ct_scan(const bfl_ct *ct, bool followup) {
    return followup ? ct->followup_info : ct->baseline_info;
}
bfl_ct_registration bfl_ct_registration_of(const bfl_ct *ct) { return ct->registration; }
bool bfl_ct_limited(const bfl_ct *ct) { return ct->limited; }
const bfl_ct_fit *bfl_ct_fit_of(const bfl_ct *ct) { return &ct->fit; }
bool bfl_ct_has_origin(const bfl_ct *ct) { return ct->origin != NULL; }
size_t bfl_ct_finding_count(const bfl_ct *ct) { return ct->finding_count; }

const bfl_finding *bfl_ct_finding(const bfl_ct *ct, size_t index) {
    return index < ct->finding_count ? &ct->findings[index] : NULL;
}

void bfl_ct_free(bfl_ct *ct) {
    if (!ct) return;
    const bfl_scan *held = ct->held;
    bfl_arena_free(ct->arena);
    bfl_scan_release(held);
}
