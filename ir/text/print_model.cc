#include "ir/text/print_model.h"

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <memory>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "ir/elements/elements.h"

namespace hone {
namespace {

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::CHexEscape(text), "\"");
}

std::string Name(absl::string_view name) {
  const auto starts = [](char c) {
    return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_' ||
           c == '$' || c == '/';
  };
  bool plain = !name.empty() && starts(name[0]);
  for (char c : name) {
    plain = plain && (starts(c) || c == '.' ||
                      absl::ascii_isdigit(static_cast<unsigned char>(c)));
  }
  return plain ? std::string(name) : Quoted(name);
}

std::string Names(const std::vector<std::string>& names) {
  return absl::StrJoin(names, ", ",
                       [](std::string* out, const std::string& name) {
                         absl::StrAppend(out, Name(name));
                       });
}

// The shortest digits that read back as the same number.
std::string Real(double value, bool is_double) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::string text = absl::StrFormat("%.6g", value);
  const double parsed = std::strtod(text.c_str(), nullptr);
  const bool same =
      is_double ? parsed == value
                : static_cast<float>(parsed) == static_cast<float>(value);
  if (!same) text = absl::StrFormat("%.*g", is_double ? 17 : 9, value);
  return text;
}

class Printer {
 public:
  explicit Printer(const PrintOptions& options) : options_(options) {}

  std::string FormatTensor(const Tensor& tensor) const {
    const DType dtype = tensor.dtype();
    std::string text = absl::StrCat(DTypeName(dtype),
                                    ShapeToString(ShapeOf(tensor.dims())), " ");
    const bool literal = dtype == DType::kString || HasRealElements(dtype) ||
                         HasIntegerElements(dtype);
    if (!literal || tensor.size() > options_.max_elements) {
      return absl::StrCat(text, "elided(", Quoted(tensor.ContentHash()), ")");
    }
    std::vector<std::string> values;
    for (int64_t i = 0; i < tensor.size(); ++i) {
      if (dtype == DType::kString) {
        values.push_back(Quoted(tensor.Strings()[static_cast<size_t>(i)]));
      } else if (HasRealElements(dtype)) {
        values.push_back(Real(RealElement(tensor, i), dtype == DType::kF64));
      } else {
        values.push_back(absl::StrCat(IntegerElement(tensor, i)));
      }
    }
    return absl::StrCat(text, "{", absl::StrJoin(values, ", "), "}");
  }

  std::string FormatNode(const Node& node, int indent) const {
    std::string text;
    if (!node.name.empty()) absl::StrAppend(&text, "[", Name(node.name), "] ");
    absl::StrAppend(&text, Names(node.outputs), " = ");
    absl::StrAppend(&text,
                    Name(node.domain.empty()
                             ? node.op_type
                             : absl::StrCat(node.domain, ".", node.op_type)));
    if (!node.overload.empty())
      absl::StrAppend(&text, ":", Name(node.overload));
    if (!node.attributes.empty()) {
      absl::StrAppend(&text, "<", Attributes(node.attributes, indent), ">");
    }
    absl::StrAppend(&text, "(", Names(node.inputs), ")");
    return text;
  }

  // From the inputs on; the name stands before.
  std::string FormatGraph(const Graph& graph, int indent) const {
    const std::string margin(static_cast<size_t>(indent) + 2, ' ');
    std::string text = absl::StrCat("(", Infos(graph.inputs), ") => (",
                                    Infos(graph.outputs), ") {\n");
    for (const ValueInfo& info : graph.value_infos) {
      absl::StrAppend(&text, margin, "declare ", PrintType(info.type), " ",
                      Name(info.name), "\n");
    }
    for (const Initializer& init : graph.initializers) {
      absl::StrAppend(&text, margin, Name(init.name), " = constant ",
                      FormatTensor(init.tensor), "\n");
    }
    for (const Node& node : graph.nodes)
      absl::StrAppend(&text, margin, FormatNode(node, indent + 2), "\n");
    absl::StrAppend(&text, margin.substr(2), "}");
    return text;
  }

