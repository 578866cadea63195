// SPDX-License-Identifier: Apache-2.0
// The document parser checks the whole text (grammar, UTF-8, depth) and finds where each token begins; the tree is made from there,
// with each number as it was written. Everything lives in the reader and is used again. No exception crosses the C face.
#include "simdjson/tree_json.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <set>
#include <string_view>
#include <vector>

namespace {

namespace od = simdjson::ondemand;

// Nodes that never move; their memory is kept for the next text.
class node_store {
  public:
    void clear() {
        block = 0;
        free = end = nullptr;
    }

    bfl_json_node *add() {
        if (free == end) next_block();
        bfl_json_node *node = free++;
        *node = {"", "", nullptr, nullptr, 0, 0, BFL_JSON_NULL, false, 0, 0};
        return node;
    }

  private:
    static constexpr size_t block_nodes = 1024;
    std::vector<std::unique_ptr<bfl_json_node[]>> blocks;
    size_t block = 0; // the next one
    bfl_json_node *free = nullptr, *end = nullptr;

    void next_block() {
        if (block == blocks.size()) blocks.push_back(std::make_unique<bfl_json_node[]>(block_nodes));
        free = blocks[block++].get();
        end = free + block_nodes;
    }
};

} // namespace

struct bfl_json_reader {
    simdjson::dom::parser checker;
    od::parser unescaper;
    std::vector<char>
        padded; // the text; a string without escapes is used where it stands, its closing quote becomes a NUL
    std::vector<uint8_t> texts; // unescaped strings and numbers, each with a NUL: never more than the JSON text itself
    uint8_t *free_text = nullptr;
    node_store nodes;
    const char *why = nullptr;
    simdjson::error_code code = simdjson::SUCCESS;
};

