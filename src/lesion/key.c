/* SPDX-License-Identifier: Apache-2.0 */
/* What a comparison depends on, as a hash. */
#include "lesion/lesion.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { HASH = 16 };

static void add(crypto_generichash_state *state, const void *bytes, size_t size) {
    (void)crypto_generichash_update(state, bytes, size);
}

/* With its NUL, so that two texts are not one. */
static void add_text(crypto_generichash_state *state, const char *z) { add(state, z ? z : "", strlen(z ? z : "") + 1); }

static void add_scan(crypto_generichash_state *state, const bfl_scan *scan) {
    const bfl_grid *g = &scan->volume->grid;
    add(state, g->size, sizeof g->size);
    add(state, g->spacing_mm, sizeof g->spacing_mm);
    add(state, g->origin_mm, sizeof g->origin_mm);
    add(state, g->axis, sizeof g->axis);
    add(state, scan->volume->hu, bfl_grid_voxels(g) * sizeof *scan->volume->hu);
    add(state, &scan->info.date.first, sizeof scan->info.date.first);
    add(state, &scan->person, sizeof scan->person);
    add_text(state, scan->info.format);
    add_text(state, scan->info.orientation);
    add_text(state, scan->info.series);
    for (size_t n = 0; n < scan->info.note_count; n++) add_text(state, scan->info.notes[n]);
    if (!scan->origin) return;
    add_text(state, scan->origin->series);
    add_text(state, scan->origin->identity ? scan->origin->identity->id : "");
    for (size_t n = 0; n < scan->origin->frame_count; n++) add_text(state, scan->origin->frames[n].sop);
}

/* What takes a while are the voxels: each scan on its own. */
typedef struct hashing {
    const bfl_scan *scans[3]; /* labels are the third; NULL: none */
    uint8_t hash[3][HASH];
} hashing;

static void hash_scan(void *context, size_t index) {
    hashing *h = context;
    crypto_generichash_state state;
    if (!h->scans[index]) return;
    (void)crypto_generichash_init(&state, NULL, 0, HASH);
    add_scan(&state, h->scans[index]);
    (void)crypto_generichash_final(&state, h->hash[index], HASH);
}

bfl_status bfl_ct_key(const bfl_scan *baseline, const bfl_scan *followup, const bfl_ct_options *options,
                      const char *more, char out[33]) {
    crypto_generichash_state state;
    uint8_t hash[HASH];
    if (!baseline || !followup || !options || options->struct_size != sizeof *options || !options->rulebook || !out)
        return BFL_EINVAL;
    (void)crypto_generichash_init(&state, NULL, 0, sizeof hash);
    add_text(&state, bfl_version());
    add_text(&state, bfl_rulebook_sha256(options->rulebook));
    add_text(&state, more);
    add(&state, &options->least_score, sizeof options->least_score);
    add(&state, &options->no_lungs, sizeof options->no_lungs);
    add(&state, &options->allow_patient_mismatch, sizeof options->allow_patient_mismatch);
    for (int i = 0; i < 2; i++) {
        const bfl_date *given = i ? options->followup_date : options->baseline_date;
        const int32_t day[2] = {given ? (int32_t)given->precision : -1, given ? given->first : 0};
        add(&state, day, sizeof day);
    }
    hashing scans = {.scans = {baseline, followup, options->labels}};
    bfl_parallel(options->threads, 3, hash_scan, &scans);
    add(&state, scans.hash, sizeof scans.hash);
    (void)crypto_generichash_final(&state, hash, sizeof hash);
    (void)sodium_bin2hex(out, 33, hash, sizeof hash);
    return BFL_OK;
}
