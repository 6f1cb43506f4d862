#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "kernels/exec/evaluate.h"
#include "kernels/exec/fusion/integer/integer_rewrite.h"
#include "kernels/exec/fusion/integer/quantized_value.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// A longer expression is not worth the search.
constexpr size_t kMostNodes = 24;

bool IsElementwise(const Node& node) {
  static const auto* const types = new std::set<absl::string_view>{
      "Abs",         "Add",       "Ceil",       "Celu",
      "Clip",        "Cos",       "Div",        "Elu",
      "Erf",         "Exp",       "Floor",      "Gelu",
      "HardSigmoid", "HardSwish", "LeakyRelu",  "Log",
      "Max",         "Min",       "Mish",       "Mul",
      "Neg",         "Pow",       "Reciprocal", "Relu",
      "Round",       "Selu",      "Sigmoid",    "Sign",
      "Sin",         "Softplus",  "Softsign",   "Sqrt",
      "Sub",         "Swish",     "Tanh",       "ThresholdedRelu"};
  return node.domain.empty() && types->count(node.op_type) > 0 &&
         node.outputs.size() == 1;
}

// The nodes between `value` and 8-bit values, in order.
struct Expression {
  std::vector<int> nodes;
  std::set<std::string> leaves;
};

bool IsScalar(const NodeTable& table, absl::string_view value) {
  const Tensor* const tensor = table.Constant(value);
  return tensor != nullptr && tensor->size() == 1 &&
         tensor->dtype() == DType::kF32;
}

bool Collect(NodeTable& table, const std::string& value, Expression* e,
             std::set<std::string>* seen) {
  if (!seen->insert(value).second) return true;
  if (value.empty() || IsScalar(table, value)) return true;
  if (const auto leaf = DequantizedFrom(table, value)) {
    const Tensor* const constant = table.Constant(leaf->value);
    if (constant == nullptr) e->leaves.insert(leaf->value);
    e->nodes.push_back(leaf->node);
    return constant == nullptr || constant->size() == 1;
  }
  const int at = table.Producer(value);
  if (at < 0 || !IsElementwise(table.node(at)) ||
      e->nodes.size() > kMostNodes) {
    return false;
  }
  // A copy: DequantizedFrom may add constants while the inputs are read.
  const std::vector<std::string> inputs = table.node(at).inputs;
  for (const std::string& input : inputs) {
    if (!Collect(table, input, e, seen)) return false;
  }
  e->nodes.push_back(at);
  return true;
}

// All 256 values of an 8-bit type.
Tensor AllCodes(DType dtype) {
  std::vector<int8_t> s8;
  std::vector<uint8_t> u8;
  for (int i = 0; i < 256; ++i) {
    s8.push_back(static_cast<int8_t>(i - 128));
    u8.push_back(static_cast<uint8_t>(i));
  }
  return dtype == DType::kS8
             ? Tensor::FromVector<int8_t>({256}, absl::MakeConstSpan(s8))
             : Tensor::FromVector<uint8_t>({256}, absl::MakeConstSpan(u8));
}

// The nodes computed on `values`, by the float kernels; the last one's output.
absl::StatusOr<Tensor> Evaluate(const FusionGraph& graph,
                                const NodeTable& table,
                                const std::vector<int>& nodes,
                                std::map<std::string, Tensor> values) {
  ThreadPool one(1);
  Tensor last;
  for (const int index : nodes) {
    const Node& node = table.node(index);
    std::vector<Tensor> inputs;
    for (const std::string& input : node.inputs) {
      const auto found = values.find(input);
      const Tensor* const constant = table.Constant(input);
      if (found != values.end()) {
        inputs.push_back(found->second);
      } else if (constant != nullptr) {
        inputs.push_back(*constant);
      } else if (input.empty()) {
        inputs.emplace_back();
      } else {
        return absl::NotFoundError(input);
      }
    }
    absl::StatusOr<std::vector<Value>> outputs = EvaluateNode(
        node, graph.model->Opset(node.domain), inputs, size_t{1} << 16, one);
    if (!outputs.ok()) return outputs.status();
    if (outputs->empty() || !(*outputs)[0].is_tensor()) {
      return absl::InternalError("no tensor");
    }
    last = (*outputs)[0].tensor();
    values[node.outputs[0]] = last;
  }
  return last;
}

}  // namespace

bool FuseTableAt(FusionGraph& graph, NodeTable& table, int at,
                 std::map<std::string, std::string>& roots) {
  const std::optional<QuantizedValue> y = QuantizedBy(table, at);
  if (!y.has_value()) return false;
  Expression e;
  std::set<std::string> seen;
  const std::string x(table.node(at).Input(0));
  if (!Collect(table, x, &e, &seen) || e.leaves.empty()) return false;

  // Leaves that are themselves look-ups of one value count as that value.
  std::map<std::string, Tensor> values;
  std::string root = *e.leaves.begin();
  if (e.leaves.size() > 1) {
    std::set<std::string> common;
    for (const std::string& leaf : e.leaves) {
      const auto found = roots.find(leaf);
      common.insert(found == roots.end() ? leaf : found->second);
    }
    if (common.size() != 1) return false;
    root = *common.begin();
    for (const std::string& leaf : e.leaves) {
      if (leaf == root) continue;
      const int made = table.Producer(leaf);
      const Tensor* const codes =
          made < 0 ? nullptr : table.Constant(table.node(made).Input(1));
      if (codes == nullptr) return false;
      values[leaf] = *codes;
    }
  }
  // The look-up has the type of what it looks up.
  const DType dtype = table.TypeOf(root).dtype;
  if (dtype != y->dtype || table.Constant(root) != nullptr) return false;
  values[root] = AllCodes(dtype);
  // The elements of root and y must correspond one to one.
  const Type& from = table.TypeOf(root);
  const Type& to = table.TypeOf(y->value);
  if (!from.shape.has_value() || !to.shape.has_value() ||
      from.shape->size() != to.shape->size()) {
    return false;
  }
  e.nodes.push_back(at);
  const absl::StatusOr<Tensor> codes = Evaluate(graph, table, e.nodes, values);
  if (!codes.ok() || codes->size() != 256 || codes->dtype() != y->dtype) {
    return false;
  }
  Node fused = IntegerNode("QuantizedTable", table.node(at));
  fused.inputs = {root, table.AddConstant(y->value, codes->Reshaped({256}))};
  fused.outputs = {y->value};
  fused.SetAttribute(Attribute::Int("is_signed", dtype == DType::kS8));
  fused.SetAttribute(Attribute::Int("rank", RankOf(table, root)));
  roots[y->value] = root;
  // Floats on the way that others read stay where they are.
  table.Replace(at, std::move(fused), {});
  Node same;
  same.op_type = "Identity";
  same.inputs = {root};
  same.outputs = {y->value};
  graph.originals[y->value] = {std::move(same)};
  return true;
}

}  // namespace hone
