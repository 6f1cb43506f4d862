#include "ir/text/parse_model.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/text/lexer.h"
#include "ir/text/parse_value.h"
#include "ir/text/token_stream.h"

namespace hone {
namespace {

constexpr int kMaxDepth = 32;

using Kind = Attribute::Kind;

// Item by item, separated by commas, up to `close`.
template <typename ParseItem>
absl::Status ParseList(TokenStream* in, absl::string_view close,
                       const ParseItem& parse) {
  for (bool first = true; !in->Accept(close); first = false) {
    if (!first) HONE_RETURN_IF_ERROR(in->Expect(","));
    HONE_RETURN_IF_ERROR(parse());
  }
  return absl::OkStatus();
}

class Parser {
 public:
  explicit Parser(TokenStream* in) : in_(in) {}

  absl::StatusOr<Model> ParseModel() {
    Model model;
    model.opsets[""] = 17;
    if (in_->Accept("<")) {
      HONE_RETURN_IF_ERROR(
          ParseList(in_, ">", [&] { return ParseHeader(&model); }));
    }
    HONE_ASSIGN_OR_RETURN(model.graph.name, in_->Name("the graph's name"));
    HONE_RETURN_IF_ERROR(ParseGraph(&model.graph));
    while (in_->Accept("function")) {
      HONE_ASSIGN_OR_RETURN(Function function, ParseFunction());
      model.functions.push_back(std::move(function));
    }
    if (!in_->AtEnd()) return in_->Error("the end or a function");
    return model;
  }

 private:
  absl::Status ParseHeader(Model* model) {
    HONE_ASSIGN_OR_RETURN(const std::string key, in_->Name("a key"));
    HONE_RETURN_IF_ERROR(in_->Expect(":"));
    std::string* const text = key == "producer_name" ? &model->producer_name
                              : key == "producer_version"
                                  ? &model->producer_version
                              : key == "domain"     ? &model->domain
                              : key == "doc_string" ? &model->doc
                                                    : nullptr;
    if (text != nullptr) {
      HONE_ASSIGN_OR_RETURN(*text, in_->String("a string"));
    } else if (key == "ir_version") {
      HONE_ASSIGN_OR_RETURN(model->ir_version, in_->Integer("a version"));
    } else if (key == "model_version") {
      HONE_ASSIGN_OR_RETURN(model->model_version, in_->Integer("a version"));
    } else if (key == "opset_import") {
      model->opsets.clear();
      HONE_RETURN_IF_ERROR(ParseOpsets(&model->opsets));
    } else if (key == "metadata") {
      HONE_RETURN_IF_ERROR(in_->Expect("["));
      HONE_RETURN_IF_ERROR(ParseList(in_, "]", [&]() -> absl::Status {
        HONE_ASSIGN_OR_RETURN(const std::string name, in_->String("a key"));
        HONE_RETURN_IF_ERROR(in_->Expect(":"));
        HONE_ASSIGN_OR_RETURN(model->metadata[name], in_->String("a value"));
        return absl::OkStatus();
      }));
    } else {
      return in_->Error(
          absl::StrCat("a known key instead of ", key, " before this"));
    }
    return absl::OkStatus();
  }

  absl::Status ParseOpsets(std::map<std::string, int64_t>* opsets) {
    HONE_RETURN_IF_ERROR(in_->Expect("["));
    return ParseList(in_, "]", [&]() -> absl::Status {
      HONE_ASSIGN_OR_RETURN(const std::string domain, in_->String("a domain"));
      HONE_RETURN_IF_ERROR(in_->Expect(":"));
      HONE_ASSIGN_OR_RETURN((*opsets)[domain], in_->Integer("a version"));
      return absl::OkStatus();
    });
  }

  // After the name: (inputs) => (outputs) { statements }.
  absl::Status ParseGraph(Graph* graph) {
    if (++depth_ > kMaxDepth) return in_->Error("graphs less deep");
    HONE_RETURN_IF_ERROR(ParseValueInfos(&graph->inputs));
    HONE_RETURN_IF_ERROR(in_->Expect("=>"));
    HONE_RETURN_IF_ERROR(ParseValueInfos(&graph->outputs));
    HONE_RETURN_IF_ERROR(in_->Expect("{"));
    while (!in_->Accept("}")) {
      if (in_->Accept(";")) continue;
      HONE_RETURN_IF_ERROR(ParseStatement(graph));
    }
    --depth_;
    return absl::OkStatus();
  }

