// What ZipMap, DictVectorizer and CastMap share: lists of keys in attributes,
// and a map as the input.
#ifndef HONE_KERNELS_EXEC_OPS_ML_MAP_INPUT_H_
#define HONE_KERNELS_EXEC_OPS_ML_MAP_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"
#include "kernels/exec/kernel.h"

namespace hone {

// One of the two has entries.
struct KeyList {
  std::vector<std::string> strings;
  std::vector<int64_t> ints;

  bool of_strings() const { return !strings.empty(); }
  size_t size() const { return strings.size() + ints.size(); }
};

// Attributes of these two names. InvalidArgument: none of them has entries, or
// both have.
absl::StatusOr<KeyList> KeyListOf(const Node& node, absl::string_view strings,
                                  absl::string_view ints);

// Input 0 of a kernel that wants values. InvalidArgument: no map of scalars, or
// one of the other kind of keys.
absl::StatusOr<Value> MapInput(const Node& node, const KernelContext& context,
                               bool string_keys);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ML_MAP_INPUT_H_
