/* SPDX-License-Identifier: Apache-2.0 */
#include "lesion/lesion.h"

#include "../image/bones.h"
#include "format/format.h"

static bfl_rulebook *open_rules(const char *overlay) {
    bfl_rulebook *rules = NULL;
    CHECK_INT(bfl_rulebook_open(bfl_text_of(overlay), &rules, NULL), BFL_OK);
    return rules;
}

/* A ball of changed density, painted into the bones. */
typedef struct ball {
    double at[3], radius, hu; /* hu: what is added; with `set`, what it becomes */
    bool set;
} ball;

static void paint(bfl_volume *v, const ball *b) {
    size_t at = 0;
    for (int32_t k = 0; k < v->grid.size[2]; k++)
        for (int32_t j = 0; j < v->grid.size[1]; j++)
            for (int32_t i = 0; i < v->grid.size[0]; i++, at++) {
                const double d[3] = {i * v->grid.spacing_mm[0] - b->at[0], j * v->grid.spacing_mm[1] - b->at[1],
                                     k * v->grid.spacing_mm[2] - b->at[2]};
                const double share = 1 / (1 + exp((sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]) - b->radius) / 0.6));
                const double hu = v->hu[at];
                v->hu[at] = (int16_t)lround(b->set ? hu + share * (b->hu - hu) : hu + share * b->hu);
            }
}

typedef struct trial {
    const ball *before, *after;
    size_t before_count, after_count;
    double slice_mm, low_mm; /* low: the baseline shows only so much, from below; 0: as much as the follow-up */
    int32_t dates[2];
    const char *people[2]; /* number, name, birth and sex of each scan's patient, a letter each; '-': not told */
    bfl_ct_options options;
    bfl_ct *ct;
} trial;

static bfl_scan *scan_of(bfl_arena *arena, const ball *balls, size_t count, double slice_mm, double low_mm) {
    bfl_grid grid = bfl_grid_upright((int32_t[3]){100, 80, (int32_t)((low_mm > 0 ? low_mm : 150) / slice_mm)},
                                     (double[3]){2, 2, slice_mm}, (double[3]){-100, -80, 20});
    bfl_volume *v = bones_volume(arena, grid, NULL);
    for (size_t n = 0; n < count; n++) paint(v, &balls[n]);
    bfl_scan *scan = BFL_NEW(arena, bfl_scan);
    *scan = (bfl_scan){.volume = v, .info = {.path = "made up", .format = "none", .series = "", .orientation = "LPS"}};
    for (int a = 0; a < 3; a++) scan->info.spacing_mm[a] = grid.spacing_mm[a], scan->info.size[a] = grid.size[a];
    return scan;
}

static bfl_status body_compare(bfl_arena *arena, void *context, bfl_error *err) {
    trial *t = context;
    const double mm = t->slice_mm > 0 ? t->slice_mm : 2.5;
    bfl_scan *scans[2] = {scan_of(arena, t->before, t->before_count, mm, t->low_mm),
                          scan_of(arena, t->after, t->after_count, mm, 0)};
    for (int i = 0; i < 2; i++)
        if (t->dates[i]) scans[i]->info.date = (bfl_date){t->dates[i], t->dates[i], BFL_DATE_DAY};
    for (int i = 0; i < 2; i++)
        for (int f = 0; t->people[i] && f < BFL_PERSON_FACTS; f++) {
            scans[i]->person.has[f] = t->people[i][f] != '-';
            scans[i]->person.hash[f][0] = (uint8_t)t->people[i][f];
        }
    return bfl_ct_compare(scans[0], scans[1], &t->options, &t->ct, err);
}

static bfl_ct *compare(trial *t, const bfl_rulebook *rules) {
    bfl_arena *arena = bfl_arena_new();
    t->options.struct_size = sizeof t->options;
    t->options.threads = 2;
    t->options.rulebook = rules;
    CHECK_INT(bfl_arena_run(arena, body_compare, t, NULL), BFL_OK);
    bfl_arena_free(arena);
    return t->ct;
}

