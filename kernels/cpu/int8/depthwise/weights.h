// Depthwise weights in the order in which depthwise.h reads them.
//
// Channels go in blocks of 4 * lanes; the last block ends with the last
// channel, so it may overlap the one before. Interleaving the bytes of four
// taps leaves channel 16 * (l / 4) + 4 * j + l % 4 of a block in lane l of
// vector j, on every width; weights are [block][four taps][j][lane][4] bytes,
// or [block][two taps][j][lane][2] int16 (Int8Layout::Kind::kPairs).
#ifndef HONE_KERNELS_CPU_INT8_DEPTHWISE_WEIGHTS_H_
#define HONE_KERNELS_CPU_INT8_DEPTHWISE_WEIGHTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hwy/aligned_allocator.h"
#include "kernels/cpu/int8/gemm/pack.h"

namespace hone {

class Int8DepthwiseWeights {
 public:
  // w: [channels, taps], as in the model. layout: CurrentInt8Layout().
  Int8DepthwiseWeights(const int8_t* w, int64_t channels, int64_t taps,
                       Int8Layout layout);

  int64_t channels() const { return channels_; }
  int64_t taps() const { return taps_; }
  const Int8Layout& layout() const { return layout_; }
  int64_t block() const { return 4 * layout_.lanes; }
  int64_t blocks() const { return (channels_ + block() - 1) / block(); }
  // The first channel of a block.
  int64_t start(int64_t b) const {
    const int64_t last = channels_ - block();
    return last <= 0 ? 0 : (b * block() < last ? b * block() : last);
  }
  int64_t step() const {  // taps that are multiplied together
    return layout_.kind == Int8Layout::Kind::kPairs ? 2 : 4;
  }
  int64_t steps() const { return (taps_ + step() - 1) / step(); }
  const int8_t* data(int64_t b) const {
    return data_.get() + b * steps() * kStepVectors * layout_.lanes * 4;
  }
  // The rest of pairs that saturate (pack.h), like data(); null without any.
  const int8_t* rest(int64_t b) const {
    return rest_ == nullptr
               ? nullptr
               : rest_.get() + b * steps() * kStepVectors * layout_.lanes * 4;
  }
  int32_t channel_sum(int64_t c) const { return sums_[c]; }
  size_t bytes() const { return bytes_; }

  // One value a channel in the order of blocks, vectors and lanes, zeros where
  // a block has no channel.
  template <typename T>
  std::vector<T> Arrange(const T* values) const {
    std::vector<T> out(static_cast<size_t>(blocks() * block()));
    for (int64_t i = 0; i < blocks() * block(); ++i) {
      const int64_t c = ChannelAt(i);
      if (c < channels_) out[static_cast<size_t>(i)] = values[c];
    }
    return out;
  }

 private:
  static constexpr int64_t kStepVectors = 4;

  int64_t ChannelAt(int64_t i) const {
    const int64_t in_block = i % block();
    const int64_t vector = in_block / layout_.lanes;
    const int64_t lane = in_block % layout_.lanes;
    return start(i / block()) + 16 * (lane / 4) + 4 * vector + lane % 4;
  }

  int64_t channels_;
  int64_t taps_;
  Int8Layout layout_;
  size_t bytes_ = 0;
  hwy::AlignedFreeUniquePtr<int8_t[]> data_;
  hwy::AlignedFreeUniquePtr<int8_t[]> rest_;
  std::vector<int32_t> sums_;
};

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_DEPTHWISE_WEIGHTS_H_
