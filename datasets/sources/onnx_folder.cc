#include "datasets/sources/onnx_folder.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "datasets/error/error.h"
#include "datasets/file/file.h"

namespace hone::datasets {
namespace {

constexpr absl::string_view kSet = "test_data_set_";

struct Numbered {
  int number;
  std::string path;
};

// Entries PREFIX<number>SUFFIX of a folder, by number.
absl::StatusOr<std::vector<Numbered>> Find(const std::string& folder,
                                           absl::string_view prefix,
                                           absl::string_view suffix) {
  absl::StatusOr<std::vector<std::string>> names = ListFolder(folder);
  if (!names.ok()) return names.status();
  std::vector<Numbered> found;
  for (const std::string& name : *names) {
    absl::string_view rest = name;
    int number = 0;
    if (absl::ConsumePrefix(&rest, prefix) &&
        absl::ConsumeSuffix(&rest, suffix) && absl::SimpleAtoi(rest, &number) &&
        number >= 0) {
      found.push_back({number, JoinPath(folder, name)});
    }
  }
  std::sort(
      found.begin(), found.end(),
      [](const Numbered& a, const Numbered& b) { return a.number < b.number; });
  return found;
}

absl::StatusOr<std::vector<ValueProto>> ReadProtos(const std::string& folder,
                                                   absl::string_view prefix) {
  absl::StatusOr<std::vector<Numbered>> files = Find(folder, prefix, ".pb");
  if (!files.ok()) return files.status();
  std::vector<ValueProto> protos;
  for (const Numbered& file : *files) {
    absl::StatusOr<FileBytes> bytes = MapFile(file.path);
    if (!bytes.ok()) return bytes.status();
    protos.push_back(
        {file.number, file.path,
         std::string(reinterpret_cast<const char*>(bytes->bytes.data()),
                     bytes->bytes.size())});
  }
  return protos;
}

class OnnxFolder : public Dataset {
 public:
  explicit OnnxFolder(std::vector<std::string> folders, bool expected)
      : folders_(std::move(folders)), expected_(expected) {}

  int64_t size() const override {
    return static_cast<int64_t>(folders_.size());
  }
  bool has_targets() const override { return expected_; }

  absl::StatusOr<Sample> Get(int64_t index) const override {
    if (absl::Status status = CheckIndex(index, size()); !status.ok()) {
      return status;
    }
    Sample sample;
    sample.name = folders_[index];
    absl::StatusOr<std::vector<ValueProto>> inputs =
        ReadProtos(folders_[index], "input_");
    if (!inputs.ok()) return inputs.status();
    sample.input_protos = *std::move(inputs);
    absl::StatusOr<std::vector<ValueProto>> outputs =
        ReadProtos(folders_[index], "output_");
    if (!outputs.ok()) return outputs.status();
    sample.expected_protos = *std::move(outputs);
    return sample;
  }

  absl::StatusOr<std::string> Fingerprint(int64_t index) const override {
    absl::StatusOr<Sample> sample = Get(index);
    if (!sample.ok()) return sample.status();
    std::string all;
    for (const ValueProto& proto : sample->input_protos) {
      absl::StrAppend(&all, proto.index, HashText(proto.bytes), "\n");
    }
    return HashText(all);
  }

 private:
  std::vector<std::string> folders_;
  bool expected_;
};

absl::string_view BaseName(absl::string_view path) {
  while (absl::ConsumeSuffix(&path, "/")) {
  }
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

bool IsOnnxFolder(const std::string& path) {
  if (!IsFolder(path)) return false;
  if (absl::StartsWith(BaseName(path), kSet) ||
      Exists(JoinPath(path, "input_0.pb")) ||
      Exists(JoinPath(path, "output_0.pb"))) {
    return true;
  }
  const absl::StatusOr<std::vector<Numbered>> sets = Find(path, kSet, "");
  return sets.ok() && !sets->empty();
}

absl::StatusOr<std::shared_ptr<const Dataset>> OpenOnnxFolder(
    const std::string& path) {
  absl::StatusOr<std::vector<Numbered>> sets = Find(path, kSet, "");
  if (!sets.ok()) return sets.status();
  std::vector<std::string> folders;
  for (const Numbered& set : *sets) folders.push_back(set.path);
  if (folders.empty()) folders.push_back(path);
  bool expected = true;
  for (const std::string& folder : folders) {
    const absl::StatusOr<std::vector<Numbered>> outputs =
        Find(folder, "output_", ".pb");
    if (!outputs.ok()) return outputs.status();
    expected = expected && !outputs->empty();
  }
  return std::make_shared<OnnxFolder>(std::move(folders), expected);
}

}  // namespace hone::datasets
