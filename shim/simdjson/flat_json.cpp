/* SPDX-License-Identifier: Apache-2.0 */
/*
 * simdjson checks the whole text once with its document parser (strict grammar, UTF-8, depth); the on-demand parser then
 * gives each number as it was written, which the document parser does not keep. No exception crosses the C face.
 */
#include "simdjson/flat_json.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <new>
#include <set>
#include <string>
#include <vector>

namespace {

namespace od = simdjson::ondemand;

struct flat : bfl_json_flat {
    std::vector<bfl_json_item> list;
    std::deque<std::string> texts; // a deque never moves its elements, so items may point into them
};

// Why the walk stopped, for the caller's message.
struct failure {
    simdjson::error_code code = simdjson::SUCCESS;
    std::string text;
};

class walker {
  public:
    walker(const simdjson::padded_string &json, const od::parser &parser, flat &out)
        : begin(json.data()), seen(json.data()), out(out), parser(parser),
          unescaped(json.size() + simdjson::SIMDJSON_PADDING) {}

    // Adds one value and what it holds. Value is a document or a value: both have the same face.
    template <typename Value> bool add(Value &value, const std::string &path, const std::string &key, unsigned depth) {
        od::json_type type;
        std::string_view token;
        if (failed(raw(value, token)) || failed(value.type().get(type))) return false;
        move_to(token);
        switch (type) {
        case od::json_type::object: return add_object(value, path, key, depth);
        case od::json_type::array: return add_array(value, path, key, depth);
        case od::json_type::string: return add_string(value, path, key, depth);
        case od::json_type::number: return add_token(value, path, key, depth, BFL_JSON_NUMBER);
        case od::json_type::boolean: return add_boolean(value, path, key, depth);
        case od::json_type::null: return add_token(value, path, key, depth, BFL_JSON_NULL);
        }
        return false;
    }

    failure why;

  private:
    const char *begin, *seen; // `line` counts the line ends between them, going on from the last call
    unsigned line = 1;
    flat &out;
    const od::parser &parser;
    std::vector<uint8_t> unescaped; // simdjson 3.0 does not check that it got its own buffer

    bool failed(simdjson::error_code code) {
        why.code = code;
        return code != simdjson::SUCCESS;
    }

    simdjson::error_code unescape(od::raw_json_string raw, std::string &text) {
        uint8_t *end = unescaped.data();
        std::string_view view;
        simdjson::error_code code = parser.unescape(raw, end).get(view);
        if (code == simdjson::SUCCESS) text = view;
        return code;
    }

    const char *keep(std::string text) {
        out.texts.push_back(std::move(text));
        return out.texts.back().c_str();
    }

    void put(const std::string &path, const std::string &key, unsigned depth, bfl_json_type type, std::string text) {
        size_t size = text.size();
        out.list.push_back({keep(path), keep(key), keep(std::move(text)), size, depth, line, type});
    }

    void move_to(std::string_view token) {
        if (token.data() < seen) return;
        line += static_cast<unsigned>(std::count(seen, token.data(), '\n'));
        seen = token.data();
    }

    static std::string step(const std::string &path, std::string_view key) {
        std::string result = path + '/';
        for (char c : key) result += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
        return result;
    }

    template <typename Value>
    bool add_object(Value &value, const std::string &path, const std::string &key, unsigned depth) {
        od::object object;
        if (failed(value.get_object().get(object))) return false;
        put(path, key, depth, BFL_JSON_OBJECT, "");
        std::set<std::string, std::less<>> keys;
        for (auto member : object) {
            od::field field;
            std::string own;
            if (failed(std::move(member).get(field)) || failed(unescape(field.key(), own))) return false;
            if (!keys.insert(own).second) {
                why.text = "the key '" + own + "' is there twice";
                return false;
            }
            if (!add(field.value(), step(path, own), own, depth + 1)) return false;
        }
        return true;
    }

    template <typename Value>
    bool add_array(Value &value, const std::string &path, const std::string &key, unsigned depth) {
        od::array array;
        if (failed(value.get_array().get(array))) return false;
        put(path, key, depth, BFL_JSON_ARRAY, "");
        size_t index = 0;
        for (auto element : array) {
            od::value item;
            if (failed(std::move(element).get(item))) return false;
            if (!add(item, path + '/' + std::to_string(index++), "", depth + 1)) return false;
        }
        return true;
    }

