#include "kernels/cpu/move/transpose_bytes.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/testing/for_each_target.h"

namespace hone {
namespace {

TEST(TransposeBytes, EveryExtentAndNothingElse) {
  ForEachTarget([&] {
    for (const int64_t n : {0, 1, 7, 15, 16, 17, 31, 32, 49, 70}) {
      for (const int64_t m : {0, 1, 8, 16, 18, 33, 64, 100}) {
        const int64_t src_step = m + 5, dst_step = n + 3;
        std::vector<uint8_t> src(static_cast<size_t>(n * src_step));
        for (size_t i = 0; i < src.size(); ++i) {
          src[i] = static_cast<uint8_t>(i * 31 + i / 256);
        }
        std::vector<uint8_t> dst(static_cast<size_t>(m * dst_step), 201);
        std::vector<uint8_t> want = dst;
        for (int64_t i = 0; i < n; ++i) {
          for (int64_t j = 0; j < m; ++j) {
            want[static_cast<size_t>(j * dst_step + i)] =
                src[static_cast<size_t>(i * src_step + j)];
          }
        }
        TransposeBytes(src.data(), src_step, dst.data(), dst_step, n, m);
        ASSERT_EQ(dst, want) << n << " by " << m;
      }
    }
  });
}

}  // namespace
}  // namespace hone
