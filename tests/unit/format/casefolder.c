/* SPDX-License-Identifier: Apache-2.0 */
/* Case folders in memory and on disk: reading, writing, reading again, limits, memory running out. */
#include "test.h"

#include "format/format.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENTS \
    "patient,sex,birth_date,age,tumour,histology,smoking,stage,tnm,tnm_edition,death_date,day0,label,note,source\n"
#define LABS "patient,date,analyte,value,unit,ref_low,ref_high,method,note,source\n"

static bfl_text text(const char *z) { return bfl_text_of(z); }

static bfl_study *parse(const bfl_table_bytes *t, size_t count) {
    bfl_study *study = NULL;
    bfl_error err = {0};
    CHECK_INT(bfl_casefolder_parse(t, count, NULL, &study, &err), BFL_OK);
    if (!study) printf("# %s: %s\n", err.where, err.message);
    return study;
}

/* One patient with a row of everything, and two statements. */
static size_t everything(bfl_table_bytes *t) {
    const char *const all[][2] = {
        {"patients.csv",
         PATIENTS "b,F,1953-05,65,lung,adenocarcinoma,never,IV,cT1bN3M1b,7,2021,,flare,\"a, b\",Table 1\n"
                  "a,m,,,,,,,,,d400,2019-01-01,,,\n"},
        {"therapy.csv", "patient,drug,class,intent,start,stop,dose,line,reason_stopped,site,note,source\n"
                        "b,gefitinib,,,2019-01-09,2020-03,250 mg daily,1,,,,p. 2\n"
                        "b,radiotherapy,,radiotherapy,d20,d30,,,,L4,,\n"},
        {"lesions.csv", "patient,date,lesion,site,organ,role,matrix,modality,longest_mm,short_mm,state,change,hu_mean,"
                        "suv_max,uptake,beyond_bone,"
                        "soft_tissue_mm,count,slice_mm,note,source\n"
                        "b,d-7,rib4,left 4th rib,bone,non_target,lytic,ct,,,present,,,,,,,,5,,\n"
                        "b,2019-02-21,rib4,left 4th "
                        "rib,bone,non_target,blastic,ct,12.50,,,sclerosed;sclerotic_rim,410,,,yes,,,5,\"says "
                        "\"\"denser\"\"\",\n"
                        "b,d56..d90,node,4R,lymph_node,target,soft,ct,22,10,measured,smaller,,8.2,low,no,3,2,,,\n"},
        {"labs.csv",
         LABS "b,d0,ALP,379,IU/L,104,338,JSCC,,\nb,2019-01-22,ALP,<952,U/L,,338.0,,,\nb,2019-03,CEA,falling,,,,,,\n"},
        {"clinical.csv",
         "patient,date,item,value,unit,site,note,source\nb,d4,pain,improved,,back,,\nb,d4,weight,62.5,kg,,,\n"},
        {"molecular.csv",
         "patient,date,gene,variant,result,method,specimen,note,source\nb,,EGFR,L858R,positive,NGS,biopsy,,\n"},
        {"pathology.csv", "patient,date,site,organ,procedure,result,note,source\nb,2019,liver,liver,biopsy,tumour,,\n"},
        {"notes.csv",
         "patient,date,topic,value,stated_day,text,source\nb,2019-02-21,flare,,43,said so,p. 3\n*,,patients,57,,,\n"},
    };
    size_t count = sizeof all / sizeof *all;
    for (size_t i = 0; i < count; i++) t[i] = (bfl_table_bytes){all[i][0], text(all[i][1])};
    return count;
}