/* One of each kind, every one on a bone of its own: before, after, and what it looks like. */
static const struct {
    ball before, after; /* radius 0: nothing there */
    const char *kind;
} SCENE[] = {
    {{{0}, 0, 0, false}, {{100, 120, 28.4}, 6, 300, false}, "new_sclerosis"},
    {{{100, 120, 52.4}, 6, 40, true}, {{100, 120, 52.4}, 6, 400, true}, "filled_in"},
    {{{100, 120, 75}, 6, 700, true}, {{100, 120, 75}, 6, 1000, true}, "denser"},
    {{{100, 120, 96.4}, 6, 700, true}, {{0}, 0, 0, false}, "less_dense"},
    {{{0}, 0, 0, false}, {{100, 120, 116.9}, 6, 40, true}, "lysis"},
    {{{0}, 0, 0, false}, {{100, 16, 75}, 6, 600, true}, "outgrown"},
};
enum { KINDS = sizeof SCENE / sizeof *SCENE };

static bfl_ct *compare_scene(const bfl_rulebook *rules, bfl_ct_options options) {
    ball before[KINDS], after[KINDS];
    trial t = {.before = before, .after = after, .options = options};
    for (int n = 0; n < KINDS; n++) {
        if (SCENE[n].before.radius > 0) before[t.before_count++] = SCENE[n].before;
        if (SCENE[n].after.radius > 0) after[t.after_count++] = SCENE[n].after;
    }
    return compare(&t, rules);
}

static const double *place_of(int n) { return SCENE[n].after.radius > 0 ? SCENE[n].after.at : SCENE[n].before.at; }

/* The finding within 8 mm of a place, NULL when there is none. */
static const bfl_finding *finding_at(const bfl_ct *ct, const double at[3]) {
    for (size_t n = 0; n < bfl_ct_finding_count(ct); n++) {
        const bfl_finding *f = bfl_ct_finding(ct, n);
        const double mm[3] = {f->centre_mm[0] + 100, f->centre_mm[1] + 80, f->centre_mm[2] - 20};
        if (hypot(hypot(mm[0] - at[0], mm[1] - at[1]), mm[2] - at[2]) < 8) return f;
    }
    return NULL;
}

/* Each number of rulebook/ct decides something: moved, another name comes out. */
static const struct {
    const char *overlay;
    int finding;
    const char *kind;
} DECIDES[] = {
    {"{\"ct.kind.lytic_before\":{\"below_surroundings_hu\":900}}", 1, "new_sclerosis"},
    {"{\"ct.kind.sclerotic_before\":{\"above_surroundings_hu\":900}}", 2, "new_sclerosis"},
    {"{\"ct.kind.sclerotic_before\":{\"above_surroundings_hu\":900}}", 3, "lysis"},
    {"{\"ct.kind.rim\":{\"core_fraction\":1}}", 0, "sclerotic_rim"},
    {"{\"ct.kind.outgrown\":{\"beyond_mm\":50}}", 5, "new_sclerosis"},
    {"{\"ct.kind.outgrown\":{\"beyond_mm3\":9000}}", 5, "new_sclerosis"},
    {"{\"ct.kind.outgrown\":{\"share_fraction\":1}}", 5, "new_sclerosis"},
};

static bfl_status body_measure(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    bfl_lesion_measure(arena, context);
    return BFL_OK;
}

static void check_measurements(const bfl_ct *ct) {
    if (bfl_ct_refused(ct)) printf("# %s\n", bfl_ct_refused(ct));
    CHECK(bfl_ct_refused(ct) == NULL);
    CHECK(!bfl_ct_limited(ct));
    CHECK(bfl_ct_fit_of(ct)->correlation > 0.85);
    CHECK_NEAR(bfl_ct_fit_of(ct)->offset_hu, 0, 3);
    const bfl_finding *f = finding_at(ct, place_of(0));
    if (!f) return;
    CHECK_NEAR(f->change_hu, 250, 45);    /* the edge is soft */
    CHECK_NEAR(f->volume_mm3, 1120, 215); /* from the ball's 905 to the 1335 that changed by over 60 HU */
    CHECK_NEAR(f->longest_mm, 12, 3);
    CHECK_NEAR(f->axial_mm, 12, 3);
    CHECK_NEAR(f->centre_mm[0], 0, 3);
    CHECK_NEAR(f->centre_mm[2], 48.4, 3);
    CHECK_NEAR(f->jacobian, 1, 0.1);
    CHECK(strstr(f->place, "middle, back, 1") != NULL);
}

