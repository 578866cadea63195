// SPDX-License-Identifier: Apache-2.0
// simdjson's first stage marks where each token begins and checks UTF-8, quotes and control characters; one pass over the marks checks
// the grammar and notes where each bracket closes. What that pass does not take, simdjson's document parser judges: it is the slower
// and the wider of the two, and its words are the caller's. Nodes are made from the marks when a value is opened. Everything lives in
// the reader and is used again. No exception crosses the C face.
#include "simdjson/tree_json.h"

#include "simdjson/grammar.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace bfl_json;
namespace od = simdjson::ondemand;

// What is done for every value.
#define INLINE __attribute__((always_inline)) inline

// Things that never move, in blocks; going back to an earlier place forgets what came later and keeps the blocks.
template <typename Thing, size_t per_block, size_t spare> class store {
  public:
    INLINE Thing *take(size_t count) {
        if (static_cast<size_t>(end - free) < count) next_block(count);
        Thing *thing = free;
        free += count;
        return thing;
    }
    void clear() {
        used = 0;
        free = end = nullptr;
    }
    size_t bytes() const {
        size_t things = 0;
        for (const block &b : blocks) things += b.size + spare;
        return things * sizeof(Thing);
    }
    void here(size_t *place, void **at) const {
        *place = used;
        *at = free;
    }
    void back(size_t place, void *at) {
        used = place;
        free = static_cast<Thing *>(at);
        end = used ? blocks[used - 1].things.get() + blocks[used - 1].size : nullptr;
    }

  private:
    struct block {
        std::unique_ptr<Thing[]> things;
        size_t size;
    };
    std::vector<block> blocks;
    size_t used = 0; // blocks in use; the last one has room from `free` to `end`
    Thing *free = nullptr, *end = nullptr;

    __attribute__((noinline)) void next_block(size_t count) {
        while (used < blocks.size() && blocks[used].size < count) used++;
        if (used == blocks.size()) {
            const size_t size = std::max(count, per_block);
            blocks.push_back({std::unique_ptr<Thing[]>(new Thing[size + spare]), size});
        }
        free = blocks[used].things.get();
        end = free + blocks[used++].size;
    }
};

// An array that grows without its contents: what it held is not needed any more.
template <typename Thing> class room {
  public:
    Thing *of(size_t count) {
        if (count > size) {
            things.reset();
            size = 0;
            things.reset(new Thing[count]);
            size = count;
        }
        return things.get();
    }
    Thing *get() const { return things.get(); }

  private:
    std::unique_ptr<Thing[]> things;
    size_t size = 0;
};

constexpr size_t copied_at_once = 16;
constexpr ptrdiff_t at_once = 32 * 1024; // of the text, while it is walked over
constexpr size_t keys_compared = 64;     // of one object; with more it is only said that one may repeat

constexpr size_t most_turns = 1024;

// A bracket that is open, where the keys of the object begin among those noted, and a bit for each of their hashes.
struct bracket {
    uint32_t mark;
    uint32_t *keys;
    uint64_t bits;
};

// From the first of these marks to the last the watched key has this value, as written; size 0: no text.
struct turn {
    uint32_t first, last;
    std::string_view value;
};

} // namespace

struct bfl_json_reader {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> marker;
    const simdjson::implementation *kernel = nullptr; // of the marker
    simdjson::dom::parser judge;
    od::parser unescaper;
    const char *data = nullptr; // the text
    size_t size = 0;
    room<uint32_t> ends; // beside the marks: of an opening bracket, the mark that closes it
    room<bracket> open;
    room<uint32_t> keys; // hashes of the keys of the objects that are open
    std::string watched; // a key,
    uint32_t watched_hash = 0;
    std::vector<turn> turns; // and where its value changes
    unsigned max_depth = 0;
    const char *escape = nullptr; // the first backslash
    bool escaped_keys = false;    // in a key?
    bool may_repeat = false;      // may an object have a key twice?
    bool cut_short = false;
    store<bfl_json_node, 512, 0> nodes;
    store<char, 32 * 1024, copied_at_once> texts;
    std::vector<uint8_t> raw, unescaped; // one string with escapes
    const char *why = nullptr;
    simdjson::error_code code = simdjson::SUCCESS;
};

