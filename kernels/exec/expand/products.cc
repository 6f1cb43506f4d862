// Products of matrices that ONNX Runtime's optimizer and quantizer write.
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/rewrite/node_maker.h"
#include "kernels/exec/expand/expansions.h"

namespace hone {
namespace {

// Input `at` with the axes that the attributes ask for exchanged: first
// transBatch (the first axis goes before the last), then trans (the last two).
absl::StatusOr<std::string> Arranged(NodeMaker& make, size_t at,
                                     const char* trans,
                                     const char* trans_batch) {
  const bool last = make.node().IntAttribute(trans, 0) != 0;
  const bool batch = make.node().IntAttribute(trans_batch, 0) != 0;
  const std::string x = make.In(at);
  if (!last && !batch) return x;
  const std::optional<int64_t> rank = make.RankOf(x);
  if (!rank.has_value()) {
    return make.Unimplemented("a transposed input of unknown rank");
  }
  if (*rank < 2) return x;
  std::vector<int64_t> perm(static_cast<size_t>(*rank));
  std::iota(perm.begin(), perm.end(), 0);
  if (batch) {
    for (size_t i = 0; i + 2 < perm.size(); ++i)
      std::swap(perm[i], perm[i + 1]);
  }
  if (last) std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
  return make.Transpose(x, std::move(perm));
}

}  // namespace

absl::Status ExpandFusedMatMul(NodeMaker& make) {
  HONE_ASSIGN_OR_RETURN(const std::string a,
                        Arranged(make, 0, "transA", "transBatchA"));
  HONE_ASSIGN_OR_RETURN(const std::string b,
                        Arranged(make, 1, "transB", "transBatchB"));
  const float alpha = make.node().FloatAttribute("alpha", 1);
  if (alpha == 1) {
    make.AddAs(make.Out(0), "MatMul", {a, b});
    return absl::OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(const std::string scale,
                        make.Scalar(make.DTypeOf(make.In(0)), alpha));
  make.AddAs(make.Out(0), "Mul", {make.Add("MatMul", {a, b}), scale});
  return absl::OkStatus();
}

absl::Status ExpandFusedGemm(NodeMaker& make) {
  const Node& node = make.node();
  const std::string activation = node.StringAttribute("activation", "");
  const std::string y = make.Add(
      "Gemm", node.inputs, make.Keep({"alpha", "beta", "transA", "transB"}));
  NodeMaker::Attributes attributes;
  // alpha and beta of the activation, where it has them.
  const auto parameter = [&](const char* from, const char* to) {
    if (node.FindAttribute(from) != nullptr) {
      attributes.push_back(Attribute::Float(to, node.FloatAttribute(from, 0)));
    }
  };
  for (const absl::string_view plain :
       {"", "Relu", "Sigmoid", "Tanh", "Softplus", "Softsign"}) {
    if (activation != plain) continue;
    make.AddAs(make.Out(0), plain.empty() ? "Identity" : activation, {y});
    return absl::OkStatus();
  }
  for (const absl::string_view other :
       {"LeakyRelu", "Elu", "Celu", "HardSigmoid", "ThresholdedRelu", "Selu"}) {
    if (activation != other) continue;
    parameter("activation_alpha", "alpha");
    if (other == "HardSigmoid") parameter("activation_beta", "beta");
    if (other == "Selu") parameter("activation_gamma", "gamma");
    make.AddAs(make.Out(0), activation, {y}, std::move(attributes));
    return absl::OkStatus();
  }
  return make.Unimplemented("the activation " + activation);
}

// y = alpha (A - za) sa (B - zb) sb + C alpha sa sb, C int32; float, or
// quantized when y_scale is there.
absl::Status ExpandQGemm(NodeMaker& make) {
  const Node& node = make.node();
  const float alpha = node.FloatAttribute("alpha", 1);
  const bool trans_b = node.IntAttribute("transB", 0) != 0;
  const std::string a =
      make.Add("DequantizeLinear", {make.In(0), make.In(1), make.In(2)});
  // One scale an output column, where there are several.
  const std::string b =
      make.Add("DequantizeLinear", {make.In(3), make.In(4), make.In(5)},
               {Attribute::Int("axis", trans_b ? 0 : 1)});
  NodeMaker::Names inputs = {a, b};
  if (!make.In(6).empty()) {
    std::string scale = make.Add("Mul", {make.In(1), make.In(4)});
    if (alpha != 1) {
      HONE_ASSIGN_OR_RETURN(const std::string factor,
                            make.Scalar(DType::kF32, alpha));
      scale = make.Add("Mul", {scale, factor});
    }
    inputs.push_back(make.Add("DequantizeLinear", {make.In(6), scale},
                              {Attribute::Int("axis", -1)}));
  }
  NodeMaker::Attributes attributes = make.Keep({"alpha", "transA", "transB"});
  if (make.In(7).empty()) {
    make.AddAs(make.Out(0), "Gemm", std::move(inputs), std::move(attributes));
    return absl::OkStatus();
  }
  const std::string y =
      make.Add("Gemm", std::move(inputs), std::move(attributes));
  std::string zero = make.In(8);
  if (zero.empty() && make.DTypeOf(make.In(0)) == DType::kS8) {
    zero = make.Constant(Tensor::Scalar<int8_t>(0));
  }
  make.AddAs(make.Out(0), "QuantizeLinear", {y, make.In(7), zero});
  return absl::OkStatus();
}

absl::Status ExpandDynamicQuantizeMatMul(NodeMaker& make) {
  const NodeMaker::Names x =
      make.AddMany("DynamicQuantizeLinear", {make.In(0)}, 3);
  make.AddAs(make.Out(0), "MatMulIntegerToFloat",
             {x[0], make.In(1), x[1], make.In(2), x[2], make.In(3), make.In(4)},
             {}, "com.microsoft");
  return absl::OkStatus();
}

absl::Status ExpandNhwcFusedConv(NodeMaker& make) {
  const int64_t rank = make.RankOf(make.In(1)).value_or(0);
  if (rank < 3) return make.Unimplemented("a weight of unknown rank");
  NodeMaker::Names inputs = make.node().inputs;
  inputs[0] = make.ChannelsFirst(inputs[0], rank);
  if (!make.In(3).empty()) inputs[3] = make.ChannelsFirst(inputs[3], rank);
  const std::string y = make.Add("FusedConv", std::move(inputs),
                                 make.node().attributes, "com.microsoft");
  make.AddAs(make.Out(0), "Identity", {make.ChannelsLast(y, rank)});
  return absl::OkStatus();
}

}  // namespace hone
