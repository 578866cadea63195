/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare rules: every rule behind a verdict, its numbers, its source and how it is known. */
#include "cli.h"
#include "rules.h"

#include <string.h>

static int help(void) {
    (void)fputs("Usage: boneflare rules list [--standard NAME] [--rules OVERLAY.json] [--json]\n"
                "       boneflare rules show ID [--rules OVERLAY.json] [--json]\n"
                "       boneflare rules cite [KEY]\n"
                "       boneflare rules diff A B\n\n"
                "list  one line a rule: id, how it is known, title; '*' marks what the overlay changed\n"
                "show  one rule: its sentence, numbers, reason and sources\n"
                "cite  the sources, or one source and the rules that rest on it\n"
                "diff  which values differ between two overlays, and both hashes; A or B may be 'builtin'\n\n"
                "How a rule is known: published (a paper, with n/N or an interval), standard (a criteria\n"
                "document), expert (an assumption of the project, with its reason), recalled (the source was\n"
                "not opened).\n\n"
                "An overlay sets existing parameters: {\"recist11.target.pr\": {\"decrease_percent\": 25}}.\n"
                "The hash printed with every verdict then differs.\n\n"
                "Options:\n"
                "  --standard NAME  only the rules of that standard, as recist, ctcae, flare\n"
                "  --rules FILE     lay that overlay over the built-in rulebook\n"
                "  --json           machine-readable\n"
                "  --help           this text\n",
                stdout);
    return CLI_OK;
}

typedef struct command_line {
    const char *words[3]; /* the verb and its arguments */
    int word_count;
    const char *standard, *overlay;
    bool json, help;
} command_line;

static int take_option(command_line *line, int argc, char **argv, int *i) {
    const char *word = argv[*i];
    if (strcmp(word, "--json") == 0)
        line->json = true;
    else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        line->help = true;
    else if (strcmp(word, "--standard") == 0 || strcmp(word, "--rules") == 0) {
        if (*i + 1 == argc) return cli_usage("rules", "%s needs a value", word);
        *(word[2] == 's' ? &line->standard : &line->overlay) = argv[++*i];
    } else
        return cli_usage("rules", "there is no option '%s'", word);
    return CLI_OK;
}

static int read_command_line(command_line *line, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' && argv[i][1]) {
            int code = take_option(line, argc, argv, &i);
            if (code) return code;
        } else if (line->word_count == 3)
            return cli_usage("rules", "too many arguments: '%s'", argv[i]);
        else
            line->words[line->word_count++] = argv[i];
    }
    return CLI_OK;
}

/* ---- list ---- */

static bool wanted(const command_line *line, const bfl_rule *rule) {
    return !line->standard || strcmp(line->standard, rule->standard) == 0;
}

static void list_text(const command_line *line, const bfl_rulebook *book, int width) {
    const char *standard = "", *version = "";
    for (size_t i = 0; i < bfl_rulebook_count(book); i++) {
        const bfl_rule *rule = bfl_rulebook_at(book, i);
        if (!wanted(line, rule)) continue;
        if (strcmp(standard, rule->standard) != 0 || strcmp(version, rule->version) != 0)
            (void)printf("\n%s %s\n", rule->standard, rule->version);
        standard = rule->standard;
        version = rule->version;
        (void)printf("%c %-*s  %-9s  %s\n", rule->overridden ? '*' : ' ', width, rule->id, bfl_known_word(rule->known),
                     rule->title);
    }
}

static int list(const command_line *line, const bfl_rulebook *book) {
    size_t count = 0;
    int width = 0;
    for (size_t i = 0; i < bfl_rulebook_count(book); i++) {
        const bfl_rule *rule = bfl_rulebook_at(book, i);
        if (!wanted(line, rule)) continue;
        count++;
        if ((int)strlen(rule->id) > width) width = (int)strlen(rule->id);
    }
    if (count == 0) {
        cli_rules_suggest_standard(book, line->standard);
        return CLI_USAGE;
    }
    if (line->json) {
        cli_rules_json_list(book, line->standard);
        return CLI_OK;
    }
    (void)printf("Rulebook %s, %zu rules\nsha256 %s\n", bfl_rulebook_version(book), count, bfl_rulebook_sha256(book));
    list_text(line, book, width);
    return CLI_OK;
}