namespace {

bool failed(bfl_json_reader &r, simdjson::error_code code) {
    r.code = code;
    return code != simdjson::SUCCESS;
}

const uint32_t *marks_of(const bfl_json_reader &r) { return r.marker->structural_indexes.get(); }

// ---- the grammar ----

// So few digits before the point, and such an exponent, that it fits every number: others are left to the document parser.
bool is_plain_number(const char *p) {
    if (*p == '-') p++;
    if (!is_digit(*p)) return false;
    const char *const digits = p;
    if (*p == '0')
        p++;
    else
        while (is_digit(*p)) p++;
    if (p - digits > 18) return false;
    if (*p == '.') {
        if (!is_digit(*++p)) return false;
        while (is_digit(*p)) p++;
    }
    if (*p == 'e' || *p == 'E') {
        p++;
        if (*p == '+' || *p == '-') p++;
        if (!is_digit(*p++)) return false;
        if (is_digit(*p)) p++;
    }
    return ends_scalar(*p);
}

// Equal keys have equal hashes; the other way round is all but sure.
inline uint32_t hash_of(const char *key, size_t size, const char *stop) {
    uint64_t head = 0, tail = 0;
    if (size >= 8) {
        std::memcpy(&head, key, 8);
        std::memcpy(&tail, key + size - 8, 8);
    } else if (size) {
        if (stop - key >= 8)
            std::memcpy(&head, key, 8);
        else
            std::memcpy(&head, key, size);
        head <<= 64 - 8 * size;
    }
    const uint64_t h = (head ^ (tail << 1) ^ size) * 0x9e3779b97f4a7c15u;
    return static_cast<uint32_t>(h >> 32) ^ static_cast<uint32_t>(h >> 12);
}

class grammar {
  public:
    // `sure`: the document parser has taken the text; only the brackets are needed.
    grammar(bfl_json_reader &reader, bool sure)
        : r(reader), base(reader.data), stop(reader.data + reader.size), scanned(reader.data), marks(marks_of(reader)),
          sure(sure), watched(reader.watched_hash) {}

    // The text is one object, or one value when it is sure.
    bool walk() {
        const size_t depth = sure ? r.max_depth + 1 : r.max_depth > 2 ? r.max_depth - 2 : 0;
        uint32_t *ends = r.ends.of(r.marker->n_structural_indexes + 1);
        bracket *const bottom = r.open.of(r.max_depth + 2), *top = bottom, *const full = bottom + depth;
        key = r.keys.of((r.max_depth + 3) * keys_compared);
        const uint32_t *m = marks;
        bool object = false;
        for (;;) {
            const char c = base[m[0]];
            if (c == '{' || c == '[') {
                if (top == full) return false;
                object = c == '{';
                if (top > bottom) top[-1].bits = bits;
                *top++ = {static_cast<uint32_t>(m - marks), first = key, bits = 0};
                m++;
                if (base[m[0]] != (object ? '}' : ']')) {
                    if (object && !take_key(m)) return false;
                    continue;
                }
            } else if (!take_scalar(m)) {
                return false;
            }
            // Behind a value, or before the end of an empty bracket.
            for (;;) {
                if (top == bottom) {
                    look_ahead(stop);
                    return m == marks + r.marker->n_structural_indexes;
                }
                const char after = base[m[0]];
                if (after == ',') {
                    m++;
                    if (object && !take_key(m)) return false;
                    break;
                }
                if (after != (object ? '}' : ']')) return false;
                --top;
                ends[top->mark] = static_cast<uint32_t>(m - marks);
                key = top->keys;
                m++;
                if (top == bottom) continue;
                object = base[marks[top[-1].mark]] == '{';
                first = top[-1].keys;
                bits = top[-1].bits;
            }
        }
    }

  private:
    bfl_json_reader &r;
    const char *const base, *const stop;
    const char *scanned; // no backslash stands before it, but for the first
    const uint32_t *const marks;
    const bool sure;
    const uint32_t watched;
    uint32_t *first = nullptr, *key = nullptr; // those of the innermost object; where the next one goes
    uint64_t bits = 0;                         // one for each of those

    // A key and its colon at m, which is moved behind them.
    INLINE bool take_key(const uint32_t *&m) {
        const char *quote = base + m[0], *colon = base + m[1];
        if (!sure && (*quote != '"' || *colon != ':')) return false;
        const char *closing = closing_quote(quote, colon);
        if (!closing) return false;
        m += 2;
        note_key(quote + 1, static_cast<size_t>(closing - quote) - 1, m);
        return true;
    }

