#include "kernels/exec/ops/adapter/strings.h"

#include <cmath>
#include <variant>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ir/dtype/dtype.h"
#include "ir/tensor/value.h"
#include "ir/views/attributes.h"

namespace hone {
namespace {

// `digits` of them always read back the same.
std::string Shortest(double value, int digits, bool single) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "INF" : "-INF";
  std::string text;
  int needed = 1;
  for (; needed <= digits; ++needed) {
    text = absl::StrFormat("%.*e", needed - 1, value);
    double back = 0;
    float single_back = 0;
    const bool same = single ? absl::SimpleAtof(text, &single_back) &&
                                   single_back == static_cast<float>(value)
                             : absl::SimpleAtod(text, &back) && back == value;
    if (same) break;
  }
  const double size = std::abs(value);
  if (size != 0 && (size < 1e-4 || size >= 1e16)) return text;
  // Positional, with at least one digit behind the point.
  int exponent = 0;
  const size_t at = text.find('e');
  if (at != std::string::npos) {
    (void)absl::SimpleAtoi(text.substr(at + 1), &exponent);
  }
  const int behind = needed - 1 - exponent;
  return absl::StrFormat("%.*f", behind > 1 ? behind : 1, value);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> StringsAttribute(
    const Node& node, absl::string_view name) {
  const Attribute* attribute = node.FindAttribute(name);
  if (attribute == nullptr) return std::vector<std::string>();
  const auto* strings = std::get_if<std::vector<std::string>>(&attribute->data);
  if (strings == nullptr) {
    return NodeError(node, absl::StrCat("attribute ", name),
                     "a list of strings", "another kind");
  }
  return *strings;
}

absl::StatusOr<Tensor> StringInput(const Node& node,
                                   const KernelContext& context, size_t index) {
  if (index >= context.values.size() || !context.values[index].is_tensor() ||
      context.values[index].tensor().dtype() != DType::kString) {
    return NodeError(node, absl::StrCat("input ", index), "strings",
                     "something else");
  }
  return context.values[index].tensor();
}

std::string FloatToString(float value) { return Shortest(value, 9, true); }
std::string DoubleToString(double value) { return Shortest(value, 17, false); }

}  // namespace hone
