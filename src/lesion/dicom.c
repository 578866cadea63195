/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as DICOM objects that refer to the follow-up's images: where their masks lie on those images, and what they are called. */
#include "lesion/lesion.h"

#include "lesion/output.h"
#include "lesion/site.h"
#include <dcmtk/findings.h>

#include <math.h>
#include <sodium.h>
#include <string.h>

enum { HASH = 16 };

/* ---- UIDs from what they name: the same for the same findings (PS3.5, B.2) ---- */

/* 128 bits as the decimal number behind 2.25. */
static const char *uid_of(bfl_arena *arena, const uint8_t hash[HASH]) {
    enum { DIGITS = 40 };
    char digits[DIGITS] = {0};
    uint8_t rest[HASH];
    size_t at = DIGITS - 1;
    memcpy(rest, hash, HASH);
    for (bool more = true; more;) {
        unsigned carry = 0;
        more = false;
        for (size_t b = 0; b < HASH; b++) {
            carry = carry << 8 | rest[b];
            rest[b] = (uint8_t)(carry / 10);
            carry %= 10;
            more |= rest[b] != 0;
        }
        digits[--at] = (char)('0' + carry);
    }
    return bfl_arena_printf(arena, "2.25.%s", digits + at);
}

/* Measures as they are printed elsewhere; DICOM would take sixteen digits. */
static double rounded(double value) { return round(value * 100) / 100; }

static const char *uid(bfl_arena *arena, const uint8_t content[HASH], const char *role) {
    uint8_t hash[HASH];
    (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)role, strlen(role), content, HASH);
    return uid_of(arena, hash);
}

static void add_double(bfl_buf *out, double value) {
    bfl_buf_double(out, value, 3);
    bfl_buf_add(out, " ");
}

/* What is written, as a number: other findings get other UIDs. */
static void hash_content(bfl_arena *arena, const bfl_ct *ct, uint8_t out[HASH]) {
    crypto_generichash_state state;
    bfl_buf text = {.arena = arena};
    bfl_buf_addf(&text, "%s %s %s", bfl_version(), ct->origin->series, bfl_lesion_mismatch_note(ct));
    if (ct->baseline_series) bfl_buf_add(&text, ct->baseline_series);
    for (size_t n = 0; n < ct->finding_count; n++) {
        const bfl_finding *f = &ct->findings[n];
        bfl_buf_addf(&text, "\n%s %s %s ", f->id, f->words, f->site);
        const double numbers[] = {f->centre_mm[0], f->centre_mm[1], f->centre_mm[2], f->volume_mm3,
                                  f->axial_mm,     f->longest_mm,   f->after_hu,     f->change_hu};
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) add_double(&text, numbers[i]);
    }
    (void)crypto_generichash_init(&state, NULL, 0, HASH);
    (void)crypto_generichash_update(&state, (const unsigned char *)bfl_buf_z(&text), text.size);
    for (size_t n = 0; n < ct->finding_count; n++)
        (void)crypto_generichash_update(&state, (const unsigned char *)ct->marks.items[n].voxels,
                                        ct->marks.items[n].count * sizeof *ct->marks.items[n].voxels);
    (void)crypto_generichash_final(&state, out, HASH);
}

/* ---- masks on the images of the series ---- */

typedef struct masks {
    const bfl_ct *ct;
    bfl_grid grid;
    const uint16_t *label;            /* 1 + finding on the working grid */
    double (*low)[3], (*high)[3];     /* of each finding in the patient */
    double step[2][3], unit_mm[2][3]; /* in voxels of the grid, and in the patient, from pixel to pixel */
} masks;

static void find_extent(masks *m, size_t finding) {
    const bfl_mark *mark = &m->ct->marks.items[finding];
    for (int x = 0; x < 3; x++) m->low[finding][x] = HUGE_VAL, m->high[finding][x] = -HUGE_VAL;
    for (size_t n = 0; n < mark->count; n++) {
        int32_t at[3];
        bfl_voxel_at(m->grid.size, mark->voxels[n], at);
        const double index[3] = {at[0], at[1], at[2]};
        double mm[3];
        bfl_grid_to_mm(&m->grid, index, mm);
        for (int x = 0; x < 3; x++) {
            m->low[finding][x] = fmin(m->low[finding][x], mm[x]);
            m->high[finding][x] = fmax(m->high[finding][x], mm[x]);
        }
    }
}

