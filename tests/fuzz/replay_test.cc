// Everything that the fuzzer ever found, and its seeds, in the ordinary tests.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/fuzz/fuzz_model.h"

namespace hone {
namespace {

std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int Replay(const std::string& folder) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path().string());
    const std::string bytes = Contents(entry.path());
    FuzzModel(bytes);
    // A file cut anywhere is hostile too.
    for (size_t size = 0; size < bytes.size(); size += bytes.size() / 64 + 1) {
      FuzzModel(absl::string_view(bytes).substr(0, size));
    }
    ++count;
  }
  return count;
}

TEST(ReplayTest, Regressions) {
  EXPECT_GT(Replay("tests/fuzz/regressions"), 0);
}

TEST(ReplayTest, Seeds) { EXPECT_GT(Replay("tests/fuzz/seeds"), 0); }

}  // namespace
}  // namespace hone
