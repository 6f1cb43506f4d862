// Small questions about extents and constants that several passes ask.
#ifndef HONE_IR_SIMPLIFY_SHAPE_FACTS_H_
#define HONE_IR_SIMPLIFY_SHAPE_FACTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/simplify/graph_edit.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {

// Surely the same extent: equal numbers or equal symbols.
bool SameDim(const Dim& a, const Dim& b);
bool SameShape(const Shape* a, const Shape* b);  // false for an unknown rank

// Every element is exactly `value`; with value 0 the sign counts
// (std::signbit). False for no elements and other dtypes than numbers.
bool AllElementsAre(const Tensor& tensor, double value);

// The target of a Reshape from `from` to `to`: numbers, 0 for an extent that
// stays in its place, -1 for at most one other. nullopt: it cannot be said, or
// an extent is the number 0. Where an input may have no elements at all, -1
// beside a 0 would be ambiguous, which is only risked for extents whose symbols
// the model declares.
std::optional<std::vector<int64_t>> ReshapeTarget(const Shape& from,
                                                  const Shape& to);

// Whether inference gave the symbol to an extent that it could not compute.
bool IsInventedSymbol(absl::string_view symbol);

Tensor Int64Vector(absl::Span<const int64_t> values);

// Constant axes of a Squeeze or Unsqueeze, ascending, of its input (Squeeze) or
// output (Unsqueeze). nullopt: not known.
std::optional<std::vector<int64_t>> SqueezedAxes(const GraphEdit& edit,
                                                 const Node& node);
std::optional<std::vector<int64_t>> UnsqueezedAxes(const GraphEdit& edit,
                                                   const Node& node);
// A Squeeze or Unsqueeze of `value`, its axes written as the opset wants them.
Node AxesNode(GraphEdit& edit, absl::string_view op_type,
              const std::string& value, const std::vector<int64_t>& axes);

}  // namespace hone

#endif  // HONE_IR_SIMPLIFY_SHAPE_FACTS_H_