    void note_key(const char *text, size_t size, const uint32_t *value) {
        if (text + size > scanned) look_ahead(text + size);
        const uint32_t hash = hash_of(text, size, stop);
        const uint64_t bit = uint64_t{1} << (hash & 63);
        if ((bits & bit) || r.escape || hash == watched) look_closer(text, size, hash, value);
        bits |= bit;
        if (key - first < static_cast<ptrdiff_t>(keys_compared)) *key++ = hash;
    }

    __attribute__((noinline)) void look_closer(const char *text, size_t size, uint32_t hash, const uint32_t *value) {
        if (std::find(first, key, hash) != key || key - first == static_cast<ptrdiff_t>(keys_compared))
            r.may_repeat = true;
        if (r.escape && std::memchr(text, '\\', size)) r.may_repeat = r.escaped_keys = true;
        if (hash == watched && r.watched.compare(0, r.watched.npos, text, size) == 0) note_turn(value);
    }

    void note_turn(const uint32_t *value) {
        const char *begin = base + value[0];
        std::string_view text(begin, 0);
        if (*begin == '"') {
            const char *closing = closing_quote(begin, base + value[1]);
            if (closing) text = {begin + 1, static_cast<size_t>(closing - begin) - 1};
        }
        const auto mark = static_cast<uint32_t>(value - marks);
        if (!r.turns.empty() && r.turns.back().value == text)
            r.turns.back().last = mark;
        else if (r.turns.size() < most_turns)
            r.turns.push_back({mark, mark, text});
    }

    // Looks for a backslash in the part of the text that comes next, which is so brought near.
    void look_ahead(const char *at) {
        const char *from = scanned;
        scanned = stop - at > at_once ? at + at_once : stop;
        if (!r.escape)
            r.escape = static_cast<const char *>(std::memchr(from, '\\', static_cast<size_t>(scanned - from)));
    }

    bool take_scalar(const uint32_t *&m) {
        const char *p = base + m[0], *next = base + m[1];
        m++;
        if (sure) return true;
        switch (*p) {
        case '"': return closing_quote(p, next) != nullptr;
        case 't':
        case 'f':
        case 'n': return is_scalar(p);
        default: return is_plain_number(p);
        }
    }
};

bool prepare_marker(bfl_json_reader &r) {
    const simdjson::implementation *kernel = simdjson::get_active_implementation();
    if (r.marker && r.kernel == kernel && r.marker->capacity() >= r.size) return true;
    r.marker.reset();
    if (failed(r, kernel->create_dom_parser_implementation(std::max<size_t>(r.size, 4096), 1, r.marker))) return false;
    r.kernel = kernel;
    return true;
}

simdjson::error_code mark_up(bfl_json_reader &r) {
    return r.marker->stage1(reinterpret_cast<const uint8_t *>(r.data), r.size, simdjson::stage1_mode::regular);
}

// The quick way: most texts are objects without a fault.
bool is_good(bfl_json_reader &r) {
    if (mark_up(r) != simdjson::SUCCESS) return false;
    uint32_t *marks = r.marker->structural_indexes.get();
    const uint32_t count = r.marker->n_structural_indexes;
    if (r.data[marks[0]] != '{') return false;
    // Behind the last mark stands the first one: a bracket that fits nowhere there.
    for (uint32_t i = 0; i < 3; i++) marks[count + i] = marks[0];
    if (!grammar(r, false).walk()) return false;
    return !r.escape || !bad_escape(r.escape, r.data + r.size);
}

bfl_json_status status_of(simdjson::error_code code) {
    switch (static_cast<int>(code)) {
    case simdjson::MEMALLOC: return BFL_JSON_NOMEM;
    case simdjson::CAPACITY:
    case simdjson::DEPTH_ERROR: return BFL_JSON_LIMIT;
    default: return BFL_JSON_BAD;
    }
}

// ---- nodes ----

// Keys of one object: few are compared one by one, many through a set.
class key_set {
  public:
    bool is_new(std::string_view key) {
        if (count < few.size()) {
            for (size_t i = 0; i < count; i++)
                if (key == few[i]) return false;
            few[count++] = key;
            return true;
        }
        if (many.empty()) many.insert(few.begin(), few.end());
        return many.insert(key).second;
    }