TEST(reads_every_table) {
    bfl_table_bytes t[8];
    bfl_study *study = parse(t, everything(t));
    CHECK_INT(bfl_study_record_count(study), 2);
    CHECK_TEXT(bfl_study_record(study, 0)->patient.id, "a");
    CHECK_TEXT(bfl_study_record(study, 0)->patient.sex, "M");
    CHECK(bfl_study_record(study, 2) == NULL);
    const bfl_record *r = bfl_study_record(study, 1);
    CHECK_TEXT(r->patient.note, "a, b");
    CHECK_TEXT(r->patient.source.stated, "Table 1");
    CHECK_INT(r->patient.tnm_edition, 7);
    CHECK_INT(r->therapy_count, 2);
    CHECK_TEXT(r->therapies[0].class_id, "egfr_tki_1");
    CHECK_INT(r->lesion_count, 3);
    CHECK_INT(r->lesions[1].changes, BFL_CHANGE_SCLEROSED | BFL_CHANGE_RIM);
    CHECK_TEXT(r->lesions[1].note, "says \"denser\"");
    CHECK_DECIMAL(r->lesions[1].longest_mm.value, "12.5");
    CHECK_INT(r->lesions[1].beyond_bone, BFL_SAID_YES);
    CHECK_INT(r->lesions[1].source.row, 3);
    CHECK_INT(r->lab_count, 3);
    CHECK_TEXT(r->labs[0].scale->id, "JSCC");
    CHECK_INT(r->clinical_count, 2);
    CHECK_DECIMAL(r->clinicals[1].number.value, "62.5");
    CHECK_INT(r->molecular_count, 1);
    CHECK(!r->moleculars[0].when.known);
    CHECK_INT(r->pathologies[0].organ, BFL_ORGAN_LIVER);
    CHECK_INT(r->note_count, 1);
    CHECK_INT(study->note_count, 1);
    for (size_t i = 0; i < bfl_study_issue_count(study); i++)
        CHECK_INT(bfl_study_issue(study, i)->severity, BFL_ISSUE_NOTE);
    bfl_study_free(study);
}

/* ---- what is written reads the same ---- */

static bool same_when(bfl_when a, bfl_when b) {
    return a.day == b.day && a.first == b.first && a.known == b.known && a.exact == b.exact;
}

static bool same_maybe(bfl_maybe a, bfl_maybe b) {
    return a.present == b.present && (!a.present || bfl_decimal_compare(a.value, b.value) == 0);
}

static void compare_lesions(const bfl_record *a, const bfl_record *b) {
    CHECK_INT(a->lesion_count, b->lesion_count);
    for (size_t i = 0; i < a->lesion_count && i < b->lesion_count; i++) {
        const bfl_lesion *x = &a->lesions[i], *y = &b->lesions[i];
        CHECK(same_when(x->when, y->when));
        CHECK_TEXT(x->id, y->id);
        CHECK_TEXT(x->site, y->site);
        CHECK(x->organ == y->organ && x->role == y->role && x->matrix == y->matrix && x->modality == y->modality);
        CHECK(x->state == y->state && x->changes == y->changes && x->uptake == y->uptake &&
              x->beyond_bone == y->beyond_bone);
        CHECK(same_maybe(x->longest_mm, y->longest_mm) && same_maybe(x->short_mm, y->short_mm));
        CHECK(same_maybe(x->soft_tissue_mm, y->soft_tissue_mm) && same_maybe(x->slice_mm, y->slice_mm));
        CHECK(same_maybe(x->hu_mean, y->hu_mean) && same_maybe(x->suv_max, y->suv_max) &&
              same_maybe(x->count, y->count));
        CHECK_TEXT(x->note, y->note);
        CHECK_TEXT(x->source.stated, y->source.stated);
    }
}

static void compare_labs(const bfl_record *a, const bfl_record *b) {
    CHECK_INT(a->lab_count, b->lab_count);
    for (size_t i = 0; i < a->lab_count && i < b->lab_count; i++) {
        const bfl_lab *x = &a->labs[i], *y = &b->labs[i];
        CHECK(same_when(x->when, y->when) && x->analyte == y->analyte && x->unit == y->unit && x->scale == y->scale);
        CHECK(x->word == y->word && x->comparator == y->comparator && x->usable == y->usable);
        CHECK(same_maybe(x->canonical, y->canonical) && same_maybe(x->ref_low, y->ref_low) &&
              same_maybe(x->ref_high, y->ref_high));
        CHECK_TEXT(x->written, y->written);
        CHECK_TEXT(x->method, y->method);
    }
}

