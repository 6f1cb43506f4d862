#include "kernels/exec/ops/einsum/einsum.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/einsum/einsum.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {
namespace {

// An equation whose "..." are labels of their own, made of the inputs' ranks.
struct Equation {
  std::vector<std::string> terms;
  std::string result;
};

// The ellipsis' axes, counted from its last: no letter has these codes.
std::string EllipsisOf(size_t axes) {
  std::string labels;
  for (size_t i = axes; i-- > 0;) labels.push_back(static_cast<char>(1 + i));
  return labels;
}

absl::StatusOr<Equation> Expand(const Node& node,
                                const KernelContext& context) {
  const std::string text = absl::StrReplaceAll(
      node.StringAttribute("equation", ""), {{" ", ""}, {"...", "."}});
  const size_t arrow = text.find("->");
  Equation equation;
  equation.terms = absl::StrSplit(text.substr(0, arrow), ',');
  if (equation.terms.size() != context.inputs.size()) {
    return NodeError(node, "terms of the equation",
                     absl::StrCat(context.inputs.size()), text);
  }
  size_t most = 0;
  std::map<char, int64_t> extents;
  std::map<char, int> uses;
  for (size_t t = 0; t < equation.terms.size(); ++t) {
    std::string& term = equation.terms[t];
    const Dims& dims = context.inputs[t].dims;
    const size_t dot = term.find('.');
    if (dot != std::string::npos && dims.size() + 1 >= term.size()) {
      const size_t axes = dims.size() + 1 - term.size();
      if (axes > 16) return NodeError(node, "rank of an input", "at most 16");
      most = std::max(most, axes);
      term.replace(dot, 1, EllipsisOf(axes));
    }
    if (term.size() != dims.size()) {
      return NodeError(node, "rank of an input of the equation",
                       absl::StrCat(term.size()), DimsToString(dims));
    }
    for (size_t l = 0; l < term.size(); ++l) {
      ++uses[term[l]];
      int64_t& extent = extents.emplace(term[l], dims[l]).first->second;
      if (extent == 1) extent = dims[l];
      if (dims[l] != 1 && dims[l] != extent) {
        return NodeError(node, "extents of one label", absl::StrCat(extent),
                         absl::StrCat(dims[l]));
      }
    }
  }
  if (arrow == std::string::npos) {
    equation.result = EllipsisOf(most);
    for (const auto& [label, count] : uses) {
      if (count == 1 && label > 16) equation.result.push_back(label);
    }
  } else {
    equation.result =
        absl::StrReplaceAll(text.substr(arrow + 2), {{".", EllipsisOf(most)}});
    for (const char label : equation.result) {
      if (uses[label] == 0) {
        return NodeError(node, "labels of the result", "labels of the inputs",
                         text);
      }
    }
  }
  return equation;
}

// As the type that is computed in.
template <typename T>
absl::StatusOr<std::vector<T>> Wide(const std::string& label,
                                    const TensorView& view) {
  std::vector<T> wide(static_cast<size_t>(view.size));
  HONE_RETURN_IF_ERROR(VisitDType(Numbers(), label, view.dtype, [&](auto type) {
    using U = typename decltype(type)::type;
    const U* from = view.As<U>();
    for (size_t i = 0; i < wide.size(); ++i) wide[i] = static_cast<T>(from[i]);
    return absl::OkStatus();
  }));
  return wide;
}

template <typename T>
absl::Status RunAs(const Node& node, const std::string& label,
                   const KernelContext& context) {
  HONE_ASSIGN_OR_RETURN(const Equation equation, Expand(node, context));
  std::vector<std::vector<T>> data;
  std::vector<EinsumOperand<T>> operands;
  for (size_t i = 0; i < context.inputs.size(); ++i) {
    HONE_ASSIGN_OR_RETURN(std::vector<T> wide,
                          Wide<T>(label, context.inputs[i]));
    data.push_back(std::move(wide));
    const Dims& dims = context.inputs[i].dims;
    operands.push_back(
        {equation.terms[i], {dims.begin(), dims.end()}, data[i].data()});
  }
  const std::vector<T> y = Einsum<T>(*context.pool, operands, equation.result);
  HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of the output",
                                   static_cast<int64_t>(y.size()),
                                   context.outputs[0].size));
  return VisitDType(Numbers(), label, context.outputs[0].dtype, [&](auto type) {
    using U = typename decltype(type)::type;
    U* to = context.outputs[0].As<U>();
    for (size_t i = 0; i < y.size(); ++i) to[i] = static_cast<U>(y[i]);
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeEinsum(const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(CheckDType(Numbers(), spec, 0));
  return MakeFunctionKernel(
      {"einsum"},
      [node = *spec.node, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const DType dtype = context.inputs[0].dtype;
        if (dtype == DType::kF64) return RunAs<double>(node, label, context);
        if (IsInteger(dtype)) return RunAs<int64_t>(node, label, context);
        return RunAs<float>(node, label, context);
      });
}

}  // namespace hone
