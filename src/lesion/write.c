/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as words, as rows of a case folder, as JSON and as images. */
#include "lesion/lesion.h"

#include "format/format.h"
#include "lesion/output.h"

#include <math.h>
#include <string.h>

/* How a kind is said: on its own, in words, and in the two rows of a case folder. */
typedef struct kind_words {
    const char *word, *sentence;
    const char *before_state, *before_matrix, *role, *matrix, *change, *beyond;
} kind_words;

static const kind_words KINDS[] = {
    [BFL_FINDING_NEW_SCLEROSIS] = {"new_sclerosis", "new sclerosis at a site without a lesion before", "absent", "",
                                   "new", "blastic", "", ""},
    [BFL_FINDING_DENSER] = {"denser", "a dense lesion that is denser or larger", "present", "blastic", "non_target",
                            "blastic", "denser", ""},
    [BFL_FINDING_FILLED_IN] = {"filled_in", "a lytic lesion that became dense", "present", "lytic", "non_target",
                               "mixed", "sclerosed;filled_in", ""},
    [BFL_FINDING_RIM] = {"sclerotic_rim", "a dense rim around a core that stayed as it was", "present", "lytic",
                         "non_target", "mixed", "sclerotic_rim", ""},
    [BFL_FINDING_OUTGROWN] = {"outgrown", "new bone beyond the contour that the bone had before", "present", "",
                              "non_target", "blastic", "larger;denser", "yes"},
    [BFL_FINDING_LESS_DENSE] = {"less_dense", "a dense lesion that lost density", "present", "blastic", "non_target",
                                "blastic", "less_dense", ""},
    [BFL_FINDING_LYSIS] = {"lysis", "bone less dense at a site that was not dense before", "absent", "", "new", "lytic",
                           "", ""},
};

const char *bfl_finding_kind_word(bfl_finding_kind kind) {
    return (size_t)kind < sizeof KINDS / sizeof *KINDS ? KINDS[kind].word : "";
}

const char *bfl_lesion_sentence(bfl_finding_kind kind) { return KINDS[kind].sentence; }

const char *bfl_lesion_words(bfl_arena *arena, const bfl_finding *f) {
    return bfl_arena_printf(arena, "%s, %d mm, %+d HU", KINDS[f->kind].sentence, (int)lround(f->longest_mm),
                            (int)lround(f->change_hu));
}

/* ---- one body for every writer ---- */

typedef struct writing {
    const bfl_ct *ct;
    const bfl_ct_rows *rows;
    bfl_ct_image which;
    bfl_text out;
    bfl_sink sink;
} writing;

static bfl_status run(bfl_arena_body body, writing *w, bfl_error *err) {
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_status status = bfl_arena_run(arena, body, w, err);
    if (!status && !w->sink.write(w->sink.context, w->out.data, w->out.size))
        status = bfl_fail(err, BFL_EIO, "", 0, "the output could not be written");
    bfl_arena_free(arena);
    return status;
}

static bfl_text whole(const bfl_buf *out) { return bfl_text_of(bfl_buf_z(out)); }

/* ---- rows ---- */

/* Patient's words are quoted when they must be; the program's own hold nothing that needs it. */
static void add_text(bfl_buf *out, const char *z) {
    bfl_csv_write(out, bfl_text_of(z));
    bfl_buf_add(out, ",");
}

static void add_begin(bfl_buf *out, const bfl_ct_rows *rows, const bfl_finding *f, bool now) {
    add_text(out, rows->patient);
    add_text(out, now ? rows->followup_date : rows->baseline_date);
    add_text(out, f->lesion);
    add_text(out, *f->known_site ? f->known_site : f->labelled ? f->site : f->place);
}

/* Before: was there anything? A lesion that the record knows was, whatever the scan shows. */
static void add_before(bfl_buf *out, const bfl_ct_rows *rows, const bfl_finding *f, const kind_words *k,
                       double slice_mm) {
    const char *state = f->known ? "present" : k->before_state;
    const bool there = strcmp(state, "absent") != 0;
    if (f->known_at_baseline) return; /* the record has said it */
    add_begin(out, rows, f, false);
    bfl_buf_addf(out, "bone,%s,%s,ct,,,%s,,", there ? (f->known_target ? "target" : "non_target") : "",
                 k->before_matrix, state);
    if (there) bfl_buf_double(out, f->before_hu, 0);
    bfl_buf_add(out, ",,,,,,");
    bfl_buf_double(out, slice_mm, 2);
    bfl_buf_add(out, ",,boneflare ct\n");
}