  std::string FormatFunction(const Function& function) const {
    std::vector<std::string> attributes;
    for (const std::string& name : function.attributes)
      attributes.push_back(Name(name));
    if (!function.attributes_with_default.empty()) {
      attributes.push_back(Attributes(function.attributes_with_default, 0));
    }
    std::string text = absl::StrCat(
        "function ",
        Name(function.domain.empty()
                 ? function.name
                 : absl::StrCat(function.domain, ".", function.name)));
    if (!function.overload.empty())
      absl::StrAppend(&text, ":", Name(function.overload));
    if (!attributes.empty())
      absl::StrAppend(&text, "<", absl::StrJoin(attributes, ", "), ">");
    absl::StrAppend(&text, " (", Names(function.inputs), ") => (",
                    Names(function.outputs), ")");
    if (!function.opsets.empty())
      absl::StrAppend(&text, " opset_import: ", Opsets(function.opsets));
    absl::StrAppend(&text, " {\n");
    for (const Node& node : function.nodes)
      absl::StrAppend(&text, "  ", FormatNode(node, 2), "\n");
    return absl::StrCat(text, "}\n");
  }

  static std::string Opsets(const std::map<std::string, int64_t>& opsets) {
    std::vector<std::string> items;
    for (const auto& [domain, version] : opsets)
      items.push_back(absl::StrCat(Quoted(domain), ": ", version));
    return absl::StrCat("[", absl::StrJoin(items, ", "), "]");
  }

 private:
  static std::string Infos(const std::vector<ValueInfo>& infos) {
    return absl::StrJoin(
        infos, ", ", [](std::string* out, const ValueInfo& info) {
          absl::StrAppend(out, PrintType(info.type), " ", Name(info.name));
        });
  }

  std::string Attributes(const std::vector<Attribute>& attributes,
                         int indent) const {
    return absl::StrJoin(
        attributes, ", ", [&](std::string* out, const Attribute& attribute) {
          absl::StrAppend(out, FormatAttribute(attribute, indent));
        });
  }

  template <typename T, typename Format>
  static std::string List(const std::vector<T>& items, const Format& format) {
    return absl::StrCat(
        "[",
        absl::StrJoin(items, ", ",
                      [&format](std::string* out, const T& item) {
                        absl::StrAppend(out, format(item));
                      }),
        "]");
  }

  // A float always has a mark that tells it from an integer.
  static std::string Float(float value) {
    std::string text = Real(static_cast<double>(value), false);
    if (text.find_first_of(".eEn") == std::string::npos) text += ".0";
    return text;
  }

  static absl::string_view KindName(Attribute::Kind kind) {
    static constexpr absl::string_view kNames[] = {
        "undefined", "float", "int",     "string",  "tensor", "graph",
        "floats",    "ints",  "strings", "tensors", "graphs"};
    const auto index = static_cast<size_t>(kind);
    return index < sizeof(kNames) / sizeof(kNames[0]) ? kNames[index] : "other";
  }

  std::string FormatAttribute(const Attribute& attribute, int indent) const {
    const std::string name = Name(attribute.name);
    if (!attribute.ref_attr_name.empty()) {
      return absl::StrCat(name, ": ", KindName(attribute.kind), " = @",
                          Name(attribute.ref_attr_name));
    }
    const auto graph = [&](const std::shared_ptr<const Graph>& g) {
      const std::string label =
          g->name.empty() ? "" : absl::StrCat(" ", Name(g->name));
      return absl::StrCat("graph", label, " ", FormatGraph(*g, indent));
    };
    const auto& data = attribute.data;
    std::string value;
    bool empty = false;
    if (const auto* f = std::get_if<float>(&data)) {
      value = Float(*f);
    } else if (const auto* i = std::get_if<int64_t>(&data)) {
      value = absl::StrCat(*i);
    } else if (const auto* s = std::get_if<std::string>(&data)) {
      value = Quoted(*s);
    } else if (const auto* t = std::get_if<Tensor>(&data)) {
      value = FormatTensor(*t);
    } else if (const auto* g =
                   std::get_if<std::shared_ptr<const Graph>>(&data)) {
      value = graph(*g);
    } else if (const auto* fs = std::get_if<std::vector<float>>(&data)) {
      value = List(*fs, Float);
      empty = fs->empty();
    } else if (const auto* is = std::get_if<std::vector<int64_t>>(&data)) {
      value = List(*is, [](int64_t item) { return absl::StrCat(item); });
      empty = is->empty();
    } else if (const auto* ss = std::get_if<std::vector<std::string>>(&data)) {
      value = List(*ss, [](const std::string& item) { return Quoted(item); });
      empty = ss->empty();
    } else if (const auto* ts = std::get_if<std::vector<Tensor>>(&data)) {
      value =
          List(*ts, [this](const Tensor& item) { return FormatTensor(item); });
      empty = ts->empty();
    } else if (const auto* gs =
                   std::get_if<std::vector<std::shared_ptr<const Graph>>>(
                       &data)) {
      value = List(*gs, graph);
      empty = gs->empty();
    } else {
      value = "?";
    }
    const std::string kind =
        empty ? absl::StrCat(": ", KindName(attribute.kind)) : "";
    return absl::StrCat(name, kind, " = ", value);
  }

