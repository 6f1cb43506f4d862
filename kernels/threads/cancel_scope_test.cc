#include "kernels/threads/cancel_scope.h"

#include <atomic>
#include <thread>

#include "gtest/gtest.h"

namespace hone {
namespace {

TEST(CancelScope, NestsAndBelongsToItsThread) {
  EXPECT_FALSE(CancelToken::Current().requested());
  std::atomic<bool> outer{true};
  const std::atomic<bool> inner{false};
  {
    const CancelScope scope(&outer);
    EXPECT_TRUE(CancelToken::Current().requested());
    {
      const CancelScope nested(&inner);
      EXPECT_FALSE(CancelToken::Current().requested());
    }
    const CancelToken token = CancelToken::Current();
    std::thread other([&] {
      EXPECT_FALSE(CancelToken::Current().requested());
      const CancelScope carried(token);
      EXPECT_TRUE(CancelToken::Current().requested());
      outer = false;
      EXPECT_FALSE(CancelToken::Current().requested());
    });
    other.join();
  }
  outer = true;
  EXPECT_FALSE(CancelToken::Current().requested());
}

}  // namespace
}  // namespace hone
