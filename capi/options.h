// hone_options: keys and their values, checked against the table.
//
//   HONE_RETURN_IF_ERROR(CheckVerb(options, "quantize"));
//   const int64_t subset = GetInt(options, "subset_size");
#ifndef HONE_CAPI_OPTIONS_H_
#define HONE_CAPI_OPTIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "algorithms/runner/state.h"
#include "capi/hone.h"

namespace hone::capi {

using OptionValue =
    std::variant<bool, int64_t, double, std::string, std::vector<std::string>>;

}  // namespace hone::capi

struct hone_options {
  std::map<std::string, hone::capi::OptionValue> values;  // what is set
};

namespace hone::capi {

// INVALID_ARGUMENT: a set key is not one of this verb's; names the nearest.
// NULL options are fine here and below.
absl::Status CheckVerb(const hone_options* options, absl::string_view verb);

// The value, or the table's default. Require a key of that type.
bool GetBool(const hone_options* options, absl::string_view key);
int64_t GetInt(const hone_options* options, absl::string_view key);
double GetFloat(const hone_options* options, absl::string_view key);
std::string GetString(const hone_options* options,
                      absl::string_view key);  // of an enum too
std::vector<std::string> GetList(const hone_options* options,
                                 absl::string_view key);

// The links of option "state"; none for NULL options. INVALID_ARGUMENT: no
// INPUT=OUTPUT.
absl::StatusOr<std::vector<StateLink>> GetState(const hone_options* options);
// UNIMPLEMENTED: state is set and `what` runs single samples.
absl::Status RefuseState(const hone_options* options, absl::string_view what);

}  // namespace hone::capi

#endif  // HONE_CAPI_OPTIONS_H_
