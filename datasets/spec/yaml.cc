#include "datasets/spec/yaml.h"

#include <yaml-cpp/yaml.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"
#include "datasets/file/file.h"

namespace hone::datasets {
namespace {

// yaml-cpp throws; nothing of it leaves this file.
absl::StatusOr<DataFile> Read(const std::string& path,
                              const std::string& text) {
  const YAML::Node root = YAML::Load(text);
  if (!root.IsMap()) {
    return BadData(path, "data file", "a map with the key data");
  }
  DataFile file;
  for (const auto& entry : root) {
    const std::string key = entry.first.as<std::string>();
    const std::string where =
        absl::StrCat(path, ":", entry.first.Mark().line + 1);
    std::string value;
    if (entry.second.IsScalar()) {
      value = entry.second.as<std::string>();
    } else if (entry.second.IsSequence()) {
      for (const YAML::Node& item : entry.second) {
        if (!item.IsScalar()) {
          return BadData(where, key, "a list of plain values");
        }
        absl::StrAppend(&value, value.empty() ? "" : ",",
                        item.as<std::string>());
      }
    } else {
      return BadData(where, key, "a value or a list");
    }
    if (key == "data") {
      file.data = value;
      continue;
    }
    if (absl::Status status = SetKey(key, value, &file.preprocessing);
        !status.ok()) {
      const DataErrorParts parts = PartsOf(status);
      return BadData(where, absl::StrCat("key ", key), parts.expected,
                     parts.found);
    }
  }
  if (file.data.empty()) return BadData(path, "no data", "data: SPEC");
  if (file.preprocessing.labels.has_value()) {
    const std::string beside =
        JoinPath(FolderOf(path), *file.preprocessing.labels);
    if (Exists(beside)) file.preprocessing.labels = beside;
  }
  return file;
}

}  // namespace

absl::StatusOr<DataFile> ReadDataFile(const std::string& path) {
  absl::StatusOr<FileBytes> bytes = MapFile(path);
  if (!bytes.ok()) return bytes.status();
  const std::string text(reinterpret_cast<const char*>(bytes->bytes.data()),
                         bytes->bytes.size());
  try {
    return Read(path, text);
  } catch (const YAML::Exception& error) {
    return BadData(absl::StrCat(path, ":", error.mark.line + 1),
                   absl::StrCat("YAML: ", error.msg));
  }
}

}  // namespace hone::datasets
