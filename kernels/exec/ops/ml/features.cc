#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/gather/indices.h"
#include "kernels/exec/ops/ml/ml.h"

namespace hone {
namespace {

// Number i of a list that has one for all, or one a feature.
double PickOf(const std::vector<double>& list, size_t i, double otherwise) {
  if (list.empty()) return otherwise;
  return list[list.size() == 1 ? 0 : i];
}

std::vector<double> Doubles(const Node& node, absl::string_view name) {
  const std::vector<float> floats = node.FloatsAttribute(name);
  return {floats.begin(), floats.end()};
}

absl::Status FitsFeatures(const Node& node, absl::string_view name,
                          size_t found, size_t features) {
  if (found <= 1 || found == features) return absl::OkStatus();
  return NodeError(node, name, absl::StrCat("1 or ", features),
                   absl::StrCat(found));
}

absl::Status Scale(const Node& node, size_t features, std::vector<double>& x) {
  const std::vector<double> offset = Doubles(node, "offset");
  const std::vector<double> scale = Doubles(node, "scale");
  HONE_RETURN_IF_ERROR(FitsFeatures(node, "offset", offset.size(), features));
  HONE_RETURN_IF_ERROR(FitsFeatures(node, "scale", scale.size(), features));
  for (size_t i = 0; i < x.size(); ++i) {
    const size_t f = i % features;
    x[i] = (x[i] - PickOf(offset, f, 0)) * PickOf(scale, f, 1);
  }
  return absl::OkStatus();
}

absl::Status Impute(const Node& node, size_t features, std::vector<double>& x) {
  std::vector<double> values = Doubles(node, "imputed_value_floats");
  double replaced = node.FloatAttribute("replaced_value_float", 0);
  if (values.empty()) {
    const auto ints = node.IntsAttribute("imputed_value_int64s");
    values.assign(ints.begin(), ints.end());
    replaced =
        static_cast<double>(node.IntAttribute("replaced_value_int64", 0));
  }
  HONE_RETURN_IF_ERROR(
      FitsFeatures(node, "imputed values", values.size(), features));
  for (size_t i = 0; i < x.size(); ++i) {
    const bool missing =
        std::isnan(replaced) ? std::isnan(x[i]) : x[i] == replaced;
    if (missing) x[i] = PickOf(values, i % features, x[i]);
  }
  return absl::OkStatus();
}

// By the largest, the sum of absolutes or the root of the sum of squares of a
// row; zero leaves it as it is.
absl::Status Normalize(const Node& node, size_t features,
                       std::vector<double>& x) {
  const std::string norm = node.StringAttribute("norm", "MAX");
  if (norm != "MAX" && norm != "L1" && norm != "L2") {
    return NodeError(node, "norm", "MAX, L1 or L2", norm);
  }
  for (size_t row = 0; row + features <= x.size() && features > 0;
       row += features) {
    double size = norm == "MAX" ? x[row] : 0;
    for (size_t f = 0; f < features; ++f) {
      const double value = x[row + f];
      if (norm == "MAX") size = std::max(size, value);
      if (norm == "L1") size += std::abs(value);
      if (norm == "L2") size += value * value;
    }
    if (norm == "L2") size = std::sqrt(size);
    for (size_t f = 0; f < features && size != 0; ++f) x[row + f] /= size;
  }
  return absl::OkStatus();
}

absl::Status RunMap(const Node& node, const std::string& label,
                    const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
  const TensorView& input = context.inputs[0];
  HONE_ASSIGN_OR_RETURN(std::vector<double> x, ReadNumbers(label, input));
  const Dims& dims = input.dims;
  const size_t features =
      dims.empty() ? 1 : static_cast<size_t>(std::max<int64_t>(1, dims.back()));
  DType dtype = DType::kF32;
  if (node.op_type == "Binarizer") {
    dtype = input.dtype;
    const double threshold = node.FloatAttribute("threshold", 0);
    for (double& value : x) value = value > threshold ? 1 : 0;
  } else if (node.op_type == "Imputer") {
    dtype = input.dtype;
    HONE_RETURN_IF_ERROR(Impute(node, features, x));
  } else if (node.op_type == "Scaler") {
    HONE_RETURN_IF_ERROR(Scale(node, features, x));
  } else {
    HONE_RETURN_IF_ERROR(Normalize(node, features, x));
  }
  HONE_ASSIGN_OR_RETURN(Tensor y, TensorOfNumbers(label, dtype, dims, x));
  context.results[0] = std::move(y);
  return absl::OkStatus();
}

// The columns of x that the indices name; a vector is one row.
absl::Status RunExtractor(const Node& node, const std::string& label,
                          const KernelContext& context) {
  if (context.values.size() < 2 || !context.values[0].is_tensor()) {
    return NodeError(node, "the inputs", "two tensors");
  }
  const Tensor& x = context.values[0].tensor();
  if (x.rank() == 0) return NodeError(node, "rank of the input", "at least 1");
  const int64_t extent = x.dims().back();
  HONE_ASSIGN_OR_RETURN(std::vector<int64_t> columns,
                        IndexElements(label, context.inputs[1]));
  HONE_RETURN_IF_ERROR(WrapIndices(label, extent, absl::MakeSpan(columns)));
  Dims dims = x.dims();
  const int64_t rows = Product(dims, 0, dims.size() - 1);
  dims.back() = static_cast<int64_t>(columns.size());
  if (dims.size() == 1) dims.insert(dims.begin(), 1);
  if (x.dtype() == DType::kString) {
    std::vector<std::string> y;
    for (int64_t r = 0; r < rows; ++r) {
      for (const int64_t c : columns) {
        y.push_back(x.Strings()[static_cast<size_t>(r * extent + c)]);
      }
    }
    context.results[0] = Tensor::FromStrings(dims, std::move(y));
    return absl::OkStatus();
  }
  const auto width = static_cast<size_t>(BitsPerElement(x.dtype())) / 8;
  if (width == 0) return NodeError(node, "the element type", "whole bytes");
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(Tensor y, Tensor::Allocate(x.dtype(), dims, &bytes));
  std::byte* to = bytes.data();
  for (int64_t r = 0; r < rows; ++r) {
    for (const int64_t c : columns) {
      std::memcpy(
          to, x.bytes().data() + static_cast<size_t>(r * extent + c) * width,
          width);
      to += width;
    }
  }
  context.results[0] = std::move(y);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeFeatureMap(const KernelSpec& spec) {
  return MakeFunctionKernel({"feature_map", false, true},
                            [node = *spec.node, label = NodeLabel(*spec.node)](
                                const KernelContext& context) {
                              return RunMap(node, label, context);
                            });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeArrayFeatureExtractor(
    const KernelSpec& spec) {
  return MakeFunctionKernel({"array_feature_extractor", false, true, true},
                            [node = *spec.node, label = NodeLabel(*spec.node)](
                                const KernelContext& context) {
                              return RunExtractor(node, label, context);
                            });
}

}  // namespace hone
