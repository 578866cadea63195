/* SPDX-License-Identifier: Apache-2.0 */
/* SDTM datasets in memory become records. */
#include "test.h"

#include "format/sdtm/sdtm.h"

#define DM_CSV                                                                  \
    "STUDYID,DOMAIN,USUBJID,RFSTDTC,RFXSTDTC,BRTHDTC,DTHDTC,SEX,AGE,AGEU,ARM\n" \
    "S,DM,p1,2019-01-09,2019-01-10,1953-05,,F,66,YEARS,GEFITINIB\n"             \
    "S,DM,p2,2019-01-09T08:30,,,2020-02-03,U,,,\n"
#define TU_CSV "DOMAIN,USUBJID,TUSEQ,TULNKID,TUTESTCD,TUORRES,TULOC,TULAT,TUMETHOD,TUEVAL,TUEVALID,TUACPTFL,TUDTC\n"
#define TR_CSV                                                                                         \
    "DOMAIN,USUBJID,TRSEQ,TRLNKID,TRTESTCD,TRORRES,TRORRESU,TRSTAT,TRREASND,TRMETHOD,TREVAL,TREVALID," \
    "TRACPTFL,VISITNUM,TRDTC,TRDY\n"

static bfl_study *parse(const bfl_table_bytes *files, size_t count, const bfl_sdtm_options *options) {
    bfl_study *study = NULL;
    bfl_error err = {0};
    CHECK_INT(bfl_sdtm_parse(files, count, options, &study, &err), BFL_OK);
    if (!study) printf("# %s: %s\n", err.where, err.message);
    return study;
}

#define FILE_OF(name, text)                \
    {                                      \
        name, { (text), sizeof(text) - 1 } \
    }

static const bfl_lesion *lesion(const bfl_record *r, const char *id, int32_t day) {
    for (size_t i = 0; i < r->lesion_count; i++)
        if (strcmp(r->lesions[i].id, id) == 0 && r->lesions[i].when.day == day) return &r->lesions[i];
    static const bfl_lesion none = {.id = "none", .site = "", .note = ""};
    return &none;
}

static size_t count_issues(const bfl_study *study, const char *code) {
    size_t n = 0;
    for (size_t i = 0; i < bfl_study_issue_count(study); i++) n += strcmp(bfl_study_issue(study, i)->code, code) == 0;
    return n;
}

TEST(subjects) {
    const bfl_table_bytes files[] = {
        FILE_OF("dm.csv", DM_CSV),
        FILE_OF("suppdm.csv", "RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\nDM,p1,,,BFLTUM,lung\n"),
        FILE_OF("ds.csv", "DOMAIN,USUBJID,DSTERM,DSDECOD,DSSTDTC\nDS,p1,died,DEATH,2020-01-01\n"),
    };
    bfl_study *study = parse(files, 3, NULL);
    CHECK_INT(bfl_study_record_count(study), 2);
    const bfl_record *a = bfl_study_record(study, 0), *b = bfl_study_record(study, 1);
    CHECK_TEXT(a->patient.sex, "F");
    CHECK_TEXT(a->patient.tumour, "lung");
    CHECK_INT(a->patient.birth.precision, BFL_DATE_MONTH);
    CHECK_DECIMAL(a->patient.age_years.value, "66");
    CHECK_INT(a->day0_civil, bfl_civil_day(2019, 1, 10));
    CHECK_INT(a->patient.death.first, bfl_civil_day(2020, 1, 1));
    CHECK_TEXT(b->patient.sex, "");
    CHECK_INT(b->day0_civil, bfl_civil_day(2019, 1, 9));
    CHECK_INT(b->patient.death.first, bfl_civil_day(2020, 2, 3));
    bfl_study_free(study);
}

