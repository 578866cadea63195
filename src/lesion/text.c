/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison as lines for a terminal. */
#include "lesion/lesion.h"

#include "lesion/output.h"

static void add_number(bfl_buf *out, const char *before, double value, int places, const char *after) {
    bfl_buf_add(out, before);
    bfl_buf_double(out, value, places);
    bfl_buf_add(out, after);
}

static void add_scan(bfl_buf *out, const char *name, const bfl_scan_info *info) {
    bfl_buf_addf(out, "%-10s %s, %d x %d x %d voxels of ", name, info->format, (int)info->size[0], (int)info->size[1],
                 (int)info->size[2]);
    for (int a = 0; a < 3; a++) add_number(out, a ? " x " : "", info->spacing_mm[a], 2, "");
    bfl_buf_addf(out, " mm, %s\n", info->orientation);
    for (size_t n = 0; n < info->note_count; n++)
        bfl_buf_addf(out, "%-10s note: %s\n", "", bfl_plain_text(out->arena, info->notes[n]));
}

static void add_noise(bfl_buf *out, const bfl_ct *ct) {
    if (!(ct->fit.scan_noise_hu[0] > 0)) return;
    add_number(out, "           of all that is dense ", ct->fit.seen_correlation, 3, ": noise of ");
    add_number(out, "", ct->fit.scan_noise_hu[0], 0, " and ");
    add_number(out, "", ct->fit.scan_noise_hu[1], 0, " HU and contrast agent were allowed for\n");
}

static void add_fit(bfl_buf *out, const bfl_ct *ct) {
    add_number(out, "fit        ", ct->fit.overlap * 100, 0, " % of the bone in common, correlation around bone ");
    add_number(out, "", ct->fit.correlation, 3, " (in bone ");
    add_number(out, "", ct->fit.bone_correlation, 3, "), Dice over 200 HU ");
    add_number(out, "", ct->fit.bone_dice, 3, "\n");
    add_noise(out, ct);
    add_number(out, "density    unchanged bone differs by ", ct->fit.offset_hu, 0, " HU, noise ");
    add_number(out, "", ct->fit.noise_hu, 0, " HU\n");
    if (ct->fit.misfit_places) {
        add_number(out, "left over  bone lies off by ", ct->fit.misfit_mm, 2, " mm (median), ");
        add_number(out, "", ct->fit.misfit_p95_mm, 2, " mm (95th percentile)\n");
    }
    if (ct->limited) bfl_buf_add(out, "LIMITED    thick slices: what is not listed may still have changed\n");
}

static void add_finding(bfl_buf *out, const bfl_finding *f) {
    bfl_buf_addf(out, "  %-5s %s; %s%s%s\n", f->id, f->words, f->labelled ? f->site : "", f->labelled ? "; " : "",
                 f->place);
    add_number(out, "        ", f->before_hu, 0, " -> ");
    add_number(out, "", f->after_hu, 0, " HU, ");
    add_number(out, "", f->volume_mm3, 0, " mm3, axial ");
    add_number(out, "", f->axial_mm, 0, " mm, ");
    if (f->beyond_mm > 0) add_number(out, "", f->beyond_mm, 1, " mm beyond the contour, ");
    add_number(out, "score ", f->score, 1, "\n");
    if (*f->match)
        bfl_buf_addf(out, "        in the record: %s, %s\n", bfl_plain_text(out->arena, f->lesion),
                     bfl_plain_text(out->arena, f->match));
}

const char *bfl_lesion_mismatch_note(const bfl_ct *ct) {
    return ct->patient.agree == BFL_CT_PATIENT_OTHER ? "; THE SCANS NAME TWO PATIENTS" : "";
}

bfl_text bfl_lesion_text(bfl_arena *arena, const bfl_ct *ct) {
    bfl_buf out = {.arena = arena};
    add_scan(&out, "baseline", ct->baseline_info);
    add_scan(&out, "follow-up", ct->followup_info);
    if (ct->refused) {
        bfl_buf_addf(&out, "\nNOT COMPARED: %s\n", ct->refused);
    } else {
        if (*ct->patient.other)
            bfl_buf_addf(&out, "PATIENT    NOT THE SAME by %s; compared because that was allowed\n", ct->patient.other);
        add_fit(&out, ct);
        bfl_lesion_lungs_text(&out, ct);
        bfl_buf_addf(&out, "\n%zu finding%s\n", ct->finding_count,
                     ct->finding_count == 1 ? ""
                     : ct->finding_count    ? "s, the strongest first"
                                            : "s");
        for (size_t n = 0; n < ct->finding_count; n++) add_finding(&out, &ct->findings[n]);
    }
    bfl_buf_addf(&out, "\n%s\n", BFL_LESION_NOTICE);
    return bfl_text_of(bfl_buf_z(&out));
}