namespace {

bool failed(bfl_json_reader &r, simdjson::error_code code) {
    r.code = code;
    return code != simdjson::SUCCESS;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

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

/*
 * Goes from one token to the next: the checker leaves where each begins (its structural indexes, with the length of the text behind
 * the last). The text has passed the checker, so nothing is checked again, but that no string holds a NUL.
 */
class walker {
  public:
    explicit walker(bfl_json_reader &reader, size_t size)
        : r(reader), text(reader.padded.data()), end(text + size),
          token(reader.checker.implementation->structural_indexes.get()), newline(find_newline(text)),
          escapes(size > 0 && std::memchr(text, '\\', size)) {}

    bool fill(bfl_json_node &node) {
        const char *begin = text + *token++;
        for (; newline < begin; newline = find_newline(newline + 1)) line++;
        node.line = line;
        switch (*begin) {
        case '{': return fill_object(node);
        case '[': return fill_array(node);
        case '"': {
            std::string_view view;
            node.type = BFL_JSON_STRING;
            if (!take_string(begin, view)) return false;
            node.text = view.data();
            node.size = static_cast<unsigned>(view.size());
            return true;
        }
        case 't': node.type = BFL_JSON_TRUE; return true;
        case 'f': node.type = BFL_JSON_FALSE; return true;
        case 'n': node.type = BFL_JSON_NULL; return true;
        default: take_number(begin, node); return true;
        }
    }

  private:
    bfl_json_reader &r;
    char *text;
    const char *end;
    const uint32_t *token; // the next one
    const char *newline;   // the next one, `end` when there is none
    unsigned line = 1;
    const bool escapes; // is there a backslash at all?

    const char *find_newline(const char *from) const {
        const void *found = from < end ? std::memchr(from, '\n', static_cast<size_t>(end - from)) : nullptr;
        return found ? static_cast<const char *>(found) : end;
    }

    // Behind the last character of the scalar before the next token.
    char *scalar_end() const {
        char *last = text + *token;
        while (is_space(last[-1])) last--;
        return last;
    }

    bool take_string(const char *quote, std::string_view &out) {
        char *closing = scalar_end() - 1;
        size_t size = static_cast<size_t>(closing - quote) - 1;
        out = {quote + 1, size};
        if (!escapes || size == 0 || !std::memchr(quote + 1, '\\', size)) {
            *closing = '\0';
            return true;
        }
        od::raw_json_string raw(reinterpret_cast<const uint8_t *>(quote) + 1);
        if (failed(r, r.unescaper.unescape(raw, r.free_text).get(out))) return false;
        *r.free_text++ = 0;
        if (out.find('\0') == std::string_view::npos) return true;
        r.why = "a string holds a NUL character";
        return false;
    }

    void take_number(const char *begin, bfl_json_node &node) {
        size_t size = static_cast<size_t>(scalar_end() - begin);
        node.type = BFL_JSON_NUMBER;
        std::memcpy(r.free_text, begin, size);
        node.text = reinterpret_cast<const char *>(r.free_text);
        node.size = static_cast<unsigned>(size);
        r.free_text[size] = 0;
        r.free_text += size + 1;
    }

    // Past the bracket or the comma before the next member.
    bool goes_on(char bracket) {
        if (text[*token] == ',') token++;
        if (text[*token] != bracket) return true;
        token++;
        return false;
    }

    bool fill_object(bfl_json_node &node) {
        node.type = BFL_JSON_OBJECT;
        const bfl_json_node **link = &node.child;
        key_set keys;
        while (goes_on('}')) {
            std::string_view key;
            bfl_json_node *own = r.nodes.add();
            const char *quote = text + *token++;
            if (!take_string(quote, key)) return false;
            token++; // the colon
            own->key = key.data();
            own->key_first = key.empty() ? 0 : static_cast<unsigned char>(key[0]);
            own->key_size = static_cast<unsigned char>(std::min<size_t>(key.size(), 255));
            own->repeated = !keys.is_new(key);
            *link = own;
            link = &own->next;
            if (!fill(*own)) return false;
        }
        return true;
    }

    bool fill_array(bfl_json_node &node) {
        node.type = BFL_JSON_ARRAY;
        const bfl_json_node **link = &node.child;
        while (goes_on(']')) {
            bfl_json_node *own = r.nodes.add();
            *link = own;
            link = &own->next;
            if (!fill(*own)) return false;
        }
        return true;
    }
};

bfl_json_status status_of(simdjson::error_code code) {
    switch (static_cast<int>(code)) {
    case simdjson::MEMALLOC: return BFL_JSON_NOMEM;
    case simdjson::CAPACITY:
    case simdjson::DEPTH_ERROR: return BFL_JSON_LIMIT;
    default: return BFL_JSON_BAD;
    }
}

void prepare(bfl_json_reader &r, const char *data, size_t size) {
    r.padded.resize(size + simdjson::SIMDJSON_PADDING);
    if (size) std::memcpy(r.padded.data(), data, size);
    std::memset(r.padded.data() + size, 0, simdjson::SIMDJSON_PADDING);
    r.texts.resize(size + 1 + simdjson::SIMDJSON_PADDING);
    r.free_text = r.texts.data();
    r.nodes.clear();
    r.why = nullptr;
    r.code = simdjson::SUCCESS;
}

bfl_json_status read(bfl_json_reader &r, const char *data, size_t size, unsigned max_depth,
                     const bfl_json_node **root) {
    prepare(r, data, size);
    if (r.checker.capacity() < size || r.checker.max_depth() != max_depth)
        if (failed(r, r.checker.allocate(std::max<size_t>(size, 4096), max_depth))) return status_of(r.code);
    simdjson::dom::element whole;
    if (failed(r, r.checker.parse(r.padded.data(), size, false).get(whole))) return status_of(r.code);
    if (!r.unescaper.capacity() && failed(r, r.unescaper.allocate(4096))) return status_of(r.code);
    bfl_json_node *node = r.nodes.add();
    if (!walker(r, size).fill(*node)) return r.why ? BFL_JSON_BAD : status_of(r.code);
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
