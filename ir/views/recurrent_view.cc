#include "ir/views/recurrent_view.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/views/attributes.h"

namespace hone {

absl::StatusOr<RecurrentView> RecurrentView::Of(const Node& node,
                                                int64_t /*opset*/) {
  static constexpr absl::string_view kDirections[] = {"forward", "reverse",
                                                      "bidirectional"};
  AttributeReader read(node);
  RecurrentView view;
  view.direction = static_cast<Direction>(
      read.Choice("direction", "forward", absl::MakeConstSpan(kDirections)));
  view.hidden_size = read.IntIn("hidden_size", 0, 0, int64_t{1} << 31);
  view.batch_first = read.IntIn("layout", 0, 0, 1) == 1;
  view.linear_before_reset = read.Bool("linear_before_reset", false);
  view.input_forget = read.Bool("input_forget", false);
  if (read.Has("clip")) view.clip = read.Float("clip", 0);
  view.activation_alpha = read.Floats("activation_alpha");
  view.activation_beta = read.Floats("activation_beta");
  std::vector<std::string> defaults = {"Tanh"};
  if (node.op_type == "LSTM" || node.op_type == "DynamicQuantizeLSTM") {
    view.gates = 4;
    defaults = {"Sigmoid", "Tanh", "Tanh"};
  } else if (node.op_type == "GRU") {
    view.gates = 3;
    defaults = {"Sigmoid", "Tanh"};
  }
  if (const Attribute* given = node.FindAttribute("activations")) {
    const auto* names = std::get_if<std::vector<std::string>>(&given->data);
    if (names == nullptr) {
      read.Fail("attribute activations", "a list of strings", "another kind");
    } else {
      view.activations = *names;
    }
  }
  const size_t expected =
      defaults.size() * static_cast<size_t>(view.directions());
  if (view.activations.empty()) {
    for (int64_t d = 0; d < view.directions(); ++d) {
      view.activations.insert(view.activations.end(), defaults.begin(),
                              defaults.end());
    }
  } else if (view.activations.size() != expected) {
    read.Fail("attribute activations", absl::StrCat(expected, " names"),
              absl::StrCat(view.activations.size()));
  }
  return read.Finish(std::move(view));
}

}  // namespace hone
