#include "datasets/dataset/dataset.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "datasets/error/error.h"

namespace hone::datasets {
namespace {

class Picked : public Dataset {
 public:
  Picked(std::shared_ptr<const Dataset> data, std::vector<int64_t> indices)
      : data_(std::move(data)), indices_(std::move(indices)) {}

  int64_t size() const override {
    return static_cast<int64_t>(indices_.size());
  }
  absl::StatusOr<Sample> Get(int64_t index) const override {
    if (absl::Status status = CheckIndex(index, size()); !status.ok()) {
      return status;
    }
    return data_->Get(indices_[index]);
  }
  absl::StatusOr<std::string> Fingerprint(int64_t index) const override {
    if (absl::Status status = CheckIndex(index, size()); !status.ok()) {
      return status;
    }
    return data_->Fingerprint(indices_[index]);
  }
  std::string preprocessing() const override { return data_->preprocessing(); }
  bool has_targets() const override { return data_->has_targets(); }
  bool synthetic() const override { return data_->synthetic(); }

 private:
  std::shared_ptr<const Dataset> data_;
  std::vector<int64_t> indices_;
};

// SplitMix64 (Steele et al. 2014): every platform draws the same numbers.
uint64_t NextRandom(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

absl::StatusOr<std::string> Identity(const Dataset& data) {
  std::string all = absl::StrCat(data.preprocessing(), "\n");
  for (int64_t i = 0; i < data.size(); ++i) {
    absl::StatusOr<std::string> one = data.Fingerprint(i);
    if (!one.ok()) return one.status();
    absl::StrAppend(&all, *one, "\n");
  }
  return HashText(all);
}

absl::StatusOr<std::shared_ptr<const Dataset>> Slice(
    std::shared_ptr<const Dataset> data, int64_t first, int64_t last) {
  if (first < 0 || first >= last || last > data->size()) {
    return BadData("", "range of samples",
                   absl::StrCat("@a:b with 0 <= a < b <= ", data->size()),
                   absl::StrCat("@", first, ":", last));
  }
  std::vector<int64_t> indices;
  for (int64_t i = first; i < last; ++i) indices.push_back(i);
  return std::make_shared<Picked>(std::move(data), std::move(indices));
}

std::shared_ptr<const Dataset> Subset(std::shared_ptr<const Dataset> data,
                                      int64_t count, uint64_t seed) {
  const int64_t size = data->size();
  if (count >= size) return data;
  std::vector<int64_t> indices;
  uint64_t state = seed;
  // Part i is [i * size / count, (i + 1) * size / count); the products are
  // split so that they cannot overflow.
  const int64_t whole = size / count, rest = size % count;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t first = i * whole + i * rest / count;
    const int64_t last = (i + 1) * whole + (i + 1) * rest / count;
    indices.push_back(
        first + static_cast<int64_t>(NextRandom(&state) %
                                     static_cast<uint64_t>(last - first)));
  }
  return std::make_shared<Picked>(std::move(data), std::move(indices));
}

std::string HashBytes(absl::Span<const std::byte> bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return absl::StrFormat("%016x%016x", hash.high64, hash.low64);
}

std::string HashText(absl::string_view text) {
  return HashBytes(absl::MakeConstSpan(
      reinterpret_cast<const std::byte*>(text.data()), text.size()));
}

absl::Status CheckIndex(int64_t index, int64_t size) {
  if (index >= 0 && index < size) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("no sample ", index, ": there are ", size));
}

}  // namespace hone::datasets
