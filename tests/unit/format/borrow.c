/* SPDX-License-Identifier: Apache-2.0 */
/* A study of records sealed elsewhere says the same as the study they came from. */
#include "test.h"

#include "format/writer.h"

#define PATIENTS \
    "patient,sex,birth_date,age,tumour,histology,smoking,stage,tnm,tnm_edition,death_date,day0,label,note,source\n"
#define LESIONS                                                                                                    \
    "patient,date,lesion,site,organ,role,matrix,modality,longest_mm,short_mm,state,change,hu_mean,suv_max,uptake," \
    "beyond_bone,soft_tissue_mm,count,slice_mm,note,source\n"
#define LABS "patient,date,analyte,value,unit,ref_low,ref_high,method,note,source\n"
#define THERAPY "patient,drug,class,intent,start,stop,dose,line,reason_stopped,site,note,source\n"

static bfl_study *parse(const char *patients, const char *therapy, const char *lesions, const char *labs) {
    const bfl_table_bytes t[] = {{"patients.csv", bfl_text_of(patients)},
                                 {"therapy.csv", bfl_text_of(therapy)},
                                 {"lesions.csv", bfl_text_of(lesions)},
                                 {"labs.csv", bfl_text_of(labs)}};
    bfl_study *study = NULL;
    CHECK_INT(bfl_casefolder_parse(t, sizeof t / sizeof *t, NULL, &study, NULL), BFL_OK);
    return study;
}

static bfl_status compose(bfl_arena *arena, void *context, bfl_error *err) {
    (void)arena;
    (void)err;
    bfl_casefolder_compose(context);
    return BFL_OK;
}

static bfl_writing written(const bfl_study *study) {
    bfl_writing w = {.arena = bfl_arena_new(), .study = study, .study_id = "", .created = ""};
    CHECK_INT(bfl_arena_run(w.arena, compose, &w, NULL), BFL_OK);
    return w;
}

static void check_same(const bfl_study *a, const bfl_study *b) {
    bfl_writing x = written(a), y = written(b);
    CHECK_INT(x.files.count, y.files.count);
    for (size_t i = 0; i < x.files.count && i < y.files.count; i++) {
        CHECK(bfl_text_equal(x.bytes.items[i], y.bytes.items[i]));
        if (!bfl_text_equal(x.bytes.items[i], y.bytes.items[i]))
            printf("# %s\n# %.*s\n# %.*s\n", x.files.items[i].name, (int)x.bytes.items[i].size, x.bytes.items[i].data,
                   (int)y.bytes.items[i].size, y.bytes.items[i].data);
    }
    bfl_arena_free(x.arena);
    bfl_arena_free(y.arena);
}

static const bfl_record *record(const bfl_study *study, size_t i) { return bfl_study_record(study, i); }

TEST(days_and_ranges_are_written_as_they_were) {
    bfl_study *read =
        parse(PATIENTS "a,F,,65,lung,,,IV,,,,d0,,,\n", THERAPY "a,gefitinib,egfr_tki_1,anticancer,d0,d90,,,,,,\n",
              LESIONS "a,d-7,B1,T5,bone,non_target,lytic,ct,,,present,,,,,,,,5,,\n"
                      "a,d40..d45,B1,T5,bone,non_target,lytic,ct,,,present,denser,,,,,,,5,,\n",
              LABS "a,d0,ALP,120,U/L,45,125,,,\na,d3,CA,2.4,mmol/L,2.03,2.6,,,\n");
    const bfl_record *records[] = {record(read, 0)};
    bfl_study *study = NULL;
    CHECK_INT(bfl_study_of(records, 1, &study, NULL), BFL_OK);
    check_same(read, study);
    CHECK_INT(bfl_study_issue_count(study), bfl_study_issue_count(read));
    bfl_study_free(study);
    bfl_study_free(read);
}

