/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Laboratory values out of a Bulk Data file on one core: scan FILE [RUNS]. Every line is checked as JSON and UTF-8; of the
 * Observations with a wanted code, patient and value are taken out. Prints what was found, and the speed of each run.
 */
#include "format/format.h"

#include <simdjson/line_json.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

typedef struct scan {
    size_t lines, broken, observations, found;
    uint64_t whole, ids; /* of the values found: sum without decimals; sum of the bytes of the patients' references */
    bfl_decimal exact;   /* sum, 6 decimals of each */
    bfl_json_lines *json;
} scan;

static const char *const wanted[] = {"6768-6", "1783-0", "17861-6", "49765-1", "2039-6"};

static bool is_wanted(const bfl_json_part *code) {
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (code->text && code->size == strlen(wanted[i]) + 2 && memcmp(code->text + 1, wanted[i], code->size - 2) == 0)
            return true;
    return false;
}

static void add_value(scan *s, const bfl_json_part *value, const bfl_json_part *reference) {
    bfl_decimal number;
    if (!value->text || !reference->text ||
        bfl_decimal_parse((bfl_text){value->text, value->size}, &number, NULL) != BFL_OK)
        return;
    s->found++;
    for (size_t i = 1; i + 1 < reference->size; i++) s->ids += (unsigned char)reference->text[i];
    s->whole += strtoull(value->text, NULL, 10);
    s->exact = bfl_decimal_add(s->exact, bfl_decimal_round(number, 6));
}

static void read_line(scan *s, const bfl_json_line *line) {
    static const bfl_json_name members[] = {BFL_JSON_NAME("resourceType"), BFL_JSON_NAME("code"),
                                            BFL_JSON_NAME("subject"), BFL_JSON_NAME("valueQuantity")};
    static const bfl_json_name coding = BFL_JSON_NAME("coding"), code = BFL_JSON_NAME("code"),
                               reference = BFL_JSON_NAME("reference"), value = BFL_JSON_NAME("value");
    bfl_json_part parts[4], list, each = {0}, found, subject;
    s->lines++;
    s->broken += line->status != BFL_JSON_OK;
    if (line->status != BFL_JSON_OK || line->blank) return;
    bfl_json_find(s->json, &line->root, members, 4, parts);
    if (!parts[0].text || parts[0].size != 13 || memcmp(parts[0].text, "\"Observation\"", 13) != 0) return;
    s->observations++;
    bfl_json_find(s->json, &parts[1], &coding, 1, &list);
    bool hit = false;
    while (!hit && bfl_json_element(s->json, &list, &each)) {
        bfl_json_find(s->json, &each, &code, 1, &found);
        hit = is_wanted(&found);
    }
    if (!hit) return;
    bfl_json_find(s->json, &parts[2], &reference, 1, &subject);
    bfl_json_find(s->json, &parts[3], &value, 1, &found);
    add_value(s, &found, &subject);
}

static ptrdiff_t read_file(void *context, char *data, size_t size) { return read(*(int *)context, data, size); }

static bool scan_file(const char *path, scan *s) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bfl_line_stream stream = {
        .intake = {read_file, &file}, .name = path, .block_bytes = 256 << 10, .line_bytes = 64 << 20};
    bfl_block block = {.arena = bfl_arena_new()};
    stream.rest.arena = bfl_arena_new();
    s->json = bfl_json_lines_new(128);
    bfl_status status = file >= 0 && block.arena && stream.rest.arena && s->json ? BFL_OK : BFL_EIO;
    for (bool more = true; !status && more;) {
        bfl_json_line line;
        status = bfl_line_stream_next(&stream, &block, &more, NULL);
        if (status || !more) break;
        if (bfl_json_lines_begin(s->json, block.data, block.size) != BFL_JSON_OK) status = BFL_ENOMEM;
        while (!status && bfl_json_lines_next(s->json, &line)) read_line(s, &line);
    }
    bfl_json_lines_free(s->json);
    bfl_arena_free(stream.rest.arena);
    bfl_arena_free(block.arena);
    if (file >= 0) (void)close(file);
    return status == BFL_OK;
}

static double seconds(clockid_t clock) {
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    long runs = argc > 2 ? strtol(argv[2], NULL, 10) : 5;
    if (argc < 2) return 2;
    for (long r = 0; r < runs; r++) {
        scan s = {0};
        double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
        if (!scan_file(argv[1], &s)) return 1;
        double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
        char exact[48];
        struct rusage usage;
        (void)bfl_decimal_format(s.exact, exact, sizeof exact);
        (void)getrusage(RUSAGE_SELF, &usage);
        (void)printf("boneflare/%s cpu_us %ld rss_kib %ld lines %zu broken %zu observations %zu found %zu whole %llu "
                     "ids %llu exact %s\n",
                     bfl_json_kernel(), (long)(took * 1e6), usage.ru_maxrss, s.lines, s.broken, s.observations, s.found,
                     (unsigned long long)s.whole, (unsigned long long)s.ids, exact);
    }
    return 0;
}
