// What becomes of an int32 sum of products: the rounding that every integer
// kernel ends with.
//
//   uint8 or int8:  y = clamp(round_half_even(float(acc) * multiplier[c])
//                             + zero_point, low, high)
//   float32:        y = clamp(float(acc) * multiplier[c] + float_bias[c], low,
//                             high)
//   int32:          y = acc
//
// multiplier[c] is float(sx * sw[c] / sy), or float(sx * sw[c]) for float32,
// computed in double and rounded once. A Relu or Clip between the sum and y is
// in the clamp. float(acc) rounds to nearest even; acc wraps around at 32 bits.
#ifndef HONE_KERNELS_CPU_INT8_GEMM_EPILOGUE_H_
#define HONE_KERNELS_CPU_INT8_GEMM_EPILOGUE_H_

#include <cmath>
#include <cstdint>
#include <limits>

namespace hone {

// Per-column arrays are padded to a multiple of this many columns.
inline constexpr int64_t kInt8ColumnAlign = 16;

inline int64_t PaddedInt8Columns(int64_t columns) {
  return (columns + kInt8ColumnAlign - 1) / kInt8ColumnAlign * kInt8ColumnAlign;
}

struct Int8Epilogue {
  // One per column, group after group, each group padded with zeros to
  // PaddedInt8Columns. bias[c] has the x zero point's share in it:
  // b[c] - zx * sum_k w[k, c].
  const int32_t* bias = nullptr;
  const float* multiplier = nullptr;  // finite; not read for int32
  const float* float_bias = nullptr;  // none when null; for float32 alone
  bool to_float = false;
  bool to_sums = false;  // int32; only ../conv's products take it
  // Of y: -128 <= low <= high <= 127 for int8, 0 <= low <= high <= 255 for
  // uint8, zero_point in the type's range.
  int32_t zero_point = 0;
  int32_t low = 0;
  int32_t high = 255;
  float float_low = -std::numeric_limits<float>::infinity();
  float float_high = std::numeric_limits<float>::infinity();

  int64_t y_bytes() const { return to_float || to_sums ? 4 : 1; }
};

// float(sx * sw / sy). The product of two floats is exact in double.
inline float Int8Multiplier(float sx, float sw, float sy) {
  return static_cast<float>(static_cast<double>(sx) * static_cast<double>(sw) /
                            static_cast<double>(sy));
}

// The definition, one element.
inline int32_t RequantizeRef(int32_t acc, float multiplier, int32_t zero_point,
                             int32_t low, int32_t high) {
  const double rounded =
      static_cast<double>(std::nearbyint(static_cast<float>(acc) * multiplier));
  const double y = rounded + zero_point;
  if (y < low) return low;
  return y > high ? high : static_cast<int32_t>(y);
}

inline float RescaleRef(int32_t acc, float multiplier, float low, float high) {
  const float y = static_cast<float>(acc) * multiplier;
  if (y < low) return low;
  return y > high ? high : y;
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_GEMM_EPILOGUE_H_