  private:
    size_t count = 0;
    std::array<std::string_view, 24> few;
    std::set<std::string_view> many;
};

class maker {
  public:
    explicit maker(bfl_json_reader &reader) : r(reader), text(reader.data), marks(marks_of(reader)) {}

    // The value at a mark. Its key is the caller's to set.
    INLINE void fill(bfl_json_node &node, uint32_t mark) {
        const char *begin = text + marks[mark];
        node = {"", "", nullptr, nullptr, &r, mark + 1, 0, BFL_JSON_NULL, false, false, 0, 0};
        switch (*begin) {
        case '{':
        case '[':
            node.type = *begin == '{' ? BFL_JSON_OBJECT : BFL_JSON_ARRAY;
            node.shut = r.ends.get()[mark] > mark + 1;
            break;
        case '"':
            node.type = BFL_JSON_STRING;
            node.text = string_at(mark, &node.size);
            break;
        case 't': node.type = BFL_JSON_TRUE; break;
        case 'f': node.type = BFL_JSON_FALSE; break;
        case 'n': break;
        default:
            node.type = BFL_JSON_NUMBER;
            node.size = static_cast<unsigned>(scalar_end(mark) - begin);
            node.text = copy(begin, node.size);
        }
    }

    void open(bfl_json_node &node) {
        const uint32_t at = node.mark - 1, end = r.ends.get()[at];
        const bool object = node.type == BFL_JSON_OBJECT;
        const bfl_json_node *first = nullptr, **link = &first;
        for (uint32_t m = at + 1; m < end;) {
            bfl_json_node *own = r.nodes.take(1);
            const uint32_t value = object ? m + 2 : m;
            fill(*own, value);
            if (object) {
                unsigned size;
                own->key = string_at(m, &size);
                own->key_first = static_cast<unsigned char>(own->key[0]);
                own->key_size = static_cast<unsigned char>(std::min(size, 255u));
            }
            *link = own;
            link = &own->next;
            m = behind(value) + 1;
        }
        if (object && r.may_repeat) mark_repeated(first);
        node.first = first;
        node.shut = false;
    }

    // The next element is likely as long as the one before: its text and its marks are asked for meanwhile.
    void fetch(uint32_t mark, uint32_t count) const {
        constexpr uint32_t line = 64, most = 2048, step = line / sizeof *marks;
        const uint32_t *ends = r.ends.get(),
                       last = std::min({mark + count, mark + most, r.marker->n_structural_indexes - 1});
        const char *const to = text + std::min(marks[last], marks[mark] + most);
        for (const char *p = text + marks[mark]; p < to; p += line) __builtin_prefetch(p);
        for (uint32_t i = mark; i < last; i += step) {
            __builtin_prefetch(&marks[i]);
            __builtin_prefetch(&ends[i]);
        }
    }

    static void mark_repeated(const bfl_json_node *first) {
        key_set keys;
        for (const bfl_json_node *n = first; n; n = n->next)
            const_cast<bfl_json_node *>(n)->repeated = !keys.is_new(n->key);
    }

    // The value as written: behind its last character.
    const char *value_end(uint32_t mark) const {
        const char c = text[marks[mark]];
        return c == '{' || c == '[' ? text + marks[r.ends.get()[mark]] + 1 : scalar_end(mark);
    }

    // The mark behind a value.
    INLINE uint32_t behind(uint32_t mark) const {
        const char c = text[marks[mark]];
        return (c == '{' || c == '[' ? r.ends.get()[mark] : mark) + 1;
    }

    // Those of all strings: the document parser takes them, and none is a NUL.
    bool escapes_are_good() {
        for (uint32_t m = 0; m < r.marker->n_structural_indexes; m++) {
            if (text[marks[m]] != '"') continue;
            const std::string_view raw = raw_string(m);
            if (raw.find('\\') == raw.npos) continue;
            if (without_escapes(raw).find('\0') != raw.npos) r.why = "a string holds a NUL character";
            if (r.why || r.code != simdjson::SUCCESS) return false;
        }
        return true;
    }

    INLINE std::string_view raw_string(uint32_t mark) const {
        const char *begin = text + marks[mark] + 1;
        return {begin, static_cast<size_t>(scalar_end(mark) - 1 - begin)};
    }

  private:
    bfl_json_reader &r;
    const char *text;
    const uint32_t *marks;