  absl::Status ParseValueInfos(std::vector<ValueInfo>* infos) {
    HONE_RETURN_IF_ERROR(in_->Expect("("));
    return ParseList(in_, ")", [&]() -> absl::Status {
      ValueInfo info;
      HONE_ASSIGN_OR_RETURN(info.type, ParseTypeFrom(in_));
      HONE_ASSIGN_OR_RETURN(info.name, in_->Name("a value's name"));
      infos->push_back(std::move(info));
      return absl::OkStatus();
    });
  }

  absl::Status ParseStatement(Graph* graph) {
    if (in_->NextIsWord("declare") && !in_->Peek(1).Is("=") &&
        !in_->Peek(1).Is(",")) {
      in_->Advance();
      ValueInfo info;
      HONE_ASSIGN_OR_RETURN(info.type, ParseTypeFrom(in_));
      HONE_ASSIGN_OR_RETURN(info.name, in_->Name("a value's name"));
      graph->value_infos.push_back(std::move(info));
      return absl::OkStatus();
    }
    if (in_->NextIsName() && in_->Peek(1).Is("=") &&
        in_->Peek(2).kind == Token::Kind::kName &&
        in_->Peek(2).text == "constant") {
      Initializer init;
      HONE_ASSIGN_OR_RETURN(init.name, in_->Name("a value's name"));
      in_->Advance();
      in_->Advance();
      HONE_ASSIGN_OR_RETURN(init.tensor, ParseTensorFrom(in_));
      graph->initializers.push_back(std::move(init));
      return absl::OkStatus();
    }
    HONE_ASSIGN_OR_RETURN(Node node, ParseNode());
    graph->nodes.push_back(std::move(node));
    return absl::OkStatus();
  }

  // [name] outputs = domain.Op<attributes>(inputs)
  absl::StatusOr<Node> ParseNode() {
    Node node;
    if (in_->Accept("[")) {
      HONE_ASSIGN_OR_RETURN(node.name, in_->Name("the node's name"));
      HONE_RETURN_IF_ERROR(in_->Expect("]"));
    }
    HONE_RETURN_IF_ERROR(ParseList(in_, "=", [&]() -> absl::Status {
      HONE_ASSIGN_OR_RETURN(std::string name, in_->Name("an output's name"));
      node.outputs.push_back(std::move(name));
      return absl::OkStatus();
    }));
    HONE_ASSIGN_OR_RETURN(const std::string op, in_->Name("an operator"));
    const size_t dot = op.rfind('.');
    if (dot != std::string::npos) node.domain = op.substr(0, dot);
    node.op_type = dot == std::string::npos ? op : op.substr(dot + 1);
    if (in_->Accept(":")) {
      HONE_ASSIGN_OR_RETURN(node.overload, in_->Name("an overload"));
    }
    if (in_->Accept("<")) {
      HONE_RETURN_IF_ERROR(ParseList(in_, ">", [&]() -> absl::Status {
        HONE_ASSIGN_OR_RETURN(Attribute attribute, ParseAttribute());
        node.attributes.push_back(std::move(attribute));
        return absl::OkStatus();
      }));
    }
    HONE_RETURN_IF_ERROR(in_->Expect("("));
    HONE_RETURN_IF_ERROR(ParseList(in_, ")", [&]() -> absl::Status {
      node.inputs.emplace_back();
      if (in_->NextIsName()) {
        HONE_ASSIGN_OR_RETURN(node.inputs.back(), in_->Name("an input"));
      }
      return absl::OkStatus();
    }));
    return node;
  }

  absl::StatusOr<Attribute> ParseAttribute() {
    Attribute attribute;
    HONE_ASSIGN_OR_RETURN(attribute.name, in_->Name("an attribute"));
    if (in_->Accept(":")) {
      HONE_ASSIGN_OR_RETURN(attribute.kind, ParseKind());
    }
    HONE_RETURN_IF_ERROR(in_->Expect("="));
    if (in_->Accept("@")) {
      if (attribute.kind == Kind::kUndefined) {
        return in_->Error("a kind before = @name, before this");
      }
      HONE_ASSIGN_OR_RETURN(attribute.ref_attr_name, in_->Name("an attribute"));
      return attribute;
    }
    const Kind written = attribute.kind;
    HONE_RETURN_IF_ERROR(ParseData(&attribute));
    if (written != Kind::kUndefined && written != attribute.kind) {
      return in_->Error("a value of the written kind before this");
    }
    return attribute;
  }

