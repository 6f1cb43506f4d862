// MatMul and Gemm, fused or not.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/gemm_view.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/exec/opencl/factories.h"
#include "kernels/exec/ops/activation/activation.h"
#include "kernels/exec/ops/matmul/matmul_geometry.h"
#include "kernels/opencl/gemm/gemm.h"

namespace hone {
namespace {

// NotOnDevice: a function that the device's products do not apply.
absl::StatusOr<opencl::GemmActivation> KindOf(const Activation& activation) {
  using Kind = Activation::Kind;
  switch (activation.kind) {
    case Kind::kNone:
      return opencl::GemmActivation::kNone;
    case Kind::kClamp:
      return opencl::GemmActivation::kClamp;
    case Kind::kLeakyRelu:
      return opencl::GemmActivation::kLeakyRelu;
    case Kind::kHardSigmoid:
      return opencl::GemmActivation::kHardSigmoid;
    case Kind::kHardSwish:
      return opencl::GemmActivation::kHardSwish;
    case Kind::kSigmoid:
      return opencl::GemmActivation::kSigmoid;
    case Kind::kSilu:
      return opencl::GemmActivation::kSilu;
    case Kind::kTanh:
      return opencl::GemmActivation::kTanh;
    case Kind::kGelu:
      return opencl::GemmActivation::kGelu;
  }
  return NotOnDevice();
}

bool Has(DeviceValues inputs, size_t index) {
  return index < inputs.size() && inputs[index].view.present();
}

// Every input that is there is float32.
absl::Status ExpectAllFloats(const KernelSpec& spec) {
  for (size_t i = 0; i < spec.node->inputs.size(); ++i) {
    if (i >= 2 && spec.node->Input(i).empty()) continue;
    HONE_RETURN_IF_ERROR(ExpectFloats(spec, i));
  }
  return spec.node->inputs.size() < 2 ? NotOnDevice() : absl::OkStatus();
}

// What a product applies to its results.
struct DeviceActivation {
  opencl::GemmActivation kind;
  float p, q;

