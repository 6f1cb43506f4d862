// JSON objects that keep the order of their keys, as they are printed.
#ifndef HONE_HARNESS_JSON_JSON_H_
#define HONE_HARNESS_JSON_JSON_H_

#include <string>

#include "nlohmann/json.hpp"

namespace hone::harness {

using Json = nlohmann::ordered_json;

// One line; bytes that are no UTF-8 become U+FFFD.
inline std::string ToText(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

// A discarded value (is_discarded()) when `text` is no JSON. Does not throw.
inline Json ParseJson(const std::string& text) {
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

// The same value with every object's keys sorted: equal texts for equal
// contents.
inline std::string CanonicalText(const Json& json) {
  const nlohmann::json sorted = nlohmann::json::parse(ToText(json), nullptr,
                                                      /*allow_exceptions=*/
                                                      false);
  return sorted.dump();
}

}  // namespace hone::harness

#endif  // HONE_HARNESS_JSON_JSON_H_