TEST(lesions_from_their_tests) {
    const bfl_table_bytes files[] = {
        FILE_OF("dm.csv", DM_CSV),
        FILE_OF("tu.csv", TU_CSV "TU,p1,1,T01,TUMIDENT,TARGET,LUNG,LEFT,CT SCAN,,,,2019-01-10\n"
                                 "TU,p1,2,T02,TUMIDENT,TARGET,AXILLARY LYMPH NODE,,CT SCAN,,,,2019-01-10\n"
                                 "TU,p1,3,N1,TUMIDENT,NON-TARGET,L3 VERTEBRA,,SCINTIGRAPHY,,,,2019-01-10\n"
                                 "TU,p1,4,T01.1,TUSPLIT,TARGET,LUNG,,CT SCAN,,,,2019-05-10\n"),
        FILE_OF("tr.csv", TR_CSV "TR,p1,1,T01,LDIAM,2.2,cm,,,CT SCAN,,,,1,2019-01-10,2\n"
                                 "TR,p1,2,T02,LDIAM,30,mm,,,CT SCAN,,,,1,2019-01-10,2\n"
                                 "TR,p1,3,T02,LPERP,18,mm,,,CT SCAN,,,,1,2019-01-10,2\n"
                                 "TR,p1,4,T01,LDIAM,TOO SMALL TO MEASURE,,,,CT SCAN,,,,2,2019-03-11,\n"
                                 "TR,p1,5,T02,LPERP,,,NOT DONE,image obscured,CT SCAN,,,,2,2019-03-11,\n"
                                 "TR,p1,6,N1,TUMSTATE,UNEQUIVOCAL,,,,SCINTIGRAPHY,,,,2,2019-03-11,\n"
                                 "TR,p1,7,T01,LDIAM,0,mm,,,CT SCAN,,,,3,2019-05-10,\n"
                                 "TR,p1,8,T02,SAXIS,<10,mm,,,CT SCAN,,,,3,,\n"
                                 "TR,p1,9,,BNLNUM,4,,,,SCINTIGRAPHY,,,,3,2019-05-10,\n"
                                 "TR,p1,10,X9,SAXIS,12,mm,,,MRI,,,,4,,92\n"),
    };
    bfl_study *study = parse(files, 3, NULL);
    const bfl_record *r = bfl_study_record(study, 0);
    const bfl_lesion *l = lesion(r, "T01", 0);
    CHECK_DECIMAL(l->longest_mm.value, "22");
    CHECK_TEXT(l->site, "LEFT LUNG");
    CHECK_INT(l->organ, BFL_ORGAN_LUNG);
    CHECK_INT(l->role, BFL_ROLE_TARGET);
    CHECK_INT(l->source.row, 2);
    l = lesion(r, "T02", 0);
    CHECK_INT(l->organ, BFL_ORGAN_NODE);
    CHECK_DECIMAL(l->short_mm.value, "18");
    CHECK_DECIMAL(l->longest_mm.value, "30");
    CHECK_INT(lesion(r, "T01", 60)->state, BFL_LESION_TOO_SMALL);
    CHECK_INT(lesion(r, "T02", 60)->state, BFL_LESION_NOT_EVALUABLE);
    CHECK_TEXT(lesion(r, "T02", 60)->note, "image obscured");
    l = lesion(r, "N1", 60);
    CHECK_INT(l->state, BFL_LESION_PROGRESSED);
    CHECK_INT(l->organ, BFL_ORGAN_BONE);
    CHECK_INT(l->modality, BFL_MODALITY_BONE_SCAN);
    CHECK_INT(lesion(r, "N1", 0)->state, BFL_LESION_PRESENT); /* TU alone */
    CHECK_INT(lesion(r, "T01", 120)->state, BFL_LESION_ABSENT);
    CHECK_INT(lesion(r, "T02", 120)->state, BFL_LESION_TOO_SMALL); /* date of the visit */
    CHECK_TEXT(lesion(r, "T01.1", 120)->note, "TUSPLIT: TARGET");
    CHECK_INT(lesion(r, "X9", 91)->organ, BFL_ORGAN_NODE); /* study day 92 */
    CHECK_INT(count_issues(study, "sdtm.not_in_tu"), 1);
    bool counted = false;
    for (size_t i = 0; i < r->note_count; i++)
        counted = counted || (strcmp(r->notes[i].topic, "BNLNUM") == 0 && strcmp(r->notes[i].value, "4") == 0);
    CHECK(counted);
    bfl_study_free(study);
}

TEST(whose_measurements) {
    const bfl_table_bytes files[] = {
        FILE_OF("dm.csv", DM_CSV),
        FILE_OF("tr.csv",
                TR_CSV "TR,p1,1,T01,LDIAM,20,mm,,,CT SCAN,INVESTIGATOR,,,1,2019-01-10,\n"
                       "TR,p1,2,T01,LDIAM,30,mm,,,CT SCAN,INDEPENDENT ASSESSOR,RADIOLOGIST 1,,1,2019-01-10,\n"
                       "TR,p1,3,T01,LDIAM,40,mm,,,CT SCAN,INDEPENDENT ASSESSOR,RADIOLOGIST 2,Y,1,2019-01-10,\n"),
    };
    const bfl_sdtm_options one = {.struct_size = sizeof one, .evaluator_id = "RADIOLOGIST 1"};
    const bfl_sdtm_options accepted = {.struct_size = sizeof accepted, .accepted_only = true};
    const struct {
        const bfl_sdtm_options *options;
        const char *mm;
    } rows[] = {{NULL, "20"}, {&one, "30"}, {&accepted, "40"}};
    for (size_t i = 0; i < 3; i++) {
        bfl_study *study = parse(files, 2, rows[i].options);
        const bfl_record *r = bfl_study_record(study, 0);
        CHECK_INT(r->lesion_count, 1);
        CHECK_DECIMAL(r->lesions[0].longest_mm.value, rows[i].mm);
        CHECK_INT(count_issues(study, "sdtm.evaluator"), 2);
        bfl_study_free(study);
    }
}

