// The rewrites that need no kernels, each in a file of its own name. All keep
// every value that remains bit for bit, but FuseGemm: a sum of products with
// its bias is rounded elsewhere.
//
// To add one: a function of type SimplifyFn in a file beside these, a line in
// AllSimplifications, a test that says what becomes what and what stays.
#ifndef HONE_IR_SIMPLIFY_PASSES_H_
#define HONE_IR_SIMPLIFY_PASSES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/simplify/graph_edit.h"

namespace hone {

using SimplifyFn = void (*)(GraphEdit& edit);

struct Simplification {
  absl::string_view name;
  SimplifyFn apply;
};

// In the order in which they are applied, round after round.
absl::Span<const Simplification> AllSimplifications();

// Nodes whose output is their input: Identity, Dropout, Cast to the same type,
// Transpose, Reshape, Expand, Slice, Pad, ... that change nothing, x * 1,
// x - 0, x + -0.0 (x + 0.0 is not x for x = -0.0), Relu of Relu.
void RemoveNoOps(GraphEdit& edit);

// Two movements of the same elements as one: Transpose of Transpose; Reshape,
// Flatten, Squeeze, Unsqueeze after one another; Cast after a Cast that loses
// nothing; Slice of Slice along other axes; Concat of Concat; a reduction and
// its Squeeze or Unsqueeze; Expand before an operator that broadcasts.
void MergeMovement(GraphEdit& edit);

// MatMul of matrices + bias is Gemm; a Transpose before Gemm is its transA,
// transB.
void FuseGemm(GraphEdit& edit);

// Zeros around an image are the pads of the Conv, AveragePool
// (count_include_pad) or MaxPool (of -infinity) that alone reads it.
void FusePad(GraphEdit& edit);

// Equal constants, and nodes that compute the same from the same inputs, are
// one.
void MergeDuplicates(GraphEdit& edit);

// What extents are computed with: a Reshape whose target is known but for one
// extent gets a constant target; values that are the same extents are one;
// Shape, Gather, Slice of one value's extents become one Shape.
void SimplifyExtents(GraphEdit& edit);

// An If whose condition is constant is its branch.
void InlineConstantIf(GraphEdit& edit);

// Initial states of LSTM, GRU and RNN that are zero are left out.
void DropZeroStates(GraphEdit& edit);

// Nodes that no output depends on.
void RemoveDead(GraphEdit& edit);

}  // namespace hone

#endif  // HONE_IR_SIMPLIFY_PASSES_H_
