/* SPDX-License-Identifier: Apache-2.0 */
/* Case folders and SDTM through every SDTM writer and back: nothing changes, and what cannot be held is listed. */
#include "test.h"

#include "round_trip.h"

static const round_trip_composer composers[] = {bfl_sdtm_compose_csv, bfl_sdtm_compose_xpt, bfl_sdtm_compose_json,
                                                bfl_sdtm_compose_ndjson};
enum { COMPOSERS = sizeof composers / sizeof *composers };
/* SDTM as written here has no dataset for them. */
static const char *const lost_tables[] = {"molecular.csv", "pathology.csv", NULL};
static const char *const nothing_lost[] = {NULL};

static const char *example_path(bfl_arena *arena, const char *example) {
    const char *here = __FILE__, *root = strstr(here, "tests/unit/");
    return bfl_arena_printf(arena, "%.*s%s", root ? (int)(root - here) : 0, here, example);
}

/* The first line that differs. */
static void show_difference(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    while (a[-1] != '\n' && b[-1] != '\n' && a[-1]) a--, b--;
    printf("# was: %.*s\n# is:  %.*s\n", (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
}

static void check_same(const char *before, const char *after, const char *what, size_t encoding) {
    if (strcmp(before, after) == 0) return;
    test_failures++;
    printf("# %s, encoding %zu\n", what, encoding);
    show_difference(before, after);
}

static void round_trip(bfl_arena *arena, const bfl_study *study, const char *const *without, const char *what) {
    const char *before = facts_of(arena, study, without);
    for (size_t e = 0; e < COMPOSERS; e++) {
        bfl_error err = {0};
        const bfl_writing *w = compose_in_memory(arena, study, composers[e]);
        bfl_study *again = read_composed(arena, w, &err);
        CHECK(again != NULL);
        if (!again) {
            printf("# %s: %s\n", what, err.message);
            continue;
        }
        check_same(before, facts_of(arena, again, without), what, e);
        bfl_study_free(again);
    }
}

/* ---- case folders ---- */

static bfl_status every_example(bfl_arena *arena, void *context, bfl_error *err) {
    static const char *const examples[] = {"isolated_alp", "debondt2020",      "kaneko2017",       "response",
                                           "satoh2021",    "shi2021_patient1", "shi2021_patient2", "shi2021_table2"};
    (void)context;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        bfl_study *study = NULL;
        const char *path = example_path(arena, bfl_arena_printf(arena, "examples/%s", examples[i]));
        CHECK_INT(bfl_casefolder_read(path, NULL, &study, err), BFL_OK);
        if (!study) continue;
        round_trip(arena, study, lost_tables, examples[i]);
        bfl_study_free(study);
    }
    return BFL_OK;
}

static void run(bfl_arena_body body) {
    bfl_arena *arena = bfl_arena_new();
    bfl_error err = {0};
    CHECK(arena != NULL);
    if (!arena) return;
    CHECK_INT(bfl_arena_run(arena, body, NULL, &err), BFL_OK);
    bfl_arena_free(arena);
}

TEST(case_folders_come_back) { run(every_example); }

/* Everything that a row can hold, the odd things too. */
#define LESIONS                                                                                                    \
    "patient,date,lesion,site,organ,role,matrix,modality,longest_mm,short_mm,state,change,hu_mean,suv_max,uptake," \
    "beyond_bone,soft_tissue_mm,count,slice_mm,note,source\n"                                                      \
    "p1,2019-01-09,T1,LEFT LUNG,lung,target,,ct,22.50,11,measured,,,,,,,,1.25,,page 3\n"                           \
    "p1,2019-03-06,T1,Lung,lung,target,,ct,,,too_small,,,,,,,,,,\n"                                                \
    "p1,2019-05-01,T1,LEFT LUNG,lung,target,,,0,,absent,,,,,,,,,gone,\n"                                           \
    "p1,2019-01-09,N1,left 4th rib,bone,non_target,lytic,bone_scan,,,present,uptake_up;more_numerous,-12.5,,high," \
    "yes,,3,,\"says \"\"denser\"\", twice\",\n"                                                                    \
    "p1,2019-03,N1,left 4th rib,bone,non_target,blastic,bone_scan,,,progressed,larger,,,none,no,4,,,,\n"           \
    "p1,2019-03,N1,left 4th rib,bone,,mixed,bone_scan,,,,,,,,,,,,another row,\n"                                   \
    "p1,d70,L1,,lymph_node,target,,ct,31,18,,,,,,,,,,,\n"                                                          \
    "p1,d70..d80,L1,,lymph_node,target,,mri,,9,,,,,,,,,,,\n"                                                       \
    "p1,2019-06-01,W1,T5,bone,new,marrow,mri,,,progressed,,,,,,,,,,\n"                                             \
    "p1,2019-06-01,W2,,,new,,fdg_pet,,,equivocal,,,7.1,,,,,,,\n"                                                   \
    "p1,2019-06-02,W3,SPLEEN,other,,,psma_pet,12,,not_evaluable,,,,,,,,,image obscured,\n"                         \
    "p1,,U1,BONE,other,non_target,,clinical,,,,,,,,,,,,no date,\n"                                                 \
    "p1,,U1,BONE,other,non_target,,clinical,9,,,,,,,,,,,no date either,\n"
#define THERAPY                                                                        \
    "patient,drug,class,intent,start,stop,dose,line,reason_stopped,site,note,source\n" \
    "p1,gefitinib,,,2019-01-10,2019-06-01,250 mg daily,1,progression,,first,chart\n"   \
    "p1,gefitinib,chemotherapy,supportive,2019-07,,two  spaces,,,,,\n"                 \
    "p1,Unknownib,egfr_tki_3,anticancer,d200,d200..d230,80 mg,2,,,,\n"                 \
    "p1,radical prostatectomy,,surgery,2017,,,,,prostate,,\n"                          \
    "p1,external beam,,radiotherapy,2018-02-03,,30 Gy in 10,,,L3,,\n"                  \
    "p1,zoledronic acid,,,2019-02-01,,4 mg every 4 weeks,,,,,\n"
#define LABS                                                                \
    "patient,date,analyte,value,unit,ref_low,ref_high,method,note,source\n" \
    "p1,2019-01-09,ALP,310,U/L,100,325,JSCC,before,\n"                      \
    "p1,2019-02-09,Alkaline phosphatase,<20,IU/L,,,,,lab 2\n"               \
    "p1,d60,BALP,12.0,ug/L,3.7,20.9,,,\n"                                   \
    "p1,2019-03-09,BALP,45,U/L,,,,,\n"                                      \
    "p1,2019-03,Ca,high,,,,,,\n"                                            \
    "p1,2019-03-10,Something odd & long,3,furlongs,,,,,\n"                  \
    "p1,2019-03-11,ALP,0.0000001,U/L,,,,,\n"
#define CLINICAL                                       \
    "patient,date,item,value,unit,site,note,source\n"  \
    "p1,2019-01-09,ecog,1,,,,\n"                       \
    "p1,d5,pain,new,,back,\"since, he says, days\",\n" \
    "p1,,weight,71.5,kg,,,\n"
#define NOTES                                                                                               \
    "patient,date,topic,value,stated_day,text,source\n"                                                     \
    "p1,2019-03-06,response,PR,55,as printed,p. 4\n"                                                        \
    "p1,,flare,yes,,,\n"                                                                                    \
    "p1,,arm,A,,,\n"                                                                                        \
    "p1,,arm,B,,,\n"                                                                                        \
    "p1,2019-03-06,response.RECIST 1.1.OVRLRESP.INVESTIGATOR.,PR,,WEEK 8; NOT DONE: no; accepted record,\n" \
    "p1,2019-03-06,response.x,PR,,,\n"                                                                      \
    "p1,2019-03-06,adverse_event,BONE PAIN,,BONE PAIN,\n"                                                   \
    "p1,d9,adverse_event,RASH,,\"Rash, grade 2\",\n"                                                        \
    "p1,2019-09-01,disposition,DEATH,,died,\n"                                                              \
    "p1,d3,SUMDIAM,45,,lesion T1,\n"                                                                        \
    "p1,d3,BNLNUM,4,,WEEK 8,\n"                                                                             \
    "p1,d3,not_done,ALP,,no blood,\n"                                                                       \
    "*,,patients,1,,,\n"
#define PATIENTS                                                                                                    \
    "patient,sex,birth_date,age,tumour,histology,smoking,stage,tnm,tnm_edition,death_date,day0,label,note,source\n" \
    "p1,F,1950,68.5,lung,adenocarcinoma,never,IV,T2aN3M1c,8,d300,,flare,odd,hospital\n"

static bfl_status odd_things(bfl_arena *arena, void *context, bfl_error *err) {
    const bfl_table_bytes tables[] = {{"patients.csv", BFL_TEXT(PATIENTS)}, {"therapy.csv", BFL_TEXT(THERAPY)},
                                      {"lesions.csv", BFL_TEXT(LESIONS)},   {"labs.csv", BFL_TEXT(LABS)},
                                      {"clinical.csv", BFL_TEXT(CLINICAL)}, {"notes.csv", BFL_TEXT(NOTES)}};
    bfl_study *study = NULL;
    (void)context;
    CHECK_INT(bfl_casefolder_parse(tables, sizeof tables / sizeof *tables, NULL, &study, err), BFL_OK);
    if (!study) return BFL_OK;
    CHECK_INT(bfl_study_record(study, 0)->lesion_count, 13);
    CHECK_INT(bfl_study_record(study, 0)->note_count, 12);
    round_trip(arena, study, nothing_lost, "odd things");
    const bfl_writing *w = compose_in_memory(arena, study, bfl_sdtm_compose_csv);
    CHECK_INT(w->losses.count, 1); /* the statement about the study */
    bfl_study_free(study);
    return BFL_OK;
}

TEST(odd_things_come_back) { run(odd_things); }

/* ---- SDTM ---- */

enum { MAX_FILES = 6, MAX_BYTES = 16 * 1024 * 1024 };

static bfl_status every_shared_set(bfl_arena *arena, void *context, bfl_error *err) {
    static const char *const sets[][MAX_FILES] = {{"tu_onco_recist.csv", "tr_onco_recist.csv", "rs_onco_recist.csv"},
                                                  {"rs_onco_pcwg3.csv", "lb_onco_pcwg3.csv"},
                                                  {"rs_onco_irecist.csv"},
                                                  {"tu_onco_40.csv", "tr_onco_40.csv", "rs_onco_40.csv"}};
    (void)context;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        bfl_table_bytes files[MAX_FILES];
        size_t count = 0;
        bfl_study *study = NULL;
        for (; count < MAX_FILES && sets[i][count]; count++) {
            const char *path = example_path(arena, bfl_arena_printf(arena, "../shared/data/sdtm/%s", sets[i][count]));
            files[count].name = sets[i][count];
            if (bfl_file_read(arena, path, MAX_BYTES, &files[count].bytes, NULL) != BFL_OK) {
                printf("# %s is not there\n", path);
                return BFL_OK;
            }
        }
        CHECK_INT(bfl_sdtm_parse(files, count, NULL, &study, err), BFL_OK);
        if (study) round_trip(arena, study, nothing_lost, sets[i][0]);
        bfl_study_free(study);
    }
    return BFL_OK;
}

TEST(sdtm_comes_back) { run(every_shared_set); }

TEST_CASES(CASE(sdtm_comes_back), CASE(case_folders_come_back), CASE(odd_things_come_back))
