#include "ir/simplify/shape_facts.h"

#include <cmath>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ir/elements/elements.h"
#include "ir/views/attributes.h"
#include "ir/views/squeeze_view.h"

namespace hone {
namespace {

constexpr int64_t kAxesAreAnInput = 13;

}  // namespace

bool SameDim(const Dim& a, const Dim& b) {
  if (a.known() || b.known()) return a.value == b.value;
  return a.symbolic() && a.symbol == b.symbol;
}

bool SameShape(const Shape* a, const Shape* b) {
  if (a == nullptr || b == nullptr || a->size() != b->size()) return false;
  for (size_t i = 0; i < a->size(); ++i) {
    if (!SameDim((*a)[i], (*b)[i])) return false;
  }
  return true;
}

bool AllElementsAre(const Tensor& tensor, double value) {
  const bool real = HasRealElements(tensor.dtype());
  if (tensor.size() == 0 || (!real && !HasIntegerElements(tensor.dtype()))) {
    return false;
  }
  for (int64_t i = 0; i < tensor.size(); ++i) {
    if (!real) {
      if (IntegerElement(tensor, i) != static_cast<int64_t>(value)) {
        return false;
      }
      continue;
    }
    const double element = RealElement(tensor, i);
    if (element != value || std::signbit(element) != std::signbit(value)) {
      return false;
    }
  }
  return true;
}

bool IsInventedSymbol(absl::string_view symbol) {
  return absl::StartsWith(symbol, kInventedSymbol);
}

std::optional<std::vector<int64_t>> ReshapeTarget(const Shape& from,
                                                  const Shape& to) {
  std::vector<int64_t> target;
  int open = 0;
  bool risky = false;
  for (size_t i = 0; i < to.size(); ++i) {
    if (to[i].known()) {
      if (to[i].value == 0) return std::nullopt;
      target.push_back(to[i].value);
    } else if (i < from.size() && SameDim(from[i], to[i])) {
      target.push_back(0);
      risky = risky || IsInventedSymbol(to[i].symbol);
    } else {
      target.push_back(-1);
      ++open;
    }
  }
  if (open > 1 || (open == 1 && risky)) return std::nullopt;
  return target;
}

Tensor Int64Vector(absl::Span<const int64_t> values) {
  return Tensor::FromVector<int64_t>({static_cast<int64_t>(values.size())},
                                     values);
}

std::optional<std::vector<int64_t>> SqueezedAxes(const GraphEdit& edit,
                                                 const Node& node) {
  const std::vector<const Tensor*> constants = edit.Constants(node);
  const auto view = SqueezeView::Of(node, edit.Opset(), constants);
  const Shape* shape = edit.ShapeOf(node.Input(0));
  if (!view.ok() || shape == nullptr) return std::nullopt;
  if (view->all) {
    std::vector<int64_t> ones;
    for (size_t i = 0; i < shape->size(); ++i) {
      if (!(*shape)[i].known()) return std::nullopt;
      if ((*shape)[i].value == 1) ones.push_back(static_cast<int64_t>(i));
    }
    return ones;
  }
  if (!view->axes.has_value()) return std::nullopt;
  const absl::StatusOr<std::vector<int64_t>> axes =
      FrontAxes(node, *view->axes, static_cast<int64_t>(shape->size()));
  if (!axes.ok()) return std::nullopt;
  return *axes;
}

std::optional<std::vector<int64_t>> UnsqueezedAxes(const GraphEdit& edit,
                                                   const Node& node) {
  const std::vector<const Tensor*> constants = edit.Constants(node);
  const auto view = UnsqueezeView::Of(node, edit.Opset(), constants);
  const Shape* shape = edit.ShapeOf(node.Input(0));
  if (!view.ok() || !view->axes.has_value() || shape == nullptr) {
    return std::nullopt;
  }
  const absl::StatusOr<std::vector<int64_t>> axes =
      view->Resolve(node, static_cast<int64_t>(shape->size()));
  if (!axes.ok()) return std::nullopt;
  return *axes;
}

Node AxesNode(GraphEdit& edit, absl::string_view op_type,
              const std::string& value, const std::vector<int64_t>& axes) {
  Node node;
  node.op_type = std::string(op_type);
  node.inputs = {value};
  if (edit.Opset() >= kAxesAreAnInput) {
    node.inputs.push_back(
        edit.AddConstant(absl::StrCat(value, "_axes"), Int64Vector(axes)));
  } else {
    node.SetAttribute(Attribute::Ints("axes", axes));
  }
  return node;
}

}  // namespace hone
