#include "kernels/cpu/int8/depthwise/weights.h"

#include <algorithm>
#include <cstring>

namespace hone {

Int8DepthwiseWeights::Int8DepthwiseWeights(const int8_t* w, int64_t channels,
                                           int64_t taps, Int8Layout layout)
    : channels_(channels), taps_(taps), layout_(layout) {
  const size_t bytes = static_cast<size_t>(blocks() * steps() * kStepVectors *
                                           layout_.lanes * 4);
  const auto allocate = [&] {
    auto made = hwy::AllocateAligned<int8_t>(std::max<size_t>(bytes, 1));
    std::memset(made.get(), 0, bytes);
    return made;
  };
  data_ = allocate();
  bool split = false;
  if (layout_.kind == Int8Layout::Kind::kSaturating4) rest_ = allocate();
  for (int64_t i = 0; i < blocks() * block(); ++i) {
    const int64_t c = ChannelAt(i);
    if (c >= channels_) continue;
    const int64_t lane = i % block();  // vector * lanes + lane
    for (int64_t t = 0; t < taps_; ++t) {
      const int64_t at =
          ((i / block() * steps() + t / step()) * block() + lane) * step() +
          t % step();
      if (step() == 2) {
        reinterpret_cast<int16_t*>(data_.get())[at] = w[c * taps_ + t];
      } else {
        data_[at] = w[c * taps_ + t];
      }
    }
  }
  if (rest_ != nullptr) {
    for (size_t i = 0; i < bytes; i += 2) {
      split |= SplitSaturatingPair(data_.get() + i, rest_.get() + i);
    }
    if (!split) rest_.reset();
  }
  for (int64_t c = 0; c < channels_; ++c) {
    int32_t sum = 0;
    for (int64_t t = 0; t < taps_; ++t) sum += w[c * taps_ + t];
    sums_.push_back(sum);
  }
  bytes_ = bytes * (rest_ == nullptr ? 1 : 2) + sums_.size() * sizeof(int32_t);
}

}  // namespace hone
