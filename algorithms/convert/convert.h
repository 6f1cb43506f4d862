// Turns the float32 arithmetic of a model into float16 or bfloat16.
//
//   HONE_ASSIGN_OR_RETURN(ConvertResult result, ConvertFloats(model, options));
//
// Nodes whose operator takes the type compute in it; their weights are
// converted, and Casts stand where float32 goes on. Names keep their meaning:
// graph inputs and outputs stay float32 with keep_io_types. Bodies of If, Loop
// and Scan are converted inside, their borders stay float32.
#ifndef HONE_ALGORITHMS_CONVERT_CONVERT_H_
#define HONE_ALGORITHMS_CONVERT_CONVERT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "algorithms/quantization/post_training_options.h"
#include "ir/dtype/dtype.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"

namespace hone {

// Operators that stay float32 unless others are asked for: their results
// depend on exact positions, counts or long sums.
std::vector<std::string> DefaultFloatOps();

struct ConvertOptions {
  DType dtype = DType::kF16;  // or kBF16
  bool keep_io_types = true;
  std::vector<std::string> float_ops = DefaultFloatOps();
  IgnoredScope ignored_scope;  // of the main graph's nodes
  // What a node does whose constants hold finite numbers beyond the type's
  // range: false: they become the largest number; true: it stays float32.
  // Numbers that would round to zero become the smallest, either way.
  bool float_on_overflow = false;
};

struct ConvertResult {
  Model model;
  // One a node, done = "float16" ("bfloat16") or "float" with the reason; one
  // a constant that was clamped, done = "clamped".
  Report rows;
};

// InvalidArgument: a malformed model, another dtype. NotFound: an entry of the
// ignored scope that matches nothing. Unimplemented: functions whose opsets
// forbid inlining.
absl::StatusOr<ConvertResult> ConvertFloats(const Model& model,
                                            const ConvertOptions& options);

}  // namespace hone

#endif  // HONE_ALGORITHMS_CONVERT_CONVERT_H_
