#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/attention/attention.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/attention/attention.h"
#include "kernels/exec/ops/gather/indices.h"

namespace hone {
namespace {

struct Options {
  int64_t heads = 1;
  double scale = 0;  // 0: 1 / sqrt(size)
  float hidden_key = -10000;
  bool causal = false;
};

// Query, key and value [n, length, heads * size] apart, with a bias [3 *
// heads * size], a mask of padded keys (lengths [n], or [n, keys] of 0 and 1)
// and numbers to be added [1 or n, 1 or heads, queries, keys].
class MultiHeadKernel : public Kernel {
 public:
  MultiHeadKernel(const Node& node, const Options& options)
      : node_(node), label_(NodeLabel(node)), options_(options) {}
  absl::string_view name() const override { return "multi_head_attention"; }

  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int threads) const override {
    const absl::StatusOr<AttentionShape> shape = ShapeOf(inputs);
    return shape.ok() ? AttentionScratchBytes(*shape, threads) : 0;
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const AttentionShape s, ShapeOf(context.inputs));
    const auto input = [&](size_t i) {
      return i < context.inputs.size() ? context.inputs[i] : TensorView();
    };
    const int64_t width = s.heads * s.size;
    const int64_t value_width = s.heads * s.value_size;
    HONE_RETURN_IF_ERROR(ExpectDims(label_, "output extents",
                                    {s.batch, s.queries, value_width},
                                    context.outputs[0].dims));
    std::vector<float> own[3];
    const float* data[3];
    int64_t first = 0;
    for (size_t i = 0; i < 3; ++i) {
      data[i] = input(i).As<float>();
      if (!input(3).present()) continue;
      HONE_RETURN_IF_ERROR(
          ExpectDims(label_, "bias", {2 * width + value_width}, input(3).dims));
      const int64_t columns = i == 2 ? value_width : width;
      own[i].assign(data[i], data[i] + input(i).size);
      for (size_t e = 0; e < own[i].size(); ++e) {
        own[i][e] +=
            input(3).As<float>()[first + static_cast<int64_t>(e) % columns];
      }
      first += columns;
      data[i] = own[i].data();
    }
    HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> padding,
                          Padding(input(4), s));
    const TensorView bias = input(5);
    if (bias.present()) {
      HONE_RETURN_IF_ERROR(ExpectBroadcast(
          label_, bias.dims, {s.batch, s.heads, s.queries, s.keys}));
      if (bias.dims.size() != 4 || bias.dims[2] != s.queries ||
          bias.dims[3] != s.keys) {
        return NodeError(node_, "extents of the attention bias",
                         "[1 or n, 1 or heads, queries, keys]",
                         DimsToString(bias.dims));
      }
    }
    const int64_t plane = s.queries * s.keys;
    const auto mask = [&](int64_t b, int64_t h, int64_t i, float* row) {
      const float* from = nullptr;
      if (bias.present()) {
        const int64_t at = (bias.dims[0] == 1 ? 0 : b) * bias.dims[1] +
                           (bias.dims[1] == 1 ? 0 : h);
        from = bias.As<float>() + at * plane + i * s.keys;
      }
      for (int64_t j = 0; j < s.keys; ++j) {
        row[j] = from == nullptr ? 0 : from[j];
        if (!padding.empty() &&
            padding[static_cast<size_t>(b * s.keys + j)] == 0) {
          row[j] += options_.hidden_key;
        }
        if (options_.causal && j > i + s.keys - s.queries) {
          row[j] = -std::numeric_limits<float>::infinity();
        }
      }
    };
    AttentionOptions options;
    options.scale = options_.scale != 0
                        ? options_.scale
                        : 1 / std::sqrt(static_cast<double>(s.size));
    const auto rows = [](const float* at, int64_t length, int64_t columns,
                         int64_t size) {
      return HeadRows<const float>{at, length * columns, size, columns};
    };
    Attention(*context.pool, s, rows(data[0], s.queries, width, s.size),
              rows(data[1], s.keys, width, s.size),
              rows(data[2], s.keys, value_width, s.value_size), options, mask,
              {context.outputs[0].As<float>(), s.queries * value_width,
               s.value_size, value_width},
              nullptr, context.scratch);
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<AttentionShape> ShapeOf(
      absl::Span<const TensorView> inputs) const {
    AttentionShape s;
    s.heads = s.kv_heads = options_.heads;
    const bool apart = inputs.size() >= 3 && inputs[1].present() &&
                       inputs[2].present() && inputs[0].dims.size() == 3 &&
                       inputs[1].dims.size() == 3 && inputs[2].dims.size() == 3;
    if (!apart) {
      return MakeError(absl::StatusCode::kUnimplemented,
                       "packed or cached keys and values",
                       {"", label_, "query, key and value of rank 3", ""});
    }
    const Dims& q = inputs[0].dims;
    const Dims& k = inputs[1].dims;
    const Dims& v = inputs[2].dims;
    if (k[0] != q[0] || v[0] != q[0] || v[1] != k[1] || k[2] != q[2] ||
        q[2] % s.heads != 0 || v[2] % s.heads != 0) {
      return NodeError(node_, "extents of query, key and value",
                       "[n, length, heads * size]",
                       absl::StrCat(DimsToString(q), ", ", DimsToString(k),
                                    " and ", DimsToString(v)));
    }
    s.batch = q[0];
    s.queries = q[1];
    s.keys = k[1];
    s.size = q[2] / s.heads;
    s.value_size = v[2] / s.heads;
    return s;
  }

  // [n, keys] of 0 (hidden) and 1; empty when there is none.
  absl::StatusOr<std::vector<int64_t>> Padding(const TensorView& view,
                                               const AttentionShape& s) const {
    if (!view.present()) return std::vector<int64_t>();
    HONE_ASSIGN_OR_RETURN(std::vector<int64_t> mask,
                          IndexElements(label_, view));
    if (view.dims == Dims{s.batch, s.keys}) return mask;
    if (view.dims != Dims{s.batch}) {
      return MakeError(
          absl::StatusCode::kUnimplemented, "this padding mask",
          {"", label_, "[n] or [n, keys]", DimsToString(view.dims)});
    }
    std::vector<int64_t> rows;
    for (const int64_t length : mask) {
      for (int64_t j = 0; j < s.keys; ++j) rows.push_back(j < length ? 1 : 0);
    }
    return rows;
  }

  const Node node_;
  const std::string label_;
  const Options options_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeMultiHeadAttention(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  Options options;
  options.heads = read.IntIn("num_heads", 0, 1, int64_t{1} << 31);
  options.scale = read.Float("scale", 0);
  options.hidden_key = read.Float("mask_filter_value", -10000);
  options.causal = read.Bool("unidirectional", false);
  if (options.heads < 1) read.Fail("num_heads", "at least 1", "none");
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  for (size_t i = 6; i < spec.node->inputs.size(); ++i) {
    if (!spec.node->inputs[i].empty()) {
      return UnimplementedError(spec, "a cache of keys and values");
    }
  }
  for (size_t i = 1; i < spec.node->outputs.size(); ++i) {
    if (!spec.node->outputs[i].empty()) {
      return UnimplementedError(spec, "a cache of keys and values");
    }
  }
  using Single = ElementTypes<float>;
  HONE_RETURN_IF_ERROR(CheckDType(Single(), spec, 0));
  return std::make_unique<MultiHeadKernel>(*spec.node, options);
}

}  // namespace hone
