#include "datasets/sources/idx_images.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "datasets/array/array.h"
#include "datasets/error/error.h"
#include "datasets/idx/idx.h"
#include "datasets/image/image.h"

namespace hone::datasets {
namespace {

class IdxImages : public Dataset {
 public:
  IdxImages(std::string path, Array images, std::vector<int64_t> labels,
            Preprocessing preprocessing)
      : path_(std::move(path)),
        images_(std::move(images)),
        labels_(std::move(labels)),
        preprocessing_(std::move(preprocessing)) {}

  int64_t size() const override { return images_.shape[0]; }
  bool has_targets() const override { return !labels_.empty(); }
  std::string preprocessing() const override {
    return CanonicalText(preprocessing_);
  }

  absl::StatusOr<Sample> Get(int64_t index) const override {
    if (absl::Status status = CheckIndex(index, size()); !status.ok()) {
      return status;
    }
    const Array row = Row(images_, index);
    Image image;
    image.height = static_cast<int>(row.shape[0]);
    image.width = static_cast<int>(row.shape[1]);
    image.channels = row.rank() == 3 ? 3 : 1;
    const absl::Span<const uint8_t> pixels = row.Values<uint8_t>();
    image.pixels.assign(pixels.begin(), pixels.end());
    Sample sample;
    sample.name = absl::StrCat(path_, "[", index, "]");
    absl::StatusOr<Array> input = Preprocess(image, preprocessing_);
    if (!input.ok()) return BadData(sample.name, input.status().message());
    sample.inputs.push_back({"", *std::move(input)});
    if (!labels_.empty()) {
      sample.targets.push_back(
          {"label", FromValues<int64_t>({}, {labels_[index]})});
    }
    return sample;
  }

  absl::StatusOr<std::string> Fingerprint(int64_t index) const override {
    if (absl::Status status = CheckIndex(index, size()); !status.ok()) {
      return status;
    }
    const Array row = Row(images_, index);
    return HashText(absl::StrCat(ShapeToString(row.shape), HashBytes(row.bytes),
                                 labels_.empty() ? 0 : labels_[index]));
  }

 private:
  std::string path_;
  Array images_;
  std::vector<int64_t> labels_;
  Preprocessing preprocessing_;
};

absl::StatusOr<std::vector<int64_t>> ReadLabels(const std::string& path,
                                                int64_t count) {
  absl::StatusOr<Array> array = ReadIdx(path);
  if (!array.ok()) return array.status();
  if (array->rank() != 1 || array->dtype[0] == 'f') {
    return BadData(path, "labels", "integers of one axis",
                   absl::StrCat(array->dtype, ShapeToString(array->shape)));
  }
  if (array->shape[0] != count) {
    return BadData(path, "number of labels", absl::StrCat(count),
                   absl::StrCat(array->shape[0]));
  }
  absl::StatusOr<std::vector<double>> values = ToDoubles(*array);
  if (!values.ok()) return values.status();
  return std::vector<int64_t>(values->begin(), values->end());
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Dataset>> OpenIdxImages(
    const std::string& images, const std::string& labels,
    const Preprocessing& preprocessing) {
  absl::StatusOr<Array> array = ReadIdx(images);
  if (!array.ok()) return array.status();
  const bool color = array->rank() == 4 && array->shape[3] == 3;
  if (array->dtype != "uint8" || (array->rank() != 3 && !color)) {
    return BadData(images, "pictures", "uint8[N, H, W] or uint8[N, H, W, 3]",
                   absl::StrCat(array->dtype, ShapeToString(array->shape)));
  }
  const std::vector<int64_t>& shape = array->shape;
  if (shape[0] < 1 || shape[1] < 1 || shape[2] < 1 || shape[1] > 65536 ||
      shape[2] > 65536) {
    return BadData(images, "size of the pictures", "1 to 65536",
                   ShapeToString(shape));
  }
  std::vector<int64_t> values;
  if (!labels.empty()) {
    absl::StatusOr<std::vector<int64_t>> read = ReadLabels(labels, shape[0]);
    if (!read.ok()) return read.status();
    values = *std::move(read);
  }
  return std::make_shared<IdxImages>(images, *std::move(array),
                                     std::move(values), preprocessing);
}

}  // namespace hone::datasets
