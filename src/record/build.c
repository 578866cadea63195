/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting the rows of one patient. */
#include "record/seal.h"

bfl_builder *bfl_record_begin(bfl_arena *scratch, const char *patient_id) {
    bfl_builder *b = BFL_NEW(scratch, bfl_builder);
    b->scratch = scratch;
    b->patient.id = patient_id;
    return b;
}

bfl_patient *bfl_record_patient(bfl_builder *builder) { return &builder->patient; }

void bfl_record_set_day0(bfl_builder *builder, bfl_date day0) { builder->day0 = day0; }

bfl_therapy *bfl_record_add_therapy(bfl_builder *builder, bfl_date start, bfl_date stop) {
    therapy_row *row = BFL_PUSH(builder->scratch, &builder->therapies);
    *row = (therapy_row){.start = start, .stop = stop};
    return &row->row;
}

bfl_lesion *bfl_record_add_lesion(bfl_builder *builder, bfl_date date) {
    lesion_row *row = BFL_PUSH(builder->scratch, &builder->lesions);
    *row = (lesion_row){.date = date};
    return &row->row;
}

bfl_lab *bfl_record_add_lab(bfl_builder *builder, bfl_date date) {
    lab_row *row = BFL_PUSH(builder->scratch, &builder->labs);
    *row = (lab_row){.date = date};
    return &row->row;
}

bfl_clinical *bfl_record_add_clinical(bfl_builder *builder, bfl_date date) {
    clinical_row *row = BFL_PUSH(builder->scratch, &builder->clinicals);
    *row = (clinical_row){.date = date};
    return &row->row;
}

bfl_molecular *bfl_record_add_molecular(bfl_builder *builder, bfl_date date) {
    molecular_row *row = BFL_PUSH(builder->scratch, &builder->moleculars);
    *row = (molecular_row){.date = date};
    return &row->row;
}

bfl_pathology *bfl_record_add_pathology(bfl_builder *builder, bfl_date date) {
    pathology_row *row = BFL_PUSH(builder->scratch, &builder->pathologies);
    *row = (pathology_row){.date = date};
    return &row->row;
}

bfl_note *bfl_record_add_note(bfl_builder *builder) { return BFL_PUSH(builder->scratch, &builder->notes); }

bfl_issue_list *bfl_record_issues(bfl_builder *builder) { return &builder->issues; }
