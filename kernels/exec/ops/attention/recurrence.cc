#include <cmath>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
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

namespace hone {
namespace {

struct LinearOptions {
  int64_t heads = 0, kv_heads = 0;
  double scale = 0;  // 0: 1 / sqrt(size of a key)
  bool gated = false, delta = false;
};

// Per token: S = e^g S (gated), v = beta (v - S^T k) (delta), S += k v^T,
// y = scale S^T q, with one state S [size, value size] a key head.
absl::Status RunLinear(const LinearOptions& options, const Node& node,
                       const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
  std::vector<std::vector<double>> in(6);
  for (size_t i = 0; i < 6 && i < context.inputs.size(); ++i) {
    HONE_ASSIGN_OR_RETURN(in[i], ReadNumbers(label, context.inputs[i]));
  }
  const Dims& q = context.inputs[0].dims;
  const Dims& k = context.inputs[1].dims;
  const Dims& v = context.inputs[2].dims;
  const auto input = [&](size_t i) {
    return i < context.inputs.size() ? context.inputs[i] : TensorView();
  };
  const int64_t heads = options.heads, kv = options.kv_heads;
  if (q.size() != 3 || k.size() != 3 || v.size() != 3 || q[2] % heads != 0 ||
      v[2] % kv != 0 || k[2] != q[2] / heads * kv || k[0] != q[0] ||
      k[1] != q[1] || v[0] != q[0] || v[1] != q[1]) {
    return NodeError(node, "extents of query, key and value",
                     "[n, t, heads * size]",
                     absl::StrCat(DimsToString(q), ", ", DimsToString(k),
                                  " and ", DimsToString(v)));
  }
  if (options.gated != input(4).present() ||
      options.delta != input(5).present()) {
    return NodeError(node, "decay and beta", "those that update_rule names");
  }
  const int64_t batch = q[0], steps = q[1];
  const int64_t size = q[2] / heads, values = v[2] / kv;
  const int64_t decays = options.gated ? input(4).dims.back() : 0;
  const int64_t betas = options.delta ? input(5).dims.back() : 0;
  if (options.gated) {
    const int64_t last = decays == kv ? kv : kv * size;
    HONE_RETURN_IF_ERROR(
        ExpectDims(label, "decay", {batch, steps, last}, input(4).dims));
  }
  if (options.delta) {
    const int64_t last = betas == 1 ? 1 : kv;
    HONE_RETURN_IF_ERROR(
        ExpectDims(label, "beta", {batch, steps, last}, input(5).dims));
  }
  std::vector<double> state = in[3];
  if (input(3).present()) {
    HONE_RETURN_IF_ERROR(ExpectDims(label, "past state",
                                    {batch, kv, size, values}, input(3).dims));
  } else {
    state.assign(static_cast<size_t>(batch * kv * size * values), 0);
  }
  const double scale = options.scale == 0
                           ? 1 / std::sqrt(static_cast<double>(size))
                           : options.scale;
  std::vector<double> y(static_cast<size_t>(batch * steps * heads * values));
  const int64_t shared = heads / kv;
  context.pool->ParallelFor(batch * kv, [&](int64_t task, int) {
    const int64_t b = task / kv, h = task % kv;
    double* s = state.data() + task * size * values;
    std::vector<double> write(static_cast<size_t>(values));
    for (int64_t t = 0; t < steps; ++t) {
      const int64_t token = b * steps + t;
      const double* key = in[1].data() + (token * kv + h) * size;
      const double* value = in[2].data() + (token * kv + h) * values;
      for (int64_t d = 0; options.gated && d < size; ++d) {
        const int64_t at = decays == kv ? h : h * size + d;
        const double gate = std::exp(in[4][token * decays + at]);
        for (int64_t m = 0; m < values; ++m) s[d * values + m] *= gate;
      }
      for (int64_t m = 0; m < values; ++m) {
        double next = value[m];
        if (options.delta) {
          for (int64_t d = 0; d < size; ++d) next -= s[d * values + m] * key[d];
          next *= in[5][token * betas + (betas == 1 ? 0 : h)];
        }
        write[m] = next;
      }
      for (int64_t d = 0; d < size; ++d) {
        for (int64_t m = 0; m < values; ++m) {
          s[d * values + m] += key[d] * write[m];
        }
      }
      for (int64_t g = h * shared; g < (h + 1) * shared; ++g) {
        const double* query = in[0].data() + (token * heads + g) * size;
        for (int64_t m = 0; m < values; ++m) {
          double sum = 0;
          for (int64_t d = 0; d < size; ++d) {
            sum += query[d] * s[d * values + m];
          }
          y[(token * heads + g) * values + m] = scale * sum;
        }
      }
    }
  });
  if (context.outputs.size() > 1) {
    HONE_RETURN_IF_ERROR(WriteNumbers(label, state, context.outputs[1]));
  }
  return WriteNumbers(label, y, context.outputs[0]);
}

// y[t] = sum w[j] padded[t + j] + bias, padded: past [k - 1], then x; every
// channel by itself; then y * sigmoid(y) with `silu`.
absl::Status RunCausalConv(bool silu, const Node& node,
                           const std::string& label,
                           const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  std::vector<std::vector<double>> in(4);
  for (size_t i = 0; i < 4 && i < context.inputs.size(); ++i) {
    HONE_ASSIGN_OR_RETURN(in[i], ReadNumbers(label, context.inputs[i]));
  }
  const Dims& x = context.inputs[0].dims;
  const Dims& w = context.inputs[1].dims;
  if (x.size() != 3 || w.size() != 3 || w[0] != x[1] || w[1] != 1 || w[2] < 1) {
    return NodeError(node, "extents of input and weight",
                     "[n, c, length], [c, 1, k]",
                     absl::StrCat(DimsToString(x), ", ", DimsToString(w)));
  }
  const int64_t rows = x[0] * x[1], length = x[2], k = w[2];
  if (!in[2].empty()) {
    HONE_RETURN_IF_ERROR(
        ExpectDims(label, "bias", {x[1]}, context.inputs[2].dims));
  }
  if (context.inputs.size() > 3 && context.inputs[3].present()) {
    HONE_RETURN_IF_ERROR(ExpectDims(label, "past state", {x[0], x[1], k - 1},
                                    context.inputs[3].dims));
  } else {
    in[3].assign(static_cast<size_t>(rows * (k - 1)), 0);
  }
  std::vector<double> y, state;
  for (int64_t r = 0; r < rows; ++r) {
    std::vector<double> padded(in[3].begin() + r * (k - 1),
                               in[3].begin() + (r + 1) * (k - 1));
    padded.insert(padded.end(), in[0].begin() + r * length,
                  in[0].begin() + (r + 1) * length);
    const int64_t c = r % x[1];
    for (int64_t t = 0; t < length; ++t) {
      double sum = in[2].empty() ? 0 : in[2][static_cast<size_t>(c)];
      for (int64_t j = 0; j < k; ++j) {
        sum += in[1][static_cast<size_t>(c * k + j)] *
               padded[static_cast<size_t>(t + j)];
      }
      y.push_back(silu ? sum / (1 + std::exp(-sum)) : sum);
    }
    state.insert(state.end(), padded.end() - (k - 1), padded.end());
  }
  if (context.outputs.size() > 1) {
    HONE_RETURN_IF_ERROR(WriteNumbers(label, state, context.outputs[1]));
  }
  return WriteNumbers(label, y, context.outputs[0]);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeLinearAttention(
    const KernelSpec& spec) {
  static constexpr absl::string_view kRules[] = {"linear", "gated", "delta",
                                                 "gated_delta"};
  AttributeReader read(*spec.node);
  LinearOptions options;
  const int64_t most = int64_t{1} << 31;
  options.kv_heads = read.IntIn("kv_num_heads", 0, 1, most);
  options.heads = read.IntIn("q_num_heads", 0, 1, most);
  options.scale = read.Float("scale", 0);
  const size_t rule =
      read.Choice("update_rule", "gated_delta", absl::MakeConstSpan(kRules));
  options.gated = rule == 1 || rule == 3;
  options.delta = rule >= 2;
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  if (options.kv_heads < 1 || options.heads % options.kv_heads != 0 ||
      options.heads < 1) {
    return NodeError(*spec.node, "q_num_heads", "a multiple of kv_num_heads");
  }
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"linear_attention"},
      [options, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunLinear(options, node, label, context);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeCausalConvWithState(
    const KernelSpec& spec) {
  static constexpr absl::string_view kActivations[] = {"none", "silu", "swish"};
  AttributeReader read(*spec.node);
  const bool silu =
      read.Choice("activation", "none", absl::MakeConstSpan(kActivations)) > 0;
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"causal_conv"}, [silu, node = *spec.node, label = NodeLabel(*spec.node)](
                           const KernelContext& context) {
        return RunCausalConv(silu, node, label, context);
      });
}

}  // namespace hone
