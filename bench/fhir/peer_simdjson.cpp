// SPDX-License-Identifier: Apache-2.0
// The same work as scan.c by simdjson's own faces: peer_simdjson dom|ondemand FILE [RUNS]. The document face checks every byte; the
// on-demand face does not check what it passes over.
#include <simdjson.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>
#include <sys/resource.h>

struct result {
    size_t lines = 0, broken = 0, observations = 0, found = 0;
    uint64_t whole = 0, ids = 0;
};

static bool wanted(std::string_view code) {
    return code == "6768-6" || code == "1783-0" || code == "17861-6" || code == "49765-1" || code == "2039-6";
}

template <typename Document> static void read_one(Document &document, result &r) {
    std::string_view type, code, reference;
    double value = 0;
    bool hit = false;
    if (document["resourceType"].get_string().get(type) || type != "Observation") return;
    r.observations++;
    for (auto coding : document["code"]["coding"]) {
        if (!coding["code"].get_string().get(code) && wanted(code)) hit = true;
        if (hit) break;
    }
    if (!hit || document["subject"]["reference"].get_string().get(reference)) return;
    const std::string_view patient = reference;
    for (const char c : patient) r.ids += static_cast<unsigned char>(c);
    if (document["valueQuantity"]["value"].get_double().get(value)) return;
    r.found++;
    r.whole += static_cast<uint64_t>(value);
}

static result by_document(const simdjson::padded_string &text) {
    result r;
    simdjson::dom::parser parser;
    parser.threaded = false; // one core, as the others
    simdjson::dom::document_stream stream;
    if (parser.parse_many(text, 1 << 20).get(stream)) return r;
    for (auto document : stream) {
        r.lines++;
        if (document.error())
            r.broken++;
        else
            read_one(document, r);
    }
    return r;
}

static result on_demand(const simdjson::padded_string &text) {
    result r;
    simdjson::ondemand::parser parser;
    parser.threaded = false;
    simdjson::ondemand::document_stream stream;
    if (parser.iterate_many(text, 1 << 20).get(stream)) return r;
    for (auto document : stream) {
        r.lines++;
        if (document.error())
            r.broken++;
        else
            read_one(document, r);
    }
    return r;
}

static double seconds() {
    timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    const bool dom = std::strcmp(argv[1], "dom") == 0;
    const long runs = argc > 3 ? std::strtol(argv[3], nullptr, 10) : 5;
    simdjson::padded_string text;
    if (simdjson::padded_string::load(argv[2]).get(text)) return 1;
    for (long i = 0; i < runs; i++) {
        const double start = seconds(); // the text is in memory already
        const result r = dom ? by_document(text) : on_demand(text);
        rusage usage;
        (void)getrusage(RUSAGE_SELF, &usage);
        (void)std::printf("simdjson-%s/%s cpu_us %ld rss_kib %ld lines %zu broken %zu observations %zu found %zu whole "
                          "%llu ids %llu\n",
                          argv[1], simdjson::get_active_implementation()->name().c_str(),
                          static_cast<long>((seconds() - start) * 1e6), usage.ru_maxrss, r.lines, r.broken,
                          r.observations, r.found, static_cast<unsigned long long>(r.whole),
                          static_cast<unsigned long long>(r.ids));
    }
    return 0;
}
