// Runs ONNX's backend tests and counts by operator.
//
//   bazel run //kernels/exec/conformance -- [--reference] [--verbose]
//       [--root=FOLDER] [--gaps=FILE] [FILTER]
//
// FILTER: only cases whose name contains it. --verbose: also each case's name
// before it runs. FOLDER holds SUITE/NAME/model.onnx, by default Debian's
// libonnx-testdata; tests/conformance/onnx_cases.py FOLDER/SUITE writes
// another.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "kernels/exec/conformance/backend_case.h"

namespace {

constexpr char kRoot[] = "/usr/share/libonnx-testdata/data";

struct Counts {
  int passed = 0;
  int failed = 0;
  int unsupported = 0;
};

void Count(const hone::CaseResult& result, Counts& counts) {
  using Outcome = hone::CaseResult::Outcome;
  counts.passed += result.outcome == Outcome::kPassed;
  counts.failed += result.outcome == Outcome::kFailed;
  counts.unsupported += result.outcome == Outcome::kUnsupported;
}

}  // namespace

int main(int argc, char** argv) {
  hone::CompileOptions options;
  bool verbose = false;
  std::string filter;
  std::string root = kRoot;
  std::map<std::string, std::string> gaps;
  bool has_gaps = false;
  for (int i = 1; i < argc; ++i) {
    const absl::string_view arg = argv[i];
    if (arg == "--reference") {
      options.reference = true;
    } else if (arg == "--verbose") {
      verbose = true;
    } else if (absl::StartsWith(arg, "--root=")) {
      root = std::string(absl::StripPrefix(arg, "--root="));
    } else if (absl::StartsWith(arg, "--gaps=")) {
      has_gaps = true;
      gaps = hone::ReadGaps(std::string(absl::StripPrefix(arg, "--gaps=")));
    } else {
      filter = argv[i];
    }
  }
  hone::ThreadPool pool(2);
  std::map<std::string, Counts> by_operator;
  Counts all;
  int unexpected = 0;
  for (const hone::BackendCase& c : hone::FindBackendCases(root)) {
    if (!absl::StrContains(c.name, filter)) continue;
    if (verbose)
      std::fprintf(stderr, "%s/%s\n", c.suite.c_str(), c.name.c_str());
    const hone::CaseResult result = hone::RunBackendCase(c, options, pool);
    const std::string name = c.suite + "/" + c.name;
    const bool passed = result.outcome == hone::CaseResult::Outcome::kPassed;
    if (gaps.erase(name) > 0) {
      if (passed) std::printf("takes no gap any more: %s\n", name.c_str());
    } else if (!passed) {
      ++unexpected;
    }
    Count(result, all);
    for (const std::string& op : result.operators)
      Count(result, by_operator[op]);
    if (!passed) {
      std::printf("%s %s: %s\n",
                  result.outcome == hone::CaseResult::Outcome::kFailed
                      ? "failed"
                      : "unsupported",
                  name.c_str(), result.message.c_str());
    }
  }
  std::printf("%-28s %6s %6s %11s\n", "operator", "passed", "failed",
              "unsupported");
  for (const auto& [op, counts] : by_operator) {
    std::printf("%-28s %6d %6d %11d\n", op.c_str(), counts.passed,
                counts.failed, counts.unsupported);
  }
  std::printf("%d passed, %d failed, %d unsupported\n", all.passed, all.failed,
              all.unsupported);
  if (!has_gaps) return all.failed == 0 ? 0 : 1;
  for (const auto& [name, reason] : gaps) {
    if (filter.empty())
      std::printf("no case has this name: %s\n", name.c_str());
  }
  return unexpected == 0 && (gaps.empty() || !filter.empty()) ? 0 : 1;
}