/* ---- show ---- */

/* Text wrapped at 96 columns, each line indented. Continuation bytes of UTF-8 take no column. */
static void print_wrapped(const char *text, int indent) {
    enum { COLUMNS = 96 };
    int column = 0;
    while (*text) {
        int bytes = 0, width = 0;
        for (; text[bytes] && text[bytes] != ' '; bytes++) width += ((unsigned char)text[bytes] & 0xC0) != 0x80;
        if (column > 0 && indent + column + 1 + width > COLUMNS) {
            (void)putchar('\n');
            column = 0;
        }
        (void)(column == 0 ? printf("%*s", indent, "") : printf(" "));
        (void)printf("%.*s", bytes, text);
        column += width + (column > 0);
        text += bytes;
        while (*text == ' ') text++;
    }
    (void)putchar('\n');
}

static void print_parameters(const bfl_rule *rule) {
    int width = 0;
    for (size_t i = 0; i < rule->parameter_count; i++)
        if ((int)strlen(rule->parameters[i].key) > width) width = (int)strlen(rule->parameters[i].key);
    for (size_t i = 0; i < rule->parameter_count; i++)
        (void)printf("%s  %-*s  %s\n", i == 0 ? "\n" : "", width, rule->parameters[i].key, rule->parameters[i].text);
}

static void print_citation(const bfl_citation *citation) {
    (void)printf("\n  %s (read: %s)\n", citation->key, citation->seen);
    print_wrapped(citation->text, 4);
    if (citation->url[0]) (void)printf("    %s\n", citation->url);
}

static int show(const command_line *line, const bfl_rulebook *book) {
    const bfl_rule *rule = bfl_rulebook_find(book, line->words[1]);
    if (!rule) {
        cli_rules_suggest_rule(book, line->words[1]);
        return CLI_USAGE;
    }
    if (line->json) {
        cli_rules_json_rule(rule, "");
        (void)putchar('\n');
        return CLI_OK;
    }
    (void)printf("%s%s\n%s\n\n", rule->id, rule->overridden ? " (changed by the overlay)" : "", rule->title);
    print_wrapped(rule->text, 2);
    print_parameters(rule);
    (void)printf("\nStandard  %s %s\n", rule->standard, rule->version);
    (void)printf("Known     %s\n", bfl_known_word(rule->known));
    if (rule->reason[0]) {
        (void)printf("\nReason\n");
        print_wrapped(rule->reason, 2);
    }
    if (rule->source_count > 0) (void)printf("\nSources\n");
    for (size_t i = 0; i < rule->source_count; i++) {
        const bfl_citation *citation = bfl_citation_find(rule->sources[i]);
        if (citation) print_citation(citation);
    }
    return CLI_OK;
}

/* ---- cite ---- */

static bool rests_on(const bfl_rule *rule, const char *key) {
    for (size_t i = 0; i < rule->source_count; i++)
        if (strcmp(rule->sources[i], key) == 0) return true;
    return false;
}

static int cite(const command_line *line, const bfl_rulebook *book) {
    if (line->word_count == 1) {
        for (size_t i = 0; i < bfl_citation_count(); i++) print_citation(bfl_citation_at(i));
        return CLI_OK;
    }
    const bfl_citation *citation = bfl_citation_find(line->words[1]);
    if (!citation) {
        cli_rules_suggest_citation(line->words[1]);
        return CLI_USAGE;
    }
    print_citation(citation);
    (void)printf("\nRules that rest on it\n\n");
    for (size_t i = 0; i < bfl_rulebook_count(book); i++) {
        const bfl_rule *rule = bfl_rulebook_at(book, i);
        if (rests_on(rule, citation->key)) (void)printf("  %s  %s\n", rule->id, rule->title);
    }
    return CLI_OK;
}

