/* SPDX-License-Identifier: Apache-2.0 */
#include "simulate_calibrate.h"
#include "cli.h"

/* Two decimal places of a share, none of anything else; no float format, for it follows the locale. */
static const char *figure(double value, const char *unit, char *text, size_t size) {
    bool share = bfl_text_equal(bfl_text_of(unit), bfl_text_of("fraction"));
    double scaled = share ? value * 100 : value;
    long long whole = (long long)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    (void)snprintf(text, size, share ? "%lld %%" : "%lld", whole);
    return text;
}

static const char *unit_word(const char *unit) {
    static const struct {
        const char *unit, *word;
    } words[] = {{"fraction", ""}, {"days", " days"}, {"hu", " HU"}, {"u_l", " U/L"}, {"percent", " %"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (bfl_text_equal(bfl_text_of(unit), bfl_text_of(words[i].unit))) return words[i].word;
    return "";
}

static void print_text(const bfl_sim_anchor *a) {
    char published[32], low[32], high[32], simulated[32];
    (void)printf("%s\n  published %s%s (%s to %s), simulated %s%s in %zu: %s\n", a->rule->title,
                 a->printed ? figure(a->published, a->unit, published, sizeof published) : "as a span only",
                 a->printed ? unit_word(a->unit) : "", figure(a->low, a->unit, low, sizeof low),
                 figure(a->high, a->unit, high, sizeof high),
                 figure(a->simulated, a->unit, simulated, sizeof simulated), unit_word(a->unit), a->patients,
                 a->fits ? "fits" : "DOES NOT FIT");
}

/* Thousandths as a JSON number. */
static void put_number(const char *name, double value) {
    long long n = (long long)(value < 0 ? value * 1000 - 0.5 : value * 1000 + 0.5);
    (void)printf(",\"%s\":%s%lld.%03lld", name, n < 0 ? "-" : "", (n < 0 ? -n : n) / 1000, (n < 0 ? -n : n) % 1000);
}

static void print_json(const bfl_sim_anchor *a) {
    (void)printf("{\"rule\":\"%s\",\"unit\":\"%s\"", a->rule->id, a->unit);
    if (a->printed) put_number("published", a->published);
    put_number("low", a->low);
    put_number("high", a->high);
    put_number("simulated", a->simulated);
    (void)printf(",\"patients\":%zu,\"fits\":%s}\n", a->patients, a->fits ? "true" : "false");
}

int cli_calibrate(const bfl_rulebook *rulebook, const bfl_sim_options *options, size_t patients, bool json) {
    bfl_error err = {0};
    bfl_sim_calibration *calibration = NULL;
    const bfl_sim_anchor *a;
    size_t missed = 0, count = 0;
    if (bfl_sim_calibrate(rulebook, options, patients, &calibration, &err) != BFL_OK) return cli_fail("simulate", &err);
    for (; (a = bfl_sim_calibration_at(calibration, count)); count++) {
        missed += !a->fits;
        if (json)
            print_json(a);
        else
            print_text(a);
    }
    if (!json) (void)printf("%zu of %zu published figures are met\n", count - missed, count);
    bfl_sim_calibration_free(calibration);
    if (fflush(stdout) != 0) return CLI_INPUT;
    return missed ? CLI_DATA : CLI_OK;
}