TEST(a_calendar_stays_one) {
    bfl_study *read = parse(PATIENTS "a,F,,65,lung,,,IV,,,,2019-01-09,,,\n",
                            THERAPY "a,gefitinib,egfr_tki_1,anticancer,2019-01-09,,,,,,,\n",
                            LESIONS "a,2019-02-21,B1,T5,bone,non_target,lytic,ct,,,present,,,,,,,,5,,\n",
                            LABS "a,2019-01-22,ALP,120,U/L,45,125,,,\n");
    const bfl_record *records[] = {record(read, 0)};
    bfl_study *study = NULL;
    CHECK_INT(bfl_study_of(records, 1, &study, NULL), BFL_OK);
    check_same(read, study);
    bfl_study_free(study);
    bfl_study_free(read);
}

TEST(records_are_put_in_the_order_of_their_ids) {
    bfl_study *read = parse(PATIENTS "a,F,,,,,,,,,,d0,,,\nb,M,,,,,,,,,,d0,,,\n", THERAPY, LESIONS, LABS);
    const bfl_record *records[] = {record(read, 1), record(read, 0)};
    bfl_study *study = NULL;
    CHECK_INT(bfl_study_of(records, 2, &study, NULL), BFL_OK);
    CHECK_TEXT(record(study, 0)->patient.id, "a");
    CHECK_TEXT(record(study, 1)->patient.id, "b");
    bfl_study_free(study);
    bfl_study_free(read);
}

TEST(what_it_refuses) {
    bfl_study *read = parse(PATIENTS "a,F,,,,,,,,,,d0,,,\n", THERAPY, LESIONS, LABS), *study = NULL;
    const bfl_record *twice[] = {record(read, 0), record(read, 0)};
    bfl_error err = {0};
    CHECK_INT(bfl_study_of(twice, 2, &study, &err), BFL_EINVAL);
    CHECK_TEXT(err.message, "two records have the id 'a'");
    CHECK_INT(bfl_study_of(NULL, 1, &study, NULL), BFL_EINVAL);
    CHECK_INT(bfl_study_of(twice, 1, NULL, NULL), BFL_EINVAL);
    CHECK(study == NULL);
    CHECK_INT(bfl_study_of(NULL, 0, &study, NULL), BFL_OK);
    CHECK_INT(bfl_study_record_count(study), 0);
    bfl_study_free(study);
    bfl_study_free(read);
}

/* The tables of one patient in memory, and back: the same bytes, with partial dates and ranges as they were written. */
TEST(one_record_of_several_goes_to_memory_and_back) {
    bfl_study *read = parse(PATIENTS "a,F,,65,lung,,,IV,,,,d0,,,\nb,M,1950-03,,,,,,,,,2019-04,,\"x, y\",\n", THERAPY,
                            LESIONS, LABS "a,d0,ALP,120,U/L,45,125,,,\nb,2019-05,CA,9.60,mg/dL,8.4,10.4,,,\n");
    bfl_study *part = NULL, *again = NULL;
    bfl_written *out = NULL;
    const bfl_write_options options = {.struct_size = sizeof options, .format = "case-folder"};
    CHECK_INT(bfl_study_single(read, 1, &part, NULL), BFL_OK);
    CHECK_INT(bfl_study_record_count(part), 1);
    CHECK(bfl_study_record(part, 0) == bfl_study_record(read, 1));
    CHECK_INT(bfl_study_compose(part, &options, &out, NULL), BFL_OK);
    bfl_table_bytes tables[8];
    size_t count = bfl_written_file_count(out);
    for (size_t i = 0; i < count; i++)
        tables[i] = (bfl_table_bytes){bfl_written_file_at(out, i)->name, bfl_written_bytes(out, i)};
    CHECK_INT(count, 2);
    CHECK(strstr(bfl_written_bytes(out, 0).data, "b,M,1950-03,") != NULL);
    CHECK(strstr(bfl_written_bytes(out, 1).data, "b,2019-05,CA,9.60,mg/dL,8.4,10.4") != NULL);
    CHECK_INT(bfl_written_bytes(out, count).size, 0);
    CHECK_INT(bfl_casefolder_parse(tables, count, NULL, &again, NULL), BFL_OK);
    check_same(part, again);
    bfl_study_free(again);
    bfl_written_free(out);
    bfl_study_free(part);
    bfl_study_free(read);
}

