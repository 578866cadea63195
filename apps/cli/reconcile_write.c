/* SPDX-License-Identifier: Apache-2.0 */
#include "issues.h"
#include "reconcile.h"

#include <string.h>

static const char *plural(uint64_t count) { return count == 1 ? "" : "s"; }

/* ---- text ---- */

static void print_counts(FILE *out, const bfl_reconciliation *r) {
    (void)fprintf(out, "%-14s %9s %6s\n", "response", "compared", "same");
    for (int i = 0; i < BFL_RECONCILED_COUNT; i++)
        if (r->counts[i].compared)
            (void)fprintf(out, "%-14s %9llu %6llu\n", bfl_reconciled_word((bfl_reconciled)i),
                          (unsigned long long)r->counts[i].compared, (unsigned long long)r->counts[i].same);
    if (r->without_lesions)
        (void)fprintf(out, "%zu patient%s with collected responses and no lesions of this reader\n", r->without_lesions,
                      plural(r->without_lesions));
    if (r->not_compared)
        (void)fprintf(out, "%zu collected response%s of tests that nothing is derived for\n", r->not_compared,
                      plural(r->not_compared));
}

static void print_disagreement(FILE *out, const bfl_disagreement *d) {
    (void)fprintf(out, "  patient %s%s%s, %s", d->patient, d->date[0] ? ", " : "", d->date,
                  bfl_reconciled_word(d->what));
    if (strcmp(d->criterion, "recist11") != 0) (void)fprintf(out, " (%s)", d->criterion);
    (void)fprintf(out, ": %s: collected %s, derived %s\n", bfl_disagreement_word(d->kind),
                  d->collected[0] ? d->collected : "nothing", d->derived[0] ? d->derived : "nothing");
    if (d->source.file[0]) (void)fprintf(out, "      %s:%u\n", d->source.file, d->source.row);
    if (d->rule) (void)fprintf(out, "      %s: %s\n", d->rule->id, d->finding);
    if (d->lesions[0]) (void)fprintf(out, "      lesions %s\n", d->lesions);
}

enum { COLUMN = 15 };

static void print_table(FILE *out, const bfl_concordance *t) {
    (void)fprintf(out, "\n%s: %s (rows) against %s (columns): %llu visit%s, %llu the same\n", t->what, t->first,
                  t->second, (unsigned long long)t->pairs, plural(t->pairs), (unsigned long long)t->agreed);
    if (t->only_first || t->only_second)
        (void)fprintf(out, "  only the first: %llu, only the second: %llu\n", (unsigned long long)t->only_first,
                      (unsigned long long)t->only_second);
    if (!t->pairs) return;
    (void)fprintf(out, "  %-*s", COLUMN, "");
    for (size_t j = 0; j < t->category_count; j++) (void)fprintf(out, " %*s", COLUMN, t->categories[j]);
    (void)fputc('\n', out);
    for (size_t i = 0; i < t->category_count; i++) {
        (void)fprintf(out, "  %-*s", COLUMN, t->categories[i]);
        for (size_t j = 0; j < t->category_count; j++)
            (void)fprintf(out, " %*llu", COLUMN, (unsigned long long)t->counts[i * t->category_count + j]);
        (void)fputc('\n', out);
    }
    if (t->has_kappa)
        (void)fprintf(out, "  kappa %s (95 %% interval %s to %s)\n", t->kappa_text[0], t->kappa_text[1],
                      t->kappa_text[2]);
    else
        (void)fputs("  kappa is not defined: chance alone would agree always\n", out);
}

void cli_reconcile_text(FILE *out, const bfl_reconciliation *r) {
    (void)fprintf(out, "Responses derived from lesions against those collected: %s, %zu patient%s\n\n", r->reader,
                  r->patients, plural(r->patients));
    print_counts(out, r);
    (void)fprintf(out, "\n%zu disagreement%s%s\n", r->disagreement_count, plural(r->disagreement_count),
                  r->disagreement_count ? ":" : "");
    for (size_t i = 0; i < r->disagreement_count; i++) print_disagreement(out, &r->disagreements[i]);
    for (size_t i = 0; i < r->concordance_count; i++) print_table(out, &r->concordances[i]);
}

/* ---- CSV ---- */

static void put_field(FILE *out, const char *text, char after) {
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    if (quoted) (void)fputc('"', out);
    for (const char *c = text; *c; c++) {
        if (*c == '"') (void)fputc('"', out);
        (void)fputc(*c, out);
    }
    if (quoted) (void)fputc('"', out);
    (void)fputc(after, out);
}

