// Folding y[c] = a[c] * x[c] + b[c] over channels into the Conv, ConvTranspose
// or Gemm that makes x.
#ifndef HONE_ALGORITHMS_FOLD_LINEAR_AFFINE_H_
#define HONE_ALGORITHMS_FOLD_LINEAR_AFFINE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"

namespace hone {

// A Conv, ConvTranspose or Gemm with constant float32 weight and bias.
struct LinearNode {
  int node = -1;         // index into graph.nodes
  int64_t channels = 0;  // of the output
  int64_t rank = 0;      // of the output
  const Tensor* weight = nullptr;
  const Tensor* bias = nullptr;  // null: none
  int64_t group = 1;
  bool transposed_conv = false;
  bool gemm = false;
  bool trans_b = false;
  double beta = 1;  // Gemm's factor of the bias
};

// nullopt when `node` is no such operator or its weights are no constants.
std::optional<LinearNode> AsLinear(const Model& model, const GraphIndex& index,
                                   int node);

// New weight w * a and bias b + a * bias, computed in double and rounded once
// to float32, under fresh names; Gemm's beta becomes 1. a and b have one
// element per channel. The index is stale afterwards.
void FoldAffine(const LinearNode& linear, absl::Span<const double> a,
                absl::Span<const double> b, Graph* graph);

// The elements of a constant float32 that broadcasts over everything but the
// channels (axis 1 of `rank`): one per channel. nullopt: another shape or
// dtype.
std::optional<std::vector<double>> PerChannel(const Tensor& constant,
                                              int64_t rank, int64_t channels);

// A constant that the user of the file cannot replace: no graph input.
const Tensor* FixedConstant(const GraphIndex& index, absl::string_view name);

}  // namespace hone

#endif  // HONE_ALGORITHMS_FOLD_LINEAR_AFFINE_H_