/* ---- diff ---- */

static size_t print_differences(const bfl_rulebook *a, const bfl_rulebook *b) {
    size_t count = 0;
    for (size_t i = 0; i < bfl_rulebook_count(a); i++) {
        const bfl_rule *ra = bfl_rulebook_at(a, i), *rb = bfl_rulebook_at(b, i);
        for (size_t p = 0; p < ra->parameter_count; p++) {
            const bfl_parameter *pa = &ra->parameters[p], *pb = &rb->parameters[p];
            bool same =
                pa->numeric ? bfl_decimal_compare(pa->number, pb->number) == 0 : strcmp(pa->text, pb->text) == 0;
            if (same) continue;
            count++;
            (void)printf("%s.%s: %s -> %s\n", ra->id, pa->key, pa->text, pb->text);
        }
    }
    return count;
}

static int open_side(const char *name, bfl_rulebook **out) {
    bfl_error err = {BFL_OK, 0, 0, "", ""};
    return bfl_rulebook_open_file(strcmp(name, "builtin") == 0 ? NULL : name, out, &err) ? cli_fail("rules", &err)
                                                                                         : CLI_OK;
}

static int diff(const command_line *line) {
    bfl_rulebook *a = NULL, *b = NULL;
    int code = open_side(line->words[1], &a);
    if (code == CLI_OK) code = open_side(line->words[2], &b);
    if (code == CLI_OK) {
        (void)printf("A %s  %s\nB %s  %s\n\n", bfl_rulebook_sha256(a), line->words[1], bfl_rulebook_sha256(b),
                     line->words[2]);
        if (print_differences(a, b) == 0) (void)printf("No value differs.\n");
    }
    bfl_rulebook_free(a);
    bfl_rulebook_free(b);
    return code;
}

/* ---- the command ---- */

/* What the verb takes; NULL when the words fit. */
static const char *wrong_words(const command_line *line) {
    const char *verb = line->words[0];
    if (strcmp(verb, "list") == 0) return line->word_count == 1 ? NULL : "list takes no arguments";
    if (strcmp(verb, "show") == 0) return line->word_count == 2 ? NULL : "show takes one rule id";
    if (strcmp(verb, "cite") == 0) return line->word_count <= 2 ? NULL : "cite takes at most one key";
    if (strcmp(verb, "diff") == 0) return line->word_count == 3 ? NULL : "diff takes two overlays, or 'builtin'";
    return "the verbs are list, show, cite and diff";
}

static int with_rulebook(const command_line *line) {
    bfl_error err = {BFL_OK, 0, 0, "", ""};
    bfl_rulebook *book = NULL;
    if (bfl_rulebook_open_file(line->overlay, &book, &err)) return cli_fail("rules", &err);
    int code = line->words[0][0] == 'l'   ? list(line, book)
               : line->words[0][0] == 's' ? show(line, book)
                                          : cite(line, book);
    bfl_rulebook_free(book);
    return code;
}

int cli_rules(int argc, char **argv) {
    command_line line = {{NULL, NULL, NULL}, 0, NULL, NULL, false, false};
    int code = read_command_line(&line, argc, argv);
    if (code) return code;
    if (line.help) return help();
    if (line.word_count == 0) return cli_usage("rules", "say what: list, show ID, cite or diff A B");
    const char *wrong = wrong_words(&line);
    if (wrong) return cli_usage("rules", "%s", wrong);
    if (line.standard && line.words[0][0] != 'l') return cli_usage("rules", "--standard goes with list");
    if (line.json && line.words[0][0] != 'l' && line.words[0][0] != 's')
        return cli_usage("rules", "--json goes with list and show");
    if (line.overlay && line.words[0][0] == 'd') return cli_usage("rules", "diff names its overlays itself");
    code = line.words[0][0] == 'd' ? diff(&line) : with_rulebook(&line);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)fprintf(stderr, "boneflare rules: cannot write the output\n");
        return CLI_INPUT;
    }
    return code;
}
