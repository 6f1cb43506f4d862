#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "harness/store/store.h"

namespace hone::harness {
namespace {

constexpr size_t kMost = 5;
constexpr size_t kLongest = 120;

std::string Short(const Json& value) {
  std::string text = ToText(value);
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  return text;
}

void Compare(const std::string& place, const Json& study, const Json& now,
             std::vector<std::string>* out) {
  if (out->size() >= kMost || CanonicalText(study) == CanonicalText(now)) {
    return;
  }
  if (!study.is_object() || !now.is_object()) {
    out->push_back(absl::StrCat(place, ": the study has ", Short(study),
                                ", now it is ", Short(now)));
    return;
  }
  std::set<std::string> keys;
  for (const auto& item : study.items()) keys.insert(item.key());
  for (const auto& item : now.items()) keys.insert(item.key());
  for (const std::string& key : keys) {
    const std::string inner = place.empty() ? key : place + "." + key;
    Compare(inner, study.value(key, Json(nullptr)),
            now.value(key, Json(nullptr)), out);
  }
}

}  // namespace

std::vector<std::string> Differences(const Json& study, const Json& now) {
  std::vector<std::string> out;
  Compare("", study, now, &out);
  return out;
}

}  // namespace hone::harness