    template <typename Value>
    bool add_string(Value &value, const std::string &path, const std::string &key, unsigned depth) {
        od::raw_json_string quoted;
        std::string text;
        if (failed(value.get_raw_json_string().get(quoted)) || failed(unescape(quoted, text))) return false;
        put(path, key, depth, BFL_JSON_STRING, std::move(text));
        return true;
    }

    template <typename Value>
    bool add_boolean(Value &value, const std::string &path, const std::string &key, unsigned depth) {
        bool truth = false;
        if (failed(value.get_bool().get(truth))) return false;
        put(path, key, depth, truth ? BFL_JSON_TRUE : BFL_JSON_FALSE, "");
        return true;
    }

    // A number, or null: the token is enough, the document parser has checked it.
    template <typename Value>
    bool add_token(Value &value, const std::string &path, const std::string &key, unsigned depth, bfl_json_type type) {
        std::string_view token;
        if (failed(raw(value, token))) return false;
        size_t size = token.size();
        while (size > 0 && std::string_view(" \t\r\n").find(token[size - 1]) != std::string_view::npos) size--;
        put(path, key, depth, type, type == BFL_JSON_NUMBER ? std::string(token.substr(0, size)) : std::string());
        return !failed(consume(value, type));
    }

    // Reading the token does not move on-demand forward; taking the value does.
    template <typename Value> static simdjson::error_code consume(Value &value, bfl_json_type type) {
        if (type == BFL_JSON_NULL) return value.is_null() ? simdjson::SUCCESS : simdjson::INCORRECT_TYPE;
        double ignored = 0;
        return value.get_double().get(ignored);
    }

    static simdjson::error_code raw(od::value &value, std::string_view &token) {
        token = value.raw_json_token();
        return simdjson::SUCCESS;
    }
    static simdjson::error_code raw(od::document &document, std::string_view &token) {
        return document.raw_json_token().get(token);
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

// The strict check of the whole text.
simdjson::error_code check(const simdjson::padded_string &json, unsigned max_depth) {
    simdjson::dom::parser parser;
    simdjson::error_code code = parser.allocate(json.size() ? json.size() : 1, max_depth);
    if (code) return code;
    simdjson::dom::element root;
    return parser.parse(json).get(root);
}

bfl_json_status flatten(const simdjson::padded_string &json, unsigned max_depth, flat &out, failure &why) {
    if (!json.data()) return BFL_JSON_NOMEM;
    why.code = check(json, max_depth);
    if (why.code) return status_of(why.code);
    od::parser parser;
    od::document document;
    walker walk(json, parser, out);
    why.code = parser.iterate(json).get(document);
    if (why.code == simdjson::SUCCESS && walk.add(document, "", "", 0)) return BFL_JSON_OK;
    if (why.code == simdjson::SUCCESS) why = walk.why;
    return why.text.empty() ? status_of(why.code) : BFL_JSON_BAD;
}

void say(char *message, size_t size, const char *text) {
    if (size) (void)std::snprintf(message, size, "%s", text);
}

} // namespace

bfl_json_status bfl_json_flatten(const char *data, size_t size, size_t max_bytes, unsigned max_depth,
                                 bfl_json_flat **out, char *message, size_t message_size) {
    if (size > max_bytes) {
        say(message, message_size, "the JSON text is larger than allowed");
        return BFL_JSON_LIMIT;
    }
    flat *result = nullptr;
    bfl_json_status status = BFL_JSON_NOMEM;
    try {
        result = new flat();
        failure why;
        status = flatten(simdjson::padded_string(data, size), max_depth, *result, why);
        if (status != BFL_JSON_OK)
            say(message, message_size, why.text.empty() ? simdjson::error_message(why.code) : why.text.c_str());
    } catch (const std::bad_alloc &) {
        status = BFL_JSON_NOMEM;
        say(message, message_size, "out of memory");
    } catch (...) {
        status = BFL_JSON_BAD;
        say(message, message_size, "the JSON parser failed");
    }
    if (status != BFL_JSON_OK) {
        delete result;
        return status;
    }
    result->items = result->list.data();
    result->count = result->list.size();
    *out = result;
    return BFL_JSON_OK;
}

void bfl_json_free(bfl_json_flat *json) { delete static_cast<flat *>(json); }