TEST(labs_and_responses) {
    const bfl_table_bytes files[] = {
        FILE_OF("dm.csv", DM_CSV),
        FILE_OF("lb.csv",
                "DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBLOINC,LBORRES,LBORRESU,LBORNRLO,LBORNRHI,LBSTRESN,LBSTRESU,LBDTC\n"
                "LB,p1,1,ALP,,379,U/L,104,338,379,U/L,2019-01-10T14:45\n"
                "LB,p1,2,ALPBS,,14,ug/L,,,,,2019-01-10\n"
                "LB,p1,3,XYZ,1996-8,9.6,mg/dL,8.4,10.3,2.4,mmol/L,2019-01-10\n"
                "LB,p1,4,CA,,,,,,,,2019-02-10\n"),
        FILE_OF("rs.csv", "DOMAIN,USUBJID,RSSEQ,RSTESTCD,RSCAT,RSORRES,RSSTRESC,RSEVAL,RSEVALID,VISIT,RSDTC\n"
                          "RS,p1,1,OVRLRESP,PCWG,PDu,PDu,INVESTIGATOR,,WEEK 8,2019-03-01\n"
                          "RS,p1,2,OVRLRESP,PCWG,SD,SD,INDEPENDENT ASSESSOR,RADIOLOGIST 1,WEEK 8,2019-03-01\n"),
    };
    bfl_study *study = parse(files, 3, NULL);
    const bfl_record *r = bfl_study_record(study, 0);
    CHECK_INT(r->lab_count, 3);
    for (size_t i = 0; i < r->lab_count; i++) CHECK(r->labs[i].usable);
    CHECK_TEXT(r->labs[0].name, "ALP");
    CHECK_DECIMAL(r->labs[0].ref_high.value, "338");
    CHECK_TEXT(r->labs[1].analyte->id, "BALP");
    CHECK_TEXT(r->labs[2].analyte->id, "CA");
    CHECK_INT(count_issues(study, "sdtm.standard"), 0);
    CHECK_INT(count_issues(study, "sdtm.term"), 0);
    CHECK_INT(count_issues(study, "note.contradiction"), 0);
    bool found = false;
    for (size_t i = 0; i < r->note_count; i++)
        found = found || (strcmp(r->notes[i].topic, "response.PCWG.OVRLRESP.INVESTIGATOR.") == 0 &&
                          strcmp(r->notes[i].value, "PDu") == 0 && strcmp(r->notes[i].text, "WEEK 8") == 0);
    CHECK(found);
    bfl_study_free(study);
}

TEST(treatment_and_events) {
    const bfl_table_bytes files[] = {
        FILE_OF("dm.csv", DM_CSV),
        FILE_OF("ex.csv", "DOMAIN,USUBJID,EXTRT,EXDOSE,EXDOSU,EXDOSFRQ,EXSTDTC,EXENDTC\n"
                          "EX,p1,STUDY DRUG 7,250,mg,QD,2019-01-10,2019-04\n"),
        FILE_OF("cm.csv", "DOMAIN,USUBJID,CMTRT,CMSTDTC\nCM,p1,zoledronic acid,2019-02-01\nCM,p1,vitamin C,2019\n"),
        FILE_OF("pr.csv", "DOMAIN,USUBJID,PRTRT,PRSTDTC,PRLOC\nPR,p1,PALLIATIVE RADIOTHERAPY,2019-02-05,L3 VERTEBRA\n"),
        FILE_OF("ae.csv",
                "DOMAIN,USUBJID,AETERM,AEDECOD,AETOXGR,AESTDTC\nAE,p1,broke a rib,Rib fracture,2,2019-02-09\n"),
    };
    bfl_study *study = parse(files, 5, NULL);
    const bfl_record *r = bfl_study_record(study, 0);
    CHECK_INT(r->therapy_count, 4);
    CHECK_INT(r->therapies[0].intent, BFL_INTENT_ANTICANCER);
    CHECK_TEXT(r->therapies[0].dose, "250 mg QD");
    bool agent = false, radiotherapy = false;
    for (size_t i = 0; i < r->therapy_count; i++) {
        agent = agent || r->therapies[i].intent == BFL_INTENT_BONE_AGENT;
        radiotherapy = radiotherapy || r->therapies[i].intent == BFL_INTENT_RADIOTHERAPY;
    }
    CHECK(agent && radiotherapy);
    CHECK_INT(r->clinical_count, 1);
    CHECK_TEXT(r->clinicals[0].item, "fracture");
    CHECK_TEXT(r->clinicals[0].value, "yes");
    bfl_study_free(study);
}

TEST(nothing_to_read) {
    const bfl_table_bytes files[] = {FILE_OF("a.csv", "a,b\n1,2\n")};
    bfl_study *study = NULL;
    bfl_error err = {0};
    CHECK_INT(bfl_sdtm_parse(files, 1, NULL, &study, &err), BFL_EPARSE);
    CHECK(study == NULL);
    CHECK_INT(bfl_sdtm_read("/nonexistent/folder", NULL, &study, &err), BFL_ENOTFOUND);
    CHECK_INT(bfl_study_read("/nonexistent/folder", NULL, &study, &err), BFL_ENOTFOUND);
    CHECK_INT(bfl_sdtm_read(NULL, NULL, &study, &err), BFL_EINVAL);
}

TEST_CASES(CASE(subjects), CASE(lesions_from_their_tests), CASE(whose_measurements), CASE(labs_and_responses),
           CASE(treatment_and_events), CASE(nothing_to_read))