  static absl::StatusOr<DeviceActivation> Of(const Node& node) {
    HONE_ASSIGN_OR_RETURN(const Activation activation, ReadActivation(node));
    HONE_ASSIGN_OR_RETURN(const opencl::GemmActivation kind,
                          KindOf(activation));
    return DeviceActivation{kind, activation.a, activation.b};
  }
  void Set(opencl::GemmCall* call) const {
    call->activation = kind;
    call->p = p;
    call->q = q;
  }
};

// The step from one product's matrix to the next, or -1 where it varies.
int64_t StepOf(const std::vector<int64_t>& offsets) {
  if (offsets.size() < 2) return 0;
  const int64_t step = offsets[1] - offsets[0];
  for (size_t i = 1; i < offsets.size(); ++i) {
    if (offsets[i] - offsets[i - 1] != step) return -1;
  }
  return step;
}

absl::Status RunMatMul(opencl::Context& context, const Node& node,
                       const DeviceActivation& activation, DeviceValues inputs,
                       DeviceValues outputs) {
  HONE_ASSIGN_OR_RETURN(
      const MatMulGeometry g,
      MatMulGeometry::Of(node, inputs[0].view.dims, inputs[1].view.dims));
  if (outputs[0].view.dims != g.y) {
    return NodeError(node, "extents of Y", DimsToString(g.y),
                     DimsToString(outputs[0].view.dims));
  }
  if (Has(inputs, 2) && inputs[2].view.dims != Dims{g.n}) {
    return NodeError(node, "extents of the bias", absl::StrCat("[", g.n, "]"),
                     DimsToString(inputs[2].view.dims));
  }
  if (Has(inputs, 3) && inputs[3].view.dims != g.y) {
    return NodeError(node, "extents of the residual", DimsToString(g.y),
                     DimsToString(inputs[3].view.dims));
  }
  if (g.batch() == 0) return absl::OkStatus();
  opencl::GemmCall call;
  call.m = g.m;
  call.n = g.n;
  call.k = g.k;
  call.a = {BufferOf(inputs[0]), g.k, 1, 0, 0};
  call.b = {BufferOf(inputs[1]), g.n, 1, 0, 0};
  if (Has(inputs, 2)) call.bias = BufferOf(inputs[2]);
  if (Has(inputs, 3)) call.residual = BufferOf(inputs[3]);
  activation.Set(&call);
  const int64_t a_step = StepOf(g.a), b_step = StepOf(g.b);
  const bool even = a_step >= 0 && b_step >= 0;
  call.batch = even ? g.batch() : 1;
  call.a.batch = a_step;
  call.b.batch = b_step;
  // Broadcast axes that lie between others: one product after the other.
  for (int64_t i = 0; i < (even ? 1 : g.batch()); ++i) {
    call.a.start = g.a[static_cast<size_t>(i)];
    call.b.start = g.b[static_cast<size_t>(i)];
    call.c_start = i * g.m * g.n;
    HONE_RETURN_IF_ERROR(opencl::Gemm(context, call, BufferOf(outputs[0])));
  }
  return absl::OkStatus();
}

absl::Status RunGemm(opencl::Context& context, const Node& node,
                     const GemmView& view, const DeviceActivation& activation,
                     DeviceValues inputs, DeviceValues outputs) {
  const Dims& a = inputs[0].view.dims;
  const Dims& b = inputs[1].view.dims;
  if (a.size() != 2 || b.size() != 2) {
    return NodeError(node, "ranks of A and B", "2 and 2",
                     absl::StrCat(a.size(), " and ", b.size()));
  }
  opencl::GemmCall call;
  call.m = a[view.trans_a ? 1 : 0];
  call.k = a[view.trans_a ? 0 : 1];
  call.n = b[view.trans_b ? 0 : 1];
  if (b[view.trans_b ? 1 : 0] != call.k) {
    return NodeError(node, "inner extent of B", absl::StrCat(call.k),
                     absl::StrCat(b[view.trans_b ? 1 : 0]));
  }
  const Dims y = {call.m, call.n};
  if (outputs[0].view.dims != y) {
    return NodeError(node, "extents of Y", DimsToString(y),
                     DimsToString(outputs[0].view.dims));
  }
  call.a = {BufferOf(inputs[0]), view.trans_a ? 1 : call.k,
            view.trans_a ? call.m : 1, 0, 0};
  call.b = {BufferOf(inputs[1]), view.trans_b ? 1 : call.n,
            view.trans_b ? call.k : 1, 0, 0};
  call.alpha = view.alpha;
  if (Has(inputs, 2)) {
    const Dims& c = inputs[2].view.dims;
    const int64_t rows = c.size() < 2 ? 1 : c[c.size() - 2];
    const int64_t columns = c.empty() ? 1 : c.back();
    if (c.size() > 2 || (rows != 1 && rows != call.m) ||
        (columns != 1 && columns != call.n)) {
      return NodeError(node, "extents of C",
                       absl::StrCat("broadcasting to ", DimsToString(y)),
                       DimsToString(c));
    }
    call.bias = BufferOf(inputs[2]);
    call.beta = view.beta;
    call.bias_row = rows == 1 ? 0 : columns;
    call.bias_column = columns == 1 ? 0 : 1;
  }
  if (Has(inputs, 3)) {
    if (inputs[3].view.dims != y) {
      return NodeError(node, "extents of the residual", DimsToString(y),
                       DimsToString(inputs[3].view.dims));
    }
    call.residual = BufferOf(inputs[3]);
  }
  activation.Set(&call);
  return opencl::Gemm(context, call, BufferOf(outputs[0]));
}

}  // namespace

absl::StatusOr<std::unique_ptr<DeviceKernel>> MakeOpenClMatMul(
    const OpenClContext& context, const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(ExpectAllFloats(spec));
  HONE_ASSIGN_OR_RETURN(const DeviceActivation activation,
                        DeviceActivation::Of(*spec.node));
  return MakeDeviceKernel("opencl.matmul", {},
                          [context, activation, node = *spec.node](
                              DeviceValues inputs, DeviceValues outputs) {
                            return RunMatMul(*context, node, activation, inputs,
                                             outputs);
                          });
}

absl::StatusOr<std::unique_ptr<DeviceKernel>> MakeOpenClGemm(
    const OpenClContext& context, const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(ExpectAllFloats(spec));
  HONE_ASSIGN_OR_RETURN(const GemmView view,
                        GemmView::Of(*spec.node, spec.opset));
  HONE_ASSIGN_OR_RETURN(const DeviceActivation activation,
                        DeviceActivation::Of(*spec.node));
  return MakeDeviceKernel("opencl.gemm", {},
                          [context, view, activation, node = *spec.node](
                              DeviceValues inputs, DeviceValues outputs) {
                            return RunGemm(*context, node, view, activation,
                                           inputs, outputs);
                          });
}

}  // namespace hone
