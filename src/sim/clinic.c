/* SPDX-License-Identifier: Apache-2.0 */
/* The person, the treatments, and how the person feels. */
#include "sim/body.h"

#include <math.h>

static void write_patient(bfl_builder *b, const sim_person *p, bfl_random *r) {
    bfl_patient *row = bfl_record_patient(b);
    bool prostate = bfl_text_equal(bfl_text_of(sim_words_of_class(p, "tumour")), BFL_TEXT("prostate")),
         breast = bfl_text_equal(bfl_text_of(sim_words_of_class(p, "tumour")), BFL_TEXT("breast"));
    double age = sim_number(p, BFL_NUM_SIM_MODEL_PERSON__AGE_YEARS) +
                 sim_number(p, BFL_NUM_SIM_MODEL_PERSON__AGE_SD) * bfl_random_normal(r);
    bool female =
        breast || (!prostate && bfl_random_chance(r, sim_number(p, BFL_NUM_SIM_MODEL_PERSON__FEMALE_FRACTION)));
    row->sex = female ? "F" : "M";
    row->age_years =
        bfl_some(bfl_decimal_from_double(fmax(age, sim_number(p, BFL_NUM_SIM_MODEL_PERSON__AGE_MIN_YEARS)), 0));
    row->tumour = sim_words_of_class(p, "tumour");
    row->histology = sim_words_of_class(p, "histology");
    row->stage = "IV";
}

static void write_drug(bfl_builder *b, const char *drug, int32_t day, bfl_intent intent, const char *site) {
    if (!drug[0]) return;
    bfl_therapy *row = bfl_record_add_therapy(b, sim_on(day), BFL_NO_DATE);
    row->drug = drug;
    row->intent = intent;
    row->site = site;
}

static void write_treatment(bfl_builder *b, const sim_person *p, int32_t baseline) {
    write_drug(b, sim_words_of_class(p, "drug"), 0, BFL_INTENT_ANTICANCER, "");
    write_drug(b, sim_words_of_class(p, "drug_second"), 0, BFL_INTENT_ANTICANCER, "");
    write_drug(b, sim_words_of_class(p, "drug_third"), 0, BFL_INTENT_ANTICANCER, "");
    if (p->agent_day <= p->end_day) write_drug(b, "denosumab", p->agent_day, BFL_INTENT_BONE_AGENT, "");
    if (p->radiotherapy_day <= p->end_day)
        write_drug(b, "radiotherapy", p->radiotherapy_day, BFL_INTENT_RADIOTHERAPY,
                   p->lesions[p->radiotherapy_lesion].site);
    if (!sim_words_of_class(p, "gene")[0]) return;
    bfl_molecular *row = bfl_record_add_molecular(b, sim_on(baseline));
    row->gene = sim_words_of_class(p, "gene");
    row->result = "positive";
    row->specimen = "tumour";
}

static void say(bfl_builder *b, int32_t day, const char *item, const char *value) {
    bfl_clinical *row = bfl_record_add_clinical(b, sim_on(day));
    row->item = item;
    row->value = value;
}

/* Pain follows the burden; healing bone may hurt for a while. */
static void say_how_it_is(bfl_builder *b, const sim_person *p, int32_t day, bfl_random *r) {
    double ratio = sim_total_burden(p, sim_index(p, day)) / sim_total_burden(p, p->origin);
    bool healing_hurts = bfl_random_chance(r, sim_number(p, BFL_NUM_SIM_MODEL_CLINIC__FLARE_PAIN_FRACTION));
    bool flare = p->truth->flare_day <= day && day < p->truth->flare_end_day;
    bool noise = bfl_random_chance(r, sim_number(p, BFL_NUM_SIM_MODEL_CLINIC__OTHER_PAIN_FRACTION));
    bool worse = ratio > sim_number(p, BFL_NUM_SIM_MODEL_CLINIC__WORSE_RATIO) || (flare && healing_hurts) || noise;
    bool better = ratio < sim_number(p, BFL_NUM_SIM_MODEL_CLINIC__BETTER_RATIO);
    say(b, day, "pain", worse ? "worse" : better ? "improved" : "stable");
    say(b, day, "deterioration", ratio > sim_number(p, BFL_NUM_SIM_MODEL_CLINIC__DETERIORATION_RATIO) ? "yes" : "no");
}

void sim_write_clinic(bfl_arena *arena, bfl_builder *b, const sim_person *p, const sim_schedule *schedule) {
    bfl_random r = sim_stream(p, SIM_FOR_CLINIC);
    (void)arena;
    write_patient(b, p, &r);
    write_treatment(b, p, schedule->visits[0].day);
    for (size_t i = 1; i < schedule->count; i++)
        if (schedule->visits[i].imaging && schedule->visits[i].day <= p->end_day)
            say_how_it_is(b, p, schedule->visits[i].day, &r);
    if (p->paget && bfl_random_chance(&r, sim_number(p, BFL_NUM_SIM_MODEL_CLINIC__PAGET_KNOWN_FRACTION)))
        say(b, 0, "paget", "yes");
    if (p->fracture_day > p->end_day) return;
    bfl_clinical *row = bfl_record_add_clinical(b, sim_on(p->fracture_day));
    row->item = "fracture";
    row->value = "yes";
    row->site = p->lesions[p->fracture_lesion].site;
}
