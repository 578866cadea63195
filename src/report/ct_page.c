/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page of a comparison of two CT scans: one file, no script, nothing from the network. What changed is shown and measured;
 * what it means is not said.
 */
#include "report/ct_css.h" /* generated from ct.css */
#include "report/ct_picture.h"
#include "report/page.h"

#include <math.h>
#include <string.h>

enum { MOST_SHOWN = 40, MOST_NOTES = 12 };
static const double LEAST_SIDE_MM = 72, AROUND = 2.2; /* how much of the bone around a finding is in its pictures */

typedef struct sheet {
    bfl_page page;
    bfl_ct_art *art;
    const bfl_ct *ct;
    size_t count; /* of findings */
    const bfl_ct_rows *rows;
} sheet;

static const char *rounded(bfl_arena *arena, double value, int places) {
    return bfl_decimal_z(arena, bfl_decimal_from_double(value, places), places);
}

static const char *with_unit(bfl_arena *arena, double value, int places, const char *unit) {
    return bfl_arena_printf(arena, "%s %s", rounded(arena, value, places), unit);
}

static void fact(bfl_page *page, const char *name, const char *value) {
    bfl_page_raw(page, "<div>");
    bfl_page_element(page, "dt", "", name);
    bfl_page_element(page, "dd", "", value);
    bfl_page_raw(page, "</div>");
}

static const char *day_of(const sheet *s, bool now) {
    const bfl_scan_info *info = bfl_ct_scan(s->ct, now);
    char text[40];
    if (s->rows) return now ? s->rows->followup_date : s->rows->baseline_date;
    if (info->date.precision == BFL_DATE_NONE) return "date not known";
    (void)bfl_date_format(info->date, text, sizeof text);
    return bfl_arena_text(s->page.arena, bfl_text_of(text));
}

/* ---- the beginning ---- */

static void heading(sheet *s) {
    bfl_page *page = &s->page;
    bfl_page_raw(page, "<header class=\"banner\"><p class=\"brand\">boneflare</p><h1>CT: what changed in the bone</h1>"
                       "<p class=\"review draft\">Draft: not looked at by a reader</p></header>\n<main id=\"main\">\n"
                       "<header class=\"patient\">");
    bfl_page_element(page, "h2", "",
                     s->rows && *s->rows->patient ? bfl_arena_printf(page->arena, "Patient %s", s->rows->patient)
                                                  : "Two CT scans");
    bfl_page_raw(page, "<p class=\"asof\"><strong>");
    bfl_page_text(page, day_of(s, false));
    bfl_page_raw(page, "</strong> to <strong>");
    bfl_page_text(page, day_of(s, true));
    bfl_page_raw(page, "</strong></p></header>\n");
}

static void banners(sheet *s) {
    bfl_page *page = &s->page;
    if (bfl_ct_refused(s->ct)) {
        bfl_page_raw(page,
                     "<section class=\"alarms\" aria-labelledby=\"refused\"><h3 id=\"refused\">Not compared</h3><p>");
        bfl_page_text(page, bfl_ct_refused(s->ct));
        bfl_page_raw(page, ".</p></section>\n");
    }
    const bfl_ct_patient *patient = bfl_ct_patient_of(s->ct);
    if (patient->agree == BFL_CT_PATIENT_OTHER && !bfl_ct_refused(s->ct)) {
        bfl_page_raw(page,
                     "<section class=\"alarms\" aria-labelledby=\"mismatch\"><h3 id=\"mismatch\">The scans name two "
                     "patients</h3><p>They differ by ");
        bfl_page_text(page, patient->other);
        bfl_page_raw(page, ". Whoever ran the comparison allowed it.</p></section>\n");
    }
    if (bfl_ct_limited(s->ct))
        bfl_page_raw(page,
                     "<div class=\"limited\" role=\"note\"><strong>Limited.</strong> Slices this thick hide small "
                     "changes and blur large ones: what is not marked may still have changed.</div>\n");
}

/* ---- overview ---- */

