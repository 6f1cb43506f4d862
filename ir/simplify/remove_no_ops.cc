#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "ir/simplify/graph_edit.h"
#include "ir/simplify/passes.h"
#include "ir/simplify/shape_facts.h"
#include "ir/views/attributes.h"
#include "ir/views/axis_view.h"
#include "ir/views/pad_view.h"
#include "ir/views/reduce_view.h"
#include "ir/views/resize_view.h"
#include "ir/views/slice_view.h"

namespace hone {
namespace {

struct NoOp {
  size_t input = 0;  // the output is this input
  absl::string_view why;
};

bool OneOf(const Node& node, std::initializer_list<absl::string_view> types) {
  return std::any_of(types.begin(), types.end(),
                     [&](absl::string_view type) { return node.Is(type); });
}

class NoOpFinder {
 public:
  NoOpFinder(const GraphEdit& edit, const Node& node)
      : edit_(edit), node_(node), constants_(edit.Constants(node)) {}

  std::optional<NoOp> Find() {
    if (node_.Is("Identity")) return NoOp{0, "it copies"};
    if (node_.Is("Dropout")) return OfDropout();
    if (OneOf(node_, {"Concat", "Sum", "Mean", "Max", "Min", "Split"}) &&
        node_.inputs.size() == 1 && node_.outputs.size() == 1) {
      return NoOp{0, "it has one input and one output"};
    }
    if (OneOf(node_, {"Cast", "CastLike"})) {
      const DType from = edit_.DTypeOf(node_.Input(0));
      if (from == DType::kUndefined ||
          from != edit_.DTypeOf(node_.outputs[0]) || from == DType::kString) {
        return std::nullopt;
      }
      return NoOp{0, "the type is the same"};
    }
    if (OneOf(node_, {"Relu", "Abs", "Ceil", "Floor", "Round", "Sign"})) {
      if (edit_.Producer(node_.Input(0), node_.op_type) < 0) {
        return std::nullopt;
      }
      return NoOp{0, "done before"};
    }
    if (node_.Is("Clip") && node_.Input(1).empty() && node_.Input(2).empty() &&
        edit_.Opset() >= 11) {
      return NoOp{0, "it has no bounds"};
    }
    return OfMovement();
  }

 private:
  std::optional<NoOp> OfDropout() const {
    const absl::string_view mask = node_.Output(1);
    if (!mask.empty() &&
        (!edit_.Readers(mask).empty() || edit_.IsOutput(mask))) {
      return std::nullopt;
    }
    if (!node_.Input(2).empty() &&
        (constants_[2] == nullptr || !AllElementsAre(*constants_[2], 0))) {
      return std::nullopt;
    }
    return NoOp{0, "it is for training"};
  }

  bool SameAs(size_t input) const {
    return SameShape(edit_.ShapeOf(node_.Input(input)),
                     edit_.ShapeOf(node_.outputs[0]));
  }

  std::optional<NoOp> OfMovement() const {
    if (node_.Is("Transpose")) {
      const std::vector<int64_t> perm = node_.IntsAttribute("perm");
      for (size_t i = 0; i < perm.size(); ++i) {
        if (perm[i] != static_cast<int64_t>(i)) return std::nullopt;
      }
      const Shape* shape = edit_.ShapeOf(node_.Input(0));
      if (perm.empty() && (shape == nullptr || shape->size() > 1)) {
        return std::nullopt;
      }
      return NoOp{0, "the axes keep their places"};
    }
    if (OneOf(node_, {"Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand",
                      "Tile"})) {
      if (!SameAs(0)) return std::nullopt;
      return NoOp{0, "the extents are the same"};
    }
    if (node_.Is("Pad")) return OfPad();
    if (node_.Is("Slice")) return OfSlice();
    if (OneOf(node_, {"Resize", "Upsample"})) return OfResize();
    if (node_.Is("Where")) return OfWhere();
    if (absl::string_view(node_.op_type).substr(0, 6) == "Reduce") {
      const auto view = ReduceView::Of(node_, edit_.Opset(), constants_);
      if (!view.ok() || !view->noop_with_empty_axes ||
          !view->axes.has_value() || !view->axes->empty() ||
          !OneOf(node_, {"ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin",
                         "ReduceProd"})) {
        return std::nullopt;
      }
      return NoOp{0, "it reduces no axis"};
    }
    return OfArithmetic();
  }

  std::optional<NoOp> OfPad() const {
    const auto view = PadView::Of(node_, edit_.Opset(), constants_);
    if (!view.ok() || !view->pads.has_value() ||
        !std::all_of(view->pads->begin(), view->pads->end(),
                     [](int64_t pad) { return pad == 0; })) {
      return std::nullopt;
    }
    return NoOp{0, "it pads by nothing"};
  }

