// com.microsoft's operators on integers, each with its scale and zero point
// beside it, as Q/DQ graphs.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/rewrite/node_maker.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/expand/expansions.h"

namespace hone {
namespace {

// Of inputs `at` (x), `at` + 1 (its scale) and `at` + 2 (its zero point).
std::string Dequantized(NodeMaker& make, size_t at) {
  return make.Add("DequantizeLinear",
                  {make.In(at), make.In(at + 1), make.In(at + 2)});
}

// Output 0 from `value`, with its scale at input `scale` and its zero point
// after it. A zero point left out is 0 of the type of input `like`.
void QuantizeAs(NodeMaker& make, const std::string& value, size_t scale,
                size_t like) {
  std::string zero = make.In(scale + 1);
  if (zero.empty() && make.DTypeOf(make.In(like)) == DType::kS8) {
    zero = make.Constant(Tensor::Scalar<int8_t>(0));
  }
  make.AddAs(make.Out(0), "QuantizeLinear", {value, make.In(scale), zero});
}

absl::string_view PlainName(const NodeMaker& make) {
  absl::string_view name = make.node().op_type;
  name.remove_prefix(absl::string_view("QLinear").size());
  return name;
}

}  // namespace

absl::Status ExpandQLinearBinary(NodeMaker& make) {
  const std::string a = Dequantized(make, 0);
  const std::string b = Dequantized(make, 3);
  QuantizeAs(make, make.Add(PlainName(make), {a, b}), 6, 0);
  return absl::OkStatus();
}

absl::Status ExpandQLinearUnary(NodeMaker& make) {
  const std::string x = Dequantized(make, 0);
  QuantizeAs(make, make.Add(PlainName(make), {x}, make.Keep({"alpha"})), 3, 0);
  return absl::OkStatus();
}

absl::Status ExpandQLinearSoftmax(NodeMaker& make) {
  const int64_t written = make.node().IntAttribute("opset", 1);
  // Before opset 13 Softmax is of all axes from `axis` on.
  const bool flat = written < 13;
  const int64_t axis = make.node().IntAttribute("axis", flat ? 1 : -1);
  const std::optional<int64_t> rank = make.RankOf(make.In(0));
  const bool last = axis == -1 || (rank.has_value() && axis == *rank - 1);
  std::string x = Dequantized(make, 0);
  if (last || flat == (make.opset() < 13)) {
    x = make.Add("Softmax", {x}, {Attribute::Int("axis", last ? -1 : axis)});
  } else if (flat) {
    const std::string shape = make.Add("Shape", {x});
    const std::string rows =
        make.Add("Flatten", {x}, {Attribute::Int("axis", axis)});
    const std::string y =
        make.Add("Softmax", {rows}, {Attribute::Int("axis", -1)});
    x = make.Add("Reshape", {y, shape});
  } else {
    return make.Unimplemented(
        "a softmax of opset 13 over an inner axis in a model of an older "
        "opset; raise the model's opset");
  }
  QuantizeAs(make, x, 3, 0);
  return absl::OkStatus();
}

absl::Status ExpandQLinearConcat(NodeMaker& make) {
  const size_t inputs = make.node().inputs.size();
  if (inputs < 5 || inputs % 3 != 2) {
    return NodeError(make.node(), "inputs",
                     "scale and zero point of Y, then three an input");
  }
  NodeMaker::Names parts;
  for (size_t at = 2; at < inputs; at += 3) {
    parts.push_back(Dequantized(make, at));
  }
  QuantizeAs(make, make.Add("Concat", std::move(parts), make.Keep({"axis"})), 0,
             2);
  return absl::OkStatus();
}

absl::Status ExpandQLinearWhere(NodeMaker& make) {
  const std::string x = Dequantized(make, 1);
  const std::string y = Dequantized(make, 4);
  QuantizeAs(make, make.Add("Where", {make.In(0), x, y}), 7, 1);
  return absl::OkStatus();
}

absl::Status ExpandQLinearReduceMean(NodeMaker& make) {
  const std::string x = Dequantized(make, 0);
  std::string y;
  if (make.opset() < 18) {
    y = make.Add("ReduceMean", {x}, make.Keep({"axes", "keepdims"}));
  } else {
    y = make.Add("ReduceMean",
                 {x, make.Ints(make.node().IntsAttribute("axes"))},
                 make.Keep({"keepdims"}));
  }
  QuantizeAs(make, y, 3, 0);
  return absl::OkStatus();
}

absl::Status ExpandQLinearPool(NodeMaker& make) {
  const bool global = PlainName(make) == "GlobalAveragePool";
  const bool channels_last = make.node().IntAttribute("channels_last", 0) != 0;
  std::string x = Dequantized(make, 0);
  int64_t rank = 0;
  if (channels_last) {
    const auto windows = make.node().IntsAttribute("kernel_shape");
    rank = global ? make.RankOf(make.In(0)).value_or(0)
                  : static_cast<int64_t>(windows.size()) + 2;
    if (rank < 3) return make.Unimplemented("channels last of unknown rank");
    x = make.ChannelsFirst(x, rank);
  }
  std::string y =
      global ? make.Add("GlobalAveragePool", {x})
             : make.Add("AveragePool", {x},
                        make.Keep({"auto_pad", "ceil_mode", "count_include_pad",
                                   "kernel_shape", "pads", "strides"}));
  if (channels_last) y = make.ChannelsLast(y, rank);
  QuantizeAs(make, y, 3, 0);
  return absl::OkStatus();
}

absl::Status ExpandQLinearConv(NodeMaker& make) {
  const bool channels_last = make.node().IntAttribute("channels_last", 0) != 0;
  NodeMaker::Names inputs = make.node().inputs;
  NodeMaker::Attributes attributes = make.Keep(
      {"auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"});
  if (!channels_last) {
    make.AddAs(make.Out(0), "QLinearConv", std::move(inputs),
               std::move(attributes));
    return absl::OkStatus();
  }
  const int64_t rank = make.RankOf(make.In(3)).value_or(0);
  if (rank < 3) return make.Unimplemented("channels last of unknown rank");
  inputs[0] = make.ChannelsFirst(inputs[0], rank);
  const std::string y =
      make.Add("QLinearConv", std::move(inputs), std::move(attributes));
  make.AddAs(make.Out(0), "Identity", {make.ChannelsLast(y, rank)});
  return absl::OkStatus();
}

absl::Status ExpandNhwcMaxPool(NodeMaker& make) {
  const int64_t rank =
      static_cast<int64_t>(make.node().IntsAttribute("kernel_shape").size()) +
      2;
  if (rank < 3) {
    return NodeError(make.node(), "kernel_shape", "at least one axis");
  }
  const std::string y =
      make.Add("MaxPool", {make.ChannelsFirst(make.In(0), rank)},
               make.Keep({"auto_pad", "ceil_mode", "dilations", "kernel_shape",
                          "pads", "strides"}));
  make.AddAs(make.Out(0), "Identity", {make.ChannelsLast(y, rank)});
  return absl::OkStatus();
}

}  // namespace hone
