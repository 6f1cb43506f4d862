#include "datasets/sources/random.h"

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "datasets/array/array.h"
#include "datasets/error/error.h"

namespace hone::datasets {
namespace {

// SplitMix64 (Steele et al. 2014), by position: element i of stream s.
uint64_t Mix(uint64_t z) {
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

template <typename T>
void Store(T value, std::byte* to) {
  std::memcpy(to, &value, sizeof(value));
}

void FillRandom(const std::string& dtype, uint64_t stream,
                absl::Span<std::byte> bytes) {
  const size_t width = ElementBytes(dtype);
  for (size_t i = 0; i * width < bytes.size(); ++i) {
    const uint64_t bits = Mix(stream + Mix(i));
    std::byte* const to = &bytes[i * width];
    // 8 random bits are exact in every float type, bfloat16 included, so all of
    // them see values below 1; wider types get as many bits as they hold.
    if (dtype == "float32") {
      Store(static_cast<float>(bits >> 40) * 0x1p-24f, to);
    } else if (dtype == "float64") {
      Store(static_cast<double>(bits >> 11) * 0x1p-53, to);
    } else if (dtype == "float16") {
      Store(HalfFromFloat(static_cast<float>(bits >> 53) * 0x1p-11f), to);
    } else if (dtype == "bfloat16") {
      const float value = static_cast<float>(bits >> 56) * 0x1p-8f;
      uint32_t word;
      std::memcpy(&word, &value, sizeof(word));
      Store(static_cast<uint16_t>(word >> 16), to);
    } else if (width == 1 && dtype != "bool") {
      Store(static_cast<uint8_t>(bits >> 56), to);
    } else {
      *to = static_cast<std::byte>(bits >> 63);  // little-endian 0 or 1
    }
  }
}

class RandomDataset : public Dataset {
 public:
  RandomDataset(int64_t count, std::vector<InputSignature> signature,
                uint64_t seed)
      : count_(count), signature_(std::move(signature)), seed_(seed) {}

  int64_t size() const override { return count_; }
  bool has_targets() const override { return false; }
  bool synthetic() const override { return true; }

  absl::StatusOr<Sample> Get(int64_t index) const override {
    if (absl::Status status = CheckIndex(index, count_); !status.ok()) {
      return status;
    }
    Sample sample;
    sample.name = absl::StrCat("random[", index, "]");
    for (size_t k = 0; k < signature_.size(); ++k) {
      const InputSignature& input = signature_[k];
      absl::Span<std::byte> bytes;
      absl::StatusOr<Array> array = Allocate(input.dtype, input.shape, &bytes);
      if (!array.ok()) return BadData(input.name, array.status().message());
      FillRandom(input.dtype,
                 Mix(seed_ + Mix(static_cast<uint64_t>(index) * 1024 + k)),
                 bytes);
      sample.inputs.push_back({input.name, *std::move(array)});
    }
    return sample;
  }

  absl::StatusOr<std::string> Fingerprint(int64_t index) const override {
    if (absl::Status status = CheckIndex(index, count_); !status.ok()) {
      return status;
    }
    std::string all = absl::StrCat("random ", seed_, " ", index);
    for (const InputSignature& input : signature_) {
      absl::StrAppend(&all, "\n", input.name, " ", input.dtype,
                      ShapeToString(input.shape));
    }
    return HashText(all);
  }

 private:
  int64_t count_;
  std::vector<InputSignature> signature_;
  uint64_t seed_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const Dataset>> OpenRandom(
    int64_t count, std::vector<InputSignature> signature, uint64_t seed) {
  for (InputSignature& input : signature) {
    if (ElementBytes(input.dtype) == 0 || absl::StartsWith(input.dtype, "c")) {
      return DataError(absl::StatusCode::kUnimplemented, "",
                       absl::StrCat("random data for input ", input.name),
                       "a float, integer or boolean dtype", input.dtype);
    }
    for (int64_t& extent : input.shape) {
      if (extent < 0) extent = 1;
    }
  }
  return std::make_shared<RandomDataset>(count, std::move(signature), seed);
}

}  // namespace hone::datasets
