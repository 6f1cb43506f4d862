#include "ir/shape_inference/merge.h"

#include <cstddef>
#include <utility>

namespace hone {
namespace {

// `declared` where `inferred` is open.
Dim Filled(const Dim& inferred, Dim declared) {
  if (inferred.known()) return inferred;
  if (declared.known()) return declared;
  return inferred.symbolic() ? inferred : std::move(declared);
}

}  // namespace

DeclaredTypes::DeclaredTypes(
    const Graph& graph,
    const absl::flat_hash_map<std::string, Type>& input_types) {
  Add(graph.value_infos);
  Add(graph.outputs);
  for (const ValueInfo& input : graph.inputs) {
    const auto given = input_types.find(input.name);
    if (given == input_types.end() || !given->second.shape.has_value() ||
        !input.type.shape.has_value()) {
      continue;
    }
    const Shape& declared = *input.type.shape;
    const Shape& actual = *given->second.shape;
    if (declared.size() != actual.size()) {
      extents_hold_ = false;
      continue;
    }
    for (size_t i = 0; i < declared.size(); ++i) {
      if (!actual[i].known()) continue;
      if (declared[i].symbolic()) {
        const auto [bound, fresh] =
            symbols_.emplace(declared[i].symbol, actual[i].value);
        if (!fresh && bound->second != actual[i].value) extents_hold_ = false;
      } else if (declared[i].known() && declared[i] != actual[i]) {
        extents_hold_ = false;
      }
    }
  }
}

void DeclaredTypes::Add(const std::vector<ValueInfo>& infos) {
  types_.reserve(types_.size() + infos.size());
  for (const ValueInfo& info : infos) types_[info.name] = &info.type;
}

DeclaredTypes DeclaredTypes::Inside(const Graph& subgraph) const {
  DeclaredTypes inner;
  inner.symbols_ = symbols_;
  inner.extents_hold_ = extents_hold_;
  inner.Add(subgraph.value_infos);
  inner.Add(subgraph.outputs);
  inner.Add(subgraph.inputs);
  return inner;
}

void DeclaredTypes::FillIn(absl::string_view value, Type* inferred) const {
  const auto found = types_.find(value);
  if (found == types_.end()) return;
  Type declared = *found->second;
  if (declared.shape.has_value()) {
    for (Dim& dim : *declared.shape) {
      if (!extents_hold_) {
        dim = Dim::Unknown();
      } else if (dim.symbolic()) {
        const auto bound = symbols_.find(dim.symbol);
        if (bound != symbols_.end()) dim = Dim::Of(bound->second);
      }
    }
  }
  if (inferred->kind == Type::Kind::kUnknown) {
    *inferred = std::move(declared);
    return;
  }
  if (!inferred->is_tensor() || !declared.is_tensor()) return;
  if (inferred->dtype == DType::kUndefined) inferred->dtype = declared.dtype;
  if (!declared.shape.has_value()) return;
  if (!inferred->shape.has_value()) {
    inferred->shape = std::move(declared.shape);
    return;
  }
  if (inferred->shape->size() != declared.shape->size()) return;
  for (size_t i = 0; i < declared.shape->size(); ++i) {
    Dim& dim = (*inferred->shape)[i];
    dim = Filled(dim, std::move((*declared.shape)[i]));
  }
}

}  // namespace hone
