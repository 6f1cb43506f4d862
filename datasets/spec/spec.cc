#include "datasets/spec/spec.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "datasets/error/error.h"
#include "datasets/file/file.h"
#include "datasets/sources/arrays.h"
#include "datasets/sources/idx_images.h"
#include "datasets/sources/image_folder.h"
#include "datasets/sources/onnx_folder.h"
#include "datasets/spec/yaml.h"

namespace hone::datasets {
namespace {

using MaybeDataset = absl::StatusOr<std::shared_ptr<const Dataset>>;

constexpr char kForms[] =
    "a.npz, a folder of .npy, pictures or test_data_set_*, "
    "idx:IMAGES,LABELS, random:N or d.yaml";

bool AllDigits(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(c)) return false;
  }
  return true;
}

// Splits "x@a:b". False when there is no such ending ("x@y" is a file's name).
bool SplitRange(absl::string_view* spec, absl::string_view* first,
                absl::string_view* last) {
  const size_t at = spec->rfind('@');
  if (at == absl::string_view::npos) return false;
  const absl::string_view range = spec->substr(at + 1);
  const size_t colon = range.find(':');
  if (colon == absl::string_view::npos) return false;
  *first = range.substr(0, colon);
  *last = range.substr(colon + 1);
  if (!AllDigits(*first) || !AllDigits(*last)) return false;
  *spec = spec->substr(0, at);
  return true;
}

MaybeDataset OpenIdx(absl::string_view files, const std::string& folder,
                     const Preprocessing& preprocessing) {
  const size_t comma = files.find(',');
  const std::string images(files.substr(0, comma));
  const std::string labels(comma == absl::string_view::npos
                               ? absl::string_view()
                               : files.substr(comma + 1));
  if (preprocessing.labels.has_value() || preprocessing.split.has_value()) {
    return BadData("", "idx: data", "no labels or split key");
  }
  return OpenIdxImages(JoinPath(folder, images),
                       labels.empty() ? "" : JoinPath(folder, labels),
                       preprocessing);
}

bool HasNpyFiles(const std::string& folder) {
  const absl::StatusOr<std::vector<std::string>> names = ListFolder(folder);
  if (!names.ok()) return false;
  for (const std::string& name : *names) {
    if (absl::EndsWith(name, ".npy")) return true;
  }
  return false;
}

MaybeDataset OpenFolder(std::string path, const Preprocessing& preprocessing) {
  if (preprocessing.split.has_value()) {
    path = JoinPath(path, *preprocessing.split);
  }
  if (!Exists(path)) {
    return DataError(absl::StatusCode::kNotFound, path,
                     "there is no such folder");
  }
  if (IsOnnxFolder(path)) {
    if (SetsImageKeys(preprocessing)) {
      return BadData(path, "preprocessing keys are for pictures");
    }
    return OpenOnnxFolder(path);
  }
  if (HasNpyFiles(path)) return OpenNpyFolder(path, preprocessing);
  return OpenImageFolder(path, preprocessing);
}

// `folder` is what relative paths are relative to; "" is the working folder.
MaybeDataset OpenPlain(absl::string_view spec, const std::string& folder,
                       const OpenOptions& options) {
  absl::string_view rest = spec;
  if (absl::ConsumePrefix(&rest, "idx:")) {
    return OpenIdx(rest, folder, options.preprocessing);
  }
  if (absl::ConsumePrefix(&rest, "random:")) {
    int64_t count = 0;
    if (!absl::SimpleAtoi(rest, &count) || count < 1) {
      return BadData("", "random data", "random:N with N >= 1", spec);
    }
    return OpenRandom(count, options.signature, options.seed);
  }
  const std::string path = JoinPath(folder, std::string(spec));
  if (IsFolder(path)) return OpenFolder(path, options.preprocessing);
  if (!Exists(path)) {
    return DataError(absl::StatusCode::kNotFound, path,
                     "there is no such file or folder", kForms);
  }
  const std::string lower = absl::AsciiStrToLower(path);
  if (options.preprocessing.split.has_value()) {
    return BadData(path, "key split", "a folder", "a file");
  }
  if (absl::EndsWith(lower, ".npz")) {
    return OpenNpz(path, options.preprocessing);
  }
  if (absl::EndsWith(lower, ".jsonl") || absl::EndsWith(lower, ".txt")) {
    return DataError(absl::StatusCode::kUnimplemented, path,
                     "text data is not read yet", kForms);
  }
  return BadData(path, "data of an unknown form", kForms, spec);
}

MaybeDataset OpenIn(absl::string_view spec, const std::string& folder,
                    const OpenOptions& options, int depth) {
  absl::string_view first, last;
  const bool range = SplitRange(&spec, &first, &last);
  MaybeDataset data;
  const std::string lower = absl::AsciiStrToLower(spec);
  if (absl::EndsWith(lower, ".yaml") || absl::EndsWith(lower, ".yml")) {
    const std::string path = JoinPath(folder, std::string(spec));
    if (depth > 8) return BadData(path, "data files name each other");
    absl::StatusOr<DataFile> file = ReadDataFile(path);
    if (!file.ok()) return file.status();
    OpenOptions inner = options;
    inner.preprocessing = Merge(file->preprocessing, options.preprocessing);
    data = OpenIn(file->data, FolderOf(path), inner, depth + 1);
  } else {
    data = OpenPlain(spec, folder, options);
  }
  if (!data.ok() || !range) return data;
  int64_t from = 0, to = (*data)->size();
  if ((!first.empty() && !absl::SimpleAtoi(first, &from)) ||
      (!last.empty() && !absl::SimpleAtoi(last, &to))) {
    return BadData("", "range of samples", "@a:b");
  }
  MaybeDataset slice = Slice(*data, from, to);
  if (slice.ok()) return slice;
  const DataErrorParts parts = PartsOf(slice.status());
  return BadData(spec, "range of samples", parts.expected, parts.found);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Dataset>> Open(
    absl::string_view spec, const OpenOptions& options) {
  return OpenIn(spec, "", options, 0);
}

}  // namespace hone::datasets
