#include "harness/yaml/yaml.h"

#include <cerrno>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "harness/error/error.h"
#include "yaml-cpp/yaml.h"

namespace hone::harness {
namespace {

constexpr int kMaxValues = 100000;
constexpr int kMaxDepth = 64;
constexpr size_t kMaxBytes = 16 << 20;

std::string Place(const std::string& file, const YAML::Mark& mark) {
  return absl::StrCat(file, ":", mark.line + 1);
}

Json Scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  // Quoted scalars carry the tag "!" and stay strings.
  if (node.Tag() == "!") return text;
  if (text == "true" || text == "True") return true;
  if (text == "false" || text == "False") return false;
  if (text.empty() || text == "~" || text == "null") return nullptr;
  int64_t integer = 0;
  if (absl::SimpleAtoi(text, &integer)) return integer;
  double number = 0;
  const char first = text[0];
  const bool numeric = (first >= '0' && first <= '9') || first == '-' ||
                       first == '+' || first == '.';
  if (numeric && absl::SimpleAtod(text, &number)) return number;
  return text;
}

class Converter {
 public:
  explicit Converter(const std::string& file) : file_(file) {}

  absl::StatusOr<Json> Convert(const YAML::Node& node, int depth) {
    // Aliases may expand without bound, so values are counted as they come.
    if (++values_ > kMaxValues || depth > kMaxDepth) {
      return InputError(Place(file_, node.Mark()), "too much of it",
                        absl::StrCat("at most ", kMaxValues, " values, ",
                                     kMaxDepth, " levels deep"));
    }
    if (node.IsSequence()) {
      Json out = Json::array();
      for (const YAML::Node& item : node) {
        HARNESS_ASSIGN_OR_RETURN(Json value, Convert(item, depth + 1));
        out.push_back(std::move(value));
      }
      return out;
    }
    if (node.IsMap()) {
      Json out = Json::object();
      for (const auto& item : node) {
        HARNESS_ASSIGN_OR_RETURN(const std::string key, Key(item.first));
        if (out.contains(key)) return Twice(item.first, key);
        HARNESS_ASSIGN_OR_RETURN(Json value, Convert(item.second, depth + 1));
        out[key] = std::move(value);
      }
      return out;
    }
    return node.IsScalar() ? Scalar(node) : Json(nullptr);
  }

  absl::StatusOr<std::string> Key(const YAML::Node& node) {
    if (!node.IsScalar()) {
      return InputError(Place(file_, node.Mark()), "a key that is no text");
    }
    return node.Scalar();
  }

  absl::Status Twice(const YAML::Node& node, const std::string& key) {
    return InputError(Place(file_, node.Mark()),
                      absl::StrCat("the key '", key, "' stands twice"));
  }

 private:
  const std::string& file_;
  int values_ = 0;
};

}  // namespace

absl::StatusOr<YamlMap> ParseYamlMap(const std::string& text,
                                     const std::string& file) {
  YamlMap map;
  map.file = file;
  // yaml-cpp reports by exceptions; none leaves this function.
  try {
    const YAML::Node root = YAML::Load(text);
    if (!root.IsMap()) {
      return InputError(file, "not a recipe", "keys and values (KEY: VALUE)",
                        root.IsSequence() ? "a list"
                        : root.IsScalar() ? "a single value"
                                          : "nothing");
    }
    Converter converter(file);
    std::set<std::string> seen;
    for (const auto& item : root) {
      YamlEntry entry;
      HARNESS_ASSIGN_OR_RETURN(entry.key, converter.Key(item.first));
      entry.line = item.first.Mark().line + 1;
      if (!seen.insert(entry.key).second) {
        return converter.Twice(item.first, entry.key);
      }
      HARNESS_ASSIGN_OR_RETURN(entry.value, converter.Convert(item.second, 0));
      map.entries.push_back(std::move(entry));
    }
  } catch (const YAML::Exception& error) {
    return InputError(Place(file, error.mark),
                      absl::StrCat("not YAML: ", error.msg));
  }
  return map;
}

absl::StatusOr<YamlMap> ReadYamlMap(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return IoError(path, "cannot read the recipe", errno);
  std::string text;
  char buffer[65536];
  while (in.read(buffer, sizeof(buffer)) || in.gcount() > 0) {
    text.append(buffer, static_cast<size_t>(in.gcount()));
    if (text.size() > kMaxBytes) {
      return InputError(path, "too large for a recipe", "at most 16 MiB");
    }
  }
  if (in.bad()) return IoError(path, "cannot read the recipe", errno);
  return ParseYamlMap(text, path);
}

}  // namespace hone::harness
