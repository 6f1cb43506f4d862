#include "kernels/cpu/move/strided_copy.h"

#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/move/strided_copy_ref.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

struct Case {
  Extents dims;
  Extents src;  // strides
  Extents dst;
  int64_t src_start = 0;
};

TEST(StridedCopy, EqualsTheDefinition) {
  const std::vector<Case> cases = {
      {{}, {}, {}},
      {{7}, {1}, {1}},
      {{7}, {-1}, {1}, 6},
      {{5, 3}, {1, 5}, {3, 1}},      // transpose
      {{70, 33}, {1, 70}, {33, 1}},  // transpose beyond a tile
      {{2, 40, 3, 17}, {2040, 1, 680, 40}, {2040, 51, 17, 1}},
      {{2, 3, 4}, {0, 4, 1}, {12, 4, 1}},  // expand
      {{2, 3, 4}, {12, 4, 0}, {12, 4, 1}},
      {{4, 3}, {6, 2}, {3, 1}},  // slice with a step
      {{4, 3}, {3, 1}, {8, 1}},  // into a wider array
      {{4, 0, 3}, {0, 3, 1}, {0, 3, 1}},
      {{3, 4, 5, 2}, {1, 3, 12, 60}, {40, 10, 2, 1}},
  };
  ThreadPool pool(2);
  for (const size_t bytes : {1, 2, 4, 8, 16}) {
    for (size_t c = 0; c < cases.size(); ++c) {
      const Case& test = cases[c];
      std::vector<uint8_t> src(5000 * bytes), got(5000 * bytes, 9),
          want(5000 * bytes, 9);
      for (size_t i = 0; i < src.size(); ++i) {
        src[i] = static_cast<uint8_t>(i * 31 + i / 256);
      }
      const uint8_t* start = src.data() + test.src_start * bytes;
      StridedCopy(pool, bytes, test.dims, start, test.src, got.data(),
                  test.dst);
      StridedCopyRef(bytes, test.dims, start, test.src, want.data(), test.dst);
      EXPECT_EQ(got, want) << "case " << c << " bytes " << bytes;
    }
  }
}

}  // namespace
}  // namespace hone
