#include "kernels/cpu/binary/select.h"

#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/testing/for_each_target.h"

namespace hone {
namespace {

// Any condition but 0 chooses a.
template <typename T>
void ExpectEveryTailAndStep() {
  constexpr size_t kMost = 140;
  std::vector<uint8_t> condition(kMost);
  std::vector<T> a(kMost), b(kMost);
  for (size_t i = 0; i < kMost; ++i) {
    condition[i] = static_cast<uint8_t>(i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : 128);
    a[i] = static_cast<T>(i);
    b[i] = static_cast<T>(~static_cast<T>(i));
  }
  ForEachTarget([&] {
    for (int first = 0; first < 2; ++first) {
      for (int steps = 0; steps < 8; ++steps) {
        const int c = steps & 1, p = steps >> 1 & 1, q = steps >> 2;
        for (size_t n = 0; n + 1 < kMost; ++n) {
          const uint8_t* const from = condition.data() + first;
          std::vector<T> y(kMost, T{7}), want(kMost, T{7});
          SelectRow(from, c, a.data(), p, b.data(), q, n, y.data());
          for (size_t i = 0; i < n; ++i) {
            want[i] = from[c ? i : 0] != 0 ? a[p ? i : 0] : b[q ? i : 0];
          }
          ASSERT_EQ(y, want) << "steps " << steps << " n " << n;
        }
      }
    }
  });
}

TEST(SelectRow, EveryWidthTailAndStep) {
  ExpectEveryTailAndStep<uint8_t>();
  ExpectEveryTailAndStep<uint16_t>();
  ExpectEveryTailAndStep<uint32_t>();
  ExpectEveryTailAndStep<uint64_t>();
}

}  // namespace
}  // namespace hone