TEST(kinds_and_measurements) {
    bfl_rulebook *rules = open_rules("");
    bfl_ct *ct = compare_scene(rules, (bfl_ct_options){0});
    CHECK_INT(bfl_ct_finding_count(ct), KINDS);
    for (int n = 0; n < KINDS; n++) {
        const bfl_finding *f = finding_at(ct, place_of(n));
        CHECK(f != NULL);
        if (f) CHECK_TEXT(bfl_finding_kind_word(f->kind), SCENE[n].kind);
        if (f && f->change_hu < 0) CHECK(!(f->beyond_mm > 0) && !(f->beyond_mm3 > 0));
    }
    check_measurements(ct);
    for (size_t n = 0; n < sizeof DECIDES / sizeof *DECIDES; n++) {
        bfl_rulebook *other = open_rules(DECIDES[n].overlay);
        ct->rulebook = other;
        CHECK_INT(bfl_arena_run(ct->arena, body_measure, ct, NULL), BFL_OK);
        const bfl_finding *f = finding_at(ct, place_of(DECIDES[n].finding));
        if (f) CHECK_TEXT(bfl_finding_kind_word(f->kind), DECIDES[n].kind);
        bfl_rulebook_free(other);
    }
    bfl_ct_free(ct);
    bfl_rulebook_free(rules);
}

TEST(a_rim_around_a_hole) {
    const ball hole = {{100, 120, 75}, 9, 20, true};
    const ball rim[] = {{{100, 120, 75}, 9, 700, true}, {{100, 120, 75}, 6.5, 20, true}};
    bfl_rulebook *rules = open_rules("");
    trial t = {.before = &hole, .after = rim, .before_count = 1, .after_count = 2};
    bfl_ct *ct = compare(&t, rules);
    const bfl_finding *f = bfl_ct_finding(ct, 0);
    CHECK(f != NULL);
    if (f) CHECK_TEXT(bfl_finding_kind_word(f->kind), "sclerotic_rim");
    bfl_ct_free(ct);
    bfl_rulebook_free(rules);
}

TEST(nothing_where_nothing_changed) {
    bfl_rulebook *rules = open_rules("");
    trial same = {0};
    bfl_ct *ct = compare(&same, rules);
    CHECK_INT(bfl_ct_finding_count(ct), 0);
    bfl_ct_free(ct);
    bfl_rulebook_free(rules);
}

TEST(refusals_are_said) {
    bfl_rulebook *rules = open_rules(""), *stricter = open_rules("{\"ct.fit.refused\":{\"correlation_fraction\":1}}");
    trial t = {.dates = {17000, 16000}};
    bfl_ct *ct = compare(&t, rules);
    CHECK_TEXT(bfl_ct_refused(ct), "the follow-up (2013-10-22) is older than the baseline (2016-07-18)");
    bfl_ct_free(ct);
    const ball new = SCENE[0].after; /* or else the fit is exact */
    t = (trial){.dates = {16000, 17000}, .after = &new, .after_count = 1};
    ct = compare(&t, stricter);
    CHECK(bfl_ct_refused(ct) && strstr(bfl_ct_refused(ct), "do not lie on each other"));
    CHECK_INT(bfl_ct_finding_count(ct), 0);
    bfl_ct_free(ct);
    bfl_rulebook_free(rules);
    bfl_rulebook_free(stricter);
}