static masks *masks_of(bfl_arena *arena, const bfl_ct *ct) {
    const bfl_scan_origin *o = ct->origin;
    masks *m = BFL_NEW(arena, masks);
    *m = (masks){.ct = ct, .grid = bfl_lesion_working_grid(ct)};
    m->label = bfl_lesion_labels(arena, ct);
    m->low = bfl_arena_alloc(arena, ct->finding_count + 1, sizeof *m->low);
    m->high = bfl_arena_alloc(arena, ct->finding_count + 1, sizeof *m->high);
    for (size_t n = 0; n < ct->finding_count; n++) find_extent(m, n);
    double zero[3], one[3];
    bfl_grid_to_index(&m->grid, (double[3]){0, 0, 0}, zero);
    for (int a = 0; a < 2; a++) {
        for (int x = 0; x < 3; x++) m->unit_mm[a][x] = o->axis[a][x] * o->spacing_mm[a];
        bfl_grid_to_index(&m->grid, m->unit_mm[a], one);
        for (int x = 0; x < 3; x++) m->step[a][x] = one[x] - zero[x];
    }
    return m;
}

/* Columns and rows of a frame that a finding can lie on; false when it lies on none, or on other frames. */
static bool window_of(const masks *m, size_t finding, const bfl_scan_frame *frame, int32_t low[2], int32_t high[2]) {
    const bfl_scan_origin *o = m->ct->origin;
    const double margin = m->grid.spacing_mm[0], size[2] = {o->columns, o->rows};
    double least[2] = {HUGE_VAL, HUGE_VAL}, most[2] = {-HUGE_VAL, -HUGE_VAL}, near = HUGE_VAL, far = -HUGE_VAL;
    for (int corner = 0; corner < 8; corner++) {
        double from[3], normal = 0;
        for (int x = 0; x < 3; x++)
            from[x] =
                (corner >> x & 1 ? m->high[finding][x] + margin : m->low[finding][x] - margin) - frame->position_mm[x];
        for (int a = 0; a < 2; a++) {
            const double at =
                (from[0] * o->axis[a][0] + from[1] * o->axis[a][1] + from[2] * o->axis[a][2]) / o->spacing_mm[a];
            least[a] = fmin(least[a], at);
            most[a] = fmax(most[a], at);
        }
        for (int x = 0; x < 3; x++)
            normal += from[x] * (o->axis[0][(x + 1) % 3] * o->axis[1][(x + 2) % 3] -
                                 o->axis[0][(x + 2) % 3] * o->axis[1][(x + 1) % 3]);
        near = fmin(near, normal);
        far = fmax(far, normal);
    }
    for (int a = 0; a < 2; a++) {
        if (!(most[a] >= 0 && least[a] <= size[a] - 1)) return false;
        low[a] = (int32_t)fmax(0, floor(least[a]));
        high[a] = (int32_t)fmin(size[a] - 1, ceil(most[a]));
    }
    return near <= 0 && far >= 0;
}

static bool mask(void *context, size_t finding, size_t frame, uint8_t *out) {
    const masks *m = context;
    const bfl_scan_origin *o = m->ct->origin;
    int32_t low[2], high[2];
    double corner[3];
    bool any = false;
    if (!window_of(m, finding, &o->frames[frame], low, high)) return false;
    memset(out, 0, (size_t)o->rows * (size_t)o->columns);
    bfl_grid_to_index(&m->grid, o->frames[frame].position_mm, corner);
    for (int32_t j = low[1]; j <= high[1]; j++)
        for (int32_t i = low[0]; i <= high[0]; i++) {
            int32_t at[3];
            bool inside = true;
            for (int x = 0; x < 3; x++) {
                at[x] = (int32_t)floor(corner[x] + i * m->step[0][x] + j * m->step[1][x] + 0.5);
                inside &= at[x] >= 0 && at[x] < m->grid.size[x];
            }
            if (!inside || m->label[bfl_grid_index(&m->grid, at[0], at[1], at[2])] != finding + 1) continue;
            out[(size_t)j * (size_t)o->columns + (size_t)i] = 1;
            any = true;
        }
    return any;
}

/* ---- the whole ---- */

typedef struct request {
    const bfl_ct *ct;
    bfl_dicom_findings findings;
} request;

static void identify(const bfl_scan_origin *o, bfl_dicom_findings *f) {
    const bfl_scan_identity *i = o->identity;
    f->identity_removed = !i;
    f->patient_name = i ? i->name : "";
    f->patient_id = i ? i->id : "";
    f->birth_date = i ? i->birth_date : "";
    f->sex = i ? i->sex : "";
    f->accession = i ? i->accession : "";
    f->study_id = i ? i->study_id : "";
    f->referring = i ? i->referring : "";
    f->character_set = i ? i->character_set : "";
}

