#include "kernels/cpu/int8/depthwise/depthwise.h"

#include <algorithm>
#include <cstring>

#include "kernels/cpu/int8/conv/margins.h"
#include "kernels/cpu/int8/depthwise/pixels.h"
#include "kernels/cpu/parallel/parallel.h"

namespace hone {
namespace {

// Of all instruction sets.
constexpr int64_t kMostBlock = 64;

// Blocks read past the last channel where there are fewer; then x is copied.
bool NeedsCopy(const ConvShape& s) { return s.groups < kMostBlock; }

// Outputs [begin, end) of row (n, oh).
class Row {
 public:
  Row(const ConvShape& s, const uint8_t* x, const uint8_t* outside, int64_t n,
      int64_t oh)
      : s_(s), outside_(outside) {
    for (int64_t kh = 0; kh < s.kernel[1]; ++kh) {
      const int64_t h = oh * s.stride[1] - s.pad_begin[1] + kh * s.dilation[1];
      lines_[kh] = h < 0 || h >= s.in[1]
                       ? nullptr
                       : x + (n * s.in[1] + h) * s.in[2] * s.groups;
    }
  }

  // Outputs whose taps are all inside, or all of one output where some are not.
  void Aim(int64_t ow, Int8DepthwisePixels* p) const {
    const int64_t first = ow * s_.stride[2] - s_.pad_begin[2];
    int64_t t = 0;
    for (int64_t kh = 0; kh < s_.kernel[1]; ++kh) {
      for (int64_t kw = 0; kw < s_.kernel[2]; ++kw, ++t) {
        const int64_t w = first + kw * s_.dilation[2];
        const bool inside = lines_[kh] != nullptr && w >= 0 && w < s_.in[2];
        p->at[t] = inside ? lines_[kh] + w * s_.groups : outside_;
        p->step[t] = inside ? s_.stride[2] * s_.groups : 0;
      }
    }
    for (; t < kMostDepthwiseTaps; ++t) {
      p->at[t] = outside_;
      p->step[t] = 0;
    }
  }

 private:
  const ConvShape& s_;
  const uint8_t* const outside_;
  const uint8_t* lines_[kMostDepthwiseTaps];
};

// A row of outputs, `together` at once; no tap is outside.
void RunTogether(const Row& row, int64_t outputs, int64_t together,
                 int64_t output_bytes, Int8DepthwisePixels pixels, char* y) {
  const int64_t whole = outputs / together;
  if (whole > 0) {
    row.Aim(0, &pixels);
    for (int64_t& step : pixels.step) step *= together;
    pixels.count = whole;
    pixels.y = y;
    MultiplyInt8Pixels(pixels);
  }
  const int64_t rest = outputs - whole * together;
  if (rest == 0) return;
  alignas(64) char own[kMostBlock * sizeof(float)];
  row.Aim(whole * together, &pixels);
  pixels.count = 1;
  pixels.y = own;
  MultiplyInt8Pixels(pixels);
  std::memcpy(y + whole * together * output_bytes, own,
              static_cast<size_t>(rest * output_bytes));
}

}  // namespace

bool Int8DepthwiseApplies(const ConvShape& s) {
  return s.in_channels == 1 && s.out_channels == 1 && s.kernel[0] == 1 &&
         s.in[0] == 1 && s.out[0] == 1 && s.pad_begin[0] == 0 &&
         Volume(s.kernel) <= kMostDepthwiseTaps;
}

int64_t Int8DepthwisePixelsTogether(const ConvShape& s) {
  return s.groups < kMostBlock && kMostBlock % s.groups == 0 && s.stride[2] == 1
             ? kMostBlock / s.groups
             : 1;
}

size_t Int8DepthwiseScratchBytes(const ConvShape& s) {
  const size_t outside =
      static_cast<size_t>((s.groups + kMostBlock + 63) / 64 * 64);
  return outside + (NeedsCopy(s) ? MarginBytes(MarginsOf(s)) : 0);
}

void Int8Depthwise(const ConvShape& shape, const uint8_t* x, uint8_t zx,
                   const Int8DepthwiseWeights& weights,
                   const Int8Epilogue& epilogue, void* y, std::byte* scratch,
                   ThreadPool& pool) {
  ConvShape s = shape;
  uint8_t* const outside = reinterpret_cast<uint8_t*>(scratch);
  const int64_t outside_bytes = (s.groups + kMostBlock + 63) / 64 * 64;
  std::memset(outside, zx, static_cast<size_t>(outside_bytes));
  if (NeedsCopy(s)) {
    const Margins margins = MarginsOf(s);
    AddMargins(margins, x, zx, outside + outside_bytes, pool);
    x = outside + outside_bytes;
    s.in = margins.padded;
    s.pad_begin = {0, 0, 0};
  }
  // Outputs that read nothing outside, in every row: [left, right).
  const int64_t reach = (s.kernel[2] - 1) * s.dilation[2];
  const int64_t left =
      std::min(s.out[2], (s.pad_begin[2] + s.stride[2] - 1) / s.stride[2]);
  const int64_t room = s.in[2] + s.pad_begin[2] - reach;  // > ow * stride
  const int64_t right = std::max(
      left, room <= 0
                ? left
                : std::min(s.out[2], (room + s.stride[2] - 1) / s.stride[2]));
  const int64_t together = weights.channels() / s.groups;
  const int64_t y_bytes = epilogue.to_float ? sizeof(float) : 1;
  const int64_t cost = s.out[2] * s.groups * Volume(s.kernel);
  ForRanges(pool, s.batch * s.out[1], GrainFor(kLightGrain, cost),
            [&](int64_t begin, int64_t end) {
              Int8DepthwisePixels pixels;
              pixels.weights = &weights;
              pixels.epilogue = &epilogue;
              for (int64_t r = begin; r < end; ++r) {
                const Row row(s, x, outside, r / s.out[1], r % s.out[1]);
                if (together > 1) {
                  RunTogether(row, s.out[2], together, s.groups * y_bytes,
                              pixels,
                              static_cast<char*>(y) +
                                  r * s.out[2] * s.groups * y_bytes);
                  continue;
                }
                for (int64_t ow = 0; ow < s.out[2];) {
                  pixels.count = ow >= left && ow < right ? right - ow : 1;
                  row.Aim(ow, &pixels);
                  pixels.y = static_cast<char*>(y) +
                             (r * s.out[2] + ow) * s.groups * y_bytes;
                  MultiplyInt8Pixels(pixels);
                  ow += pixels.count;
                }
              }
            });
}

}  // namespace hone
