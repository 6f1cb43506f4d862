#include "datasets/sources/image_folder.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "datasets/array/array.h"
#include "datasets/error/error.h"
#include "datasets/file/file.h"
#include "datasets/image/image.h"

namespace hone::datasets {
namespace {

constexpr int64_t kNoClass = -1;

struct Entry {
  std::string file;
  int64_t label = kNoClass;
};

class ImageFolder : public Dataset {
 public:
  ImageFolder(std::vector<Entry> entries, bool labelled,
              Preprocessing preprocessing)
      : entries_(std::move(entries)),
        labelled_(labelled),
        preprocessing_(std::move(preprocessing)) {}

  int64_t size() const override {
    return static_cast<int64_t>(entries_.size());
  }
  bool has_targets() const override { return labelled_; }
  std::string preprocessing() const override {
    return CanonicalText(preprocessing_);
  }

  absl::StatusOr<Sample> Get(int64_t index) const override {
    if (absl::Status status = CheckIndex(index, size()); !status.ok()) {
      return status;
    }
    const Entry& entry = entries_[index];
    absl::StatusOr<FileBytes> file = MapFile(entry.file);
    if (!file.ok()) return file.status();
    absl::StatusOr<Image> image = DecodeImage(file->bytes, entry.file);
    if (!image.ok()) return image.status();
    absl::StatusOr<Array> input = Preprocess(*image, preprocessing_);
    if (!input.ok()) return BadData(entry.file, input.status().message());
    Sample sample;
    sample.name = entry.file;
    sample.inputs.push_back({"", *std::move(input)});
    if (labelled_) {
      sample.targets.push_back(
          {"label", FromValues<int64_t>({}, {entry.label})});
    }
    return sample;
  }

  absl::StatusOr<std::string> Fingerprint(int64_t index) const override {
    if (absl::Status status = CheckIndex(index, size()); !status.ok()) {
      return status;
    }
    absl::StatusOr<FileBytes> file = MapFile(entries_[index].file);
    if (!file.ok()) return file.status();
    return HashText(
        absl::StrCat(HashBytes(file->bytes), entries_[index].label));
  }

 private:
  std::vector<Entry> entries_;
  bool labelled_;
  Preprocessing preprocessing_;
};

absl::StatusOr<std::vector<Entry>> ReadCsv(const std::string& csv) {
  absl::StatusOr<FileBytes> bytes = MapFile(csv);
  if (!bytes.ok()) return bytes.status();
  const absl::string_view text(
      reinterpret_cast<const char*>(bytes->bytes.data()), bytes->bytes.size());
  const std::string folder = FolderOf(csv);
  std::vector<Entry> entries;
  std::vector<std::string> classes;
  std::map<std::string, int64_t> numbers;
  bool whole = true;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || (number == 1 && line == "file,class")) continue;
    const size_t comma = line.rfind(',');
    const absl::string_view file =
        absl::StripAsciiWhitespace(line.substr(0, comma));
    if (comma == absl::string_view::npos || file.empty() ||
        comma + 1 == line.size()) {
      return BadData(absl::StrCat(csv, ":", number), "line", "file,class",
                     line);
    }
    const std::string name(absl::StripAsciiWhitespace(line.substr(comma + 1)));
    int64_t value = 0;
    whole = whole && absl::SimpleAtoi(name, &value) && value >= 0;
    entries.push_back({JoinPath(folder, std::string(file)), value});
    classes.push_back(name);
    numbers[name] = 0;
  }
  if (!whole) {
    int64_t next = 0;
    for (auto& [name, value] : numbers) value = next++;
    for (size_t i = 0; i < entries.size(); ++i) {
      entries[i].label = numbers[classes[i]];
    }
  }
  if (entries.empty()) return BadData(csv, "no pictures are named");
  return entries;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Dataset>> OpenImageFolder(
    const std::string& path, const Preprocessing& preprocessing) {
  absl::StatusOr<std::vector<std::string>> names = ListFolder(path);
  if (!names.ok()) return names.status();
  if (Exists(JoinPath(path, "annotations.json"))) {
    return DataError(absl::StatusCode::kUnimplemented,
                     JoinPath(path, "annotations.json"),
                     "COCO annotations are not read yet", "labels.csv");
  }
  const std::string csv =
      preprocessing.labels.value_or(JoinPath(path, "labels.csv"));
  if (preprocessing.labels.has_value() || Exists(csv)) {
    absl::StatusOr<std::vector<Entry>> entries = ReadCsv(csv);
    if (!entries.ok()) return entries.status();
    return std::make_shared<ImageFolder>(*std::move(entries), true,
                                         preprocessing);
  }
  std::vector<Entry> loose, classed;
  int64_t classes = 0;
  for (const std::string& name : *names) {
    const std::string full = JoinPath(path, name);
    if (name[0] == '.') continue;
    if (!IsFolder(full)) {
      if (HasImageName(name)) loose.push_back({full, kNoClass});
      continue;
    }
    absl::StatusOr<std::vector<std::string>> files = ListFolder(full);
    if (!files.ok()) return files.status();
    for (const std::string& file : *files) {
      if (HasImageName(file))
        classed.push_back({JoinPath(full, file), classes});
    }
    ++classes;
  }
  if (!loose.empty() && !classed.empty()) {
    return BadData(
        path, "pictures beside class folders",
        "all pictures in folders, or none",
        absl::StrCat(loose.size(), " beside, ", classed.size(), " inside"));
  }
  const bool labelled = !classed.empty();
  std::vector<Entry>& entries = labelled ? classed : loose;
  if (entries.empty()) {
    return BadData(path, "no data in the folder",
                   "pictures, .npy files or test_data_set_* folders",
                   absl::StrCat(names->size(), " other entries"));
  }
  return std::make_shared<ImageFolder>(std::move(entries), labelled,
                                       preprocessing);
}

}  // namespace hone::datasets