  std::optional<NoOp> OfSlice() const {
    const auto view = SliceView::Of(node_, edit_.Opset(), constants_);
    if (!view.ok() || !view->steps.has_value() ||
        !std::all_of(view->steps->begin(), view->steps->end(),
                     [](int64_t step) { return step == 1; })) {
      return std::nullopt;
    }
    if (SameAs(0)) return NoOp{0, "it takes all"};
    if (!view->starts.has_value() || !view->ends.has_value()) {
      return std::nullopt;
    }
    // Exporters write "to the end" as a very large number.
    constexpr int64_t kEnd = (int64_t{1} << 31) - 1;
    for (size_t i = 0; i < view->starts->size(); ++i) {
      if ((*view->starts)[i] != 0 || i >= view->ends->size() ||
          (*view->ends)[i] < kEnd) {
        return std::nullopt;
      }
    }
    return NoOp{0, "it takes all"};
  }

  // Only where the nearest element is the element itself; interpolation would
  // let a neighbour's NaN in.
  std::optional<NoOp> OfResize() const {
    const auto view = ResizeView::Of(node_, edit_.Opset(), constants_);
    if (!view.ok() || view->mode != ResizeView::Mode::kNearest ||
        view->coordinates == ResizeView::Coordinates::kTfCropAndResize ||
        !view->known() || !SameAs(0)) {
      return std::nullopt;
    }
    for (const float scale : view->scales) {
      if (scale != 1) return std::nullopt;
    }
    return NoOp{0, "the extents are the same"};
  }

  std::optional<NoOp> OfWhere() const {
    if (constants_.size() != 3 || constants_[0] == nullptr) {
      return std::nullopt;
    }
    for (const size_t input : {size_t{1}, size_t{2}}) {
      if (AllElementsAre(*constants_[0], input == 1 ? 1 : 0) && SameAs(input)) {
        return NoOp{input, "the condition is constant"};
      }
    }
    return std::nullopt;
  }

  bool IsConstant(size_t input, double value) const {
    return constants_[input] != nullptr &&
           AllElementsAre(*constants_[input], value);
  }

  std::optional<NoOp> OfArithmetic() const {
    if (node_.inputs.size() != 2 || edit_.Opset() < 7) return std::nullopt;
    const bool integer = IsInteger(edit_.DTypeOf(node_.outputs[0]));
    for (const size_t x : {size_t{0}, size_t{1}}) {
      const size_t c = 1 - x;
      if (constants_[c] == nullptr || !SameAs(x)) continue;
      if (node_.Is("Mul") && IsConstant(c, 1)) return NoOp{x, "x * 1"};
      // The sum of -0 and +0 is +0.
      if (node_.Is("Add") && IsConstant(c, integer ? 0.0 : -0.0)) {
        return NoOp{x, integer ? "x + 0" : "x + -0.0"};
      }
      if (node_.Is("And") && IsConstant(c, 1)) return NoOp{x, "x and true"};
      if (node_.Is("Or") && IsConstant(c, 0)) return NoOp{x, "x or false"};
      if (x == 1) continue;
      if (node_.Is("Div") && IsConstant(c, 1)) return NoOp{x, "x / 1"};
      if (node_.Is("Sub") && IsConstant(c, 0)) return NoOp{x, "x - 0"};
      if (node_.Is("Pow") && IsConstant(c, 1)) return NoOp{x, "x ^ 1"};
    }
    return std::nullopt;
  }

  const GraphEdit& edit_;
  const Node& node_;
  const std::vector<const Tensor*> constants_;
};

}  // namespace

void RemoveNoOps(GraphEdit& edit) {
  for (int i = 0; i < edit.size(); ++i) {
    if (!edit.Alive(i) || !edit.node(i).domain.empty() ||
        edit.node(i).inputs.empty() || edit.node(i).outputs.empty()) {
      continue;
    }
    const Node& node = edit.node(i);
    // Twice the opposite: -(-x), not(not x).
    if (node.Is("Neg") || node.Is("Not")) {
      const int inner = edit.Producer(node.inputs[0], node.op_type);
      if (inner >= 0) {
        const std::string x = edit.node(inner).inputs[0];
        edit.Skip(i, x, "removed", "done twice it is undone");
      }
      continue;
    }
    const std::optional<NoOp> found = NoOpFinder(edit, node).Find();
    if (!found.has_value()) continue;
    const std::string value = node.inputs[found->input];
    if (!value.empty()) edit.Skip(i, value, "removed", found->why);
  }
}

}  // namespace hone
