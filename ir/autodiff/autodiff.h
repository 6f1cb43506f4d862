// Reverse-mode differentiation, from graph to graph.
//
//   HONE_ASSIGN_OR_RETURN(const std::vector<std::string> gradients,
//                         AppendGradients(&model, "loss", {"w", "b"}));
//
// The appended nodes are ONNX's own operators, so that what they compute can be
// written, run by any runtime, and differentiated again. One rule an operator
// (a vector-Jacobian product) in a table; to add one: a function in a file of
// this folder, a line in rules.cc, a case in
// kernels/exec/expand/gradient_test.cc, which compares it with finite
// differences.
#ifndef HONE_IR_AUTODIFF_AUTODIFF_H_
#define HONE_IR_AUTODIFF_AUTODIFF_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/autodiff/gradient_maker.h"
#include "ir/graph/graph.h"

namespace hone {

// The oldest opset whose operators the rules write (RaiseOpset gets there).
inline constexpr int64_t kGradientOpset = 18;

// Gives the inputs of make.node() that want one their gradient, from those of
// its outputs. Unimplemented: a mode without a rule.
using GradientFn = absl::Status (*)(GradientMaker& make);

struct GradientRule {
  absl::string_view op_type;  // of ONNX's default domain
  // Null: constant wherever it has a derivative (Floor), so that nothing flows
  // back.
  GradientFn give;
};

absl::Span<const GradientRule> AllGradientRules();  // by name
// Null: the operator has no rule.
const GradientRule* FindGradientRule(absl::string_view domain,
                                     absl::string_view op_type);

// Appends nodes to model->graph that compute d(sum of y) / dx for every x of
// `xs`, and returns their names. The xs and zs are independent: what makes one
// of them is not differentiated. Zeros where y does not depend on x. Where a
// function has no derivative, one of the values beside it is taken (Relu(0): 0,
// equal maxima share). Nodes must be in topological order, y, xs and zs values
// of the main graph. InvalidArgument: opset below kGradientOpset, an unknown y,
// x or z. Unimplemented, naming the node: an operator or a mode without a rule
// between an x and y; so are the subgraphs of If, Loop and Scan.
absl::StatusOr<std::vector<std::string>> AppendGradients(
    Model* model, absl::string_view y, absl::Span<const std::string> xs,
    absl::Span<const std::string> zs = {});

}  // namespace hone

#endif  // HONE_IR_AUTODIFF_AUTODIFF_H_
