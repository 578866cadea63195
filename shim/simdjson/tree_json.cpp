// SPDX-License-Identifier: Apache-2.0
// As flat_json.cpp: the document parser checks the whole text (grammar, UTF-8, depth), the on-demand parser gives each number
// as it was written. Everything lives in the reader and is used again. No exception crosses the C face.
#include "simdjson/tree_json.h"

#include <simdjson.h>

#include <algorithm>
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
    void clear() { used = 0; }

    bfl_json_node *add() {
        if (used == blocks.size() * block_nodes) blocks.push_back(std::make_unique<bfl_json_node[]>(block_nodes));
        bfl_json_node *node = &blocks[used / block_nodes][used % block_nodes];
        used++;
        *node = {"", "", nullptr, nullptr, 0, 0, BFL_JSON_NULL, false};
        return node;
    }

  private:
    static constexpr size_t block_nodes = 1024;
    std::vector<std::unique_ptr<bfl_json_node[]>> blocks;
    size_t used = 0;
};

} // namespace

struct bfl_json_reader {
    simdjson::dom::parser checker;
    od::parser parser;
    std::vector<char> padded;
    std::vector<uint8_t> texts; // unescaped strings and numbers, each with a NUL: never more than the JSON text itself
    uint8_t *free_text = nullptr;
    node_store nodes;
    const char *seen = nullptr; // `line` counts the line ends before it
    unsigned line = 1;
    const char *why = nullptr;
    simdjson::error_code code = simdjson::SUCCESS;
};

namespace {

bool failed(bfl_json_reader &r, simdjson::error_code code) {
    r.code = code;
    return code != simdjson::SUCCESS;
}

void move_to(bfl_json_reader &r, std::string_view token) {
    if (token.data() < r.seen) return;
    r.line += static_cast<unsigned>(std::count(r.seen, token.data(), '\n'));
    r.seen = token.data();
}

// Unescapes behind the texts so far.
bool keep_string(bfl_json_reader &r, od::raw_json_string raw, const char **text, unsigned *size) {
    uint8_t *begin = r.free_text;
    std::string_view view;
    if (failed(r, r.parser.unescape(raw, r.free_text).get(view))) return false;
    if (view.find('\0') != std::string_view::npos) {
        r.why = "a string holds a NUL character";
        return false;
    }
    *r.free_text++ = 0;
    *text = reinterpret_cast<const char *>(begin);
    *size = static_cast<unsigned>(view.size());
    return true;
}

void keep_token(bfl_json_reader &r, std::string_view token, bfl_json_node &node) {
    size_t size = token.size();
    while (size > 0 && std::string_view(" \t\r\n").find(token[size - 1]) != std::string_view::npos) size--;
    std::memcpy(r.free_text, token.data(), size);
    node.text = reinterpret_cast<const char *>(r.free_text);
    node.size = static_cast<unsigned>(size);
    r.free_text[size] = 0;
    r.free_text += size + 1;
}

std::string_view raw(od::value &value) { return value.raw_json_token(); }

std::string_view raw(od::document &document) {
    std::string_view token;
    return document.raw_json_token().get(token) ? std::string_view() : token;
}

template <typename Value> bool fill(bfl_json_reader &r, Value &value, bfl_json_node &node);

// Keys of one object: few are compared one by one, many through a set.
class key_set {
  public:
    bool is_new(const bfl_json_node &first, const bfl_json_node &node) {
        static constexpr size_t few = 24;
        std::string_view key = node.key;
        if (++count <= few) {
            for (const bfl_json_node *n = &first; n != &node; n = n->next)
                if (key == n->key) return false;
            return true;
        }
        if (many.empty())
            for (const bfl_json_node *n = &first; n != &node; n = n->next) many.insert(n->key);
        return many.insert(key).second;
    }

  private:
    size_t count = 0;
    std::set<std::string_view> many;
};

template <typename Value> bool fill_object(bfl_json_reader &r, Value &value, bfl_json_node &node) {
    od::object object;
    if (failed(r, value.get_object().get(object))) return false;
    node.type = BFL_JSON_OBJECT;
    const bfl_json_node **link = &node.child;
    key_set keys;
    for (auto member : object) {
        od::field field;
        unsigned ignored = 0;
        if (failed(r, std::move(member).get(field))) return false;
        bfl_json_node *own = r.nodes.add();
        if (!keep_string(r, field.key(), &own->key, &ignored)) return false;
        *link = own;
        own->repeated = !keys.is_new(*node.child, *own);
        link = &own->next;
        if (!fill(r, field.value(), *own)) return false;
    }
    return true;
}

template <typename Value> bool fill_array(bfl_json_reader &r, Value &value, bfl_json_node &node) {
    od::array array;
    if (failed(r, value.get_array().get(array))) return false;
    node.type = BFL_JSON_ARRAY;
    const bfl_json_node **link = &node.child;
    for (auto element : array) {
        od::value item;
        if (failed(r, std::move(element).get(item))) return false;
        bfl_json_node *own = r.nodes.add();
        *link = own;
        link = &own->next;
        if (!fill(r, item, *own)) return false;
    }
    return true;
}

template <typename Value> bool fill_string(bfl_json_reader &r, Value &value, bfl_json_node &node) {
    od::raw_json_string quoted;
    if (failed(r, value.get_raw_json_string().get(quoted))) return false;
    node.type = BFL_JSON_STRING;
    return keep_string(r, quoted, &node.text, &node.size);
}

template <typename Value> bool fill_number(bfl_json_reader &r, Value &value, bfl_json_node &node) {
    double ignored = 0;
    node.type = BFL_JSON_NUMBER;
    keep_token(r, raw(value), node);
    return !failed(r, value.get_double().get(ignored)); // taking the value moves on-demand forward
}

template <typename Value> bool fill(bfl_json_reader &r, Value &value, bfl_json_node &node) {
    od::json_type type;
    bool truth = false;
    move_to(r, raw(value));
    node.line = r.line;
    if (failed(r, value.type().get(type))) return false;
    switch (type) {
    case od::json_type::object: return fill_object(r, value, node);
    case od::json_type::array: return fill_array(r, value, node);
    case od::json_type::string: return fill_string(r, value, node);
    case od::json_type::number: return fill_number(r, value, node);
    case od::json_type::boolean:
        if (failed(r, value.get_bool().get(truth))) return false;
        node.type = truth ? BFL_JSON_TRUE : BFL_JSON_FALSE;
        return true;
    case od::json_type::null:
        node.type = BFL_JSON_NULL;
        return !failed(r, value.is_null() ? simdjson::SUCCESS : simdjson::INCORRECT_TYPE);
    }
    return false;
}

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
    r.seen = r.padded.data();
    r.line = 1;
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
    od::document document;
    if (failed(r, r.parser.iterate(r.padded.data(), size, r.padded.size()).get(document))) return status_of(r.code);
    bfl_json_node *node = r.nodes.add();
    if (!fill(r, document, *node)) return r.why ? BFL_JSON_BAD : status_of(r.code);
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
