/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes: the result as collected, in mm; the standardised result is a check. */
#include "format/sdtm/tumour.h"

/* mm in one unit of the text; false when it is no unit of length that is used for lesions. */
static bool unit_of(const char *text, bfl_decimal *mm) {
    bool is_mm = bfl_text_equal_nocase(bfl_text_of(text), BFL_TEXT("mm"));
    *mm = bfl_decimal_of(is_mm ? 1 : 10);
    return is_mm || bfl_text_equal_nocase(bfl_text_of(text), BFL_TEXT("cm"));
}

static bool read_unit(const sdtm_row *w, sdtm_variable v, bfl_decimal *mm) {
    const char *unit = bfl_sdtm_cell(w, v);
    if (unit_of(unit, mm)) return true;
    bfl_sdtm_issue(w, BFL_CODE_SDTM_UNIT, v,
                   unit[0] ? bfl_issue_quote(w->s->arena, bfl_text_of(unit)) : "a size without a unit", "mm or cm");
    return false;
}

static void check_standard(const sdtm_row *w, bfl_decimal collected) {
    bfl_decimal factor;
    bfl_maybe standard = bfl_sdtm_number(w, VAR_STRESN);
    if (!standard.present || !unit_of(bfl_sdtm_cell(w, VAR_STRESU), &factor)) return;
    standard.value = bfl_decimal_multiply(standard.value, factor);
    if (bfl_decimal_compare(standard.value, collected) == 0) return;
    bfl_arena *arena = w->s->arena;
    bfl_sdtm_issue(w, BFL_CODE_SDTM_STANDARD, VAR_STRESN,
                   bfl_arena_printf(arena, "%s mm", bfl_decimal_z(arena, standard.value, -1)),
                   bfl_arena_printf(arena, "%s mm, as collected", bfl_decimal_z(arena, collected, -1)));
}

/* When only the standardised result is there, it counts. */
static bfl_maybe standard_size(const sdtm_row *w) {
    bfl_decimal factor;
    bfl_maybe size = bfl_sdtm_number(w, VAR_STRESN);
    if (!size.present || !read_unit(w, VAR_STRESU, &factor)) return (bfl_maybe){0};
    return bfl_some(bfl_decimal_multiply(size.value, factor));
}

bfl_maybe bfl_sdtm_size(const sdtm_row *w, bool *too_small) {
    bfl_text said = bfl_text_of(bfl_sdtm_cell(w, VAR_ORRES));
    bfl_decimal value, factor;
    *too_small = said.size > 0 && said.data[0] == '<';
    if (*too_small) return (bfl_maybe){0};
    if (!said.size) return standard_size(w);
    if (bfl_decimal_parse(said, &value, NULL) != BFL_OK || !read_unit(w, VAR_ORRESU, &factor)) return (bfl_maybe){0};
    value = bfl_decimal_multiply(value, factor);
    check_standard(w, value);
    return bfl_some(value);
}
