#include "kernels/cpu/int8/gemm/pack.h"

#include <algorithm>
#include <cstring>

namespace hone {
namespace {

// The most that two weights of one sign may add up to: 255 * 128 < 2^15.
constexpr int kMostPair = 128;

}  // namespace

bool SplitSaturatingPair(int8_t* w, int8_t* rest) {
  const int sum = w[0] + w[1];
  if ((w[0] < 0) != (w[1] < 0) || (sum <= kMostPair && sum >= -kMostPair)) {
    return false;
  }
  const int kept = (sum > 0 ? kMostPair : -kMostPair) - w[0];
  rest[1] = static_cast<int8_t>(w[1] - kept);
  w[1] = static_cast<int8_t>(kept);
  return true;
}

std::string Int8Layout::name() const {
  const char* const kinds[] = {"dot4.", "saturating4.", "pairs."};
  return kinds[static_cast<int>(kind)] + std::to_string(lanes);
}

PackedInt8::PackedInt8(const int8_t* w, int64_t groups, int64_t columns,
                       int64_t taps, int64_t depth, Int8Layout layout)
    : groups_(groups),
      columns_(columns),
      taps_(taps),
      depth_(depth),
      layout_(layout) {
  const size_t bytes =
      static_cast<size_t>(groups_ * vectors() * vector_bytes());
  data_ = hwy::AllocateAligned<int8_t>(std::max<size_t>(bytes, 1));
  if (layout_.kind == Int8Layout::Kind::kSaturating4) {
    extras_.resize(static_cast<size_t>(groups_ * vectors()));
  }
  const int64_t k = taps_ * depth_;
  sums_.resize(static_cast<size_t>(groups_ * columns_));
  for (size_t c = 0; c < sums_.size(); ++c) {
    uint32_t sum = 0;
    const int8_t* const column = w + static_cast<int64_t>(c) * k;
    for (int64_t i = 0; i < k; ++i) {
      sum += static_cast<uint32_t>(int32_t{column[i]});
    }
    sums_[c] = static_cast<int32_t>(sum);
  }
  for (int64_t g = 0; g < groups_; ++g) {
    for (int64_t v = 0; v < vectors(); ++v) {
      PackVector(w + g * columns_ * k, g, v);
    }
  }
  bytes_ = bytes + sums_.size() * sizeof(int32_t);
  for (const Extras& extras : extras_) {
    bytes_ +=
        extras.weights.size() + extras.places.size() * sizeof(Extras::Place);
  }
}

void PackedInt8::PackVector(const int8_t* w, int64_t group, int64_t vector) {
  const int64_t k = taps_ * depth_;
  const int64_t lanes = layout_.lanes;
  const int64_t first = vector * lanes;
  const int64_t columns = std::min(lanes, columns_ - first);
  int8_t* const out =
      data_.get() + (group * vectors() + vector) * vector_bytes();
  std::memset(out, 0, static_cast<size_t>(vector_bytes()));
  if (layout_.kind == Int8Layout::Kind::kPairs) {
    int16_t* const pairs = reinterpret_cast<int16_t*>(out);
    for (int64_t c = 0; c < columns; ++c) {
      const int8_t* const from = w + (first + c) * k;
      for (int64_t i = 0; i < k; ++i) {
        pairs[(i / 2 * lanes + c) * 2 + i % 2] = from[i];
      }
    }
    return;
  }
  for (int64_t c = 0; c < columns; ++c) {
    const int8_t* const from = w + (first + c) * k;
    for (int64_t i = 0; i < k; i += 4) {
      std::memcpy(out + (i / 4 * lanes + c) * 4, from + i, 4);
    }
  }
  if (layout_.kind != Int8Layout::Kind::kSaturating4) return;
  Extras& extras = extras_[group * vectors() + vector];
  std::vector<int8_t> rest(static_cast<size_t>(lanes * 4));
  for (int64_t i = 0; i < k; i += 4) {
    int8_t* const four = out + i * lanes;
    bool split = false;
    std::fill(rest.begin(), rest.end(), int8_t{0});
    for (int64_t j = 0; j < lanes * 4; j += 2) {
      split |= SplitSaturatingPair(four + j, rest.data() + j);
    }
    if (!split) continue;
    extras.places.push_back(
        {static_cast<int32_t>(i / depth_), static_cast<int32_t>(i % depth_)});
    extras.weights.insert(extras.weights.end(), rest.begin(), rest.end());
  }
}

}  // namespace hone
