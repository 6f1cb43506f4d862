#include "datasets/sources/arrays.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "datasets/array/array.h"
#include "datasets/error/error.h"
#include "datasets/file/file.h"
#include "datasets/npy/npy.h"
#include "datasets/zip/zip.h"

namespace hone::datasets {
namespace {

bool IsTargetName(absl::string_view name) {
  return name == "label" || name == "labels" ||
         absl::StartsWith(name, "label_");
}

void HashArray(const Array& array, std::string* out) {
  absl::StrAppend(out, array.dtype, ShapeToString(array.shape),
                  HashBytes(array.bytes), "\n");
  for (const std::string& text : array.strings) {
    absl::StrAppend(out, HashText(text), "\n");
  }
}

class ArrayDataset : public Dataset {
 public:
  ArrayDataset(std::string path, std::vector<NamedArray> inputs,
               std::vector<NamedArray> targets, int64_t size)
      : path_(std::move(path)),
        inputs_(std::move(inputs)),
        targets_(std::move(targets)),
        size_(size) {}

  int64_t size() const override { return size_; }
  bool has_targets() const override { return !targets_.empty(); }

  absl::StatusOr<Sample> Get(int64_t index) const override {
    if (absl::Status status = CheckIndex(index, size_); !status.ok()) {
      return status;
    }
    Sample sample;
    sample.name = absl::StrCat(path_, "[", index, "]");
    for (const NamedArray& a : inputs_) {
      sample.inputs.push_back({a.name, Row(a.array, index)});
    }
    for (const NamedArray& a : targets_) {
      sample.targets.push_back({a.name, Row(a.array, index)});
    }
    return sample;
  }

  absl::StatusOr<std::string> Fingerprint(int64_t index) const override {
    if (absl::Status status = CheckIndex(index, size_); !status.ok()) {
      return status;
    }
    std::string all;
    for (const std::vector<NamedArray>* arrays : {&inputs_, &targets_}) {
      for (const NamedArray& a : *arrays) {
        absl::StrAppend(&all, a.name, " ");
        HashArray(Row(a.array, index), &all);
      }
    }
    return HashText(all);
  }

 private:
  std::string path_;
  std::vector<NamedArray> inputs_;
  std::vector<NamedArray> targets_;
  int64_t size_;
};

absl::StatusOr<std::shared_ptr<const Dataset>> FromArrays(
    const std::string& path, std::vector<NamedArray> arrays,
    const Preprocessing& preprocessing) {
  if (SetsImageKeys(preprocessing)) {
    return BadData(path,
                   "resize, crop, color, layout, mean, scale and dtype "
                   "are for pictures",
                   "arrays ready for the model");
  }
  std::vector<NamedArray> inputs, targets;
  std::vector<std::string> names;
  for (NamedArray& a : arrays) {
    const bool target = preprocessing.labels.has_value()
                            ? a.name == *preprocessing.labels
                            : IsTargetName(a.name);
    names.push_back(a.name);
    if (a.array.rank() < 1) {
      return BadData(path, absl::StrCat("array ", a.name),
                     "a first axis of samples", "a scalar");
    }
    (target ? targets : inputs).push_back(std::move(a));
  }
  if (preprocessing.labels.has_value() && targets.empty()) {
    return BadData(path, "no target of that name", absl::StrJoin(names, ", "),
                   *preprocessing.labels);
  }
  if (inputs.empty()) {
    return BadData(path, "no input for a model", "one array per input",
                   absl::StrCat("[", absl::StrJoin(names, ", "), "]"));
  }
  const int64_t size = inputs[0].array.shape[0];
  for (const std::vector<NamedArray>* group : {&inputs, &targets}) {
    for (const NamedArray& a : *group) {
      if (a.array.shape[0] == size) continue;
      return BadData(
          path, absl::StrCat("samples of array ", a.name, " (the first axis)"),
          absl::StrCat(size, " as ", inputs[0].name, " has"),
          absl::StrCat(a.array.shape[0]));
    }
  }
  if (size == 0) return BadData(path, "no samples", "a first axis above 0");
  if (inputs.size() == 1) inputs[0].name = "";
  return std::make_shared<ArrayDataset>(path, std::move(inputs),
                                        std::move(targets), size);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Dataset>> OpenNpz(
    const std::string& path, const Preprocessing& preprocessing) {
  absl::StatusOr<ZipFile> zip = ZipFile::Open(path);
  if (!zip.ok()) return zip.status();
  std::vector<NamedArray> arrays;
  for (const ZipMember& member : zip->members()) {
    absl::string_view name = member.name;
    if (!absl::EndsWith(name, ".npy")) {
      return BadData(path, "member of the archive", "NAME.npy", name);
    }
    name.remove_suffix(4);
    absl::StatusOr<FileBytes> bytes = zip->Read(member);
    if (!bytes.ok()) return bytes.status();
    absl::StatusOr<Array> array =
        ParseNpy(*bytes, absl::StrCat(path, ":", member.name));
    if (!array.ok()) return array.status();
    arrays.push_back({std::string(name), *std::move(array)});
  }
  return FromArrays(path, std::move(arrays), preprocessing);
}

absl::StatusOr<std::shared_ptr<const Dataset>> OpenNpyFolder(
    const std::string& path, const Preprocessing& preprocessing) {
  absl::StatusOr<std::vector<std::string>> files = ListFolder(path);
  if (!files.ok()) return files.status();
  std::vector<NamedArray> arrays;
  for (const std::string& file : *files) {
    if (!absl::EndsWith(file, ".npy")) continue;
    absl::StatusOr<Array> array = ReadNpy(JoinPath(path, file));
    if (!array.ok()) return array.status();
    arrays.push_back({file.substr(0, file.size() - 4), *std::move(array)});
  }
  return FromArrays(path, std::move(arrays), preprocessing);
}

}  // namespace hone::datasets