/* Now. What nobody has looked at is possible, not certain: "equivocal" until a reader says otherwise. The size is that of the
 * change, so it is no measure of a lesion that the record knows. */
static void add_now(bfl_buf *out, const bfl_ct_rows *rows, const bfl_finding *f, const bfl_ct *ct) {
    const kind_words *k = &KINDS[f->kind];
    const char *change = *k->change ? k->change : !f->known ? "" : f->change_hu > 0 ? "denser" : "less_dense";
    const char *role = !f->known ? k->role : f->known_target ? "target" : "non_target";
    add_begin(out, rows, f, true);
    bfl_buf_addf(out, "bone,%s,%s,ct,", role, k->matrix);
    if (!f->known) bfl_buf_double(out, f->longest_mm, 1);
    bfl_buf_addf(out, ",,%s,%s,", !rows->confirmed ? "equivocal" : f->known ? "present" : "measured", change);
    bfl_buf_double(out, f->after_hu, 0);
    bfl_buf_addf(out, ",,,%s,,,", k->beyond);
    bfl_buf_double(out, ct->followup_info->spacing_mm[2], 2);
    bfl_buf_add(out, ",");
    add_text(out, bfl_arena_printf(out->arena, "%s%s%s%s%s", f->words, *f->match ? "; " : "", f->match,
                                   bfl_lesion_mismatch_note(ct), bfl_lesion_place_note(out->arena, f->centre_mm)));
    bfl_buf_add(out, "boneflare ct\n");
}

static bfl_status write_rows(bfl_arena *arena, void *context, bfl_error *err) {
    writing *w = context;
    bfl_buf out = {.arena = arena};
    (void)err;
    bfl_buf_add(
        &out,
        "patient,date,lesion,site,organ,role,matrix,modality,longest_mm,short_mm,state,change,hu_mean,suv_max,uptake,"
        "beyond_bone,soft_tissue_mm,count,slice_mm,note,source\n");
    for (size_t n = 0; n < w->ct->finding_count; n++) {
        const bfl_finding *f = &w->ct->findings[n];
        add_before(&out, w->rows, f, &KINDS[f->kind], w->ct->baseline_info->spacing_mm[2]);
        add_now(&out, w->rows, f, w->ct);
    }
    w->out = whole(&out);
    return BFL_OK;
}

bfl_status bfl_ct_write_rows(const bfl_ct *ct, const bfl_ct_rows *rows, bfl_sink sink, bfl_error *err) {
    if (!ct || !rows || rows->struct_size != sizeof *rows || !rows->patient || !rows->baseline_date ||
        !rows->followup_date)
        return bfl_fail(err, BFL_EINVAL, "", 0, "the rows need a patient and two dates");
    writing w = {.ct = ct, .rows = rows, .sink = sink};
    return run(write_rows, &w, err);
}

/* ---- JSON ---- */

static void number(bfl_json_writer *j, const char *key, double value, int places) {
    bfl_json_decimal(j, key, bfl_decimal_from_double(value, places));
}

static void scan_json(bfl_json_writer *j, const char *key, const bfl_scan_info *info) {
    bfl_json_open(j, key, "{");
    if (info->date.precision == BFL_DATE_DAY) {
        char day[32];
        (void)bfl_date_format(info->date, day, sizeof day);
        bfl_json_text(j, "date", day);
    }
    bfl_json_text(j, "format", info->format);
    bfl_json_text(j, "orientation", info->orientation);
    bfl_json_open(j, "size", "[");
    for (int a = 0; a < 3; a++) number(j, NULL, info->size[a], 0);
    bfl_json_close(j, "]");
    bfl_json_open(j, "spacing_mm", "[");
    for (int a = 0; a < 3; a++) number(j, NULL, info->spacing_mm[a], 3);
    bfl_json_close(j, "]");
    if (info->note_count) {
        bfl_json_open(j, "notes", "[");
        for (size_t n = 0; n < info->note_count; n++) bfl_json_text(j, NULL, info->notes[n]);
        bfl_json_close(j, "]");
    }
    bfl_json_close(j, "}");
}

/* Whether both scans are one patient's; "unknown" was not checked. */
static void patient_json(bfl_json_writer *j, const bfl_ct_patient *p) {
    static const char *const SAME[] = {
        [BFL_CT_PATIENT_UNKNOWN] = "unknown", [BFL_CT_PATIENT_SAME] = "same", [BFL_CT_PATIENT_OTHER] = "different"};
    bfl_json_open(j, "patient", "{");
    bfl_json_text(j, "agree", SAME[p->agree]);
    bfl_json_text(j, "compared", p->told);
    bfl_json_text(j, "differs", p->other);
    bfl_json_close(j, "}");
}