/* With under a quarter of the body in common nothing can be laid on anything; with half of it the rule decides. */
TEST(little_in_common_is_refused) {
    bfl_rulebook *rules = open_rules(""), *stricter = open_rules("{\"ct.fit.refused\":{\"overlap_fraction\":0.9}}");
    const ball new = SCENE[0].after;
    trial t = {.dates = {16000, 17000}, .low_mm = 35, .after = &new, .after_count = 1};
    t.options.no_lungs = true;
    bfl_ct *ct = compare(&t, rules);
    CHECK_TEXT(bfl_ct_refused(ct), "the two scans have too little bone in common");
    CHECK_INT(bfl_ct_finding_count(ct), 0);
    bfl_ct_free(ct);
    t.low_mm = 80;
    ct = compare(&t, stricter);
    if (bfl_ct_refused(ct)) printf("# %s\n", bfl_ct_refused(ct));
    CHECK(bfl_ct_refused(ct) && strstr(bfl_ct_refused(ct), "the baseline covers only "));
    CHECK(bfl_ct_fit_of(ct)->overlap > 0.3 && bfl_ct_fit_of(ct)->overlap < 0.9);
    CHECK_INT(bfl_ct_finding_count(ct), 0);
    bfl_ct_free(ct);
    bfl_rulebook_free(rules);
    bfl_rulebook_free(stricter);
}

/* The moved baseline as if it lay one voxel of the working grid farther back. */
static bfl_status body_shifted(bfl_arena *arena, void *context, bfl_error *err) {
    bfl_ct *ct = context;
    (void)err;
    bfl_image shifted = *ct->marks.before;
    const size_t voxels = bfl_image_voxels(&shifted), row = (size_t)shifted.size[0];
    shifted.value = BFL_NEW_ARRAY(arena, voxels, float);
    for (size_t v = 0; v < voxels; v++) shifted.value[v] = ct->marks.before->value[v < row ? v : v - row];
    const bfl_image *was = ct->marks.before;
    ct->marks.before = &shifted;
    ct->fit.misfit_mm = ct->fit.misfit_p95_mm = 0;
    bfl_lesion_misfit(ct->arena, ct);
    ct->marks.before = was;
    return BFL_OK;
}

static void shift_baseline(bfl_ct *ct) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_shifted, ct, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(a_finding_where_bone_lies_off_is_doubted) {
    bfl_rulebook *rules = open_rules(""), *lenient = open_rules("{\"ct.fit.doubtful\":{\"shift_mm\":2}}");
    const ball new = SCENE[0].after;
    for (int i = 0; i < 2; i++) {
        trial t = {.after = &new, .after_count = 1};
        bfl_ct *ct = compare(&t, i ? lenient : rules);
        CHECK_INT(bfl_ct_finding_count(ct), 1);
        CHECK(bfl_ct_fit_of(ct)->misfit_places > 20);
        CHECK(bfl_ct_fit_of(ct)->misfit_mm < 0.4);
        CHECK(!bfl_ct_finding(ct, 0)->doubtful);
        CHECK(bfl_ct_finding(ct, 0)->misfit_mm < 0.5);
        CHECK(!strstr(bfl_ct_finding(ct, 0)->words, "off"));
        shift_baseline(ct); /* by 1.5 mm */
        CHECK_NEAR(bfl_ct_finding(ct, 0)->misfit_mm, 1.5, 0.4);
        CHECK(bfl_ct_fit_of(ct)->misfit_mm > 0.8 &&
              bfl_ct_fit_of(ct)->misfit_p95_mm > 1); /* along a bone nothing tells */
        CHECK(bfl_ct_finding(ct, 0)->doubtful == (i == 0));
        CHECK(!strstr(bfl_ct_finding(ct, 0)->words, "mm off: it may be no change") == (i == 1));
        printf("# off by %.2f mm at the finding, %.2f in the median\n", bfl_ct_finding(ct, 0)->misfit_mm,
               bfl_ct_fit_of(ct)->misfit_mm);
        bfl_ct_free(ct);
    }
    bfl_rulebook_free(rules);
    bfl_rulebook_free(lenient);
}

