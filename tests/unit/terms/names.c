/* SPDX-License-Identifier: Apache-2.0 */
/* Names of analytes and drugs, scales, TNM categories. */
#include "terms/terms.h"
#include "test.h"

static const char *analyte_id(const char *name) {
    const bfl_analyte *analyte = bfl_analyte_find(bfl_text_of(name));
    return analyte ? analyte->id : "(none)";
}

static const char *drug_class(const char *name) {
    const bfl_drug *drug = bfl_drug_find(bfl_text_of(name));
    return drug ? drug->class_id : "(none)";
}

TEST(analyte_names) {
    CHECK_TEXT(analyte_id("ALP"), "ALP");
    CHECK_TEXT(analyte_id("alp"), "ALP");
    CHECK_TEXT(analyte_id("6768-6"), "ALP");
    CHECK_TEXT(analyte_id("ALP-3"), "ALP_3");
    CHECK_TEXT(analyte_id("CA 15-3"), "CA153");
    CHECK_TEXT(analyte_id("CYFRA 21-1"), "CYFRA");
    CHECK_TEXT(analyte_id("BILI"), "BIL");
    CHECK_TEXT(analyte_id("HCT"), "HT");
    CHECK_TEXT(analyte_id("γ-GTP"), "GGT");
    CHECK_TEXT(analyte_id("1779-8"), "(none)");  /* liver ALP activity, not bone */
    CHECK_TEXT(analyte_id("14805-6"), "(none)"); /* the other LDH method */
    CHECK_TEXT(analyte_id(""), "(none)");
    CHECK_TEXT(analyte_id("-"), "(none)");
    CHECK_TEXT(analyte_id("ALPX"), "(none)");
    CHECK_TEXT(analyte_id("a name that is much longer than any name in the tables, by more than a little"), "(none)");
}

TEST(analytes_in_order) {
    CHECK(bfl_analyte_count() >= 50);
    for (size_t i = 0; i < bfl_analyte_count(); i++) {
        const bfl_analyte *analyte = bfl_analyte_at(i);
        CHECK(i == 0 || strcmp(bfl_analyte_at(i - 1)->id, analyte->id) < 0);
        CHECK(bfl_analyte_find(bfl_text_of(analyte->id)) == analyte);
        for (const char *const *alias = analyte->aliases; *alias; alias++)
            CHECK(bfl_analyte_find(bfl_text_of(*alias)) == analyte);
        CHECK(analyte->unit_count > 0);
        CHECK_DECIMAL(analyte->units[0].factor, "1");
        CHECK(bfl_analyte_unit(analyte, bfl_text_of(analyte->units[0].text)) == &analyte->units[0]);
        CHECK(analyte->plausible_low.present && analyte->plausible_high.present);
    }
    CHECK(!bfl_analyte_at(bfl_analyte_count()));
}

TEST(fractions) {
    const bfl_analyte *bone = bfl_analyte_find(BFL_TEXT("ALP_3"));
    CHECK_TEXT(bone->part_of, "ALP");
    CHECK_INT(bone->kind, BFL_ANALYTE_FRACTION);
    CHECK_TEXT(bfl_analyte_find(BFL_TEXT("AMY_P"))->part_of, "");
}

static const char *scale_of(const char *upper) {
    bfl_decimal limit = {0, 0};
    CHECK_INT(bfl_decimal_parse(bfl_text_of(upper), &limit, NULL), BFL_OK);
    const bfl_scale *scale = bfl_analyte_scale_of_limit(bfl_analyte_find(BFL_TEXT("ALP")), limit);
    return scale ? scale->id : "(none)";
}

