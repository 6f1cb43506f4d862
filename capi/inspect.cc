// hone_model_inspect: what a model consists of, as JSON.
#include "algorithms/inspect/inspect.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "capi/context.h"
#include "capi/error.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/placement.h"
#include "capi/result.h"
#include "capi/text.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/onnx/write_model.h"
#include "ir/type/type.h"
#include "kernels/exec/plan.h"

namespace hone::capi {
namespace {

using Json = nlohmann::ordered_json;

// {"name", "type", "dtype", "shape"}: numbers, symbols' names, null where
// unknown; shape null when even the rank is.
Json ValuesToJson(const std::vector<ValueInfo>& values) {
  Json json = Json::array();
  for (const ValueInfo& value : values) {
    Json one;
    one["name"] = value.name;
    one["type"] = value.type.ToString();
    one["dtype"] = value.type.is_tensor()
                       ? Json(std::string(DTypeName(value.type.dtype)))
                       : Json(nullptr);
    one["shape"] = nullptr;
    if (value.type.is_tensor() && value.type.shape.has_value()) {
      one["shape"] = Json::array();
      for (const Dim& dim : *value.type.shape) {
        one["shape"].push_back(dim.known()      ? Json(dim.value)
                               : dim.symbolic() ? Json(dim.symbol)
                                                : Json(nullptr));
      }
    }
    json.push_back(one);
  }
  return json;
}

// One input channel per group and more than one group.
bool IsDepthwise(const Node& node, const GraphIndex& index) {
  if (!node.Is("Conv") || node.IntAttribute("group", 1) < 2) return false;
  const Tensor* const weight = index.ConstantTensor(node.Input(1));
  return weight != nullptr && weight->rank() >= 2 && weight->dims()[1] == 1;
}

Json NodesToJson(const Graph& graph, const ModelSummary& summary) {
  const GraphIndex index(graph);
  Json json = Json::array();
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    Json one;
    one["name"] = NodeLabel(node);
    one["op"] = node.op_type;
    one["domain"] = node.domain;
    one["inputs"] = node.inputs;
    one["outputs"] = node.outputs;
    one["depthwise"] = IsDepthwise(node, index);
    if (i < summary.node_macs.size() && summary.node_macs[i].has_value()) {
      one["macs"] = *summary.node_macs[i];
    }
    json.push_back(std::move(one));
  }
  return json;
}

absl::StatusOr<Json> Summarize(const Model& model) {
  HONE_ASSIGN_OR_RETURN(const ModelSummary summary, Inspect(model));
  Json json;
  json["opsets"] = summary.opsets;
  json["ir_version"] = model.ir_version;
  json["producer"] = model.producer_name;
  json["inputs"] = ValuesToJson(summary.inputs);
  json["outputs"] = ValuesToJson(summary.outputs);
  json["operators"] = summary.operators;
  json["node_count"] = summary.nodes;
  json["parameters"] = summary.parameters;
  json["weight_bytes"] = summary.weight_bytes;
  json["dtypes"] = summary.dtypes;
  json["size_bytes"] = ModelByteSize(model);
  json["macs"] = summary.macs.has_value() ? Json(*summary.macs) : Json(nullptr);
  json["macs_unknown"] = summary.macs_unknown;
  json["metadata"] = model.metadata;
  json["verbs"] = RowsToJson(summary.verbs);
  json["nodes"] = NodesToJson(model.graph, summary);
  return json;
}

}  // namespace
}  // namespace hone::capi

hone_error* hone_model_inspect(const hone_context* context,
                               const hone_model* model,
                               const hone_options* options, hone_text** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(model);
  return hone::capi::Guard([&]() -> absl::Status {
    HONE_RETURN_IF_ERROR(hone::capi::CheckVerb(options, "inspect"));
    HONE_ASSIGN_OR_RETURN(nlohmann::ordered_json json,
                          hone::capi::Summarize(model->model));
    if (hone::capi::GetBool(options, "plan")) {
      hone::CompileOptions compile;
      compile.no_fuse = hone::capi::GetList(options, "no_fuse");
      if (context != nullptr) compile.accelerator = context->accelerator;
      HONE_ASSIGN_OR_RETURN(const std::shared_ptr<const hone::Plan> plan,
                            hone::Compile(model->model, compile));
      json["plan"] = plan->ToString();
      json["placement"] = hone::capi::PlacementJson(plan->placement());
    }
    hone::capi::Log(context, HONE_LOG_DEBUG, "inspected the model");
    *out = hone::capi::NewText(hone::capi::JsonText(json));
    return absl::OkStatus();
  });
}