static const char UNCHECKED[] = "the scans do not both name their patient: that they are of one was not checked";

/* Dates that refuse: nothing has to be registered. */
static void check_person(const bfl_rulebook *rules, const char *a, const char *b, bfl_ct_same_patient agree,
                         const char *refused) {
    trial t = {.dates = {17000, 16000}, .people = {a, b}};
    bfl_ct *ct = compare(&t, rules);
    CHECK_INT(bfl_ct_patient_of(ct)->agree, agree);
    CHECK_TEXT(bfl_ct_refused(ct), refused);
    CHECK_INT(ct->followup_info->note_count, agree == BFL_CT_PATIENT_UNKNOWN ? 1 : 0);
    if (ct->followup_info->note_count) CHECK_TEXT(ct->followup_info->notes[0], UNCHECKED);
    bfl_ct_free(ct);
}

TEST(another_patient_is_refused) {
    static const char OLDER[] = "the follow-up (2013-10-22) is older than the baseline (2016-07-18)";
    bfl_rulebook *rules = open_rules("");
    check_person(rules, "abcd", "abcd", BFL_CT_PATIENT_SAME, OLDER);
    check_person(rules, "ab--", "-b-d", BFL_CT_PATIENT_SAME, OLDER);
    check_person(rules, "abcd", "----", BFL_CT_PATIENT_UNKNOWN, OLDER);
    check_person(rules, "--cd", "abcd", BFL_CT_PATIENT_UNKNOWN, OLDER); /* many share a birthday */
    check_person(rules, "abcd", "xbcd", BFL_CT_PATIENT_OTHER, "the scans name two patients: number differs");
    check_person(rules, "abcd", "axcd", BFL_CT_PATIENT_OTHER, "the scans name two patients: name differs");
    check_person(rules, "--cd", "--xd", BFL_CT_PATIENT_OTHER, "the scans name two patients: date of birth differs");
    check_person(rules, "abcd", "abcx", BFL_CT_PATIENT_OTHER, "the scans name two patients: sex differs");
    check_person(rules, "abcd", "xycd", BFL_CT_PATIENT_OTHER, "the scans name two patients: number and name differ");
    bfl_rulebook_free(rules);
}

/* A header may be wrong: a day that is given stands, in the refusal, in the notes and in what is told of the scan. */
TEST(a_day_that_is_given_stands) {
    bfl_rulebook *rules = open_rules("{\"ct.fit.refused\":{\"correlation_fraction\":1}}");
    const ball new = SCENE[0].after;
    const bfl_date before = {16000, 16000, BFL_DATE_DAY}, after = {17000, 17000, BFL_DATE_DAY};
    const bfl_date relative = {41, 41, BFL_DATE_RELATIVE};
    trial t = {.dates = {17000, 16000}, .people = {"abcd", "abcd"}, .after = &new, .after_count = 1};
    t.options.baseline_date = &before;
    t.options.followup_date = &after;
    bfl_ct *ct = compare(&t, rules);
    CHECK(bfl_ct_refused(ct) && strstr(bfl_ct_refused(ct), "do not lie on each other"));
    CHECK_INT(ct->baseline_info->date.first, 16000);
    CHECK_INT(ct->baseline_info->note_count, 1);
    CHECK_INT(ct->followup_info->note_count, 1);
    if (ct->baseline_info->note_count)
        CHECK_TEXT(ct->baseline_info->notes[0], "its header says 2016-07-18; 2013-10-22 was given and is used");
    bfl_ct_free(ct);
    t.options.followup_date = NULL; /* both of one day then */
    ct = compare(&t, rules);
    CHECK_INT(ct->followup_info->note_count, 1);
    if (ct->followup_info->note_count) CHECK_TEXT(ct->followup_info->notes[0], "both scans are of one day");
    bfl_ct_free(ct);
    t.dates[0] = 16000, t.dates[1] = 17000; /* right headers, wrong words */
    t.options.baseline_date = &after;
    t.options.followup_date = &before;
    ct = compare(&t, rules);
    CHECK_TEXT(bfl_ct_refused(ct), "the follow-up (2013-10-22) is older than the baseline (2016-07-18)");
    bfl_ct_free(ct);
    t.options.baseline_date = NULL; /* a study's day and a relative one cannot be held against each other */
    t.options.followup_date = &relative;
    ct = compare(&t, rules);
    CHECK(bfl_ct_refused(ct) && strstr(bfl_ct_refused(ct), "do not lie on each other"));
    bfl_ct_free(ct);
    bfl_rulebook_free(rules);
}