  absl::StatusOr<Kind> ParseKind() {
    static const auto* const kKinds =
        new absl::flat_hash_map<std::string, Kind>{
            {"float", Kind::kFloat},     {"int", Kind::kInt},
            {"string", Kind::kString},   {"tensor", Kind::kTensor},
            {"graph", Kind::kGraph},     {"floats", Kind::kFloats},
            {"ints", Kind::kInts},       {"strings", Kind::kStrings},
            {"tensors", Kind::kTensors}, {"graphs", Kind::kGraphs}};
    const auto found = kKinds->find(in_->Peek().text);
    if (found == kKinds->end()) return in_->Error("an attribute's kind");
    in_->Advance();
    return found->second;
  }

  absl::Status ParseData(Attribute* attribute) {
    if (!in_->Accept("[")) return ParseOne(attribute);
    // The list takes its kind from the first item, unless one is written.
    Attribute item;
    item.kind = ElementKind(attribute->kind);
    std::vector<Attribute> items;
    HONE_RETURN_IF_ERROR(ParseList(in_, "]", [&]() -> absl::Status {
      Attribute each = item;
      HONE_RETURN_IF_ERROR(ParseOne(&each));
      if (!items.empty() && items[0].kind != each.kind) {
        // [1, 2.5] is a list of floats, [1.5, 2] too.
        const bool numbers =
            (items[0].kind == Kind::kInt || items[0].kind == Kind::kFloat) &&
            (each.kind == Kind::kInt || each.kind == Kind::kFloat);
        if (!numbers) return in_->Error("items of one kind before this");
      }
      items.push_back(std::move(each));
      return absl::OkStatus();
    }));
    if (items.empty() && item.kind == Kind::kUndefined) {
      return in_->Error("a kind for an empty list before this");
    }
    return MakeList(items.empty() ? item.kind : items[0].kind, items,
                    attribute);
  }

  static Kind ElementKind(Kind list) {
    switch (list) {
      case Kind::kFloats:
        return Kind::kFloat;
      case Kind::kInts:
        return Kind::kInt;
      case Kind::kStrings:
        return Kind::kString;
      case Kind::kTensors:
        return Kind::kTensor;
      case Kind::kGraphs:
        return Kind::kGraph;
      default:
        return Kind::kUndefined;
    }
  }

  absl::Status MakeList(Kind element, const std::vector<Attribute>& items,
                        Attribute* out) {
    const auto collect = [&items](auto list) {
      using T = typename decltype(list)::value_type;
      for (const Attribute& item : items)
        list.push_back(std::get<T>(item.data));
      return list;
    };
    bool any_float = element == Kind::kFloat;
    for (const Attribute& item : items)
      any_float = any_float || item.kind == Kind::kFloat;
    if (any_float) {
      std::vector<float> values;
      for (const Attribute& item : items) {
        const int64_t* integer = std::get_if<int64_t>(&item.data);
        values.push_back(integer != nullptr ? static_cast<float>(*integer)
                                            : std::get<float>(item.data));
      }
      *out = Attribute::Floats(out->name, std::move(values));
      return absl::OkStatus();
    }
    switch (element) {
      case Kind::kInt:
        *out = Attribute::Ints(out->name, collect(std::vector<int64_t>()));
        return absl::OkStatus();
      case Kind::kString:
        *out =
            Attribute::Strings(out->name, collect(std::vector<std::string>()));
        return absl::OkStatus();
      case Kind::kTensor:
        out->kind = Kind::kTensors;
        out->data = collect(std::vector<Tensor>());
        return absl::OkStatus();
      case Kind::kGraph:
        out->kind = Kind::kGraphs;
        out->data = collect(std::vector<std::shared_ptr<const Graph>>());
        return absl::OkStatus();
      default:
        return in_->Error("another kind of list before this");
    }
  }