  const PrintOptions& options_;
};

}  // namespace

std::string PrintType(const Type& type) {
  const std::string inner =
      type.element == nullptr ? "?" : PrintType(*type.element);
  switch (type.kind) {
    case Type::Kind::kTensor:
    case Type::Kind::kSparseTensor: {
      std::string dims = "...";
      if (type.shape.has_value()) {
        dims = absl::StrJoin(
            *type.shape, ", ", [](std::string* out, const Dim& dim) {
              absl::StrAppend(
                  out, dim.symbolic() ? Name(dim.symbol) : dim.ToString());
            });
      }
      return absl::StrCat(
          type.kind == Type::Kind::kSparseTensor ? "sparse " : "",
          DTypeName(type.dtype), "[", dims, "]");
    }
    case Type::Kind::kSequence:
      return absl::StrCat("sequence(", inner, ")");
    case Type::Kind::kOptional:
      return absl::StrCat("optional(", inner, ")");
    case Type::Kind::kMap:
      return absl::StrCat("map(", DTypeName(type.dtype), ", ", inner, ")");
    case Type::Kind::kUnknown:
    case Type::Kind::kOpaque:
      break;
  }
  return "?";
}

std::string PrintModel(const Model& model, const PrintOptions& options) {
  const Printer printer(options);
  std::string text =
      absl::StrCat("<ir_version: ", model.ir_version,
                   ", opset_import: ", Printer::Opsets(model.opsets));
  const auto add = [&text](absl::string_view key, absl::string_view value) {
    if (!value.empty()) absl::StrAppend(&text, ", ", key, ": ", Quoted(value));
  };
  add("producer_name", model.producer_name);
  add("producer_version", model.producer_version);
  add("domain", model.domain);
  add("doc_string", model.doc);
  if (model.model_version != 0)
    absl::StrAppend(&text, ", model_version: ", model.model_version);
  if (!model.metadata.empty()) {
    absl::StrAppend(&text, ", metadata: [",
                    absl::StrJoin(model.metadata, ", ",
                                  [](std::string* out, const auto& item) {
                                    absl::StrAppend(out, Quoted(item.first),
                                                    ": ", Quoted(item.second));
                                  }),
                    "]");
  }
  absl::StrAppend(&text, ">\n", Name(model.graph.name), " ",
                  printer.FormatGraph(model.graph, 0), "\n");
  for (const Function& function : model.functions)
    absl::StrAppend(&text, printer.FormatFunction(function));
  return text;
}

std::string PrintGraph(const Graph& graph, const PrintOptions& options) {
  return absl::StrCat(Name(graph.name), " ",
                      Printer(options).FormatGraph(graph, 0), "\n");
}

std::string PrintNode(const Node& node, const PrintOptions& options) {
  return Printer(options).FormatNode(node, 0);
}

std::string PrintTensor(const Tensor& tensor, const PrintOptions& options) {
  return Printer(options).FormatTensor(tensor);
}

}  // namespace hone
