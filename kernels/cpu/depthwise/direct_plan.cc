#include "kernels/cpu/depthwise/direct_plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "kernels/cpu/conv/conv_shape.h"

namespace hone {
namespace {

int64_t FloorDiv2(int64_t a) { return a >= 0 ? a / 2 : -((1 - a) / 2); }

// Bits [begin, end), clipped to [0, 16).
uint16_t Bits(int64_t begin, int64_t end) {
  begin = std::clamp<int64_t>(begin, 0, 16);
  end = std::clamp<int64_t>(end, begin, 16);
  return static_cast<uint16_t>((1u << end) - (1u << begin));
}

}  // namespace

bool DirectPlan::Applies(const ConvShape& s) {
  const int64_t stride = s.stride[2];
  const bool kernel = (s.kernel[1] == 3 && s.kernel[2] == 3) ||
                      (s.kernel[1] == 5 && s.kernel[2] == 5);
  return kernel && s.stride[1] == stride &&
         (stride == 1 || (stride == 2 && s.in[2] % 2 == 0)) &&
         s.out[2] * stride == s.in[2] &&
         s.in_size() < std::numeric_limits<int32_t>::max() / 64 &&
         (s.kernel[1] * s.dilation[1] + s.pad_begin[1] + s.pad_begin[2]) <
             (1 << 20) &&
         s.out[1] * stride <= s.in[1] + s.kernel[1] * s.dilation[1];
}

DirectPlan::DirectPlan(const ConvShape& s, int64_t lanes)
    : split_(s.stride[2] == 2), half_(s.in_size() / s.stride[2]) {
  const int64_t width = s.out[2];  // of a row, or of half a row
  int64_t low = 0, high = 0;
  for (int64_t kh = 0; kh < s.kernel[1]; ++kh) {
    for (int64_t kw = 0; kw < s.kernel[2]; ++kw) {
      const int64_t h = kh * s.dilation[1] - s.pad_begin[1];
      const int64_t w = kw * s.dilation[2] - s.pad_begin[2];
      const int64_t at = h * width + (split_ ? FloorDiv2(w) : w);
      low = std::min(low, at);
      high = std::max(high, at);
      offsets_.push_back(at);
    }
  }
  before_ = -low;
  // Past the last row of inputs, which the last row of outputs may lie beyond.
  const int64_t last = s.out[1] * s.stride[1] * width;
  after_ = std::max<int64_t>(last - half_, 0) + high + lanes;
  if (split_) {
    size_t tap = 0;
    for (int64_t kh = 0; kh < s.kernel[1]; ++kh) {
      for (int64_t kw = 0; kw < s.kernel[2]; ++kw, ++tap) {
        const int64_t w = kw * s.dilation[2] - s.pad_begin[2];
        if (w % 2 != 0) offsets_[tap] += Odd();
      }
    }
    for (int64_t row = 0; row < s.out[1]; ++row) {
      for (int64_t column = 0; column < width; column += lanes) {
        AddStep(s, 2 * row * width + column, row * width + column, row, column,
                lanes);
      }
    }
  } else {
    for (int64_t j = 0; j < s.out_size(); j += lanes) {
      // The last vector begins where it ends with the plane, if it can.
      const int64_t at =
          std::max<int64_t>(0, std::min(j, s.out_size() - lanes));
      AddStep(s, at, at, at / width, at % width, lanes);
    }
  }
}

void DirectPlan::AddStep(const ConvShape& s, int64_t from, int64_t to,
                         int64_t row, int64_t column, int64_t lanes) {
  const int64_t stride = s.stride[2];
  const int64_t width = s.out[2];
  Step step = {static_cast<int32_t>(from), static_cast<int32_t>(to),
               static_cast<int32_t>(masks_.size()), Step::kTaps};
  if (to + lanes <= s.out_size()) ++whole_steps_;
  // Rows that the lanes pass through; with stride 2 the first alone counts.
  const int64_t last_row =
      split_ ? row : std::min(s.out[1] - 1, (to + lanes - 1) / width);
  const int64_t first_h = row * stride - s.pad_begin[1];
  const int64_t last_h =
      last_row * stride - s.pad_begin[1] + (s.kernel[1] - 1) * s.dilation[1];
  const int64_t first_w = column * stride - s.pad_begin[2];
  const int64_t last_w = (column + lanes - 1) * stride - s.pad_begin[2] +
                         (s.kernel[2] - 1) * s.dilation[2];
  const bool rows_inside = first_h >= 0 && last_h < s.in[1];
  if (rows_inside) step.kind = Step::kColumns;
  if (rows_inside && row == last_row && first_w >= 0 && last_w < s.in[2]) {
    step.kind = Step::kNone;
  }
  steps_.push_back(step);
  if (step.kind == Step::kNone) return;
  const int64_t tap_rows = step.kind == Step::kColumns ? 1 : s.kernel[1];
  for (int64_t kh = 0; kh < tap_rows; ++kh) {
    for (int64_t kw = 0; kw < s.kernel[2]; ++kw) {
      const int64_t w = kw * s.dilation[2] - s.pad_begin[2];
      // Columns o with 0 <= o * stride + w < in.
      const int64_t low = w >= 0 ? 0 : (-w + stride - 1) / stride;
      const int64_t high = std::min(width, (s.in[2] - w + stride - 1) / stride);
      uint16_t bits = 0;
      for (int64_t r = row; r <= last_row; ++r) {
        const int64_t h = r * stride + kh * s.dilation[1] - s.pad_begin[1];
        if (h < 0 || h >= s.in[1]) continue;
        // Lane of column 0 of this row.
        const int64_t lane = (r - row) * width - column;
        bits |= Bits(lane + low, lane + high);
      }
      masks_.push_back(bits);
    }
  }
}

}  // namespace hone
