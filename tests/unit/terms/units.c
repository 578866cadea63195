/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/terms.h"
#include "test.h"

/* The unit an analyte has under that spelling, "(none)" when it is impossible. */
static const char *unit(const char *analyte, const char *text) {
    const bfl_unit *found = bfl_analyte_unit(bfl_analyte_find(bfl_text_of(analyte)), bfl_text_of(text));
    return found ? found->text : "(none)";
}

static bfl_decimal canonical(const char *analyte, const char *value, const char *text) {
    const bfl_unit *found = bfl_analyte_unit(bfl_analyte_find(bfl_text_of(analyte)), bfl_text_of(text));
    bfl_decimal number = {0, 0};
    CHECK(found);
    CHECK_INT(bfl_decimal_parse(bfl_text_of(value), &number, NULL), BFL_OK);
    return found ? bfl_decimal_multiply(number, found->factor) : number;
}

TEST(spellings) {
    CHECK_TEXT(unit("ALP", "U/L"), "U/L");
    CHECK_TEXT(unit("ALP", "U/l"), "U/L");
    CHECK_TEXT(unit("ALP", "u/l"), "U/L");
    CHECK_TEXT(unit("ALP", "IU/L"), "U/L");
    CHECK_TEXT(unit("ALP", "IU/l"), "U/L");
    CHECK_TEXT(unit("ALP", " [IU]/L "), "U/L");
    CHECK_TEXT(unit("ALP", "µkat/L"), "ukat/L");
    CHECK_TEXT(unit("ALP", "μkat/l"), "ukat/L"); /* Greek mu */
    CHECK_TEXT(unit("CREAT", "µmol/L"), "umol/L");
    CHECK_TEXT(unit("NA", "mEq/L"), "meq/L");
    CHECK_TEXT(unit("HB", "g/dl"), "g/dL");
    CHECK_TEXT(unit("WBC", "/μL"), "/uL");
    CHECK_TEXT(unit("WBC", "10^3/uL"), "10*3/uL");
    CHECK_TEXT(unit("WBC", "×10⁹/L"), "10*9/L");
    CHECK_TEXT(unit("PLT", "x10*4/uL"), "10*4/uL");
    CHECK_TEXT(unit("ESR", "mm/hr"), "mm/h");
}

TEST(impossible) {
    CHECK_TEXT(unit("ALP", "ug/L"), "(none)");
    CHECK_TEXT(unit("ALP", "mg/dL"), "(none)");
    CHECK_TEXT(unit("ALP", ""), "(none)");
    CHECK_TEXT(unit("ALP", "U"), "(none)");
    CHECK_TEXT(unit("ALP", "U/LL"), "(none)");
    CHECK_TEXT(unit("CEA", "IU/L"), "(none)"); /* IU/L is U/L for enzymes only */
    CHECK_TEXT(unit("CA125", "IU/L"), "(none)");
    CHECK_TEXT(unit("PLT", "K/uL"), "(none)"); /* kelvin */
    CHECK_TEXT(unit("HB", "G/L"), "(none)");
    CHECK_TEXT(unit("CA", "Mg/dL"), "(none)");
    CHECK_TEXT(unit("CEA", "a text that is longer than any unit can be"), "(none)");
    CHECK(!bfl_analyte_unit(NULL, BFL_TEXT("U/L")));
}

TEST(exact_factors) {
    CHECK_DECIMAL(canonical("ALP", "6.5", "ukat/L"), "390");
    CHECK_DECIMAL(canonical("ALP", "6500", "nkat/L"), "390");
    CHECK_DECIMAL(canonical("CA", "2.5", "mmol/L"), "10.0195");
    CHECK_DECIMAL(canonical("WBC", "10790", "/uL"), "10.79");
    CHECK_DECIMAL(canonical("PLT", "38.5", "10*4/uL"), "385");
    CHECK_DECIMAL(canonical("ALB", "39", "g/L"), "3.9");
    CHECK_DECIMAL(canonical("CRP", "1", "mg/L"), "0.1");
    CHECK_DECIMAL(canonical("BIL", "100", "umol/L"), "5.8466");
}

TEST(questionable) {
    const bfl_analyte *slx = bfl_analyte_find(BFL_TEXT("SLX"));
    CHECK_TEXT(bfl_analyte_unit(slx, BFL_TEXT("U/mL"))->note, "");
    CHECK(strstr(bfl_analyte_unit(slx, BFL_TEXT("ng/mL"))->note, "usually reported in U/mL"));
}

TEST_CASES(CASE(spellings), CASE(impossible), CASE(exact_factors), CASE(questionable))