TEST(scales) {
    const bfl_analyte *alp = bfl_analyte_find(BFL_TEXT("ALP"));
    CHECK_TEXT(alp->scales[0].id, "IFCC");
    const bfl_scale *jscc = bfl_analyte_scale(alp, BFL_TEXT(" jscc"));
    CHECK_DECIMAL(jscc->to_default, "0.35");
    CHECK_DECIMAL(jscc->low.value, "106");
    CHECK_DECIMAL(jscc->high.value, "322");
    CHECK_TEXT(jscc->rule, "scale.alp_jscc");
    CHECK(!bfl_analyte_scale(alp, BFL_TEXT("DGKC")));
    CHECK(!bfl_analyte_scale(bfl_analyte_find(BFL_TEXT("CEA")), BFL_TEXT("IFCC")));
    CHECK_TEXT(scale_of("338"), "JSCC"); /* Kaneko 2017 */
    CHECK_TEXT(scale_of("322"), "JSCC");
    CHECK_TEXT(scale_of("125"), "IFCC"); /* Shi 2021 */
    CHECK_TEXT(scale_of("113"), "IFCC");
    CHECK_TEXT(scale_of("200"), "(none)"); /* other methods of before the IFCC one */
    CHECK_TEXT(scale_of("1000"), "(none)");
}

TEST(drugs) {
    CHECK_TEXT(drug_class("Gefitinib"), "egfr_tki_1");
    CHECK_TEXT(drug_class("first-generation EGFR-TKI"), "egfr_tki_1");
    CHECK_TEXT(drug_class("osimertinib"), "egfr_tki_3");
    CHECK_TEXT(drug_class("PD-1 inhibitor"), "ici");
    CHECK_TEXT(drug_class("nab-paclitaxel"), "chemotherapy");
    CHECK_TEXT(drug_class("zoledronic acid"), "bisphosphonate");
    CHECK_TEXT(drug_class("enzalutamide"), "androgen_axis");
    CHECK_TEXT(drug_class("aspirin"), "(none)");
    CHECK_INT(bfl_drug_find(BFL_TEXT("denosumab"))->intent, BFL_INTENT_BONE_AGENT);
    CHECK_INT(bfl_drug_find(BFL_TEXT("filgrastim"))->intent, BFL_INTENT_SUPPORTIVE);
    CHECK_TEXT(bfl_drug_class_name("egfr_tki_1"), "1st-generation EGFR-TKI");
    CHECK_TEXT(bfl_drug_class_name("something_else"), "something_else");
    CHECK_TEXT(bfl_drug_class_name(NULL), "");
}

TEST(doses) {
    const bfl_drug *alectinib = bfl_drug_find(BFL_TEXT("alectinib"));
    CHECK_DECIMAL(alectinib->usual_daily_mg.value, "1200");
    CHECK_DECIMAL(alectinib->regional_daily_mg.value, "600");
    CHECK_TEXT(alectinib->region, "Japan");
    CHECK_TEXT(alectinib->usual_dose, "600 mg twice daily");
    CHECK_TEXT(alectinib->rule, "dose.alectinib");
    CHECK(!bfl_drug_find(BFL_TEXT("carboplatin"))->usual_daily_mg.present);
}

static bool known(int edition, const char *category) { return bfl_tnm_lung_known(edition, bfl_text_of(category)); }

TEST(tnm) {
    for (int edition = 6; edition <= 9; edition++) {
        CHECK(!known(edition, "T4a"));
        CHECK(known(edition, "T4"));
        CHECK(known(edition, "cT4"));
        CHECK(known(edition, "N2"));
        CHECK(known(edition, "M1(bone)"));
        CHECK(!known(edition, ""));
    }
    CHECK(known(8, "M1c"));
    CHECK(!known(7, "M1c"));
    CHECK(known(7, "M1b"));
    CHECK(!known(6, "M1a"));
    CHECK(known(9, "M1c2"));
    CHECK(!known(8, "M1c2"));
    CHECK(known(9, "N2b"));
    CHECK(!known(8, "N2a"));
    CHECK(known(8, "pT1mi"));
    CHECK(known(5, "T4a")); /* unknown edition: nothing to say */
}

TEST_CASES(CASE(analyte_names), CASE(analytes_in_order), CASE(fractions), CASE(scales), CASE(drugs), CASE(doses),
           CASE(tnm))