static void compare_records(const bfl_record *a, const bfl_record *b) {
    CHECK_TEXT(a->patient.id, b->patient.id);
    CHECK_TEXT(a->patient.note, b->patient.note);
    CHECK_INT(a->patient.death.last, b->patient.death.last);
    CHECK_INT(a->patient.tnm_edition, b->patient.tnm_edition);
    CHECK_INT(a->day0_civil, b->day0_civil);
    CHECK_INT(a->last_day, b->last_day);
    CHECK_INT(a->issue_count, b->issue_count);
    CHECK_INT(a->therapy_count, b->therapy_count);
    for (size_t i = 0; i < a->therapy_count && i < b->therapy_count; i++) {
        CHECK_TEXT(a->therapies[i].drug, b->therapies[i].drug);
        CHECK(same_when(a->therapies[i].start, b->therapies[i].start) &&
              same_when(a->therapies[i].stop, b->therapies[i].stop));
        CHECK_INT(a->therapies[i].intent, b->therapies[i].intent);
    }
    compare_lesions(a, b);
    compare_labs(a, b);
    CHECK_INT(a->clinical_count, b->clinical_count);
    for (size_t i = 0; i < a->clinical_count && i < b->clinical_count; i++) {
        CHECK_TEXT(a->clinicals[i].item, b->clinicals[i].item);
        CHECK_TEXT(a->clinicals[i].value, b->clinicals[i].value);
        CHECK_TEXT(a->clinicals[i].site, b->clinicals[i].site);
    }
    CHECK_INT(a->molecular_count, b->molecular_count);
    CHECK_INT(a->pathology_count, b->pathology_count);
    CHECK_INT(a->note_count, b->note_count);
    for (size_t i = 0; i < a->note_count && i < b->note_count; i++) {
        CHECK(same_maybe(a->notes[i].stated_day, b->notes[i].stated_day));
        CHECK_TEXT(a->notes[i].text, b->notes[i].text);
    }
}

static const char *const files[] = {"patients.csv", "therapy.csv",   "lesions.csv",   "labs.csv",
                                    "clinical.csv", "molecular.csv", "pathology.csv", "notes.csv"};

/* A new folder in the working directory of the test. */
static void new_folder(char *path, size_t size) {
    (void)snprintf(path, size, "casefolder-XXXXXX");
    CHECK(mkdtemp(path) != NULL);
}

static void remove_folder(const char *path) {
    char file[128];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        (void)snprintf(file, sizeof file, "%s/%s", path, files[i]);
        (void)unlink(file);
    }
    CHECK_INT(rmdir(path), 0);
}

TEST(what_is_written_reads_the_same) {
    bfl_table_bytes t[8];
    char path[64];
    bfl_study *first = parse(t, everything(t)), *second = NULL;
    new_folder(path, sizeof path);
    CHECK_INT(bfl_casefolder_write(first, path, NULL), BFL_OK);
    CHECK_INT(bfl_casefolder_read(path, NULL, &second, NULL), BFL_OK);
    CHECK(second != NULL);
    if (second) {
        CHECK_INT(second->record_count, first->record_count);
        for (size_t i = 0; i < first->record_count && i < second->record_count; i++)
            compare_records(first->records[i], second->records[i]);
        CHECK_INT(second->note_count, first->note_count);
        CHECK_INT(second->issue_count, first->issue_count);
    }
    bfl_error err;
    CHECK_INT(bfl_casefolder_write(first, path, &err), BFL_EEXIST);
    bfl_study_free(second);
    bfl_study_free(first);
    remove_folder(path);
}

TEST(a_template_is_a_folder_of_headers) {
    char path[64];
    bfl_study *study = NULL;
    new_folder(path, sizeof path);
    CHECK_INT(bfl_casefolder_template(path, NULL), BFL_OK);
    CHECK_INT(bfl_casefolder_template(path, NULL), BFL_EEXIST);
    CHECK_INT(bfl_casefolder_read(path, NULL, &study, NULL), BFL_OK);
    CHECK_INT(bfl_study_record_count(study), 0);
    CHECK_INT(bfl_study_issue_count(study), 8);
    for (size_t i = 0; i < 8; i++) CHECK_TEXT(bfl_study_issue(study, i)->code, "file.header_only");
    bfl_study_free(study);
    remove_folder(path);
}

TEST(folders_that_are_none) {
    bfl_study *study = NULL;
    bfl_error err = {0};
    CHECK_INT(bfl_casefolder_read("no/such/folder", NULL, &study, &err), BFL_ENOTFOUND);
    CHECK_TEXT(err.where, "no/such/folder");
    char path[64];
    new_folder(path, sizeof path);
    CHECK_INT(bfl_casefolder_read(path, NULL, &study, &err), BFL_ENOTFOUND);
    CHECK(strstr(err.message, "no table") != NULL);
    remove_folder(path);
    CHECK_INT(bfl_casefolder_read(NULL, NULL, &study, &err), BFL_EINVAL);
    CHECK(study == NULL);
}