/* A finding's place on an overview, as shares of its width and height. */
static void mark_of(const sheet *s, size_t n, int across, const double size_mm[2], double out[2]) {
    double mm[3];
    bfl_ct_centre(s->art, n, mm);
    out[0] = mm[across] / size_mm[0];
    out[1] = 1 - mm[2] / size_mm[1];
}

static void overview(sheet *s, bfl_ct_plane plane) {
    bfl_page *page = &s->page;
    const int across = plane == BFL_CORONAL ? 0 : 1;
    double size[2];
    const char *picture = bfl_ct_overview(s->art, page->arena, plane, size);
    const int height = 460, width = (int)lround(height * size[0] / size[1]);
    bfl_buf_addf(
        page->out,
        "<figure class=\"overview-picture\"><svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" "
        "aria-label=\"The follow-up's bone seen from %s, findings numbered\"><image width=\"%d\" height=\"%d\" "
        "preserveAspectRatio=\"none\" href=\"",
        width, height, width, height, plane == BFL_CORONAL ? "the front" : "the left", width, height);
    bfl_page_raw(page, picture);
    bfl_page_raw(page, "\"/>");
    for (size_t n = s->count < MOST_SHOWN ? s->count : MOST_SHOWN; n-- > 0;) {
        double at[2];
        mark_of(s, n, across, size, at);
        const int x = (int)lround(at[0] * width), y = (int)lround(at[1] * height);
        const bool denser = bfl_ct_finding(s->ct, n)->change_hu > 0;
        bfl_buf_addf(page->out, "<a href=\"#finding-%zu\"><circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"10\"/>", n + 1,
                     denser ? "denser" : "thinner", x, y);
        bfl_buf_addf(page->out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%zu</text></a>", x, y + 4, n + 1);
    }
    bfl_buf_addf(page->out, "</svg><figcaption>%s</figcaption></figure>\n",
                 plane == BFL_CORONAL ? "From the front; the patient's right is on the left"
                                      : "From the left; the front is on the left");
}

static void index_row(sheet *s, size_t n) {
    bfl_page *page = &s->page;
    const bfl_finding *f = bfl_ct_finding(s->ct, n);
    bfl_buf_addf(page->out, "<tr><th scope=\"row\">");
    if (n < MOST_SHOWN)
        bfl_buf_addf(page->out, "<a href=\"#finding-%zu\">%s</a></th>", n + 1, f->id);
    else
        bfl_buf_addf(page->out, "%s</th>", f->id);
    bfl_page_cell(page, "", f->words);
    bfl_page_cell(page, "", f->labelled ? f->site : f->place);
    bfl_page_cell(page, "num",
                  bfl_arena_printf(page->arena, "%s \xe2\x86\x92 %s", rounded(page->arena, f->before_hu, 0),
                                   rounded(page->arena, f->after_hu, 0)));
    bfl_page_cell(page, "num", rounded(page->arena, f->volume_mm3 / 1000, 2));
    bfl_page_cell(page, "num", rounded(page->arena, f->axial_mm, 0));
    bfl_page_cell(page, "num", rounded(page->arena, f->score, 1));
    bfl_page_raw(page, "</tr>\n");
}

static void findings_index(sheet *s) {
    bfl_page *page = &s->page;
    bfl_page_section(page, "overview", "overview",
                     s->count == 1 ? "1 finding" : bfl_arena_printf(page->arena, "%zu findings", s->count));
    bfl_page_element(
        page, "p", "hint",
        "Ranked by how far each change stands out from unchanged bone. Gold: denser than before; violet: less "
        "dense. A change of density is neither healing nor progression by itself.");
    bfl_page_raw(page, "<div class=\"overviews\">");
    overview(s, BFL_CORONAL);
    overview(s, BFL_SAGITTAL);
    bfl_page_raw(page, "</div>\n");
    if (s->count) {
        bfl_page_table(page, "ct-index", "Findings, the strongest first",
                       (const char *[]){"", "What it looks like", "Where", "HU", "mL", "Axial mm", "Score", NULL});
        for (size_t n = 0; n < s->count; n++) index_row(s, n);
        bfl_page_end_table(page);
    } else {
        bfl_page_element(page, "p", "", "No change of bone stands out between the two scans.");
    }
    bfl_page_end_section(page);
}

/* ---- one finding ---- */

static void cut(bfl_page *page, size_t n, bfl_ct_plane plane, bfl_ct_what what, const char *picture) {
    static const char *const PLANES[] = {"axial", "coronal", "sagittal"}, *const SEEN[] = {"baseline", "follow-up",
                                                                                           "change"};
    static const char *const SIDES[][2] = {{"R", "L"}, {"R", "L"}, {"A", "P"}};
    bfl_page_raw(page, "<div class=\"cut\"><img width=\"192\" height=\"192\" alt=\"");
    bfl_buf_addf(page->out, "finding %zu, %s, %s\" src=\"", n + 1, PLANES[plane], SEEN[what]);
    bfl_page_raw(page, picture);
    bfl_buf_addf(page->out, "\"><span class=\"side\">%s</span><span class=\"side far\">%s</span></div>",
                 SIDES[plane][0], SIDES[plane][1]);
}

static void montage(sheet *s, size_t n) {
    static const char *const PLANES[] = {"Axial", "Coronal", "Sagittal"};
    bfl_page *page = &s->page;
    const double side = fmax(LEAST_SIDE_MM, AROUND * bfl_ct_finding(s->ct, n)->longest_mm);
    bfl_ct_montage pictures;
    double centre[3];
    bfl_ct_centre(s->art, n, centre);
    bfl_ct_cuts(s->art, page->arena, centre, side, &pictures);
    bfl_page_raw(page, "<div class=\"montage\"><span></span><span class=\"column\">Baseline, moved</span><span "
                       "class=\"column\">Follow-up</span><span class=\"column\">Change</span>");
    for (bfl_ct_plane p = BFL_AXIAL; p < BFL_CT_PLANES; p++) {
        bfl_page_element(page, "span", "plane", PLANES[p]);
        for (bfl_ct_what w = BFL_SEEN_BASELINE; w < BFL_CT_SEEN; w++) cut(page, n, p, w, pictures.picture[p][w]);
    }
    bfl_page_raw(page, "</div>\n");
}

static void measures(sheet *s, const bfl_finding *f) {
    bfl_page *page = &s->page;
    bfl_arena *arena = page->arena;
    bfl_page_raw(page, "<dl class=\"measures\">");
    fact(page, "Mean density",
         bfl_arena_printf(arena, "%s \xe2\x86\x92 %s HU", rounded(arena, f->before_hu, 0),
                          rounded(arena, f->after_hu, 0)));
    fact(page, "Change, mean",
         bfl_arena_printf(arena, "%s%s HU", f->change_hu > 0 ? "+" : "", rounded(arena, f->change_hu, 0)));
    fact(page, "Change, 90th percentile",
         bfl_arena_printf(arena, "%s%s HU", f->change_p90_hu > 0 ? "+" : "", rounded(arena, f->change_p90_hu, 0)));
    fact(page, "Volume", with_unit(arena, f->volume_mm3 / 1000, 2, "mL"));
    fact(page, "Longest, in space", with_unit(arena, f->longest_mm, 1, "mm"));
    fact(page, "Longest, axial", with_unit(arena, f->axial_mm, 1, "mm"));
    fact(page, "Beyond the old contour",
         f->beyond_mm > 0 ? bfl_arena_printf(arena, "%s mm, %s mL", rounded(arena, f->beyond_mm, 1),
                                             rounded(arena, f->beyond_mm3 / 1000, 2))
                          : "none");
    fact(page, "Local volume, old over new", rounded(arena, f->jacobian, 2));
    fact(page, "Score", rounded(arena, f->score, 1));
    if (*f->match) fact(page, "In the record", bfl_arena_printf(arena, "%s: %s", f->lesion, f->match));
    bfl_page_raw(page, "</dl>\n");
}

static void finding(sheet *s, size_t n) {
    bfl_page *page = &s->page;
    const bfl_finding *f = bfl_ct_finding(s->ct, n);
    bfl_buf_addf(page->out,
                 "<section class=\"finding %s\" id=\"finding-%zu\" aria-labelledby=\"finding-%zu-name\"><h3 "
                 "id=\"finding-%zu-name\"><span class=\"rank\">%zu</span>",
                 f->change_hu > 0 ? "denser" : "thinner", n + 1, n + 1, n + 1, n + 1);
    bfl_page_text(page, f->words);
    bfl_page_raw(page, "</h3>\n");
    bfl_page_element(page, "p", "where",
                     f->labelled ? bfl_arena_printf(page->arena, "%s (%s)", f->site, f->place) : f->place);
    bfl_page_raw(page, "<div class=\"beside\">");
    montage(s, n);
    measures(s, f);
    bfl_page_raw(page, "</div>");
    bfl_page_end_section(page);
}

/* ---- how well the scans lie on each other ---- */

static void gate_row(bfl_page *page, const char *name, const char *value, const char *bar, const char *meaning) {
    bfl_page_raw(page, "<tr><th scope=\"row\">");
    bfl_page_text(page, name);
    bfl_page_raw(page, "</th>");
    bfl_page_cell(page, "num", value);
    bfl_page_cell(page, "num", bar);
    bfl_page_cell(page, "", meaning);
    bfl_page_raw(page, "</tr>\n");
}

static void gate(sheet *s) {
    bfl_page *page = &s->page;
    bfl_arena *arena = page->arena;
    const bfl_ct_fit *fit = bfl_ct_fit_of(s->ct);
    const double overlap = bfl_rule_double(s->page.rulebook, BFL_NUM_CT_FIT_REFUSED__OVERLAP_FRACTION);
    const double correlation = bfl_rule_double(s->page.rulebook, BFL_NUM_CT_FIT_REFUSED__CORRELATION_FRACTION);
    bfl_page_section(page, "gate", "gate", "How well the scans lie on each other");
    bfl_page_table(page, "ct-gate", "Measured after the baseline was moved onto the follow-up",
                   (const char *[]){"", "Measured", "Least", "What it says", NULL});
    gate_row(page, "Bone in common", bfl_say_percent(arena, fit->overlap), bfl_say_percent(arena, overlap),
             "share of the follow-up's bone that the baseline covers");
    gate_row(page, "Correlation at bone", rounded(arena, fit->correlation, 3), rounded(arena, correlation, 2),
             "in bone and just around it; under the least nothing is compared");
    if (fit->scan_noise_hu[0] > 0)
        gate_row(page, "The same before noise and contrast agent were allowed for",
                 rounded(arena, fit->seen_correlation, 3), "", "of all that is dense");
    gate_row(page, "Correlation in bone", rounded(arena, fit->bone_correlation, 3), "",
             "falls too when much of the bone changed");
    gate_row(page, "Overlap of dense bone (Dice)", rounded(arena, fit->bone_dice, 3), "",
             "of what is over 200 HU; 1 is the same");
    gate_row(page, "Mean difference in bone", with_unit(arena, fit->bone_error_hu, 0, "HU"), "", "without its sign");
    if (!bfl_ct_refused(s->ct)) {
        gate_row(page, "Offset", with_unit(arena, fit->offset_hu, 0, "HU"), "",
                 "how much denser unchanged bone looks now; taken off");
        gate_row(page, "Noise", with_unit(arena, fit->noise_hu, 0, "HU"), "",
                 "standard deviation of the change in unchanged bone");
        gate_row(
            page, "Bone bent by", with_unit(arena, fit->bent_mm, 2, "mm"), "",
            "farthest that the deformation alone moved bone otherwise than stiff; from 0.5 mm on it is held stiff");
        if (fit->misfit_places) {
            gate_row(page, "Bone off by", with_unit(arena, fit->misfit_mm, 2, "mm"), "",
                     "half of the places in bone lie no farther off");
            gate_row(page, "Bone off by, 95 % of the places", with_unit(arena, fit->misfit_p95_mm, 2, "mm"), "",
                     "a finding where it is too far off says so");
        }
    }
    bfl_page_end_table(page);
    bfl_page_end_section(page);
}

/* ---- the scans ---- */

static void scan(sheet *s, const char *name, bool followup) {
    const bfl_scan_info *info = bfl_ct_scan(s->ct, followup);
    bfl_page *page = &s->page;
    bfl_arena *arena = page->arena;
    bfl_buf voxels = {.arena = arena};
    for (int a = 0; a < 3; a++) bfl_buf_addf(&voxels, "%s%d", a ? " \xc3\x97 " : "", (int)info->size[a]);
    bfl_buf_add(&voxels, " of ");
    for (int a = 0; a < 3; a++)
        bfl_buf_addf(&voxels, "%s%s", a ? " \xc3\x97 " : "", rounded(arena, info->spacing_mm[a], 2));
    bfl_page_element(page, "h4", "", name);
    bfl_page_raw(page, "<dl class=\"facts\">");
    fact(page, "Date", day_of(s, followup));
    fact(page, "Format", info->format);
    fact(page, "Voxels", bfl_arena_printf(arena, "%s mm", bfl_buf_z(&voxels)));
    if (info->series && *info->series) fact(page, "Series", info->series);
    bfl_page_raw(page, "</dl>\n");
    if (!info->note_count) return;
    bfl_page_raw(page, "<ul class=\"notes\">");
    for (size_t i = 0; i < info->note_count && i < MOST_NOTES; i++) bfl_page_element(page, "li", "", info->notes[i]);
    bfl_page_raw(page, "</ul>\n");
}

static void scans(sheet *s) {
    bfl_page_section(&s->page, "scans", "scans", "The scans");
    scan(s, "Baseline", false);
    scan(s, "Follow-up", true);
    bfl_page_end_section(&s->page);
}

/* ---- what is not proven ---- */

static void unproven(sheet *s) {
    static const char *const SAYS[] = {
        "No pair of scans with bone metastases was available to the project. How much is found was measured on lesions "
        "put into "
        "real scans only.",
        "Small and faint changes are missed, most of all in slices thicker than 4 mm and where bone meets lung.",
        "Contrast medium in vessels beside bone, fractures, degenerative change, cement, radiotherapy and another tube "
        "voltage "
        "change density and are no tumour.",
        "Densities are means over the marked voxels; their size is that of the change, not of the lesion.",
        "Nobody has looked at these marks. In lesions.csv they stand as equivocal until a reader confirms them.",
        NULL};
    bfl_page *page = &s->page;
    bfl_page_section(page, "unproven", "unproven", "What is not proven");
    bfl_page_raw(page, "<ul>");
    for (int i = 0; SAYS[i]; i++) bfl_page_element(page, "li", "", SAYS[i]);
    bfl_page_raw(page, "</ul>");
    bfl_page_end_section(page);
}

void bfl_ct_page(bfl_buf *out, const bfl_ct *ct, const bfl_ct_rows *rows) {
    const bfl_report_options options = {.struct_size = sizeof options, .reviewer = ""};
    sheet s = {
        .page = {.out = out, .arena = out->arena, .options = &options, .rulebook = bfl_ct_rules(ct), .pictures = true},
        .ct = ct,
        .count = bfl_ct_finding_count(ct),
        .rows = rows};
    s.page.style = ct_css;
    bfl_page_head(&s.page, "CT: what changed in the bone");
    heading(&s);
    banners(&s);
    if (!bfl_ct_refused(ct)) {
        s.art = bfl_ct_art_of(out->arena, ct);
        findings_index(&s);
        for (size_t n = 0; n < s.count && n < MOST_SHOWN; n++) finding(&s, n);
    }
    if (!bfl_ct_refused(ct) || bfl_ct_fit_of(ct)->correlation > 0) gate(&s);
    scans(&s);
    unproven(&s);
    bfl_page_raw(&s.page, "</main>\n");
    bfl_page_foot(&s.page);
}
