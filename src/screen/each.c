/* SPDX-License-Identifier: Apache-2.0 */
/* One patient's lines, read and assessed. What is wrong with them is told, and is no failure. */
#include "screen/screen.h"
#include "assess/assess.h"
#include "record/record.h"

bfl_status bfl_patients_open(bfl_patient_stream *s, bfl_intake intake, const char *name, size_t patient_bytes,
                             bfl_error *err) {
    bfl_arena **arenas[] = {&s->lines.rest.arena, &s->block.arena, &s->arena};
    s->lines.intake = intake;
    s->lines.name = name;
    s->lines.block_bytes = BFL_STREAM_BLOCK_BYTES;
    s->lines.line_bytes = s->patient_bytes = patient_bytes;
    for (size_t i = 0; i < 3; i++) {
        if (!*arenas[i]) *arenas[i] = bfl_arena_new();
        if (!*arenas[i]) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    }
    if (!s->reader) s->reader = bfl_line_reader_new();
    return s->reader ? BFL_OK : bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
}

void bfl_patients_close(bfl_patient_stream *s) {
    bfl_line_reader_free(s->reader);
    bfl_arena_free(s->lines.rest.arena);
    bfl_arena_free(s->block.arena);
    bfl_arena_free(s->arena);
}

bool bfl_patient_lines_ready(bfl_patient_lines *p) {
    if (!p->arena) p->arena = bfl_arena_new();
    if (!p->lines.arena) p->lines.arena = bfl_arena_new();
    return p->arena && p->lines.arena;
}

void bfl_patient_lines_close(bfl_patient_lines *p) {
    bfl_arena_free(p->arena);
    bfl_arena_free(p->lines.arena);
}

static bfl_status use_record(const bfl_each *each, const bfl_study *study, const bfl_record *record, uint64_t line,
                             bfl_error *err) {
    bfl_assessment *assessment = NULL;
    bfl_error why = {0};
    bfl_status status = bfl_assess(record, each->rulebook, each->assess, &assessment, &why);
    if (status == BFL_ENOMEM) return bfl_fail(err, status, "", 0, "out of memory");
    if (status) return each->tell(each->context, line, record->patient.id, why.message, err);
    status = each->use(each->context, study, assessment, err);
    bfl_assessment_free(assessment);
    return status;
}

bfl_status bfl_each_record(const bfl_each *each, const bfl_patient_lines *p, bfl_error *err) {
    bfl_status status = BFL_OK;
    for (size_t i = 0; i < p->problems.count && !status; i++) {
        const bfl_stream_problem *problem = &p->problems.items[i];
        status = each->tell(each->context, problem->line, problem->patient, problem->text, err);
    }
    if (status || p->refused || !p->id[0]) return status;
    bfl_study *study = NULL;
    bfl_error why = {0};
    status = bfl_fhir_parse_lines(each->name, &p->lines, NULL, &study, &why);
    if (status == BFL_ENOMEM) return bfl_fail(err, status, "", 0, "out of memory");
    if (status) return each->tell(each->context, p->lines.first_line, p->id, why.message, err);
    for (size_t i = 0; i < bfl_study_record_count(study) && !status; i++)
        status = use_record(each, study, bfl_study_record(study, i), p->lines.first_line, err);
    bfl_study_free(study);
    return status;
}
