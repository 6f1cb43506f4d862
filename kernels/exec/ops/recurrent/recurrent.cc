#include "kernels/exec/ops/recurrent/recurrent.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/recurrent_view.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/cpu/recurrent/recurrent.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/gather/indices.h"
#include "kernels/exec/ops/qlinear/packed_matrices.h"
#include "kernels/exec/ops/recurrent/dynamic_gates.h"
#include "kernels/exec/packed_cache.h"

namespace hone {
namespace {

struct NamedFunction {
  const char* name;  // in lower case
  GateFunction function;
  int parameters;  // of alpha and beta
  float alpha, beta;
};
constexpr NamedFunction kFunctions[] = {
    {"relu", GateFunction::kRelu, 0, 0, 0},
    {"tanh", GateFunction::kTanh, 0, 0, 0},
    {"sigmoid", GateFunction::kSigmoid, 0, 0, 0},
    {"affine", GateFunction::kAffine, 2, 1, 0},
    {"leakyrelu", GateFunction::kLeakyRelu, 1, 0.01f, 0},
    {"thresholdedrelu", GateFunction::kThresholdedRelu, 1, 1, 0},
    {"scaledtanh", GateFunction::kScaledTanh, 2, 1, 1},
    {"hardsigmoid", GateFunction::kHardSigmoid, 2, 0.2f, 0.5f},
    {"elu", GateFunction::kElu, 1, 1, 0},
    {"softsign", GateFunction::kSoftsign, 0, 0, 0},
    {"softplus", GateFunction::kSoftplus, 0, 0, 0},
};

// The options of each direction. Alphas and betas go to the functions that
// have them, in order.
absl::StatusOr<std::vector<RecurrentOptions>> OptionsOf(
    const Node& node, const RecurrentView& view) {
  std::vector<RecurrentOptions> all;
  const size_t each =
      view.activations.size() / static_cast<size_t>(view.directions());
  size_t alphas = 0, betas = 0;
  for (int64_t d = 0; d < view.directions(); ++d) {
    RecurrentOptions options;
    options.cell = view.gates == 4   ? RecurrentCell::kLstm
                   : view.gates == 3 ? RecurrentCell::kGru
                                     : RecurrentCell::kRnn;
    options.reverse =
        d == 1 || view.direction == RecurrentView::Direction::kReverse;
    options.linear_before_reset = view.linear_before_reset;
    options.input_forget = view.input_forget;
    options.clip = view.clip;
    for (size_t i = 0; i < each; ++i) {
      const std::string& name =
          view.activations[static_cast<size_t>(d) * each + i];
      const auto* found =
          std::find_if(std::begin(kFunctions), std::end(kFunctions),
                       [lower = absl::AsciiStrToLower(name)](
                           const NamedFunction& f) { return lower == f.name; });
      if (found == std::end(kFunctions)) {
        return NodeError(node, "activation", "one of ONNX's", name);
      }
      GateActivation& activation = options.activations[i];
      activation = {found->function, found->alpha, found->beta};
      if (found->parameters > 0 && alphas < view.activation_alpha.size()) {
        activation.alpha = view.activation_alpha[alphas++];
      }
      if (found->parameters > 1 && betas < view.activation_beta.size()) {
        activation.beta = view.activation_beta[betas++];
      }
    }
    all.push_back(options);
  }
  return all;
}

// An input as T; empty when it is absent. InvalidArgument: other extents.
template <typename T>
absl::StatusOr<std::vector<T>> Read(const std::string& label,
                                    const KernelContext& context, size_t index,
                                    const char* what, const Dims& dims) {
  std::vector<T> values;
  if (index >= context.inputs.size() || !context.inputs[index].present()) {
    return values;
  }
  const TensorView& view = context.inputs[index];
  HONE_RETURN_IF_ERROR(ExpectDims(label, what, dims, view.dims));
  HONE_RETURN_IF_ERROR(VisitDType(Floats(), label, view.dtype, [&](auto type) {
    using U = typename decltype(type)::type;
    values.resize(static_cast<size_t>(view.size));
    std::transform(view.As<U>(), view.As<U>() + view.size, values.begin(),
                   [](const U& value) { return static_cast<T>(value); });
    return absl::OkStatus();
  }));
  return values;
}

// Output `index`, whose element at (i, j, ...) is from[i * strides[0] + ...];
// the last stride is 1.
template <typename T>
absl::Status Write(const std::string& label, const KernelContext& context,
                   size_t index, const Dims& dims,
                   const std::vector<int64_t>& strides, const T* from) {
  if (index >= context.outputs.size() ||
      context.outputs[index].data == nullptr) {
    return absl::OkStatus();
  }
  const MutableTensorView& view = context.outputs[index];
  HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents", dims, view.dims));
  return VisitDType(Floats(), label, view.dtype, [&](auto type) {
    using U = typename decltype(type)::type;
    U* to = view.As<U>();
    const int64_t row = dims.back();
    for (int64_t i = 0; row > 0 && i < view.size / row; ++i) {
      int64_t rest = i, at = 0;
      for (size_t a = dims.size() - 1; a-- > 0;) {
        at += rest % dims[a] * strides[a];
        rest /= dims[a];
      }
      to = std::transform(from + at, from + at + row, to,
                          [](const T& x) { return static_cast<U>(x); });
    }
    return absl::OkStatus();
  });
}

// Constant float32 weights, packed when the plan is made: one a direction.
struct Packed {
  size_t bytes() const {
    size_t bytes = 0;
    for (const PackedGates& each : directions) bytes += each.bytes();
    return bytes;
  }
  std::vector<PackedGates> directions;
};
using PackedPtr = std::shared_ptr<const Packed>;

// Null: input `index` is no constant of [directions, gates * hidden, depth].
PackedPtr Pack(const KernelSpec& spec, const RecurrentView& view,
               RecurrentCell cell, size_t index) {
  const Tensor* const weights =
      index < spec.constants.size() ? spec.constants[index] : nullptr;
  if (spec.reference || weights == nullptr || weights->dtype() != DType::kF32 ||
      weights->rank() != 3 || weights->size() == 0 ||
      weights->dims()[0] != view.directions() ||
      weights->dims()[1] % view.gates != 0) {
    return nullptr;
  }
  const int64_t hidden = weights->dims()[1] / view.gates;
  const int64_t depth = weights->dims()[2];
  if (index == 2 && depth != hidden) return nullptr;
  return PackOnce<Packed>(
      spec.packed, *weights,
      absl::StrCat("recurrent.", index, ".", view.gates, ".",
                   CurrentTileShape().columns),
      [&] {
        auto packed = std::make_shared<Packed>();
        const Tensor aligned = weights->Aligned();
        for (int64_t d = 0; d < view.directions(); ++d) {
          const float* const own =
              aligned.Values<float>().data() + d * view.gates * hidden * depth;
          packed->directions.push_back(
              index == 1 ? PackedGates::OfW(cell, hidden, depth, own)
                         : PackedGates::OfR(cell, hidden, own));
        }
        return PackedPtr(std::move(packed));
      });
}

bool IsDynamic(const Node& node) {
  return node.op_type == "DynamicQuantizeLSTM";
}

// What a plan made of constant weights; null where they are none.
struct Prepared {
  PackedPtr w, r;
  std::shared_ptr<const PackedMatrices> dynamic_w, dynamic_r;
};

std::shared_ptr<const PackedMatrices> PackDynamic(const KernelSpec& spec,
                                                  const RecurrentView& view,
                                                  size_t index) {
  const Tensor* const weights =
      index < spec.constants.size() ? spec.constants[index] : nullptr;
  if (spec.reference || weights == nullptr || weights->rank() != 3 ||
      weights->size() == 0 || weights->dims()[0] != view.directions() ||
      (weights->dtype() != DType::kS8 && weights->dtype() != DType::kU8)) {
    return nullptr;
  }
  return PackMatrices(spec.packed, *weights);
}

template <typename T>
absl::Status RunAs(const RecurrentView& view,
                   const std::vector<RecurrentOptions>& options,
                   const Prepared& prepared, const Node& node,
                   const std::string& label, const KernelContext& context) {
  const PackedPtr& packed_w = prepared.w;
  const PackedPtr& packed_r = prepared.r;
  const bool dynamic = IsDynamic(node);
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
  const Dims& xd = context.inputs[0].dims;
  const Dims& rd = context.inputs[2].dims;
  if (xd.size() != 3 || rd.size() != 3) {
    return NodeError(node, "ranks of x and r", "3");
  }
  const bool swap = view.batch_first;
  const RecurrentShape s = {xd[swap ? 1 : 0], xd[swap ? 0 : 1], xd[2],
                            rd[dynamic ? 1 : 2]};
  if (view.hidden_size > 0 && view.hidden_size != s.hidden) {
    return NodeError(node, "hidden_size", absl::StrCat(s.hidden),
                     absl::StrCat(view.hidden_size));
  }
  const int64_t dirs = view.directions(), width = view.gates * s.hidden;
  const Dims state =
      swap ? Dims{s.batch, dirs, s.hidden} : Dims{dirs, s.batch, s.hidden};
  HONE_ASSIGN_OR_RETURN(std::vector<T> x, Read<T>(label, context, 0, "x", xd));
  std::vector<T> w, r;
  std::vector<std::unique_ptr<DynamicGates<T>>> dynamic_w, dynamic_r;
  if (dynamic) {
    HONE_ASSIGN_OR_RETURN(
        dynamic_w,
        DynamicGates<T>::Of(label, context, {1, 8, 9}, {dirs, s.input, width},
                            prepared.dynamic_w.get()));
  } else if (packed_w == nullptr) {
    HONE_ASSIGN_OR_RETURN(
        w, Read<T>(label, context, 1, "w", {dirs, width, s.input}));
  } else {
    HONE_RETURN_IF_ERROR(
        ExpectDims(label, "w", {dirs, width, s.input}, context.inputs[1].dims));
  }
  if (dynamic) {
    HONE_ASSIGN_OR_RETURN(
        dynamic_r,
        DynamicGates<T>::Of(label, context, {2, 10, 11},
                            {dirs, s.hidden, width}, prepared.dynamic_r.get()));
  } else if (packed_r == nullptr) {
    HONE_ASSIGN_OR_RETURN(
        r, Read<T>(label, context, 2, "r", {dirs, width, s.hidden}));
  } else {
    HONE_RETURN_IF_ERROR(ExpectDims(label, "r", {dirs, width, s.hidden},
                                    context.inputs[2].dims));
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<T> bias,
                        Read<T>(label, context, 3, "bias", {dirs, 2 * width}));
  HONE_ASSIGN_OR_RETURN(const std::vector<T> h0,
                        Read<T>(label, context, 5, "initial h", state));
  std::vector<T> c0, peepholes;
  if (view.gates == 4) {
    HONE_ASSIGN_OR_RETURN(c0, Read<T>(label, context, 6, "initial c", state));
    HONE_ASSIGN_OR_RETURN(peepholes, Read<T>(label, context, 7, "peepholes",
                                             {dirs, 3 * s.hidden}));
  }
  std::vector<int64_t> lengths;
  if (context.inputs.size() > 4 && context.inputs[4].present()) {
    HONE_RETURN_IF_ERROR(
        ExpectDims(label, "lengths", {s.batch}, context.inputs[4].dims));
    HONE_ASSIGN_OR_RETURN(lengths, IndexElements(label, context.inputs[4]));
    for (const int64_t length : lengths) {
      if (length < 0 || length > s.steps) {
        return NodeError(node, "a length", absl::StrCat("0 to ", s.steps),
                         absl::StrCat(length));
      }
    }
  }
  if (swap) {
    std::vector<T> steps_first(x.size());
    for (int64_t i = 0; i < s.steps * s.batch; ++i) {
      const T* from =
          x.data() + (i % s.batch * s.steps + i / s.batch) * s.input;
      std::copy(from, from + s.input, steps_first.data() + i * s.input);
    }
    x = std::move(steps_first);
  }
  const int64_t cells = s.batch * s.hidden;
  // By direction: y [steps, batch, hidden], h and c [batch, hidden].
  std::vector<T> y(static_cast<size_t>(dirs * s.steps * cells));
  std::vector<T> h(static_cast<size_t>(dirs * cells)), c(h.size());
  for (int64_t d = 0; d < dirs; ++d) {
    for (int64_t b = 0; b < s.batch; ++b) {
      const int64_t from = (swap ? b * dirs + d : d * s.batch + b) * s.hidden;
      const int64_t to = (d * s.batch + b) * s.hidden;
      for (int64_t j = 0; j < s.hidden; ++j) {
        if (!h0.empty()) h[to + j] = h0[from + j];
        if (!c0.empty()) c[to + j] = c0[from + j];
      }
    }
    RecurrentInputs<T> in;
    in.x = x.data();
    if (dynamic) {
      in.w_product = dynamic_w[static_cast<size_t>(d)].get();
    } else if (packed_w != nullptr) {
      in.packed_w = &packed_w->directions[static_cast<size_t>(d)];
    } else {
      in.w = w.data() + d * width * s.input;
    }
    if (dynamic) {
      in.r_product = dynamic_r[static_cast<size_t>(d)].get();
    } else if (packed_r != nullptr) {
      in.packed_r = &packed_r->directions[static_cast<size_t>(d)];
    } else {
      in.r = r.data() + d * width * s.hidden;
    }
    if (!bias.empty()) in.bias = bias.data() + d * 2 * width;
    if (!peepholes.empty()) in.peepholes = peepholes.data() + d * 3 * s.hidden;
    if (!lengths.empty()) in.lengths = lengths.data();
    Recurrent<T>(*context.pool, s, options[static_cast<size_t>(d)], in,
                 h.data() + d * cells, c.data() + d * cells,
                 y.data() + d * s.steps * cells);
  }
  const int64_t by_dir = s.steps * cells;
  if (swap) {
    HONE_RETURN_IF_ERROR(Write<T>(label, context, 0,
                                  {s.batch, s.steps, dirs, s.hidden},
                                  {s.hidden, cells, by_dir, 1}, y.data()));
  } else {
    HONE_RETURN_IF_ERROR(Write<T>(label, context, 0,
                                  {s.steps, dirs, s.batch, s.hidden},
                                  {cells, by_dir, s.hidden, 1}, y.data()));
  }
  const std::vector<int64_t> strides =
      swap ? std::vector<int64_t>{s.hidden, cells, 1}
           : std::vector<int64_t>{cells, s.hidden, 1};
  HONE_RETURN_IF_ERROR(Write<T>(label, context, 1, state, strides, h.data()));
  return Write<T>(label, context, 2, state, strides, c.data());
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeRecurrent(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const RecurrentView view,
                        RecurrentView::Of(*spec.node, spec.opset));
  HONE_ASSIGN_OR_RETURN(const std::vector<RecurrentOptions> options,
                        OptionsOf(*spec.node, view));
  HONE_RETURN_IF_ERROR(IsDynamic(*spec.node)
                           ? CheckDType(ElementTypes<float>(), spec, 0)
                           : CheckDType(Floats(), spec, 0));
  Prepared prepared;
  if (IsDynamic(*spec.node)) {
    prepared.dynamic_w = PackDynamic(spec, view, 1);
    prepared.dynamic_r = PackDynamic(spec, view, 2);
  } else {
    prepared.w = Pack(spec, view, options[0].cell, 1);
    prepared.r = Pack(spec, view, options[0].cell, 2);
  }
  return MakeFunctionKernel(
      {IsDynamic(*spec.node) ? "int8.recurrent" : "recurrent"},
      [view, options, prepared, node = *spec.node, reference = spec.reference,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        if (reference || context.inputs[0].dtype == DType::kF64) {
          return RunAs<double>(view, options, {}, node, label, context);
        }
        return RunAs<float>(view, options, prepared, node, label, context);
      });
}

}  // namespace hone