static void finding_json(bfl_json_writer *j, const bfl_finding *f) {
    bfl_json_open(j, NULL, "{");
    bfl_json_text(j, "id", f->id);
    bfl_json_text(j, "lesion", f->lesion);
    if (*f->match) bfl_json_text(j, "match", f->match);
    bfl_json_text(j, "kind", KINDS[f->kind].word);
    bfl_json_text(j, "words", f->words);
    bfl_json_text(j, "site", f->site);
    bfl_json_text(j, "place", f->place);
    bfl_json_open(j, "centre_mm", "[");
    for (int a = 0; a < 3; a++) number(j, NULL, f->centre_mm[a], 1);
    bfl_json_close(j, "]");
    number(j, "before_hu", f->before_hu, 0);
    number(j, "after_hu", f->after_hu, 0);
    number(j, "change_hu", f->change_hu, 0);
    number(j, "change_p90_hu", f->change_p90_hu, 0);
    number(j, "volume_mm3", f->volume_mm3, 0);
    number(j, "longest_mm", f->longest_mm, 1);
    number(j, "axial_mm", f->axial_mm, 1);
    number(j, "beyond_mm", f->beyond_mm, 1);
    number(j, "beyond_mm3", f->beyond_mm3, 0);
    number(j, "jacobian", f->jacobian, 3);
    number(j, "score", f->score, 2);
    if (f->misfit_mm >= 0) number(j, "misfit_mm", f->misfit_mm, 2);
    bfl_json_key(j, "doubtful");
    bfl_buf_add(j->out, f->doubtful ? "true" : "false");
    bfl_json_close(j, "}");
}

static bfl_status write_json(bfl_arena *arena, void *context, bfl_error *err) {
    writing *w = context;
    const bfl_ct *ct = w->ct;
    bfl_buf out = {.arena = arena};
    bfl_json_writer j = {.out = &out};
    (void)err;
    bfl_json_open(&j, NULL, "{");
    scan_json(&j, "baseline", ct->baseline_info);
    scan_json(&j, "followup", ct->followup_info);
    patient_json(&j, &ct->patient);
    bfl_json_key(&j, "refused");
    if (ct->refused)
        bfl_json_string(&out, ct->refused);
    else
        bfl_buf_add(&out, "null");
    bfl_json_key(&j, "limited");
    bfl_buf_add(&out, ct->limited ? "true" : "false");
    bfl_json_open(&j, "fit", "{");
    number(&j, "overlap", ct->fit.overlap, 3);
    number(&j, "correlation", ct->fit.correlation, 3);
    if (ct->fit.scan_noise_hu[0] > 0) {
        number(&j, "seen_correlation", ct->fit.seen_correlation, 3);
        number(&j, "scan_noise_hu", ct->fit.scan_noise_hu[0], 0);
        number(&j, "baseline_noise_hu", ct->fit.scan_noise_hu[1], 0);
    }
    number(&j, "bone_correlation", ct->fit.bone_correlation, 3);
    number(&j, "bone_dice", ct->fit.bone_dice, 3);
    number(&j, "bone_error_hu", ct->fit.bone_error_hu, 0);
    number(&j, "offset_hu", ct->fit.offset_hu, 1);
    number(&j, "noise_hu", ct->fit.noise_hu, 1);
    number(&j, "bent_mm", ct->fit.bent_mm, 2);
    number(&j, "held_share", ct->fit.held_share, 3);
    number(&j, "misfit_places", (double)ct->fit.misfit_places, 0);
    if (ct->fit.misfit_places) {
        number(&j, "misfit_mm", ct->fit.misfit_mm, 2);
        number(&j, "misfit_p95_mm", ct->fit.misfit_p95_mm, 2);
        number(&j, "misfit_share", ct->fit.misfit_share, 3);
    }
    bfl_json_close(&j, "}");
    bfl_lesion_lungs_json(&j, ct);
    bfl_json_open(&j, "findings", "[");
    for (size_t n = 0; n < ct->finding_count; n++) finding_json(&j, &ct->findings[n]);
    bfl_json_close(&j, "]");
    bfl_json_text(&j, "notice", BFL_LESION_NOTICE);
    bfl_json_close(&j, "}");
    bfl_buf_add(&out, "\n");
    w->out = whole(&out);
    return BFL_OK;
}

