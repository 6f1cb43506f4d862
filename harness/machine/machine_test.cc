#include "harness/machine/machine.h"

#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace hone::harness {
namespace {

TEST(MachineTest, InstructionSetIsTheWidest) {
  EXPECT_EQ(InstructionSetOf("flags\t\t: sse4_2 avx2 fma\n"), "avx2");
  EXPECT_EQ(InstructionSetOf("flags : sse4_2 avx2 avx512f avx512_vnni\n"),
            "avx512+vnni");
  EXPECT_EQ(InstructionSetOf("flags : avx2 avx512f amx_int8 avx512_vnni\n"),
            "avx512+amx");
  EXPECT_EQ(InstructionSetOf(""), "other");
  EXPECT_FALSE(MachineName().empty());
}

TEST(MachineTest, KnowsWhetherAProcessLives) {
  const std::string self = ProcessIdentity();
  EXPECT_TRUE(MayBeAlive(self));
  int pipes[2];
  ASSERT_EQ(pipe(pipes), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::string identity = ProcessIdentity();
    (void)!write(pipes[1], identity.data(), identity.size());
    _exit(0);
  }
  char buffer[512] = {};
  const ssize_t n = read(pipes[0], buffer, sizeof(buffer));
  ASSERT_GT(n, 0);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_FALSE(MayBeAlive(std::string(buffer, static_cast<size_t>(n))));
  // Another process under the same number is not the one that was meant.
  EXPECT_FALSE(MayBeAlive(self + "1"));
  // Of another machine nothing can be told.
  EXPECT_TRUE(MayBeAlive("elsewhere:boot:1:1"));
}

TEST(MachineTest, WatchesAnonymousMemory) {
  MemoryWatch watch;
  const uint64_t before = watch.PeakAnonymousBytes();
  constexpr size_t kBytes = 32 << 20;
  {
    std::unique_ptr<char[]> block(new char[kBytes]);
    // Volatile, so that the pages are really touched.
    volatile char* bytes = block.get();
    for (size_t i = 0; i < kBytes; i += 1024) bytes[i] = 1;
    EXPECT_GE(watch.PeakAnonymousBytes(), before + kBytes / 2);
  }
  EXPECT_GE(watch.PeakAnonymousBytes(), before + kBytes / 2);
  EXPECT_GE(PeakResidentBytes(), kBytes);
}

}  // namespace
}  // namespace hone::harness
