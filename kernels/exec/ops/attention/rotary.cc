#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/attention/attention.h"
#include "kernels/exec/ops/attention/head_layout.h"
#include "kernels/exec/ops/gather/indices.h"

namespace hone {
namespace {

// Where com.microsoft's operator has another order of inputs.
struct RotaryOptions {
  size_t cos = 1, sin = 2, positions = 3;
  bool interleaved = false;
  int64_t dims = 0;  // rotated; 0: all
  int64_t heads = 0;
  double scale = 1;
};

// (a, b) -> (a cos - b sin, a sin + b cos) for the pairs of each head's first
// dims elements: halves, or neighbours when interleaved. Su et al. 2021,
// arXiv:2104.09864.
absl::Status RunRotary(const RotaryOptions& options, const Node& node,
                       const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
  const TensorView& x = context.inputs[0];
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", x.dims, context.outputs[0].dims));
  const Dims& cache = context.inputs[options.cos].dims;
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "sine cache", cache, context.inputs[options.sin].dims));
  if (cache.size() != 2 && cache.size() != 3) {
    return NodeError(node, "rank of the cosine cache", "2 or 3",
                     DimsToString(cache));
  }
  int64_t heads = options.heads;
  if (heads == 0 && x.dims.size() == 3) {
    const int64_t size = options.dims > 0 ? options.dims : cache.back() * 2;
    heads = size > 0 ? x.dims[2] / size : 0;
  }
  HONE_ASSIGN_OR_RETURN(const HeadExtents e, HeadExtents::Of(node, x, heads));
  const int64_t rotated = options.dims > 0 ? options.dims : e.size;
  const int64_t half = rotated / 2;
  if (rotated > e.size || rotated % 2 != 0 || cache.back() != half) {
    return NodeError(node, "last extent of the cosine cache",
                     absl::StrCat(half), DimsToString(cache));
  }
  // The cache's row of each token.
  std::vector<int64_t> rows(static_cast<size_t>(e.batch * e.rows));
  const bool has_positions = options.positions < context.inputs.size() &&
                             context.inputs[options.positions].present();
  if (has_positions) {
    HONE_ASSIGN_OR_RETURN(
        std::vector<int64_t> given,
        IndexElements(label, context.inputs[options.positions]));
    const bool offset = given.size() == 1 && rows.size() != 1;
    if (cache.size() != 2 || (!offset && given.size() != rows.size())) {
      return NodeError(node, "positions", absl::StrCat(rows.size()),
                       absl::StrCat(given.size()));
    }
    for (size_t i = 0; i < rows.size(); ++i) {
      rows[i] = offset ? given[0] + static_cast<int64_t>(i) % e.rows : given[i];
      if (rows[i] < 0 || rows[i] >= cache[0]) {
        return NodeError(node, "a position", absl::StrCat("below ", cache[0]),
                         absl::StrCat(rows[i]));
      }
    }
  } else {
    if (cache.size() == 3) {
      HONE_RETURN_IF_ERROR(
          ExpectDims(label, "cosine cache", {e.batch, e.rows, half}, cache));
    } else if (cache[0] < e.rows) {
      return NodeError(node, "rows of the cosine cache", absl::StrCat(e.rows),
                       absl::StrCat(cache[0]));
    }
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto at = static_cast<int64_t>(i);
      rows[i] = cache.size() == 3 ? at : at % e.rows;
    }
  }
  HONE_ASSIGN_OR_RETURN(std::vector<double> y, ReadNumbers(label, x));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> cos,
                        ReadNumbers(label, context.inputs[options.cos]));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> sin,
                        ReadNumbers(label, context.inputs[options.sin]));
  const HeadRows<double> at =
      HeadsOf<double>(y.data(), x.dims, e.heads, e.size);
  for (int64_t b = 0; b < e.batch; ++b) {
    for (int64_t h = 0; h < e.heads; ++h) {
      for (int64_t r = 0; r < e.rows; ++r) {
        const int64_t row = rows[static_cast<size_t>(b * e.rows + r)] * half;
        double* head = at.At(b, h, r);
        for (int64_t i = 0; i < half; ++i) {
          double& p = head[options.interleaved ? 2 * i : i];
          double& q = head[options.interleaved ? 2 * i + 1 : i + half];
          const double c = cos[static_cast<size_t>(row + i)];
          const double s = sin[static_cast<size_t>(row + i)];
          const double turned = p * c - q * s;
          q = p * s + q * c;
          p = turned;
        }
        for (int64_t i = 0; i < e.size && options.scale != 1; ++i) {
          head[i] *= options.scale;
        }
      }
    }
  }
  return WriteNumbers(label, y, context.outputs[0]);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeRotaryEmbedding(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  RotaryOptions options;
  options.interleaved = read.Bool("interleaved", false);
  options.dims = read.IntIn("rotary_embedding_dim", 0, 0, int64_t{1} << 31);
  options.heads = read.IntIn("num_heads", 0, 0, int64_t{1} << 31);
  if (spec.node->domain == "com.microsoft") {
    options.positions = 1;
    options.cos = 2;
    options.sin = 3;
    options.scale = read.Float("scale", 1);
    if (read.Bool("is_packed_batching", false)) {
      return UnimplementedError(spec, "is_packed_batching");
    }
  }
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"rotary_embedding"},
      [options, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunRotary(options, node, label, context);
      });
}

}  // namespace hone
