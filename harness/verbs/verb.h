// What a verb is given, and what it gives back. A verb prints nothing itself.
#ifndef HONE_HARNESS_VERBS_VERB_H_
#define HONE_HARNESS_VERBS_VERB_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/abi/handles.h"
#include "harness/cli/arguments.h"
#include "harness/cli/option.h"
#include "harness/json/json.h"
#include "harness/progress/progress.h"

namespace hone::harness {

struct Environment {
  const Arguments& arguments;
  hone_context* context;
  Progress* progress;
  // Whether the user has asked to stop (Ctrl-C): for work that is none of the
  // library's, which stops by itself.
  std::function<bool()> interrupted;
  // Another context for work beside `context`, with that many threads and
  // without progress of its own.
  std::function<absl::StatusOr<ContextPtr>(int threads)> new_context;
};

struct Outcome {
  Json json;         // what `--json` prints; "nodes" are a report's rows
  std::string text;  // what is printed without it
  bool met = true;   // false: a stated bound was not met (exit code 1)
  // Why nothing is concluded from what was printed (exit code 4), or "".
  std::string refused;
};

// The options that every verb has.
std::vector<Option> EverywhereOptions();

// The table of the C ABI's verb as options under a heading.
absl::StatusOr<std::vector<Option>> AbiOptions(const char* verb,
                                               const std::string& group);

// What the user set of the options that are the C ABI's verb's.
absl::StatusOr<OptionsPtr> AbiOptionsOf(const Arguments& arguments,
                                        const char* verb);

absl::StatusOr<ModelPtr> LoadModel(const Environment& environment,
                                   const std::string& path);

// An option with a value, or a flag when `value_name` is empty.
Option MakeOption(const std::string& key, const std::string& value_name,
                  const std::string& help, const std::string& group,
                  const std::string& letter = "");

}  // namespace hone::harness

#endif  // HONE_HARNESS_VERBS_VERB_H_
