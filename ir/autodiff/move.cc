// Operators whose output elements are elements of the input.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/autodiff/gradient_maker.h"
#include "ir/autodiff/rules.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "ir/views/axis_view.h"

namespace hone {
namespace {

std::string Integer(GradientMaker& make, int64_t value) {
  return make.Constant(Tensor::Scalar<int64_t>(value));
}

// Every element's number in x, in x's extents.
std::string Numbered(GradientMaker& make, const std::string& x,
                     const std::string& count) {
  const std::string range =
      make.Add("Range", {Integer(make, 0), count, Integer(make, 1)});
  return make.ReshapedLike(range, x);
}

// Input 0's gradient when output element i is its element sources[i] (int64,
// in the output's extents), or none where sources[i] is its size.
void GiveToSources(GradientMaker& make, const std::string& sources,
                   const std::string& count) {
  const std::string all = make.Ints({-1});
  const std::string room =
      make.Reshaped(make.Add("Add", {count, Integer(make, 1)}), make.Ints({1}));
  const std::string sums = make.Add(
      "ScatterElements",
      {make.Add("Expand", {make.Number(0), room}), make.Reshaped(sources, all),
       make.Reshaped(make.OutGradient(0), all)},
      {Attribute::String("reduction", "add")});
  const std::string own =
      make.Add("Slice", {sums, make.Ints({0}), make.Ints({-1})});
  make.Give(0, make.ReshapedLike(own, make.In(0)));
}

std::string SizeOf(GradientMaker& make, const std::string& x) {
  return make.Add("Size", {x});
}

}  // namespace

absl::Status GradientOfReshape(GradientMaker& make) {
  make.Give(0, make.ReshapedLike(make.OutGradient(0), make.In(0)));
  return absl::OkStatus();
}

absl::Status GradientOfTranspose(GradientMaker& make) {
  HONE_ASSIGN_OR_RETURN(const TransposeView view,
                        TransposeView::Of(make.node(), make.opset()));
  if (view.perm.empty()) {  // reversed, and back
    make.Give(0, make.Add("Transpose", {make.OutGradient(0)}));
    return absl::OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(
      const std::vector<int64_t> perm,
      view.Resolve(make.node(), static_cast<int64_t>(view.perm.size())));
  std::vector<int64_t> inverse(perm.size());
  for (size_t i = 0; i < perm.size(); ++i) {
    inverse[static_cast<size_t>(perm[i])] = static_cast<int64_t>(i);
  }
  make.Give(0, make.Transpose(make.OutGradient(0), std::move(inverse)));
  return absl::OkStatus();
}

absl::Status GradientOfExpand(GradientMaker& make) {
  make.GiveSummed(0, make.OutGradient(0));
  return absl::OkStatus();
}

absl::Status GradientOfConcat(GradientMaker& make) {
  HONE_ASSIGN_OR_RETURN(const ConcatView view,
                        ConcatView::Of(make.node(), make.opset()));
  NodeMaker::Names sizes;
  for (const std::string& input : make.node().inputs) {
    // Past -1 there is no end.
    sizes.push_back(view.axis == -1
                        ? make.Extents(input, -1)
                        : make.Extents(input, view.axis, view.axis + 1));
  }
  const std::string all =
      make.Add("Concat", sizes, {Attribute::Int("axis", 0)});
  const NodeMaker::Names parts =
      make.AddMany("Split", {make.OutGradient(0), all}, sizes.size(),
                   {Attribute::Int("axis", view.axis)});
  for (size_t i = 0; i < parts.size(); ++i) make.Give(i, parts[i]);
  return absl::OkStatus();
}

absl::Status GradientOfSplit(GradientMaker& make) {
  NodeMaker::Names parts;
  for (size_t i = 0; i < make.node().outputs.size(); ++i) {
    if (make.OutHasGradient(i)) {
      parts.push_back(make.OutGradient(i));
    } else if (!make.Out(i).empty()) {
      parts.push_back(make.Filled(0, make.Out(i)));
    } else {
      return make.Unimplemented("gradient where an output is left out");
    }
  }
  make.Give(
      0,
      make.Add("Concat", parts,
               {Attribute::Int("axis", make.node().IntAttribute("axis", 0))}));
  return absl::OkStatus();
}

// The operator moves the numbers of the elements as it moves the elements.
absl::Status GradientOfMovement(GradientMaker& make) {
  const std::string x = make.In(0);
  const std::string count = SizeOf(make, x);
  NodeMaker::Names inputs = make.node().inputs;
  inputs[0] = Numbered(make, x, count);
  if (make.node().op_type == "Pad") {
    inputs.resize(4);
    inputs[2] = count;
  }
  const std::string sources =
      make.Add(make.node().op_type, std::move(inputs), make.node().attributes);
  GiveToSources(make, sources, count);
  return absl::OkStatus();
}

absl::Status GradientOfMaxPool(GradientMaker& make) {
  if (make.OutHasGradient(1)) return make.Unimplemented("gradient of Indices");
  const NodeMaker::Names again =
      make.AddMany("MaxPool", {make.In(0)}, 2,
                   make.Keep({"auto_pad", "ceil_mode", "dilations",
                              "kernel_shape", "pads", "strides"}));
  GiveToSources(make, again[1], SizeOf(make, make.In(0)));
  return absl::OkStatus();
}

absl::Status GradientOfScatterElements(GradientMaker& make) {
  HONE_ASSIGN_OR_RETURN(const ScatterElementsView view,
                        ScatterElementsView::Of(make.node(), make.opset()));
  if (view.reduction != "none" && view.reduction != "add") {
    return make.Unimplemented("gradient of reduction " + view.reduction);
  }
  const std::string dy = make.OutGradient(0);
  const Attribute axis = Attribute::Int("axis", view.axis);
  if (view.reduction == "add") {
    make.Give(0, dy);
  } else if (make.Wants(0)) {
    const std::string none = make.Filled(0, make.In(2));
    make.Give(0, make.Add("ScatterElements", {dy, make.In(1), none}, {axis}));
  }
  if (make.Wants(2)) {
    make.Give(2, make.Add("GatherElements", {dy, make.In(1)}, {axis}));
  }
  return absl::OkStatus();
}

absl::Status GradientOfTrilu(GradientMaker& make) {
  make.Give(0, make.Add("Trilu", {make.OutGradient(0), make.In(1)},
                        make.Keep({"upper"})));
  return absl::OkStatus();
}

}  // namespace hone
