// Whether the values that a caller gives are what a graph declares.
#ifndef HONE_KERNELS_EXEC_INPUT_CHECK_H_
#define HONE_KERNELS_EXEC_INPUT_CHECK_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"

namespace hone {

// InvalidArgument: another number of values, or a value of another kind, dtype,
// rank or extent than declared, or two extents for one symbol; names the input,
// what was expected and what was found.
absl::Status CheckInputs(const std::vector<ValueInfo>& declared,
                         absl::Span<const Value> inputs);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_INPUT_CHECK_H_
