#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/signal/signal.h"

namespace hone {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kMost = 16777216;  // elements of a window

absl::StatusOr<DType> OutputType(const Node& node) {
  AttributeReader read(node);
  const int64_t number = read.Int("output_datatype", 1);
  if (!IsKnownDType(number)) read.Fail("output_datatype", "a type");
  return read.Finish(static_cast<DType>(number));
}

// a - b cos(t) + c cos(2 t), t = 2 pi i / n over one period of n.
struct Cosines {
  double a, b, c;
};

Cosines CosinesOf(const Node& node) {
  if (node.op_type == "HannWindow") return {0.5, 0.5, 0};
  if (node.op_type == "HammingWindow") return {25.0 / 46, 21.0 / 46, 0};
  return {0.42, 0.5, 0.08};
}

absl::Status RunMel(DType dtype, const Node& node, const std::string& label,
                    const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 5));
  double in[5];
  for (size_t i = 0; i < 5; ++i) {
    HONE_ASSIGN_OR_RETURN(const std::vector<double> number,
                          ReadNumbers(label, context.inputs[i]));
    HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of an input", 1,
                                     static_cast<int64_t>(number.size())));
    in[i] = number[0];
  }
  const double mels = in[0], length = in[1], rate = in[2];
  if (!(mels >= 1 && mels <= 1e6 && length >= 1 && length <= 1e8 && rate > 0 &&
        in[3] >= 0 && in[4] > in[3] && mels * (length + 2) < kMost)) {
    return NodeError(node, "bins, length, rate and edges",
                     "positive, and the upper edge above the lower");
  }
  const auto columns = static_cast<int64_t>(mels);
  const auto rows = static_cast<int64_t>(length) / 2 + 1;
  const auto mel = [](double hertz) {
    return 2595 * std::log10(1 + hertz / 700);
  };
  const double low = mel(in[3]);
  const double step = (mel(in[4]) - low) / (mels + 2);
  std::vector<int64_t> bins;
  for (int64_t i = 0; i < columns + 2; ++i) {
    const double hertz =
        700 *
        (std::pow(10.0, (low + static_cast<double>(i) * step) / 2595) - 1);
    bins.push_back(
        static_cast<int64_t>(std::floor((length + 1) * hertz / rate)));
  }
  std::vector<double> y(static_cast<size_t>(rows * columns));
  const auto set = [&](int64_t row, int64_t column, double value) {
    if (row < rows) y[static_cast<size_t>(row * columns + column)] = value;
  };
  for (int64_t i = 0; i < columns; ++i) {
    const auto at = static_cast<size_t>(i);
    const int64_t left = bins[at], center = bins[at + 1], right = bins[at + 2];
    if (center == left) set(center, i, 1);
    for (int64_t j = left; j <= center && center > left; ++j) {
      set(j, i,
          static_cast<double>(j - left) / static_cast<double>(center - left));
    }
    for (int64_t j = center; j < right; ++j) {
      set(j, i,
          static_cast<double>(right - j) / static_cast<double>(right - center));
    }
  }
  HONE_ASSIGN_OR_RETURN(Tensor result,
                        TensorOfNumbers(label, dtype, {rows, columns}, y));
  context.results[0] = std::move(result);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeWindow(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const DType dtype, OutputType(*spec.node));
  const bool periodic = spec.node->IntAttribute("periodic", 1) != 0;
  return MakeFunctionKernel(
      {"window", false, true},
      [dtype, periodic, cosines = CosinesOf(*spec.node), node = *spec.node,
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        HONE_ASSIGN_OR_RETURN(const std::vector<double> size,
                              ReadNumbers(label, context.inputs[0]));
        if (size.size() != 1 || !(size[0] >= 0 && size[0] <= kMost)) {
          return NodeError(node, "size", "one number from 0");
        }
        const double period = periodic ? size[0] : size[0] - 1;
        std::vector<double> y;
        for (double i = 0; i < size[0]; ++i) {
          const double t = period > 0 ? 2 * kPi * i / period : kPi;
          y.push_back(cosines.a - cosines.b * std::cos(t) +
                      cosines.c * std::cos(2 * t));
        }
        HONE_ASSIGN_OR_RETURN(
            Tensor result,
            TensorOfNumbers(label, dtype, {static_cast<int64_t>(y.size())}, y));
        context.results[0] = std::move(result);
        return absl::OkStatus();
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeMelWeightMatrix(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const DType dtype, OutputType(*spec.node));
  return MakeFunctionKernel(
      {"mel_weight_matrix", false, true},
      [dtype, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunMel(dtype, node, label, context);
      });
}

}  // namespace hone
