// Recipes: YAML (and JSON, which is YAML) read into JSON values.
//
//   absl::StatusOr<YamlMap> recipe = ReadYamlMap("sweep.yaml");
//   recipe->entries[0].key, .line, .value
#ifndef HONE_HARNESS_YAML_YAML_H_
#define HONE_HARNESS_YAML_YAML_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/json/json.h"

namespace hone::harness {

struct YamlEntry {
  std::string key;
  int line = 0;  // counted from 1
  Json value;
};

struct YamlMap {
  std::string file;
  std::vector<YamlEntry> entries;  // in the file's order
};

// Scalars without quotes become numbers, booleans and null where they look like
// them. NotFound: no such file. Bad input (file and line named): no map at the
// top, a key twice, a syntax error, more than 100,000 values.
absl::StatusOr<YamlMap> ReadYamlMap(const std::string& path);
// The same from a text; `file` is for messages.
absl::StatusOr<YamlMap> ParseYamlMap(const std::string& text,
                                     const std::string& file);

}  // namespace hone::harness

#endif  // HONE_HARNESS_YAML_YAML_H_