TEST(memory_refuses_what_disk_refuses) {
    bfl_study *read = parse(PATIENTS "a,F,,,,,,,,,,d0,,,\n", THERAPY, LESIONS, LABS), *study = NULL;
    bfl_written *out = NULL;
    const bfl_write_options options = {.struct_size = sizeof options, .format = "case-folder"};
    const bfl_write_options unknown = {.struct_size = sizeof unknown, .format = "xml"};
    const bfl_write_options created = {.struct_size = sizeof created, .format = "sdtm-csv", .created = "today"};
    const bfl_table_bytes nameless = {NULL, {"a", 1}}, empty = {"labs.csv", {NULL, 3}};
    CHECK_INT(bfl_study_single(read, 1, &study, NULL), BFL_ENOTFOUND);
    CHECK_INT(bfl_study_single(NULL, 0, &study, NULL), BFL_EINVAL);
    CHECK_INT(bfl_study_single(read, 0, NULL, NULL), BFL_EINVAL);
    CHECK_INT(bfl_study_compose(NULL, &options, &out, NULL), BFL_EINVAL);
    CHECK_INT(bfl_study_compose(read, NULL, &out, NULL), BFL_EINVAL);
    CHECK_INT(bfl_study_compose(read, &unknown, &out, NULL), BFL_ENOTFOUND);
    CHECK_INT(bfl_study_compose(read, &created, &out, NULL), BFL_EINVAL);
    CHECK_INT(bfl_casefolder_parse(&nameless, 1, NULL, &study, NULL), BFL_EINVAL);
    CHECK_INT(bfl_casefolder_parse(&empty, 1, NULL, &study, NULL), BFL_EINVAL);
    CHECK_INT(bfl_casefolder_parse(NULL, 1, NULL, &study, NULL), BFL_EINVAL);
    CHECK_INT(bfl_casefolder_parse(&nameless, 0, NULL, NULL, NULL), BFL_EINVAL);
    CHECK(study == NULL && out == NULL);
    bfl_study_free(read);
}

static bfl_status part_in_memory(const bfl_study *read) {
    const bfl_write_options options = {.struct_size = sizeof options, .format = "case-folder"};
    bfl_study *part = NULL;
    bfl_written *out = NULL;
    bfl_status status = bfl_study_single(read, 0, &part, NULL);
    if (!status) status = bfl_study_compose(part, &options, &out, NULL);
    bfl_written_free(out);
    bfl_study_free(part);
    return status;
}

TEST(every_failed_allocation_in_memory_is_reported) {
    bfl_study *read = parse(PATIENTS "a,F,,,,,,,,,,d0,,,\n", THERAPY, LESIONS, LABS);
    int64_t n = 1;
    for (bfl_status status = BFL_ENOMEM; status == BFL_ENOMEM && n < 200; n++) {
        (void)bfl_memory_fail_at(n);
        status = part_in_memory(read);
        (void)bfl_memory_fail_at(0);
        CHECK(status == BFL_OK || status == BFL_ENOMEM);
    }
    CHECK(n > 2 && n < 200);
    bfl_study_free(read);
}

TEST(every_failed_allocation_is_reported) {
    bfl_study *read = parse(PATIENTS "a,F,,,,,,,,,,d0,,,\n", THERAPY, LESIONS, LABS LABS), *study = NULL;
    const bfl_record *records[] = {record(read, 0)};
    int64_t n = 1;
    for (bfl_status status = BFL_ENOMEM; status == BFL_ENOMEM && n < 100; n++) {
        (void)bfl_memory_fail_at(n);
        status = bfl_study_of(records, 1, &study, NULL);
        (void)bfl_memory_fail_at(0);
        CHECK(status == BFL_OK || (status == BFL_ENOMEM && study == NULL));
    }
    CHECK(n > 2 && study != NULL);
    bfl_study_free(study);
    bfl_study_free(read);
}

TEST_CASES(CASE(days_and_ranges_are_written_as_they_were), CASE(a_calendar_stays_one),
           CASE(records_are_put_in_the_order_of_their_ids), CASE(what_it_refuses),
           CASE(one_record_of_several_goes_to_memory_and_back), CASE(memory_refuses_what_disk_refuses),
           CASE(every_failed_allocation_in_memory_is_reported), CASE(every_failed_allocation_is_reported))