bfl_status bfl_ct_write_json(const bfl_ct *ct, bfl_sink sink, bfl_error *err) {
    if (!ct) return bfl_fail(err, BFL_EINVAL, "", 0, "a comparison is needed");
    writing w = {.ct = ct, .sink = sink};
    return run(write_json, &w, err);
}

/* ---- text ---- */

static bfl_status write_text(bfl_arena *arena, void *context, bfl_error *err) {
    writing *w = context;
    (void)err;
    w->out = bfl_lesion_text(arena, w->ct);
    return BFL_OK;
}

bfl_status bfl_ct_write_text(const bfl_ct *ct, bfl_sink sink, bfl_error *err) {
    if (!ct) return bfl_fail(err, BFL_EINVAL, "", 0, "a comparison is needed");
    writing w = {.ct = ct, .sink = sink};
    return run(write_text, &w, err);
}

/* ---- images ---- */

bfl_grid bfl_lesion_working_grid(const bfl_ct *ct) {
    bfl_grid g = ct->fixed->grid;
    for (int a = 0; a < 3; a++) {
        g.size[a] = ct->marks.after->size[a];
        g.spacing_mm[a] = (double)ct->marks.after->spacing_mm[a];
    }
    return g;
}

uint16_t *bfl_lesion_labels(bfl_arena *arena, const bfl_ct *ct) {
    uint16_t *label = BFL_NEW_ARRAY(arena, bfl_image_voxels(ct->marks.after), uint16_t);
    for (size_t n = ct->finding_count; n-- > 0;)
        for (size_t v = 0; v < ct->marks.items[n].count; v++)
            label[ct->marks.items[n].voxels[v]] = (uint16_t)(n < UINT16_MAX ? n + 1 : UINT16_MAX);
    return label;
}

static bfl_text write_floats(bfl_arena *arena, const bfl_grid *grid, const bfl_image *image) {
    bfl_volume *volume = bfl_volume_room(arena, grid);
    const size_t voxels = bfl_grid_voxels(grid);
    for (size_t v = 0; v < voxels; v++)
        volume->hu[v] = (int16_t)lrintf(fmaxf(BFL_HU_LOWEST, fminf(BFL_HU_HIGHEST, image->value[v])));
    return bfl_nifti_write_volume(arena, volume);
}

static bfl_text write_labels(bfl_arena *arena, const bfl_grid *grid, const bfl_ct *ct) {
    bfl_mask *mask = bfl_mask_new(arena, grid);
    const uint16_t *label = bfl_lesion_labels(arena, ct);
    const size_t voxels = bfl_grid_voxels(grid);
    for (size_t v = 0; v < voxels; v++) mask->in[v] = (uint8_t)(label[v] < UINT8_MAX ? label[v] : UINT8_MAX);
    return bfl_nifti_write_mask(arena, mask);
}

bfl_text bfl_lesion_image(bfl_arena *arena, const bfl_ct *ct, bfl_ct_image which) {
    const bfl_grid grid = bfl_lesion_working_grid(ct);
    switch (which) {
    case BFL_CT_CHANGE: return write_floats(arena, &grid, ct->marks.difference);
    case BFL_CT_BASELINE_COARSE: return write_floats(arena, &grid, ct->marks.before);
    case BFL_CT_FOLLOWUP_COARSE: return write_floats(arena, &grid, ct->marks.after);
    case BFL_CT_FINDINGS: return write_labels(arena, &grid, ct);
    case BFL_CT_BONE: return bfl_nifti_write_mask(arena, &(bfl_mask){grid, ct->marks.bone_after->in});
    case BFL_CT_BASELINE: break;
    }
    return bfl_nifti_write_volume(arena, ct->warped);
}

static bfl_status write_image(bfl_arena *arena, void *context, bfl_error *err) {
    writing *w = context;
    (void)err;
    w->out = bfl_lesion_image(arena, w->ct, w->which);
    return BFL_OK;
}

bfl_status bfl_ct_write_image(const bfl_ct *ct, bfl_ct_image which, bfl_sink sink, bfl_error *err) {
    if (!ct) return bfl_fail(err, BFL_EINVAL, "", 0, "a comparison is needed");
    if (ct->refused) return bfl_fail(err, BFL_ENOTFOUND, "", 0, "the scans were not compared: %s", ct->refused);
    writing w = {.ct = ct, .which = which, .sink = sink};
    return run(write_image, &w, err);
}
