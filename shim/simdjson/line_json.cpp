// SPDX-License-Identifier: Apache-2.0
// Stage 1 of simdjson marks the structure of a whole block of lines and checks UTF-8, control characters and quotes. What its
// stage 2 would check, grammar, numbers, words and escapes, is checked here, without writing a tape: most of a FHIR resource is
// never looked at. A block that stage 1 refuses is gone through again line by line, so that one broken line costs only itself.
#include "simdjson/line_json.h"

#include "simdjson/grammar.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

using stage_one = simdjson::internal::dom_parser_implementation;

struct bfl_json_lines {
    std::unique_ptr<stage_one> marker;
    size_t capacity = 0;
    unsigned max_depth = 0;
    std::vector<uint32_t> ends;  // beside the marks: of an opening bracket, the mark that closes it
    std::vector<uint32_t> stack; // marks of the brackets that are open, room for max_depth
    const char *data = nullptr;  // the block
    size_t size = 0, next = 0;   // next: where the next line begins
    const char *base = nullptr;  // what the marks count from: the block, or the one line that is read by itself
    uint32_t mark = 0;           // the next line's first
    bool too_deep = false;       // why the last walk failed
    bool by_line = false;        // stage 1 refused the block
    const char *why = nullptr;
};

namespace {

using namespace bfl_json;
using reader = bfl_json_lines;

enum : uint32_t { FAILED = UINT32_MAX };

const char cut_off[] = "the line ends before the value does";

// The reason is the line's own, whatever the lines behind it hold.
uint32_t fail(reader &r, const char *at, const char *stop, const char *why) {
    r.why = at < stop ? why : cut_off;
    return FAILED;
}

// ---- the grammar of one line ----

enum : uint32_t { IN_OBJECT = 1u << 31 }; // beside the mark of an open bracket; marks are fewer, see grow()

// A key and its colon at m, which is moved behind them.
inline bool take_key(const char *base, const uint32_t *&m) {
    const char *key = base + m[0], *colon = base + m[1];
    if (*key != '"' || *colon != ':' || !closing_quote(key, colon)) return false;
    m += 2;
    return true;
}

inline bool take_scalar(const char *base, const uint32_t *&m, const char *stop) {
    const char *p = base + m[0], *next = base + m[1];
    const bool good = *p == '"' ? closing_quote(p, next < stop ? next : stop) != nullptr : is_scalar(p);
    m++;
    return good;
}

// Walks over one value from the mark `first`: the mark behind it, or FAILED. Goes on over line ends if it must, which the caller sees.
// It never passes the last mark: that is a line end, which fits nowhere. Notes for each bracket the mark that closes it.
uint32_t walk(reader &r, uint32_t first, const char *stop) {
    static const char no_key[] = "a key is missing or has no colon";
    const uint32_t *marks = r.marker->structural_indexes.get(), *m = marks + first;
    const char *base = r.base;
    uint32_t *ends = r.ends.data(), *open = r.stack.data(), *const full = open + r.max_depth;
    bool object = false;
    for (;;) {
        const char c = base[m[0]];
        if (c == '{' || c == '[') {
            if (open == full) {
                r.too_deep = base + m[0] < stop;
                return fail(r, base + m[0], stop, "nested too deep");
            }
            object = c == '{';
            *open++ = static_cast<uint32_t>(m - marks) | (object ? uint32_t{IN_OBJECT} : 0u);
            m++;
            if (base[m[0]] != (object ? '}' : ']')) {
                if (object && !take_key(base, m)) return fail(r, base + m[1], stop, no_key);
                continue;
            }
        } else if (!take_scalar(base, m, stop)) {
            return fail(r, base + m[-1], stop, "a value is not JSON");
        }
        // Behind a value, or before the end of an empty bracket.
        for (;;) {
            if (open == r.stack.data()) return static_cast<uint32_t>(m - marks);
            const char after = base[m[0]];
            if (after == ',') {
                m++;
                if (object && !take_key(base, m)) return fail(r, base + m[1], stop, no_key);
                break;
            }
            if (after != (object ? '}' : ']'))
                return fail(r, base + m[0], stop, "a comma or a closing bracket is missing");
            ends[*--open & ~uint32_t{IN_OBJECT}] = static_cast<uint32_t>(m - marks);
            m++;
            object = open != r.stack.data() && (open[-1] & IN_OBJECT);
        }
    }
}

// ---- lines ----

bool mark_up(reader &r, const char *data, size_t size) {
    const auto *bytes = reinterpret_cast<const uint8_t *>(data);
    const simdjson::error_code code = r.marker->stage1(bytes, size, simdjson::stage1_mode::regular);
    r.base = data;
    r.mark = 0;
    if (code == simdjson::EMPTY) r.marker->n_structural_indexes = 0;
    if (code != simdjson::SUCCESS && code != simdjson::EMPTY) return false;
    // simdjson ends its marks with the text's size: here with the last line end, which is a byte that no grammar takes.
    const uint32_t count = r.marker->n_structural_indexes;
    for (uint32_t i = 0; i < 2; i++) r.marker->structural_indexes[count + i] = static_cast<uint32_t>(size - 1);
    return true;
}

bfl_json_type type_of(char c) {
    switch (c) {
    case '{': return BFL_JSON_OBJECT;
    case '[': return BFL_JSON_ARRAY;
    case '"': return BFL_JSON_STRING;
    case 't': return BFL_JSON_TRUE;
    case 'f': return BFL_JSON_FALSE;
    case 'n': return BFL_JSON_NULL;
    default: return BFL_JSON_NUMBER;
    }
}

// The value at a mark of a line that is good.
bfl_json_part part_at(const reader &r, uint32_t mark) {
    const uint32_t *marks = r.marker->structural_indexes.get();
    const char *text = r.base + marks[mark];
    bfl_json_part part = {text, 0, mark, mark, type_of(*text)};
    const char *end = r.base + marks[mark + 1];
    if (part.type == BFL_JSON_OBJECT || part.type == BFL_JSON_ARRAY) {
        part.end = r.ends[mark];
        end = r.base + marks[part.end] + 1;
    } else {
        while (end > text + 1 && is_space(end[-1])) end--;
    }
    part.size = static_cast<size_t>(end - text);
    return part;
}

void refuse(bfl_json_line &line, const char *why) {
    line.status = BFL_JSON_BAD;
    line.why = why;
}

void check_line(reader &r, bfl_json_line &line) {
    const uint32_t *marks = r.marker->structural_indexes.get();
    const char *stop = line.text + line.size;
    const uint32_t first = r.mark;
    line.blank = first >= r.marker->n_structural_indexes || r.base + marks[first] >= stop;
    if (line.blank) return;
    r.too_deep = false;
    const uint32_t end = walk(r, first, stop);
    if (end == FAILED) {
        refuse(line, r.why);
        if (r.too_deep) line.status = BFL_JSON_LIMIT;
    } else if (r.base + marks[end - 1] >= stop) {
        refuse(line, cut_off);
    } else if (end < r.marker->n_structural_indexes && r.base + marks[end] < stop) {
        refuse(line, "more text behind the value");
    }
    if (line.status != BFL_JSON_OK) return;
    const void *escape = std::memchr(line.text, '\\', line.size);
    line.escapes = escape != nullptr;
    const char *bad = escape ? bad_escape(static_cast<const char *>(escape), stop) : nullptr;
    if (bad)
        refuse(line, bad);
    else
        line.root = part_at(r, first);
    r.mark = end;
}

// After a broken line: the first mark of the next one.
void skip_marks(reader &r, const char *stop) {
    const uint32_t *marks = r.marker->structural_indexes.get();
    const uint32_t *from = marks + r.mark, *to = marks + r.marker->n_structural_indexes;
    r.mark = static_cast<uint32_t>(std::lower_bound(from, to, static_cast<uint32_t>(stop - r.base)) - marks);
}

bool grow(reader &r, size_t size) {
    if (size <= r.capacity) return true;
    if (size >= IN_OBJECT) return false;
    const simdjson::implementation *kernel = simdjson::get_active_implementation();
    std::unique_ptr<stage_one> marker;
    if (kernel->create_dom_parser_implementation(size, 1, marker) != simdjson::SUCCESS) return false;
    r.marker = std::move(marker);
    r.ends.resize(size + 8);
    r.capacity = size;
    return true;
}

} // namespace