TEST(scans_of_one_day_are_noted) {
    bfl_rulebook *rules = open_rules("{\"ct.fit.refused\":{\"correlation_fraction\":1}}");
    trial t = {.dates = {17000, 17000}, .people = {"abcd", "abcd"}};
    bfl_ct *ct = compare(&t, rules);
    CHECK_INT(ct->followup_info->note_count, 1);
    if (ct->followup_info->note_count) CHECK_TEXT(ct->followup_info->notes[0], "both scans are of one day");
    bfl_ct_free(ct);
    bfl_rulebook_free(rules);
}

TEST(the_least_score_decides) {
    bfl_rulebook *rules = open_rules("{\"ct.mark.reported\":{\"score\":1000}}");
    bfl_ct *ct = compare_scene(rules, (bfl_ct_options){0});
    CHECK_INT(bfl_ct_finding_count(ct), 0);
    bfl_ct_free(ct);
    bfl_rulebook_free(rules);
}

TEST(thick_slices_are_limited) {
    bfl_rulebook *rules = open_rules("");
    trial t = {.slice_mm = 5};
    bfl_ct *ct = compare(&t, rules);
    CHECK(bfl_ct_limited(ct));
    bfl_ct_free(ct);
    bfl_rulebook_free(rules);
}

/* ---- what is written ---- */

typedef struct page {
    char bytes[65536];
    size_t size;
} page;

static bool keep(void *context, const char *data, size_t size) {
    page *p = context;
    if (p->size + size >= sizeof p->bytes) return false;
    memcpy(p->bytes + p->size, data, size);
    p->size += size;
    p->bytes[p->size] = '\0';
    return true;
}

static bool refuse(void *context, const char *data, size_t size) {
    (void)context;
    (void)data;
    (void)size;
    return false;
}

typedef bfl_status (*face)(const bfl_ct *ct, bfl_sink sink, bfl_error *err);

static bfl_status write_rows(const bfl_ct *ct, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_rows(ct, &(bfl_ct_rows){sizeof(bfl_ct_rows), "P1", "2019-04-04", "2019-06-01", false}, sink,
                             err);
}

static bool writes(const bfl_ct *ct, face write, const char *words) {
    static page p;
    p.size = 0;
    CHECK_INT(write(ct, (bfl_sink){keep, &p}, NULL), BFL_OK);
    return strstr(p.bytes, words) != NULL;
}

TEST(a_mismatch_that_is_allowed_is_said) {
    bfl_rulebook *rules = open_rules("");
    const ball new = SCENE[0].after;
    trial t = {
        .after = &new, .after_count = 1, .people = {"abcd", "abxd"}, .options = {.allow_patient_mismatch = true}};
    bfl_ct *ct = compare(&t, rules);
    CHECK(bfl_ct_refused(ct) == NULL);
    CHECK(writes(ct, write_rows, "THE SCANS NAME TWO PATIENTS"));
    CHECK(writes(ct, bfl_ct_write_text, "NOT THE SAME by date of birth"));
    CHECK(writes(ct, bfl_ct_write_json, "\"differs\":\"date of birth\""));
    bfl_ct_free(ct);
    t.people[1] = "abcd";
    ct = compare(&t, rules);
    CHECK(!writes(ct, write_rows, "TWO PATIENTS"));
    CHECK(!writes(ct, bfl_ct_write_text, "NOT THE SAME"));
    CHECK(writes(ct, bfl_ct_write_json, "\"agree\":\"same\""));
    bfl_ct_free(ct);
    bfl_rulebook_free(rules);
}

