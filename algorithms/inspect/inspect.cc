#include "algorithms/inspect/inspect.h"

#include <memory>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "algorithms/quantization/placement.h"
#include "algorithms/quantization/post_training_options.h"
#include "algorithms/quantization/prepare.h"
#include "ir/ops/op_info.h"
#include "ir/shape_inference/shape_inference.h"

namespace hone {
namespace {

// The same type with 1 for every symbolic or unknown extent.
Type Concrete(Type type) {
  if (!type.is_tensor() || !type.shape.has_value()) return type;
  for (Dim& dim : *type.shape) {
    if (!dim.known()) dim = Dim::Of(1);
  }
  return type;
}

class Counter {
 public:
  explicit Counter(ModelSummary* summary) : summary_(summary) {}

  void CountGraph(const Graph& graph) {
    for (const Initializer& initializer : graph.initializers) {
      CountConstant(initializer.tensor);
    }
    for (const Node& node : graph.nodes) {
      ++summary_->nodes;
      ++summary_->operators[node.domain.empty()
                                ? node.op_type
                                : absl::StrCat(node.domain, ".", node.op_type)];
      if (const auto constant = ConstantNodeTensor(node)) {
        CountConstant(*constant);
      }
      using Subgraph = std::shared_ptr<const Graph>;
      for (const Attribute& attribute : node.attributes) {
        if (const auto* one = std::get_if<Subgraph>(&attribute.data)) {
          CountGraph(**one);
        }
        if (const auto* all =
                std::get_if<std::vector<Subgraph>>(&attribute.data)) {
          for (const Subgraph& one : *all) CountGraph(*one);
        }
      }
    }
  }

 private:
  void CountConstant(const Tensor& tensor) {
    const int64_t bytes = static_cast<int64_t>(tensor.bytes().size());
    if (IsFloating(tensor.dtype())) summary_->parameters += tensor.size();
    summary_->weight_bytes += bytes;
    summary_->dtypes[std::string(DTypeName(tensor.dtype()))] += bytes;
  }

  ModelSummary* summary_;
};

void CountMacs(const Model& model, const InferredTypes& types,
               ModelSummary* summary) {
  int64_t total = 0;
  for (const Node& node : model.graph.nodes) {
    const OpInfo* op =
        FindOp(node.domain, node.op_type, model.Opset(node.domain));
    std::optional<int64_t> macs;
    if (op != nullptr && op->macs == nullptr) macs = 0;
    if (op != nullptr && op->macs != nullptr) {
      InferInput in;
      in.node = &node;
      in.opset = model.Opset(node.domain);
      for (const std::string& input : node.inputs) {
        in.inputs.push_back(Concrete(types.TypeOf(input)));
        const auto contents = types.contents.find(input);
        in.contents.push_back(
            contents == types.contents.end() ? nullptr : &contents->second);
      }
      std::vector<Type> outputs;
      for (const std::string& output : node.outputs) {
        outputs.push_back(Concrete(types.TypeOf(output)));
      }
      macs = op->macs(in, outputs);
    }
    if (macs.has_value()) {
      total += *macs;
    } else {
      ++summary->macs_unknown;
    }
    summary->node_macs.push_back(macs);
  }
  if (summary->macs_unknown == 0) summary->macs = total;
}

ReportRow VerbRow(const char* verb, int64_t nodes, int64_t bytes) {
  return {"",
          "",
          verb,
          absl::StrCat(nodes, " nodes, ", bytes, " bytes of weights"),
          {{"nodes", static_cast<double>(nodes)},
           {"bytes", static_cast<double>(bytes)}}};
}

// What quantization and weight compression would find to do.
void AddVerbs(const Model& model, ModelSummary* summary) {
  int64_t folded = 0, quantized = 0, quantized_bytes = 0;
  const auto prepared = PrepareForQuantization(model);
  if (prepared.ok()) {
    for (const ReportRow& row : prepared->rows) folded += row.done == "folded";
    const std::vector<std::string> ignored(prepared->model.graph.nodes.size());
    const PostTrainingOptions options;
    const Placement placement =
        PlaceQuantizers(prepared->model, options, ignored);
    const GraphIndex index(prepared->model.graph);
    for (size_t i = 0; i < placement.nodes.size(); ++i) {
      if (!placement.nodes[i].quantized) continue;
      ++quantized;
      if (placement.nodes[i].role != Role::kWeighted) continue;
      const Tensor* weight =
          index.ConstantTensor(prepared->model.graph.nodes[i].inputs[1]);
      quantized_bytes += static_cast<int64_t>(weight->bytes().size());
    }
    summary->verbs.push_back(VerbRow("quantize", quantized, quantized_bytes));
    summary->verbs.push_back(VerbRow("fold", folded, 0));
  } else {
    summary->verbs.push_back(
        {"", "", "quantize", std::string(prepared.status().message()), {}});
  }
  int64_t weighted = 0, weighted_bytes = 0;
  const GraphIndex index(model.graph);
  for (const Node& node : model.graph.nodes) {
    const OpInfo* op =
        FindOp(node.domain, node.op_type, model.Opset(node.domain));
    if (op == nullptr || op->traits.weight_input < 0) continue;
    const Tensor* weight =
        index.ConstantTensor(node.Input(op->traits.weight_input));
    if (weight == nullptr || !IsFloating(weight->dtype())) continue;
    ++weighted;
    weighted_bytes += static_cast<int64_t>(weight->bytes().size());
  }
  summary->verbs.push_back(VerbRow("compress", weighted, weighted_bytes));
}

}  // namespace

absl::StatusOr<ModelSummary> Inspect(const Model& model) {
  const absl::StatusOr<InferredTypes> types = InferShapes(model, {});
  if (!types.ok()) return types.status();
  ModelSummary summary;
  summary.opsets = model.opsets;
  const GraphIndex index(model.graph);
  for (const ValueInfo& input : model.graph.inputs) {
    if (index.InitializerTensor(input.name) == nullptr) {
      summary.inputs.push_back(input);
    }
  }
  for (ValueInfo output : model.graph.outputs) {
    output.type = types->TypeOf(output.name);
    summary.outputs.push_back(std::move(output));
  }
  Counter(&summary).CountGraph(model.graph);
  CountMacs(model, *types, &summary);
  AddVerbs(model, &summary);
  return summary;
}

}  // namespace hone
