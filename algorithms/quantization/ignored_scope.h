// Which nodes the user wants left alone.
#ifndef HONE_ALGORITHMS_QUANTIZATION_IGNORED_SCOPE_H_
#define HONE_ALGORITHMS_QUANTIZATION_IGNORED_SCOPE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "algorithms/quantization/post_training_options.h"
#include "ir/graph/graph.h"

namespace hone {

// One text per node: "" for a node that is not ignored, else which entry of the
// scope names it. Names are compared with NodeLabel. NotFound: with
// scope.validate, an entry that matches nothing. InvalidArgument: a pattern
// that is no regular expression.
absl::StatusOr<std::vector<std::string>> MatchIgnoredScope(
    const Graph& graph, const IgnoredScope& scope);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_IGNORED_SCOPE_H_
