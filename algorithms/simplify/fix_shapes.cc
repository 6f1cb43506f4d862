#include "algorithms/simplify/fix_shapes.h"

#include <cstdint>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"
#include "ir/nearest/nearest.h"
#include "ir/type/type.h"

namespace hone {
namespace {

using Symbols = absl::flat_hash_map<std::string, int64_t>;

absl::Status Contradiction(const ValueInfo& input, const std::string& found) {
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      "a shape does not fit the model's input",
      {.node = input.name, .expected = input.type.ToString(), .found = found});
}

absl::Status CheckNames(const FixedShapes& shapes, const Graph& graph) {
  std::vector<absl::string_view> known;
  for (const ValueInfo& input : graph.inputs) {
    known.push_back(input.name);
    if (!input.type.shape.has_value()) continue;
    for (const Dim& dim : *input.type.shape) {
      if (dim.symbolic()) known.push_back(dim.symbol);
    }
  }
  for (const auto& [name, dims] : shapes) {
    bool found = false;
    for (const absl::string_view one : known) found = found || one == name;
    if (found) continue;
    const absl::string_view near = NearestName(name, known);
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        "a shape names neither an input nor a symbolic extent",
        {.expected = std::string(near.empty() ? known.front() : near),
         .found = name});
  }
  return absl::OkStatus();
}

void DropExtents(std::vector<ValueInfo>* infos) {
  for (ValueInfo& info : *infos) {
    if (info.type.is_tensor()) info.type.shape.reset();
  }
}

}  // namespace

absl::StatusOr<FixedShapes> ParseFixedShapes(
    const std::vector<std::string>& items) {
  FixedShapes shapes;
  for (const std::string& item : items) {
    // A name may hold '=' itself; extents never do.
    const size_t equals = item.rfind('=');
    Dims dims;
    bool good =
        equals != std::string::npos && equals > 0 && equals + 1 < item.size();
    if (good) {
      for (const absl::string_view part :
           absl::StrSplit(absl::string_view(item).substr(equals + 1), 'x')) {
        int64_t extent = 0;
        good = good && absl::SimpleAtoi(part, &extent) && extent >= 0;
        dims.push_back(extent);
      }
    }
    if (!good || !ElementCount(dims).has_value()) {
      return MakeError(
          absl::StatusCode::kInvalidArgument, "shape",
          {.expected = "NAME=EXTENTS such as x=1x3x224x224", .found = item});
    }
    shapes[item.substr(0, equals)] = std::move(dims);
  }
  return shapes;
}

absl::Status FixShapes(const FixedShapes& shapes, Model* model) {
  if (shapes.empty()) return absl::OkStatus();
  HONE_RETURN_IF_ERROR(CheckNames(shapes, model->graph));
  Symbols symbols;
  for (const auto& [name, dims] : shapes) {
    if (dims.size() == 1) symbols[name] = dims[0];
  }
  for (ValueInfo& input : model->graph.inputs) symbols.erase(input.name);
  const auto settle = [&](const std::string& symbol, int64_t extent) {
    return symbols.emplace(symbol, extent).first->second == extent;
  };
  for (ValueInfo& input : model->graph.inputs) {
    const auto given = shapes.find(input.name);
    if (given == shapes.end() || !input.type.is_tensor()) continue;
    const std::string found = DimsToString(given->second);
    Shape shape = ShapeOf(given->second);
    if (input.type.shape.has_value()) {
      if (input.type.shape->size() != shape.size()) {
        return Contradiction(input, found);
      }
      for (size_t i = 0; i < shape.size(); ++i) {
        const Dim& declared = (*input.type.shape)[i];
        if ((declared.known() && declared.value != shape[i].value) ||
            (declared.symbolic() && !settle(declared.symbol, shape[i].value))) {
          return Contradiction(input, found);
        }
      }
    }
    input.type.shape = std::move(shape);
  }
  for (ValueInfo& input : model->graph.inputs) {
    if (!input.type.shape.has_value()) continue;
    for (Dim& dim : *input.type.shape) {
      const auto settled = symbols.find(dim.symbol);
      if (dim.symbolic() && settled != symbols.end()) {
        dim = Dim::Of(settled->second);
      }
    }
  }
  DropExtents(&model->graph.value_infos);
  DropExtents(&model->graph.outputs);
  return absl::OkStatus();
}

}  // namespace hone