bfl_json_lines *bfl_json_lines_new(unsigned max_depth) {
    try {
        auto r = std::make_unique<bfl_json_lines>();
        r->max_depth = max_depth;
        r->stack.resize(max_depth + 1);
        return grow(*r, 4096) ? r.release() : nullptr;
    } catch (...) {
        return nullptr;
    }
}

void bfl_json_lines_free(bfl_json_lines *lines) { delete lines; }

bfl_json_status bfl_json_lines_begin(bfl_json_lines *r, const char *data, size_t size) {
    try {
        if (!grow(*r, size)) return BFL_JSON_NOMEM;
        r->data = data;
        r->size = size;
        r->next = 0;
        r->by_line = size > 0 && !mark_up(*r, data, size);
        return BFL_JSON_OK;
    } catch (...) {
        return BFL_JSON_NOMEM;
    }
}

bool bfl_json_lines_next(bfl_json_lines *r, bfl_json_line *line) {
    if (r->next >= r->size) return false;
    const char *text = r->data + r->next;
    const auto *stop = static_cast<const char *>(std::memchr(text, '\n', r->size - r->next));
    if (!stop) return false;
    *line = {text, static_cast<size_t>(stop - text), BFL_JSON_OK, "", false, false, {}};
    r->next = static_cast<size_t>(stop - r->data) + 1;
    if (r->by_line && !mark_up(*r, text, line->size + 1)) {
        refuse(*line, "a string is not closed, or holds a control character");
    } else {
        check_line(*r, *line);
        if (line->status != BFL_JSON_OK) skip_marks(*r, stop);
    }
    // Kernels differ in what they find first; none takes what another refuses.
    if (line->status != BFL_JSON_OK && !simdjson::validate_utf8(text, line->size)) refuse(*line, "not UTF-8");
    return true;
}

