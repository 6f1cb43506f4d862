#include "kernels/cpu/int8/conv/margins.h"

#include <algorithm>
#include <cstring>

#include "kernels/threads/cancel_scope.h"

namespace hone {
namespace {

constexpr int64_t kSlack = 64;
// Rows of pixels that make one task.
constexpr int64_t kRows = 64;

}  // namespace

Margins MarginsOf(const ConvShape& s) {
  Margins m;
  m.batch = s.batch;
  m.channels = s.groups * s.in_channels;
  m.in = s.in;
  m.before = s.pad_begin;
  for (int a = 0; a < 3; ++a) {
    m.padded[a] =
        (s.out[a] - 1) * s.stride[a] + (s.kernel[a] - 1) * s.dilation[a] + 1;
    m.padded[a] = std::max<int64_t>(m.padded[a], 0);
  }
  return m;
}

size_t MarginBytes(const Margins& m) {
  return static_cast<size_t>(m.batch * Volume(m.padded) * m.channels + kSlack);
}

void AddMargins(const Margins& m, const uint8_t* x, uint8_t value, uint8_t* y,
                ThreadPool& pool) {
  const int64_t row = m.padded[2] * m.channels;
  const int64_t rows = m.batch * m.padded[0] * m.padded[1];
  const int64_t before = std::min(m.before[2], m.padded[2]) * m.channels;
  const int64_t copied =
      std::max<int64_t>(0, std::min(m.in[2], m.padded[2] - m.before[2])) *
      m.channels;
  std::memset(y + rows * row, value, kSlack);
  const CancelToken cancel = CancelToken::Current();
  pool.ParallelFor((rows + kRows - 1) / kRows, [&](int64_t task, int) {
    if (cancel.requested()) return;
    const int64_t end = std::min(rows, (task + 1) * kRows);
    for (int64_t r = task * kRows; r < end; ++r) {
      const int64_t h = r % m.padded[1] - m.before[1];
      const int64_t d = r / m.padded[1] % m.padded[0] - m.before[0];
      const int64_t n = r / m.padded[1] / m.padded[0];
      uint8_t* const to = y + r * row;
      if (h < 0 || h >= m.in[1] || d < 0 || d >= m.in[0]) {
        std::memset(to, value, static_cast<size_t>(row));
        continue;
      }
      const uint8_t* const from =
          x + ((n * m.in[0] + d) * m.in[1] + h) * m.in[2] * m.channels;
      std::memset(to, value, static_cast<size_t>(before));
      std::memcpy(to + before, from, static_cast<size_t>(copied));
      std::memset(to + before + copied, value,
                  static_cast<size_t>(row - before - copied));
    }
  });
}

}  // namespace hone