TEST(rows_are_a_case_folder) {
    bfl_rulebook *rules = open_rules("");
    const ball new = SCENE[0].after;
    trial t = {.after = &new, .after_count = 1};
    bfl_ct *ct = compare(&t, rules);
    static page p;
    bfl_ct_rows rows = {sizeof rows, "P1", "2019-04-04", "2019-06-01", false};
    CHECK_INT(bfl_ct_write_rows(ct, &rows, (bfl_sink){keep, &p}, NULL), BFL_OK);
    bfl_table_bytes table = {"lesions.csv", {p.bytes, p.size}};
    bfl_study *study = NULL;
    CHECK_INT(bfl_casefolder_parse(&table, 1, NULL, &study, NULL), BFL_OK);
    const bfl_record *record = bfl_study_record(study, 0);
    CHECK(record && record->lesion_count == 2);
    if (record && record->lesion_count == 2) {
        CHECK_INT(record->lesions[0].state, BFL_LESION_ABSENT);
        CHECK_INT(record->lesions[1].state, BFL_LESION_EQUIVOCAL);
        CHECK_INT(record->lesions[1].matrix, BFL_MATRIX_BLASTIC);
        CHECK_INT(record->lesions[1].role, BFL_ROLE_NEW);
        CHECK_TEXT(record->lesions[1].source.stated, "boneflare ct");
    }
    bfl_study_free(study);
    p.size = 0;
    rows.confirmed = true;
    CHECK_INT(bfl_ct_write_rows(ct, &rows, (bfl_sink){keep, &p}, NULL), BFL_OK);
    CHECK(strstr(p.bytes, ",measured,") != NULL);
    CHECK_INT(bfl_ct_write_rows(ct, &rows, (bfl_sink){refuse, NULL}, NULL), BFL_EIO);
    rows.patient = NULL;
    CHECK_INT(bfl_ct_write_rows(ct, &rows, (bfl_sink){keep, &p}, NULL), BFL_EINVAL);
    p.size = 0;
    CHECK_INT(bfl_ct_write_json(ct, (bfl_sink){keep, &p}, NULL), BFL_OK);
    CHECK(strstr(p.bytes, "\"kind\":\"new_sclerosis\"") || strstr(p.bytes, "\"kind\": \"new_sclerosis\""));
    bfl_ct_free(ct);
    bfl_rulebook_free(rules);
}

/* Each number of the rule decides. */
TEST(a_miliary_pattern_is_many_and_even) {
    static const struct {
        const char *overlay;
        bool miliary;
    } TRIED[] = {{"", true},
                 {"{\"ct.lung.miliary\":{\"marks_count\":21}}", false},
                 {"{\"ct.lung.miliary\":{\"randomness_low_fraction\":1.01}}", false},
                 {"{\"ct.lung.miliary\":{\"randomness_high_fraction\":0.99}}", false},
                 {"{\"ct.lung.miliary\":{\"upper_low_fraction\":0.6}}", false},
                 {"{\"ct.lung.miliary\":{\"upper_high_fraction\":0.4}}", false}};
    const bfl_ct_lungs lungs = {.litres = 2, .marks = 40, .per_litre = 20, .randomness = 1, .upper_share = 0.5};
    for (size_t n = 0; n < sizeof TRIED / sizeof *TRIED; n++) {
        bfl_rulebook *rules = open_rules(TRIED[n].overlay);
        CHECK(bfl_lesion_miliary(rules, &lungs) == TRIED[n].miliary);
        bfl_rulebook_free(rules);
    }
    bfl_rulebook *rules = open_rules("");
    CHECK(!bfl_lesion_miliary(rules, &(bfl_ct_lungs){.litres = 0}));
    CHECK_NEAR(bfl_rule_double(rules, BFL_NUM_CT_LUNG_MARK__SCORE_HU), 60, 1e-9);
    CHECK_NEAR(bfl_rule_double(rules, BFL_NUM_CT_LUNG_IN_VIEW__LUNG_ML), 500, 1e-9);
    bfl_rulebook_free(rules);
}

