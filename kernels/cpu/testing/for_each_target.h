// Runs a test once for every instruction set that this build has and this CPU
// knows.
//
//   ForEachTarget([&] { EXPECT_EQ(Sum(x), 6); });
//
// A failure names the instruction set.
#ifndef HONE_KERNELS_CPU_TESTING_FOR_EACH_TARGET_H_
#define HONE_KERNELS_CPU_TESTING_FOR_EACH_TARGET_H_

#include <cstdint>

#include "gtest/gtest.h"
#include "hwy/highway.h"

namespace hone {

template <typename F>
void ForEachTarget(F&& test) {
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    test();
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_TESTING_FOR_EACH_TARGET_H_
