#include <algorithm>
#include <complex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/fourier/fourier.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/signal/signal.h"

namespace hone {
namespace {

constexpr int64_t kMostLength = int64_t{1} << 24;

// The one integer of input `index`; `otherwise` when it is absent.
absl::StatusOr<int64_t> Integer(const Node& node, const KernelContext& context,
                                size_t index, int64_t otherwise, int64_t low,
                                int64_t high) {
  if (index >= context.inputs.size() || !context.inputs[index].present()) {
    return otherwise;
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<double> numbers,
                        ReadNumbers(NodeLabel(node), context.inputs[index]));
  if (numbers.size() != 1 || !(numbers[0] >= static_cast<double>(low) &&
                               numbers[0] <= static_cast<double>(high))) {
    return NodeError(node, absl::StrCat("input ", index),
                     absl::StrCat("one number from ", low, " to ", high));
  }
  return static_cast<int64_t>(numbers[0]);
}

struct DftOptions {
  bool inverse = false;
  bool onesided = false;
};

absl::Status RunDft(const DftOptions& options, int64_t opset, const Node& node,
                    const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
  const Dims& x = context.inputs[0].dims;
  const auto rank = static_cast<int64_t>(x.size());
  if (rank < 2 || (x.back() != 1 && x.back() != 2)) {
    return NodeError(node, "last extent", "1 or 2", DimsToString(x));
  }
  int64_t axis = node.IntAttribute("axis", 1);
  if (opset >= 20) {
    HONE_ASSIGN_OR_RETURN(axis, Integer(node, context, 2, -2, -rank, rank - 1));
  }
  HONE_ASSIGN_OR_RETURN(const int64_t front, FrontAxis(node, axis, rank));
  if (front == rank - 1) return NodeError(node, "axis", "not the last");
  const auto at = static_cast<size_t>(front);
  const bool real_out = options.inverse && options.onesided;
  HONE_ASSIGN_OR_RETURN(
      const int64_t length,
      Integer(node, context, 1,
              real_out ? std::max<int64_t>(1, 2 * (x[at] - 1)) : x[at], 1,
              kMostLength));
  Dims dims = x;
  dims[at] = options.onesided && !options.inverse ? length / 2 + 1 : length;
  dims.back() = real_out ? 1 : 2;
  const int64_t parts = x.back();
  const int64_t inner = Product(x, at + 1, x.size() - 1);
  const int64_t rows = Product(x, 0, at) * inner;
  HONE_ASSIGN_OR_RETURN(const std::vector<double> in,
                        ReadNumbers(label, context.inputs[0]));
  std::vector<double> y(static_cast<size_t>(Product(dims, 0, dims.size())));
  const Fourier transform(static_cast<size_t>(length));
  const int64_t read = std::min(real_out ? length / 2 + 1 : length, x[at]);
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t outer = r / inner, i = r % inner;
    Fourier::Signal signal(static_cast<size_t>(length));
    for (int64_t e = 0; e < read; ++e) {
      const double* from =
          in.data() + ((outer * x[at] + e) * inner + i) * parts;
      signal[static_cast<size_t>(e)] = {from[0], parts == 2 ? from[1] : 0};
    }
    // The other half of a real signal's spectrum.
    for (int64_t e = length / 2 + 1; real_out && e < length; ++e) {
      signal[static_cast<size_t>(e)] =
          std::conj(signal[static_cast<size_t>(length - e)]);
    }
    transform.Run(options.inverse, signal);
    for (int64_t e = 0; e < dims[at]; ++e) {
      double* to =
          y.data() + ((outer * dims[at] + e) * inner + i) * dims.back();
      to[0] = signal[static_cast<size_t>(e)].real();
      if (!real_out) to[1] = signal[static_cast<size_t>(e)].imag();
    }
  }
  HONE_ASSIGN_OR_RETURN(
      Tensor result, TensorOfNumbers(label, context.inputs[0].dtype, dims, y));
  context.results[0] = std::move(result);
  return absl::OkStatus();
}

absl::Status RunStft(bool onesided, const Node& node, const std::string& label,
                     const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  Dims x = context.inputs[0].dims;
  if (x.size() == 2) x.push_back(1);
  if (x.size() != 3 || (x[2] != 1 && x[2] != 2)) {
    return NodeError(node, "extents of the signal", "[n, length, 1 or 2]",
                     DimsToString(x));
  }
  HONE_ASSIGN_OR_RETURN(std::vector<double> window,
                        context.inputs.size() > 2
                            ? ReadNumbers(label, context.inputs[2])
                            : std::vector<double>());
  const auto given = static_cast<int64_t>(window.size());
  HONE_ASSIGN_OR_RETURN(
      const int64_t frame,
      Integer(node, context, 3, given > 0 ? given : x[1], 1,
              std::min(kMostLength, std::max<int64_t>(1, x[1]))));
  HONE_ASSIGN_OR_RETURN(const int64_t step,
                        Integer(node, context, 1, 1, 1, kMostLength));
  if (window.empty()) window.assign(static_cast<size_t>(frame), 1);
  HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of the window", frame,
                                   static_cast<int64_t>(window.size())));
  const int64_t frames = (x[1] - frame) / step + 1;
  const int64_t bins = onesided ? frame / 2 + 1 : frame;
  if (x[1] < frame) return NodeError(node, "signal", "at least one frame");
  HONE_ASSIGN_OR_RETURN(const std::vector<double> in,
                        ReadNumbers(label, context.inputs[0]));
  const Dims dims = {x[0], frames, bins, 2};
  std::vector<double> y;
  const Fourier transform(static_cast<size_t>(frame));
  for (int64_t f = 0; f < x[0] * frames; ++f) {
    Fourier::Signal signal;
    for (int64_t i = 0; i < frame; ++i) {
      const double* from =
          in.data() + (f / frames * x[1] + f % frames * step + i) * x[2];
      const double w = window[static_cast<size_t>(i)];
      signal.emplace_back(from[0] * w, x[2] == 2 ? from[1] * w : 0);
    }
    transform.Run(false, signal);
    for (int64_t k = 0; k < bins; ++k) {
      y.push_back(signal[static_cast<size_t>(k)].real());
      y.push_back(signal[static_cast<size_t>(k)].imag());
    }
  }
  HONE_ASSIGN_OR_RETURN(
      Tensor result, TensorOfNumbers(label, context.inputs[0].dtype, dims, y));
  context.results[0] = std::move(result);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeDft(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  DftOptions options;
  options.inverse = read.Bool("inverse", false);
  options.onesided = read.Bool("onesided", false);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"dft", false, true},
      [options, opset = spec.opset, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunDft(options, opset, node, label, context);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeStft(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const bool onesided = read.Bool("onesided", true);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"stft", false, true},
      [onesided, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunStft(onesided, node, label, context);
      });
}

}  // namespace hone