/* ---- labels that the user gives ---- */

typedef struct labelling {
    const bfl_rulebook *rules;
    int16_t label;   /* of the vertebra that changes */
    int32_t missing; /* slices that the map lacks */
    const char *site, *refusal;
} labelling;

static bfl_status body_labels(bfl_arena *arena, void *context, bfl_error *err) {
    const labelling *l = context;
    const ball dense = {{100, 120, 75}, 6, 300, false};
    const bfl_scan *scans[2] = {scan_of(arena, NULL, 0, 2.5, 0), scan_of(arena, &dense, 1, 2.5, 0)};
    bfl_grid grid = scans[0]->volume->grid;
    grid.size[2] -= l->missing;
    bfl_volume *map = bfl_volume_new(arena, &grid);
    size_t at = 0;
    for (int32_t k = 0; k < grid.size[2]; k++)
        for (int32_t j = 0; j < grid.size[1]; j++)
            for (int32_t i = 0; i < grid.size[0]; i++)
                map->hu[at++] = hypot(i * 2 - 100, j * 2 - 120) < 16 && fabs(k * 2.5 - 75) < 10 ? l->label : 0;
    const bfl_scan labels = {.volume = map, .info = {.path = "labels.nii.gz"}};
    const bfl_ct_options options = {
        .struct_size = sizeof options, .threads = 2, .rulebook = l->rules, .no_lungs = true, .labels = &labels};
    bfl_ct *ct = NULL;
    const bfl_status status = bfl_ct_compare(scans[0], scans[1], &options, &ct, err);
    if (status) return status;
    CHECK(bfl_ct_finding_count(ct) >= 1);
    if (bfl_ct_finding_count(ct)) CHECK_TEXT(bfl_ct_finding(ct, 0)->site, l->site);
    if (bfl_ct_finding_count(ct)) CHECK_INT(bfl_ct_finding(ct, 0)->labelled, l->site[0] != 'b');
    bfl_ct_free(ct);
    return BFL_OK;
}

TEST(labels_name_sites) {
    bfl_rulebook *rules = open_rules("");
    const labelling TRIED[] = {{rules, 36, 0, "T8 vertebra", NULL},
                               {rules, 1, 0, "bone, unlabelled", NULL}, /* a spleen is no bone */
                               {rules, 118, 0, NULL, "label 118: TotalSegmentator 2 numbers its classes 1 to 117"},
                               {rules, -7, 0, NULL, "label -7"},
                               {rules, 36, 1, NULL, "the labels do not lie on the voxels of the baseline"}};
    for (size_t n = 0; n < sizeof TRIED / sizeof *TRIED; n++) {
        labelling l = TRIED[n];
        bfl_error err = {.status = BFL_OK};
        bfl_arena *arena = bfl_arena_new();
        CHECK_INT(bfl_arena_run(arena, body_labels, &l, &err), l.refusal ? BFL_EINVAL : BFL_OK);
        if (l.refusal) CHECK(strstr(err.message, l.refusal) != NULL);
        bfl_arena_free(arena);
    }
    bfl_rulebook_free(rules);
}

TEST_CASES(CASE(labels_name_sites), CASE(a_miliary_pattern_is_many_and_even), CASE(kinds_and_measurements),
           CASE(a_rim_around_a_hole), CASE(nothing_where_nothing_changed), CASE(refusals_are_said),
           CASE(little_in_common_is_refused), CASE(a_finding_where_bone_lies_off_is_doubted),
           CASE(another_patient_is_refused), CASE(a_day_that_is_given_stands), CASE(scans_of_one_day_are_noted),
           CASE(a_mismatch_that_is_allowed_is_said), CASE(the_least_score_decides), CASE(thick_slices_are_limited),
           CASE(rows_are_a_case_folder))
