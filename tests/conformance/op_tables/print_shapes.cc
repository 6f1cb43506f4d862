// Infers the shapes of every model named on standard input, one path a line,
// and prints a JSON object each: {"path", "error"} or {"path", "values": {name:
// [dtype number, [extents]]}}, an extent being a number, a symbol or null, and
// the extents null where even the rank is unknown. Sequences and the like are
// left out. For check_shapes.py.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/onnx/read_model.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/type/type.h"

namespace hone {
namespace {

nlohmann::json ToJson(const Type& type) {
  if (!type.shape.has_value()) {
    return {static_cast<int>(type.dtype), nullptr};
  }
  nlohmann::json dims = nlohmann::json::array();
  for (const Dim& dim : *type.shape) {
    if (dim.known()) {
      dims.push_back(dim.value);
    } else if (dim.symbolic()) {
      dims.push_back(dim.symbol);
    } else {
      dims.push_back(nullptr);
    }
  }
  return {static_cast<int>(type.dtype), dims};
}

nlohmann::json Inferred(const std::string& path) {
  absl::StatusOr<Model> model = ReadModel(path);
  if (!model.ok()) return {{"error", std::string(model.status().message())}};
  // What is declared would hide what is not inferred.
  model->graph.value_infos.clear();
  for (ValueInfo& output : model->graph.outputs) output.type = Type();
  const absl::StatusOr<InferredTypes> types = InferShapes(*model, {});
  if (!types.ok()) return {{"error", std::string(types.status().message())}};
  nlohmann::json values = nlohmann::json::object();
  for (const auto& [name, type] : types->types) {
    if (type.is_tensor()) values[name] = ToJson(type);
  }
  return {{"values", values}};
}

}  // namespace
}  // namespace hone

int main() {
  for (std::string path; std::getline(std::cin, path);) {
    nlohmann::json result = hone::Inferred(path);
    result["path"] = path;
    std::cout << result.dump(-1, ' ', false,
                             nlohmann::json::error_handler_t::replace)
              << "\n";
  }
  return 0;
}