void cli_reconcile_csv(FILE *out, const bfl_reconciliation *r) {
    (void)fputs("patient,kind,what,criterion,date,collected,derived,file,row,rule,finding,lesions\n", out);
    for (size_t i = 0; i < r->disagreement_count; i++) {
        const bfl_disagreement *d = &r->disagreements[i];
        const char *const fields[] = {d->patient,
                                      bfl_disagreement_word(d->kind),
                                      bfl_reconciled_word(d->what),
                                      d->criterion,
                                      d->date,
                                      d->collected,
                                      d->derived,
                                      d->source.file};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) put_field(out, fields[k], ',');
        if (d->source.row) (void)fprintf(out, "%u", d->source.row);
        (void)fputc(',', out);
        put_field(out, d->rule ? d->rule->id : "", ',');
        put_field(out, d->finding, ',');
        put_field(out, d->lesions, '\n');
    }
}

/* ---- JSON ---- */

static void put_disagreement(FILE *out, const bfl_disagreement *d) {
    const char *const pairs[][2] = {{"patient", d->patient},
                                    {"kind", bfl_disagreement_word(d->kind)},
                                    {"what", bfl_reconciled_word(d->what)},
                                    {"criterion", d->criterion},
                                    {"date", d->date},
                                    {"collected", d->collected},
                                    {"derived", d->derived},
                                    {"rule", d->rule ? d->rule->id : ""},
                                    {"finding", d->finding},
                                    {"lesions", d->lesions},
                                    {"file", d->source.file}};
    (void)fputs("{\"disagreement\":{", out);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        cli_json_text(out, pairs[i][0], pairs[i][1]), (void)fputc(',', out);
    (void)fprintf(out, "\"row\":%u}}\n", d->source.row);
}

static void put_table(FILE *out, const bfl_concordance *t) {
    (void)fputs("{\"concordance\":{", out);
    cli_json_text(out, "what", t->what), (void)fputc(',', out);
    cli_json_text(out, "first", t->first), (void)fputc(',', out);
    cli_json_text(out, "second", t->second);
    (void)fputs(",\"categories\":[", out);
    for (size_t i = 0; i < t->category_count; i++) {
        if (i) (void)fputc(',', out);
        cli_json_string(out, t->categories[i]);
    }
    (void)fputs("],\"counts\":[", out);
    for (size_t i = 0; i < t->category_count; i++) {
        (void)fputs(i ? ",[" : "[", out);
        for (size_t j = 0; j < t->category_count; j++)
            (void)fprintf(out, "%s%llu", j ? "," : "", (unsigned long long)t->counts[i * t->category_count + j]);
        (void)fputc(']', out);
    }
    (void)fprintf(out, "],\"pairs\":%llu,\"agreed\":%llu,\"only_first\":%llu,\"only_second\":%llu,",
                  (unsigned long long)t->pairs, (unsigned long long)t->agreed, (unsigned long long)t->only_first,
                  (unsigned long long)t->only_second);
    if (t->has_kappa)
        (void)fprintf(out, "\"kappa\":%s,\"kappa_low\":%s,\"kappa_high\":%s}}\n", t->kappa_text[0], t->kappa_text[1],
                      t->kappa_text[2]);
    else
        (void)fputs("\"kappa\":null,\"kappa_low\":null,\"kappa_high\":null}}\n", out);
}

void cli_reconcile_json(FILE *out, const bfl_reconciliation *r) {
    for (size_t i = 0; i < r->disagreement_count; i++) put_disagreement(out, &r->disagreements[i]);
    for (size_t i = 0; i < r->concordance_count; i++) put_table(out, &r->concordances[i]);
    (void)fputs("{\"summary\":{", out);
    cli_json_text(out, "reader", r->reader);
    (void)fprintf(out, ",\"patients\":%zu,\"disagreements\":%zu,\"without_lesions\":%zu,\"not_compared\":%zu",
                  r->patients, r->disagreement_count, r->without_lesions, r->not_compared);
    for (int i = 0; i < BFL_RECONCILED_COUNT; i++)
        (void)fprintf(out, ",\"%s\":{\"compared\":%llu,\"same\":%llu}", bfl_reconciled_word((bfl_reconciled)i),
                      (unsigned long long)r->counts[i].compared, (unsigned long long)r->counts[i].same);
    (void)fputs("}}\n", out);
}