TEST(one_unreadable_table_is_an_issue_all_are_a_failure) {
    bfl_table_bytes t[2] = {{"labs.csv", {"\xFF\xFEp\0a\0", 6}}, {"notes.csv", text("patient,topic\n*,a\n")}};
    bfl_study *study = NULL;
    bfl_error err = {0};
    CHECK_INT(bfl_casefolder_parse(t, 1, NULL, &study, &err), BFL_EPARSE);
    CHECK_TEXT(err.where, "labs.csv");
    study = parse(t, 2);
    CHECK_INT(study->note_count, 1);
    CHECK_TEXT(bfl_study_issue(study, 0)->code, "file.encoding");
    bfl_study_free(study);
}

TEST(limits_name_the_file) {
    bfl_table_bytes t[8];
    size_t count = everything(t);
    bfl_study *study = NULL;
    bfl_error err = {0};
    bfl_limits limits = {.struct_size = sizeof limits, .rows = 2};
    CHECK_INT(bfl_casefolder_parse(t, count, &limits, &study, &err), BFL_ELIMIT);
    CHECK_TEXT(err.where, "lesions.csv");
    CHECK_INT(err.line, 4);
    limits = (bfl_limits){.struct_size = sizeof limits, .field_bytes = 12};
    CHECK_INT(bfl_casefolder_parse(t, count, &limits, &study, &err), BFL_ELIMIT);
    CHECK_TEXT(err.where, "patients.csv");
    limits = (bfl_limits){.struct_size = offsetof(bfl_limits, field_bytes),
                          .field_bytes = 12}; /* an older, shorter struct */
    CHECK_INT(bfl_casefolder_parse(t, count, &limits, &study, &err), BFL_OK);
    bfl_study_free(study);
    study = NULL;
    char path[64];
    bfl_study *whole = parse(t, count);
    new_folder(path, sizeof path);
    CHECK_INT(bfl_casefolder_write(whole, path, NULL), BFL_OK);
    limits = (bfl_limits){.struct_size = sizeof limits, .file_bytes = 200};
    CHECK_INT(bfl_casefolder_read(path, &limits, &study, &err), BFL_ELIMIT);
    CHECK(strstr(err.where, "patients.csv") != NULL);
    CHECK(study == NULL);
    bfl_study_free(whole);
    remove_folder(path);
}

TEST(memory_may_run_out_anywhere) {
    bfl_table_bytes t[8];
    size_t count = everything(t);
    (void)bfl_memory_count();
    bfl_study_free(parse(t, count));
    int64_t allocations = bfl_memory_count();
    CHECK(allocations > 4);
    for (int64_t n = 1; n <= allocations; n++) {
        bfl_study *study = NULL;
        bfl_error err = {0};
        (void)bfl_memory_fail_at(n);
        bfl_status status = bfl_casefolder_parse(t, count, NULL, &study, &err);
        (void)bfl_memory_fail_at(0);
        if (status != BFL_ENOMEM || err.status != BFL_ENOMEM || study) CHECK_INT(n, -1);
        if (status == BFL_OK) bfl_study_free(study);
    }
}

TEST(many_rows_share_their_texts) {
    enum { ROWS = 20000 };
    bfl_arena *arena = bfl_arena_new();
    bfl_buf buf = {.arena = arena};
    bfl_buf_add(&buf, LABS);
    for (int i = 0; i < ROWS; i++)
        bfl_buf_addf(&buf, "p%d,d%d,ALP,100,U/L,45,125,IFCC,,the same source\n", i % 100, i / 100);
    bfl_table_bytes t = {"labs.csv", {buf.data, buf.size}};
    bfl_study *study = parse(&t, 1);
    CHECK_INT(bfl_study_record_count(study), 100);
    CHECK_INT(bfl_study_record(study, 99)->lab_count, ROWS / 100);
    CHECK(bfl_study_record(study, 0)->labs[0].source.stated == bfl_study_record(study, 99)->labs[0].source.stated);
    bfl_study_free(study);
    bfl_arena_free(arena);
}

TEST_CASES(CASE(reads_every_table), CASE(what_is_written_reads_the_same), CASE(a_template_is_a_folder_of_headers),
           CASE(folders_that_are_none), CASE(one_unreadable_table_is_an_issue_all_are_a_failure),
           CASE(limits_name_the_file), CASE(memory_may_run_out_anywhere), CASE(many_rows_share_their_texts))