void bfl_json_find(const bfl_json_lines *r, const bfl_json_part *object, const bfl_json_name *keys, size_t count,
                   bfl_json_part *parts) {
    for (size_t k = 0; k < count; k++) parts[k].text = nullptr;
    if (!object->text || object->type != BFL_JSON_OBJECT) return;
    const uint32_t *marks = r->marker->structural_indexes.get();
    size_t left = count;
    for (uint32_t i = object->at + 1; i < object->end && left;) {
        const char *key = r->base + marks[i] + 1;
        const uint32_t value = i + 2;
        const char first = r->base[marks[value]];
        const uint32_t last = first == '{' || first == '[' ? r->ends[value] : value;
        const char *end = r->base + marks[i + 1] - 1;
        while (*end != '"') end--;
        const auto size = static_cast<size_t>(end - key);
        for (size_t k = 0; k < count; k++) {
            if (size != keys[k].size || std::memcmp(key, keys[k].text, size) != 0 || parts[k].text) continue;
            if (first != 'n') parts[k] = part_at(*r, value);
            left -= first != 'n';
            break;
        }
        i = last + 2;
    }
}

bool bfl_json_element(const bfl_json_lines *r, const bfl_json_part *array, bfl_json_part *element) {
    if (!array->text) return false;
    if (array->type != BFL_JSON_ARRAY) {
        const bool first = element->text == nullptr;
        *element = *array;
        return first;
    }
    const uint32_t mark = element->text ? element->end + 2 : array->at + 1;
    if (mark >= array->end) return false;
    *element = part_at(*r, mark);
    return true;
}

namespace {

char *write_utf8(char *out, int c) {
    auto put = [&out](int byte) { *out++ = static_cast<char>(static_cast<unsigned char>(byte)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    }
    return out;
}

} // namespace

const char *bfl_json_part_string(const bfl_json_part *part, char *buffer, size_t *size) {
    *size = 0;
    if (!part->text || part->type != BFL_JSON_STRING) return nullptr;
    const char *p = part->text + 1, *stop = part->text + part->size - 1;
    *size = static_cast<size_t>(stop - p);
    if (!std::memchr(p, '\\', *size)) return p;
    char *out = buffer;
    while (p < stop) {
        size_t used = 1;
        if (*p != '\\')
            *out++ = *p;
        else if (p[1] == 'u')
            out = write_utf8(out, escaped_character(p, stop, &used));
        else
            *out++ = simple_to[std::strchr(simple_from, p[1]) - simple_from], used = 2;
        p += used;
    }
    *size = static_cast<size_t>(out - buffer);
    return buffer;
}

bool bfl_json_use_kernel(const char *name) {
    if (name) {
        const simdjson::implementation *kernel = simdjson::get_available_implementations()[name];
        if (!kernel || !kernel->supported_by_runtime_system()) return false;
        simdjson::get_active_implementation() = kernel;
    } else {
        simdjson::get_active_implementation() = simdjson::get_available_implementations().detect_best_supported();
    }
    return true;
}

const char *bfl_json_kernel(void) { return simdjson::get_active_implementation()->name().c_str(); }