    // Behind the last character of the scalar before the next mark.
    INLINE const char *scalar_end(uint32_t mark) const {
        const char *last = text + marks[mark + 1];
        while (is_space(last[-1])) last--;
        return last;
    }

    // Most are short: no call, but whole steps, into the spare bytes behind.
    INLINE const char *copy(const char *from, size_t size) {
        char *to = r.texts.take(size + 1);
        if (static_cast<size_t>(r.data + r.size - from) >= size + copied_at_once && from >= r.data)
            for (size_t i = 0; i < size; i += copied_at_once) std::memcpy(to + i, from + i, copied_at_once);
        else
            std::memcpy(to, from, size);
        to[size] = '\0';
        return to;
    }

    INLINE const char *string_at(uint32_t mark, unsigned *size) {
        std::string_view raw = raw_string(mark);
        if (r.escape && raw.find('\\') != raw.npos) raw = without_escapes(raw);
        *size = static_cast<unsigned>(raw.size());
        return copy(raw.data(), raw.size());
    }

    // simdjson reads and writes beyond the string.
    __attribute__((noinline)) std::string_view without_escapes(std::string_view raw) {
        if (!r.unescaper.capacity() && r.unescaper.allocate(4096) != simdjson::SUCCESS) throw std::bad_alloc();
        r.raw.assign(raw.size() + 1 + simdjson::SIMDJSON_PADDING, 0);
        r.unescaped.resize(raw.size() + 1 + simdjson::SIMDJSON_PADDING);
        std::memcpy(r.raw.data(), raw.data(), raw.size());
        r.raw[raw.size()] = '"';
        uint8_t *to = r.unescaped.data();
        std::string_view view;
        if (failed(r, r.unescaper.unescape(od::raw_json_string(r.raw.data()), to).get(view))) return {};
        return view;
    }
};

// The document parser says what is wrong, or that nothing is.
bool judged_good(bfl_json_reader &r) {
    if (r.judge.capacity() < r.size || r.judge.max_depth() != r.max_depth)
        if (failed(r, r.judge.allocate(std::max<size_t>(r.size, 4096), r.max_depth))) return false;
    simdjson::dom::element whole;
    if (failed(r, r.judge.parse(r.data, r.size, true).get(whole)) || failed(r, mark_up(r))) return false;
    uint32_t *marks = r.marker->structural_indexes.get();
    for (uint32_t i = 0; i < 2; i++) marks[r.marker->n_structural_indexes + i] = static_cast<uint32_t>(r.size);
    r.may_repeat = r.escaped_keys = false;
    r.turns.clear();
    return grammar(r, true).walk() && (!r.escape || maker(r).escapes_are_good());
}

bfl_json_status read(bfl_json_reader &r, const char *data, size_t size, unsigned max_depth,
                     const bfl_json_node **root) {
    r.data = data;
    r.size = size;
    r.max_depth = max_depth;
    r.nodes.clear();
    r.texts.clear();
    r.why = nullptr;
    r.code = simdjson::SUCCESS;
    r.may_repeat = r.cut_short = r.escaped_keys = false;
    r.escape = nullptr;
    r.turns.clear();
    if (!prepare_marker(r)) return status_of(r.code);
    if (!is_good(r) && !judged_good(r)) return r.why ? BFL_JSON_BAD : status_of(r.code);
    bfl_json_node *node = r.nodes.take(1);
    maker(r).fill(*node, 0);
    *root = node;
    return BFL_JSON_OK;
}

} // namespace

bfl_json_reader *bfl_json_reader_new(void) {
    try {
        return new bfl_json_reader();
    } catch (...) {
        return nullptr;
    }
}

void bfl_json_reader_free(bfl_json_reader *reader) { delete reader; }

bfl_json_status bfl_json_read(bfl_json_reader *reader, const char *data, size_t size, size_t max_bytes,
                              unsigned max_depth, const bfl_json_node **root, char *message, size_t message_size) {
    bfl_json_status status = BFL_JSON_BAD;
    const char *why = "the JSON parser failed";
    try {
        if (size > max_bytes) {
            status = BFL_JSON_LIMIT;
            why = "the JSON text is larger than allowed";
        } else {
            status = read(*reader, data, size, max_depth, root);
            why = reader->why ? reader->why : simdjson::error_message(reader->code);
        }
    } catch (const std::bad_alloc &) {
        status = BFL_JSON_NOMEM;
        why = "out of memory";
    } catch (...) {
        status = BFL_JSON_BAD;
    }
    if (message_size) (void)std::snprintf(message, message_size, "%s", status == BFL_JSON_OK ? "" : why);
    return status;
}

