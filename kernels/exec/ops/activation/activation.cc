#include "kernels/exec/ops/activation/activation.h"

#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/gemm/activation.h"

namespace hone {
namespace {

struct Line {
  absl::string_view name;
  size_t parameters;
  Activation::Kind kind;
};

constexpr Line kLines[] = {
    {"", 0, Activation::Kind::kNone},
    {"Relu", 0, Activation::Kind::kClamp},
    {"Clip", 2, Activation::Kind::kClamp},
    {"LeakyRelu", 1, Activation::Kind::kLeakyRelu},
    {"HardSigmoid", 2, Activation::Kind::kHardSigmoid},
    {"HardSwish", 0, Activation::Kind::kHardSwish},
    {"Sigmoid", 0, Activation::Kind::kSigmoid},
    {"Silu", 0, Activation::Kind::kSilu},
    {"Gelu", 0, Activation::Kind::kGelu},
    {"Tanh", 0, Activation::Kind::kTanh},
};

}  // namespace

absl::StatusOr<Activation> ReadActivation(const Node& node) {
  const std::string name = node.StringAttribute("activation", "");
  const std::vector<float> values = node.FloatsAttribute("activation_params");
  for (const Line& line : kLines) {
    if (line.name != name) continue;
    if (values.size() != line.parameters) {
      return NodeError(node, absl::StrCat("activation_params of ", name),
                       absl::StrCat(line.parameters, " numbers"),
                       absl::StrCat(values.size()));
    }
    Activation activation;
    activation.kind = line.kind;
    if (name == "Relu") {
      activation.b = std::numeric_limits<float>::infinity();
    }
    if (!values.empty()) activation.a = values[0];
    if (values.size() > 1) activation.b = values[1];
    return activation;
  }
  return NodeError(node, "activation",
                   "one of Relu, Clip, LeakyRelu, HardSigmoid, HardSwish, "
                   "Sigmoid, Silu, Gelu, Tanh",
                   name);
}

}  // namespace hone
