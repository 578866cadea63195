/* SPDX-License-Identifier: Apache-2.0 */
/* The baseline moved onto the follow-up, and whether the two can be compared. */
#include "lesion/lesion.h"

static const char *refuse_fit(const bfl_ct *ct, bfl_arena *arena) {
    const double least = bfl_rule_double(ct->rulebook, BFL_NUM_CT_FIT_REFUSED__CORRELATION_FRACTION);
    const double overlap = bfl_rule_double(ct->rulebook, BFL_NUM_CT_FIT_REFUSED__OVERLAP_FRACTION);
    if (ct->fit.overlap < overlap)
        return bfl_arena_printf(arena, "the baseline covers only %d %% of the follow-up's bone",
                                (int)(ct->fit.overlap * 100));
    if (ct->fit.correlation < least)
        return bfl_arena_printf(arena,
                                "the bones do not lie on each other (correlation %s): another body region or patient?",
                                bfl_decimal_z(arena, bfl_decimal_from_double(ct->fit.correlation, 2), 2));
    return NULL;
}

void bfl_lesion_tell(const bfl_ct_options *options, const char *what) {
    if (options->stage) options->stage(options->stage_context, what);
}

bool bfl_lesion_register(bfl_arena *arena, bfl_ct *ct, const bfl_ct_options *how) {
    const bfl_register_options options = {.threads = how->threads};
    bfl_error why = {.status = BFL_OK};
    if (bfl_lesion_take_over(arena, how, &ct->transform)) {
        ct->registration = BFL_CT_TAKEN_OVER;
        bfl_lesion_tell(how, "taking over the registration of an interrupted run");
        return true;
    }
    if (how->kept.size) ct->registration = BFL_CT_KEPT_NOT_USED;
    bfl_lesion_tell(how, "laying the bones on each other");
    if (bfl_register(arena, ct->fixed, ct->moving, &options, &ct->transform, &why)) {
        ct->refused = bfl_arena_text(arena, bfl_text_of(why.message));
        return true;
    }
    return bfl_lesion_keep(arena, how, &ct->transform);
}

/* What is dense does not lie well: noise and vessels with contrast agent are dense, too. The bones alone decide. */
static void look_again(bfl_arena *scratch, bfl_ct *ct, const bfl_volume *matched, uint32_t threads) {
    const double least = bfl_rule_double(ct->rulebook, BFL_NUM_CT_FIT_REFUSED__CORRELATION_FRACTION);
    ct->fit.seen_correlation = ct->fit.correlation;
    if (ct->fit.correlation >= least) return;
    const bfl_noisy_fit fit = bfl_noisy_fit_of(scratch, threads, matched, ct->warped);
    ct->fit.correlation = (double)fit.ncc;
    for (int i = 0; i < 2; i++) ct->fit.scan_noise_hu[i] = (double)fit.noise_hu[i];
}

const bfl_volume *bfl_lesion_align(bfl_arena *arena, bfl_arena *scratch, bfl_ct *ct, const bfl_ct_options *how) {
    const uint32_t threads = how->threads;
    bfl_lesion_tell(how, "moving the baseline");
    ct->warped = bfl_warp(arena, threads, ct->fixed, ct->moving, &ct->transform);
    const bfl_volume *matched = bfl_match_blur(scratch, threads, ct->fixed, ct->moving, &ct->transform);
    const bfl_fit fit = bfl_fit_of(scratch, threads, matched, ct->warped);
    ct->fit = (bfl_ct_fit){.overlap = (double)fit.overlap,
                           .bone_correlation = (double)fit.bone_ncc,
                           .correlation = (double)fit.near_ncc,
                           .bone_dice = (double)fit.bone_dice,
                           .bone_error_hu = (double)fit.bone_error_hu,
                           .bent_mm = (double)ct->transform.stiffness.largest_mm,
                           .held_share = (double)ct->transform.stiffness.held};
    look_again(scratch, ct, matched, threads);
    ct->refused = refuse_fit(ct, arena);
    return matched;
}