  absl::Status ParseOne(Attribute* attribute) {
    const Token& token = in_->Peek();
    const bool words = token.kind == Token::Kind::kName;
    if (token.kind == Token::Kind::kString) {
      HONE_ASSIGN_OR_RETURN(std::string text, in_->String("a string"));
      *attribute = Attribute::String(attribute->name, std::move(text));
    } else if (token.kind == Token::Kind::kNumber || token.text == "inf" ||
               token.text == "nan") {
      const bool integer =
          attribute->kind != Kind::kFloat &&
          token.text.find_first_of(".eEn") == std::string::npos;
      if (integer) {
        HONE_ASSIGN_OR_RETURN(const int64_t value, in_->Integer("an integer"));
        *attribute = Attribute::Int(attribute->name, value);
      } else {
        HONE_ASSIGN_OR_RETURN(const double value, in_->Number("a number"));
        *attribute =
            Attribute::Float(attribute->name, static_cast<float>(value));
      }
    } else if (words && (in_->Peek(1).Is("(") ||
                         in_->Peek(1).kind == Token::Kind::kName ||
                         in_->Peek(1).kind == Token::Kind::kString)) {
      Graph graph;
      in_->Accept("graph");
      if (in_->NextIsName()) {
        HONE_ASSIGN_OR_RETURN(graph.name, in_->Name("the graph's name"));
      }
      HONE_RETURN_IF_ERROR(ParseGraph(&graph));
      *attribute = Attribute::OfGraph(attribute->name, std::move(graph));
    } else if (words) {
      HONE_ASSIGN_OR_RETURN(Tensor tensor, ParseTensorFrom(in_));
      *attribute = Attribute::OfTensor(attribute->name, std::move(tensor));
    } else {
      return in_->Error("an attribute's value");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Function> ParseFunction() {
    Function function;
    HONE_ASSIGN_OR_RETURN(const std::string name,
                          in_->Name("domain.name of the function"));
    const size_t dot = name.rfind('.');
    if (dot != std::string::npos) function.domain = name.substr(0, dot);
    function.name = dot == std::string::npos ? name : name.substr(dot + 1);
    if (in_->Accept(":")) {
      HONE_ASSIGN_OR_RETURN(function.overload, in_->Name("an overload"));
    }
    if (in_->Accept("<")) {
      HONE_RETURN_IF_ERROR(ParseList(in_, ">", [&]() -> absl::Status {
        if (in_->Peek(1).Is(",") || in_->Peek(1).Is(">")) {
          HONE_ASSIGN_OR_RETURN(std::string plain, in_->Name("an attribute"));
          function.attributes.push_back(std::move(plain));
          return absl::OkStatus();
        }
        HONE_ASSIGN_OR_RETURN(Attribute attribute, ParseAttribute());
        function.attributes_with_default.push_back(std::move(attribute));
        return absl::OkStatus();
      }));
    }
    HONE_RETURN_IF_ERROR(ParseNames(&function.inputs));
    HONE_RETURN_IF_ERROR(in_->Expect("=>"));
    HONE_RETURN_IF_ERROR(ParseNames(&function.outputs));
    if (in_->Accept("opset_import")) {
      HONE_RETURN_IF_ERROR(in_->Expect(":"));
      HONE_RETURN_IF_ERROR(ParseOpsets(&function.opsets));
    }
    HONE_RETURN_IF_ERROR(in_->Expect("{"));
    while (!in_->Accept("}")) {
      if (in_->Accept(";")) continue;
      HONE_ASSIGN_OR_RETURN(Node node, ParseNode());
      function.nodes.push_back(std::move(node));
    }
    return function;
  }

  absl::Status ParseNames(std::vector<std::string>* names) {
    HONE_RETURN_IF_ERROR(in_->Expect("("));
    return ParseList(in_, ")", [&]() -> absl::Status {
      HONE_ASSIGN_OR_RETURN(std::string name, in_->Name("a value's name"));
      names->push_back(std::move(name));
      return absl::OkStatus();
    });
  }

  TokenStream* in_;
  int depth_ = 0;
};

}  // namespace

absl::StatusOr<Model> ParseModel(absl::string_view text) {
  HONE_ASSIGN_OR_RETURN(std::vector<Token> tokens, Tokenize(text));
  TokenStream in(std::move(tokens));
  return Parser(&in).ParseModel();
}

absl::StatusOr<Tensor> ParseTensor(absl::string_view text) {
  HONE_ASSIGN_OR_RETURN(std::vector<Token> tokens, Tokenize(text));
  TokenStream in(std::move(tokens));
  HONE_ASSIGN_OR_RETURN(Tensor tensor, ParseTensorFrom(&in));
  if (!in.AtEnd()) return in.Error("the end");
  return tensor;
}

absl::StatusOr<Type> ParseType(absl::string_view text) {
  HONE_ASSIGN_OR_RETURN(std::vector<Token> tokens, Tokenize(text));
  TokenStream in(std::move(tokens));
  HONE_ASSIGN_OR_RETURN(Type type, ParseTypeFrom(&in));
  if (!in.AtEnd()) return in.Error("the end");
  return type;
}

}  // namespace hone
