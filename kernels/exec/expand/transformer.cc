// What ONNX Runtime's transformer optimizer writes.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/rewrite/node_maker.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/expand/expansions.h"

namespace hone {
namespace {

constexpr char kMicrosoft[] = "com.microsoft";

// The last axis of qkv in three: of these sizes, or of equal ones.
NodeMaker::Names SplitHeads(NodeMaker& make, const std::string& qkv,
                            const std::vector<int64_t>& sizes) {
  NodeMaker::Attributes attributes = {Attribute::Int("axis", -1)};
  NodeMaker::Names inputs = {qkv};
  if (!sizes.empty() && make.opset() < 13) {
    attributes.push_back(Attribute::Ints("split", sizes));
  } else if (!sizes.empty()) {
    inputs.push_back(make.Ints(sizes));
  } else if (make.opset() >= 18) {
    attributes.push_back(Attribute::Int("num_outputs", 3));
  }
  return make.AddMany("Split", std::move(inputs), 3, std::move(attributes));
}

std::string GatherAt(NodeMaker& make, const std::string& x, int64_t index) {
  return make.Add("Gather", {x, make.Constant(Tensor::Scalar<int64_t>(index))});
}

// [n] int32: the ones of each row of an int32 mask, or zeros without one.
void CountMask(NodeMaker& make, const std::string& output,
               const std::string& ids, const std::string& mask) {
  if (output.empty()) return;
  if (mask.empty()) {
    const std::string rows =
        make.Add("Gather", {make.Add("Shape", {ids}), make.Ints({0})});
    make.AddAs(
        output, "ConstantOfShape", {rows},
        {Attribute::OfTensor("value", Tensor::FromVector<int32_t>({1}, {0}))});
    return;
  }
  NodeMaker::Names inputs = {mask};
  NodeMaker::Attributes attributes = {Attribute::Int("keepdims", 0)};
  if (make.opset() < 13) {
    attributes.push_back(Attribute::Ints("axes", {1}));
  } else {
    inputs.push_back(make.Ints({1}));
  }
  make.AddAs(output, "ReduceSum", std::move(inputs), std::move(attributes));
}

struct Embedding {
  std::string words, positions, segments;  // [n, length, size], or ""
  std::string gamma, beta;
};

// The rows of a table of positions: the given ones, or 0, 1, 2, ...
std::string PositionsOf(NodeMaker& make, const std::string& given) {
  if (!given.empty()) return given;
  const std::string length = GatherAt(make, make.Add("Shape", {make.In(0)}), 1);
  return make.Add("Range", {make.Constant(Tensor::Scalar<int64_t>(0)), length,
                            make.Constant(Tensor::Scalar<int64_t>(1))});
}

void NormalizeSum(NodeMaker& make, const Embedding& e) {
  std::string x = e.words;
  if (!e.segments.empty()) x = make.Add("Add", {x, e.segments});
  make.AddAs(NodeMaker::Names{make.Out(0), "", "", make.Out(2)},
             "SkipLayerNormalization", {x, e.positions, e.gamma, e.beta},
             make.Keep({"epsilon"}), kMicrosoft);
}

}  // namespace

// Inputs of Attention: x, weights [hidden, q + k + v], bias, mask, past [2, n,
// heads, length, size], bias to be added to the scores; of QAttention: x,
// weights, bias, scales of both, mask, zero points of both, past.
absl::Status ExpandAttention(NodeMaker& make) {
  const Node& node = make.node();
  const bool integers = node.op_type == "QAttention";
  if (node.IntAttribute("do_rotary", 0) != 0 ||
      node.IntAttribute("past_present_share_buffer", 0) != 0) {
    return make.Unimplemented("do_rotary and past_present_share_buffer");
  }
  const std::string mask = make.In(integers ? 5 : 3);
  const std::string past = make.In(integers ? 8 : 4);
  std::string qkv;
  if (integers) {
    qkv = make.Add("MatMulIntegerToFloat",
                   {make.In(0), make.In(1), make.In(3), make.In(4), make.In(6),
                    make.In(7), make.In(2)},
                   {}, kMicrosoft);
  } else {
    qkv = make.Add("MatMul", {make.In(0), make.In(1)});
    if (!make.In(2).empty()) qkv = make.Add("Add", {qkv, make.In(2)});
  }
  const auto sizes = node.IntsAttribute("qkv_hidden_sizes");
  if (!sizes.empty() && sizes.size() != 3) {
    return NodeError(node, "qkv_hidden_sizes", "3 numbers");
  }
  const NodeMaker::Names parts = SplitHeads(make, qkv, sizes);
  std::string past_key, past_value;
  if (!past.empty()) {
    past_key = GatherAt(make, past, 0);
    past_value = GatherAt(make, past, 1);
  }
  const bool present = !make.Out(1).empty();
  const NodeMaker::Names made = make.AddMany(
      "MultiHeadAttention",
      {parts[0], parts[1], parts[2], "", mask, integers ? "" : make.In(5),
       past_key, past_value},
      present ? 3 : 1,
      make.Keep({"mask_filter_value", "num_heads", "scale", "unidirectional"}),
      kMicrosoft);
  make.AddAs(make.Out(0), "Identity", {made[0]});
  if (present) {
    make.AddAs(make.Out(1), "Concat",
               {make.Unsqueeze(made[1], 0), make.Unsqueeze(made[2], 0)},
               {Attribute::Int("axis", 0)});
  }
  return absl::OkStatus();
}

absl::Status ExpandEmbedLayerNormalization(NodeMaker& make) {
  Embedding e;
  e.words = make.Add("Gather", {make.In(2), make.In(0)});
  e.positions = make.Add("Gather", {make.In(3), PositionsOf(make, make.In(8))});
  if (!make.In(1).empty()) {
    e.segments = make.Add("Gather", {make.In(4), make.In(1)});
  }
  e.gamma = make.In(5);
  e.beta = make.In(6);
  NormalizeSum(make, e);
  CountMask(make, make.Out(1), make.In(0), make.In(7));
  return absl::OkStatus();
}

// Tables, gamma and beta at inputs 2 to 6 are integers; their scales are at 8
// to 12, their zero points at 13 to 17.
absl::Status ExpandQEmbedLayerNormalization(NodeMaker& make) {
  const auto floats = [&](const std::string& x, size_t table) {
    return make.Add("DequantizeLinear",
                    {x, make.In(table + 6), make.In(table + 11)});
  };
  Embedding e;
  e.words = floats(make.Add("Gather", {make.In(2), make.In(0)}), 2);
  e.positions =
      floats(make.Add("Gather", {make.In(3), PositionsOf(make, "")}), 3);
  if (!make.In(1).empty()) {
    e.segments = floats(make.Add("Gather", {make.In(4), make.In(1)}), 4);
  }
  e.gamma = floats(make.In(5), 5);
  e.beta = floats(make.In(6), 6);
  NormalizeSum(make, e);
  CountMask(make, make.Out(1), make.In(0), make.In(7));
  return absl::OkStatus();
}

// softmax(x + bias) over all axes from `axis` on.
absl::Status ExpandBiasSoftmax(NodeMaker& make) {
  const std::string x = make.Add("Add", {make.In(0), make.In(1)});
  const int64_t axis = make.node().IntAttribute("axis", 1);
  const int64_t rank = make.RankOf(make.In(0)).value_or(0);
  if (axis == -1 || axis == rank - 1 || make.opset() < 13) {
    make.AddAs(make.Out(0), "Softmax", {x}, {Attribute::Int("axis", axis)});
    return absl::OkStatus();
  }
  const std::string shape = make.Add("Shape", {x});
  const std::string rows =
      make.Add("Flatten", {x}, {Attribute::Int("axis", axis)});
  const std::string y =
      make.Add("Softmax", {rows}, {Attribute::Int("axis", -1)});
  make.AddAs(make.Out(0), "Reshape", {y, shape});
  return absl::OkStatus();
}

}  // namespace hone