const bfl_json_node *bfl_json_unfold(const bfl_json_node *node) {
    try {
        maker(*node->reader).open(const_cast<bfl_json_node &>(*node));
        return node->first;
    } catch (...) {
        node->reader->cut_short = true;
        return nullptr;
    }
}

bool bfl_json_watch(bfl_json_reader *reader, const char *key) {
    try {
        reader->watched = key;
        reader->turns.reserve(most_turns);
        reader->watched_hash = hash_of(key, reader->watched.size(), key + reader->watched.size());
        return true;
    } catch (...) {
        return false;
    }
}

bool bfl_json_never_says(const bfl_json_node *node, const char *value) {
    if (!node->mark || node->reader->watched.empty() || node->reader->escaped_keys) return false;
    const bfl_json_reader &r = *node->reader;
    if (r.turns.size() == most_turns) return false;
    const uint32_t begin = node->mark - 1, end = maker(*node->reader).behind(begin);
    const auto before = [](const turn &t, uint32_t mark) { return t.last < mark; };
    auto t = std::lower_bound(r.turns.begin(), r.turns.end(), begin, before);
    for (; t != r.turns.end() && t->first < end; ++t)
        if (t->value == value || t->value.find('\\') != t->value.npos) return false;
    return true;
}

size_t bfl_json_most_values(const bfl_json_node *node) {
    if (!node->mark) return SIZE_MAX;
    return maker(*node->reader).behind(node->mark - 1) - (node->mark - 1);
}

size_t bfl_json_held(const bfl_json_reader *reader) { return reader->nodes.bytes() + reader->texts.bytes(); }

bool bfl_json_cut_short(const bfl_json_node *node) { return node->reader && node->reader->cut_short; }

bool bfl_json_may_repeat(const bfl_json_node *node) { return !node->reader || node->reader->may_repeat; }

// ---- element by element ----

bfl_json_elements bfl_json_elements_of(const bfl_json_node *array) {
    bfl_json_elements e = {};
    if (!array) return e;
    if (array->type != BFL_JSON_ARRAY || !array->shut) {
        e.made = array->type == BFL_JSON_ARRAY ? array->first : array;
        return e;
    }
    bfl_json_reader &r = *array->reader;
    e.element.reader = &r;
    e.mark = array->mark;
    e.end = r.ends.get()[array->mark - 1];
    r.nodes.here(&e.places[0], &e.free[0]);
    r.texts.here(&e.places[1], &e.free[1]);
    return e;
}

const bfl_json_node *bfl_json_next(bfl_json_elements *e) {
    if (e->made) {
        const bfl_json_node *node = e->made;
        e->made = node->next;
        return node;
    }
    if (e->mark >= e->end) return nullptr;
    bfl_json_reader &r = *e->element.reader;
    r.nodes.back(e->places[0], e->free[0]);
    r.texts.back(e->places[1], e->free[1]);
    try {
        maker make(r);
        make.fill(e->element, e->mark);
        e->mark = make.behind(e->mark) + 1;
        if (e->mark < e->end) make.fetch(e->mark, e->mark - e->element.mark);
        return &e->element;
    } catch (...) {
        r.cut_short = true;
        return nullptr;
    }
}

bool bfl_json_peek(const bfl_json_node *node, const char *const *path, const char **text, size_t *size) {
    if (!node->mark || node->reader->escaped_keys) return false;
    bfl_json_reader &r = *node->reader;
    const maker look(r);
    const uint32_t *marks = marks_of(r);
    uint32_t at = node->mark - 1;
    *text = nullptr;
    *size = 0;
    for (; *path; path++) {
        if (r.data[marks[at]] != '{') return true;
        const std::string_view wanted = *path;
        const uint32_t end = r.ends.get()[at];
        uint32_t m = at + 1;
        while (m < end && look.raw_string(m) != wanted) m = look.behind(m + 2) + 1;
        if (m >= end) return true;
        at = m + 2;
    }
    if (r.data[marks[at]] == 'n') return true;
    *text = r.data + marks[at];
    *size = static_cast<size_t>(look.value_end(at) - *text);
    return true;
}