static void refer(bfl_arena *arena, const bfl_scan_origin *o, bfl_dicom_findings *f) {
    bfl_dicom_frame *frames = BFL_NEW_ARRAY(arena, o->frame_count, bfl_dicom_frame);
    for (size_t i = 0; i < o->frame_count; i++) {
        frames[i].sop = o->frames[i].sop;
        frames[i].number = o->frames[i].number;
        memcpy(frames[i].position_mm, o->frames[i].position_mm, sizeof frames[i].position_mm);
    }
    f->study = o->study;
    f->series = o->series;
    f->sop_class = o->sop_class;
    f->frame_of_reference = o->frame_of_reference;
    f->study_date = o->study_date;
    f->study_time = o->study_time;
    f->date = *o->study_date ? o->study_date : "19700101"; /* no clock is read */
    f->time = *o->study_time ? o->study_time : "000000";
    f->rows = o->rows;
    f->columns = o->columns;
    f->thickness_mm = o->thickness_mm;
    memcpy(f->axis, o->axis, sizeof f->axis);
    memcpy(f->spacing_mm, o->spacing_mm, sizeof f->spacing_mm);
    f->frames = frames;
    f->frame_count = o->frame_count;
}

static bfl_status prepare(bfl_arena *arena, void *context, bfl_error *err) {
    request *r = context;
    bfl_dicom_findings *f = &r->findings;
    const bfl_ct *ct = r->ct;
    uint8_t content[HASH];
    (void)err;
    identify(ct->origin, f);
    refer(arena, ct->origin, f);
    hash_content(arena, ct, content);
    bfl_dicom_finding *items = BFL_NEW_ARRAY(arena, ct->finding_count + 1, bfl_dicom_finding);
    for (size_t n = 0; n < ct->finding_count; n++) {
        const bfl_finding *one = &ct->findings[n];
        const bfl_site_concept site = bfl_site_concept_of(ct->bones[n]);
        items[n] = (bfl_dicom_finding){
            .label = one->id,
            .words = bfl_arena_printf(arena, "%s; %s%s", one->words, one->site, bfl_lesion_mismatch_note(ct)),
            .site = site.code,
            .site_words = site.meaning,
            .side = site.side,
            .kind = bfl_finding_kind_word(one->kind),
            .kind_words = bfl_lesion_sentence(one->kind),
            .tracking = uid(arena, content, one->id),
            .volume_mm3 = rounded(one->volume_mm3),
            .axial_mm = rounded(one->axial_mm),
            .longest_mm = rounded(one->longest_mm),
            .after_hu = rounded(one->after_hu),
            .change_hu = rounded(one->change_hu)};
    }
    f->items = items;
    f->count = ct->finding_count;
    f->segmentation_series = uid(arena, content, "segmentation series");
    f->segmentation = uid(arena, content, "segmentation");
    f->report_series = uid(arena, content, "report series");
    f->report = uid(arena, content, "report");
    f->version = bfl_version();
    f->device = uid(arena, (const uint8_t[HASH]){0}, bfl_version());
    f->mask = mask;
    f->context = masks_of(arena, ct);
    return BFL_OK;
}

static bfl_status put(const bfl_dicom_findings *findings, bfl_dicom_kind kind, bfl_sink sink, bfl_error *err) {
    bfl_dicom_bytes bytes = {NULL, 0};
    switch (bfl_dicom_write(findings, kind, &bytes)) {
    case BFL_DICOM_WRITTEN: break;
    case BFL_DICOM_NO_MODULE:
        return bfl_fail(err, BFL_ENOTSUP, "", 0, "DICOM cannot be written: DCMTK or libboneflare_dicom.so is missing");
    case BFL_DICOM_NO_MEMORY: return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    case BFL_DICOM_NOT_WRITTEN:
    default: return bfl_fail(err, BFL_EIO, "", 0, "DCMTK could not write the findings as DICOM");
    }
    const bool written = sink.write(sink.context, bytes.data, bytes.size);
    bfl_dicom_bytes_free(&bytes);
    return written ? BFL_OK : bfl_fail(err, BFL_EIO, "", 0, "the output could not be written");
}

bfl_status bfl_ct_write_dicom(const bfl_ct *ct, bfl_ct_object which, bfl_sink sink, bfl_error *err) {
    if (!ct) return bfl_fail(err, BFL_EINVAL, "", 0, "a comparison is needed");
    if (ct->refused) return bfl_fail(err, BFL_ENOTFOUND, "", 0, "the scans were not compared: %s", ct->refused);
    if (!ct->origin)
        return bfl_fail(err, BFL_ENOTFOUND, "", 0, "the follow-up is no DICOM series whose images can be referred to");
    if (which == BFL_CT_SEGMENTATION && !ct->finding_count)
        return bfl_fail(err, BFL_ENOTFOUND, "", 0, "there is no finding to segment");
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    request r = {.ct = ct};
    bfl_status status = bfl_arena_run(arena, prepare, &r, err);
    if (!status)
        status = put(&r.findings, which == BFL_CT_SEGMENTATION ? BFL_DICOM_SEGMENTATION : BFL_DICOM_REPORT, sink, err);
    bfl_arena_free(arena);
    return status;
}
