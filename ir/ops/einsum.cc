#include "ir/ops/einsum.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ir/error/error.h"
#include "ir/ops/infer.h"
#include "ir/views/attributes.h"

namespace hone {
namespace {

// The label that stands for "..." in a parsed term.
constexpr char kEllipsis = '.';

struct Equation {
  std::vector<std::string> terms;
  std::optional<std::string> result;
};

// One term as labels, "..." as one kEllipsis; nullopt when it is malformed.
std::optional<std::string> ParseTerm(absl::string_view text) {
  std::string labels;
  while (!text.empty()) {
    if (text.substr(0, 3) == "...") {
      if (labels.find(kEllipsis) != std::string::npos) return std::nullopt;
      labels.push_back(kEllipsis);
      text.remove_prefix(3);
    } else if (absl::ascii_isalpha(static_cast<unsigned char>(text[0]))) {
      labels.push_back(text[0]);
      text.remove_prefix(1);
    } else if (text[0] == ' ') {
      text.remove_prefix(1);
    } else {
      return std::nullopt;
    }
  }
  return labels;
}

absl::StatusOr<Equation> Parse(const Node& node) {
  const std::string text = node.StringAttribute("equation", "");
  const auto malformed = [&] {
    return NodeError(node, "attribute equation", "like ij,jk->ik", text);
  };
  const size_t arrow = text.find("->");
  Equation equation;
  for (absl::string_view term :
       absl::StrSplit(absl::string_view(text).substr(0, arrow), ',')) {
    std::optional<std::string> labels = ParseTerm(term);
    if (!labels.has_value()) return malformed();
    equation.terms.push_back(*std::move(labels));
  }
  if (arrow != std::string::npos) {
    equation.result = ParseTerm(absl::string_view(text).substr(arrow + 2));
    if (!equation.result.has_value()) return malformed();
  }
  if (equation.terms.size() != node.inputs.size()) {
    return NodeError(node, "terms of the equation",
                     absl::StrCat(node.inputs.size()),
                     absl::StrCat(equation.terms.size()));
  }
  return equation;
}

struct Extents {
  std::map<char, Dim> labels;
  std::map<char, int> uses;
  std::optional<Shape> ellipsis = Shape();  // nullopt: rank unknown
};

absl::StatusOr<Extents> Resolve(const InferInput& in,
                                const Equation& equation) {
  Extents extents;
  for (size_t t = 0; t < equation.terms.size(); ++t) {
    const std::string& term = equation.terms[t];
    const Shape* shape = InputShape(in, t);
    const bool has_ellipsis = term.find(kEllipsis) != std::string::npos;
    for (char label : term) ++extents.uses[label];
    if (shape == nullptr) {
      for (char label : term) extents.labels[label];
      if (has_ellipsis) extents.ellipsis.reset();
      continue;
    }
    const size_t named = term.size() - (has_ellipsis ? 1 : 0);
    if (has_ellipsis ? shape->size() < named : shape->size() != named) {
      return NodeError(*in.node, "rank of an input of the equation",
                       absl::StrCat(named), ShapeToString(*shape));
    }
    size_t axis = 0;
    for (char label : term) {
      if (label == kEllipsis) {
        const size_t count = shape->size() - named;
        const Shape middle(
            shape->begin() + static_cast<std::ptrdiff_t>(axis),
            shape->begin() + static_cast<std::ptrdiff_t>(axis + count));
        HONE_ASSIGN_OR_RETURN(
            extents.ellipsis,
            BroadcastShapes(
                *in.node,
                extents.ellipsis.has_value() ? &*extents.ellipsis : nullptr,
                &middle));
        axis += count;
        continue;
      }
      const auto [found, fresh] = extents.labels.emplace(label, (*shape)[axis]);
      if (!fresh) {
        std::optional<Dim> dim = BroadcastDim(found->second, (*shape)[axis]);
        if (!dim.has_value()) {
          return NodeError(*in.node,
                           absl::StrCat("extent of ", std::string(1, label)),
                           found->second.ToString(), (*shape)[axis].ToString());
        }
        found->second = *std::move(dim);
      }
      ++axis;
    }
  }
  return extents;
}

// Without "->": the ellipsis, then every label used once, by letter.
std::string ImplicitResult(const Extents& extents) {
  std::string result;
  if (extents.uses.count(kEllipsis) > 0) result.push_back(kEllipsis);
  for (const auto& [label, uses] : extents.uses) {
    if (uses == 1 && label != kEllipsis) result.push_back(label);
  }
  return result;
}

}  // namespace

absl::Status InferEinsum(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const Equation equation, Parse(*in.node));
  HONE_ASSIGN_OR_RETURN(const Extents extents, Resolve(in, equation));
  const std::string result =
      equation.result.has_value() ? *equation.result : ImplicitResult(extents);
  std::optional<Shape> shape = Shape();
  for (char label : result) {
    if (label == kEllipsis) {
      if (!extents.ellipsis.has_value()) {
        shape.reset();
        break;
      }
      shape->insert(shape->end(), extents.ellipsis->begin(),
                    extents.ellipsis->end());
      continue;
    }
    const auto found = extents.labels.find(label);
    if (found == extents.labels.end()) {
      return NodeError(*in.node, "result label", "a label of the left side",
                       std::string(1, label));
    }
    shape->push_back(found->second);
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(shape));
  return absl::OkStatus();
}

std::optional<int64_t> EinsumMacs(const InferInput& in,
                                  absl::Span<const Type> /*outputs*/) {
  if (in.inputs.size() < 2) return std::nullopt;
  const absl::StatusOr<Equation> equation = Parse(*in.node);
  if (!equation.ok()) return std::nullopt;
  const absl::StatusOr<Extents> extents = Resolve(in, *equation);
  if (!extents.ok() || !extents->ellipsis.has_value()) return std::nullopt;
  std::vector<int64_t> factors = NumbersOf(&*extents->ellipsis);
  for (const auto& [label, dim] : extents->labels) factors.push_back(dim.value);
  return CheckedProduct(factors);
}

}  // namespace hone
