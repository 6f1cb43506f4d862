#include "kernels/exec/operators/operator_table.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "ir/autodiff/autodiff.h"
#include "ir/dtype/dtype.h"
#include "ir/graph/graph.h"
#include "ir/ops/op_info.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "kernels/exec/evaluate.h"
#include "kernels/exec/expand/expand.h"
#include "kernels/exec/expand/gradient.h"
#include "kernels/exec/fusion/fusion_graph.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/make_kernel.h"
#include "kernels/exec/ops/adapter/stand_ins.h"
#include "kernels/exec/ops/registry.h"
#include "kernels/exec/plan.h"

namespace hone {
namespace {

constexpr int64_t kNewest = 28;

using Key = std::pair<std::string, std::string>;  // domain, operator

// A node with the inputs that it must have and attributes of no meaning.
Node Specimen(absl::string_view domain, absl::string_view op_type,
              const OpInfo* op) {
  Node node;
  node.domain = std::string(domain);
  node.op_type = std::string(op_type);
  const int inputs = op == nullptr ? 1 : std::max(1, op->min_inputs);
  for (int i = 0; i < inputs; ++i) node.inputs.push_back(absl::StrCat("x", i));
  const int outputs = op == nullptr ? 1 : std::max(1, op->min_outputs);
  for (int i = 0; i < outputs; ++i) {
    node.outputs.push_back(absl::StrCat("y", i));
  }
  for (size_t i = 0; op != nullptr && i < op->attributes.size(); ++i) {
    const AttributeInfo& attribute = op->attributes[i];
    const std::string name(attribute.name);
    if (!attribute.required) continue;
    using Kind = Attribute::Kind;
    if (attribute.kind == Kind::kInt) {
      // Block sizes are at least 16.
      node.SetAttribute(Attribute::Int(name, name == "block_size" ? 16 : 1));
    } else if (attribute.kind == Kind::kFloat) {
      node.SetAttribute(Attribute::Float(name, 1));
    } else if (attribute.kind == Kind::kInts) {
      node.SetAttribute(Attribute::Ints(name, {1, 1}));
    } else if (attribute.kind == Kind::kString) {
      node.SetAttribute(Attribute::String(
          name, name == "equation"    ? "ij->ij"
                : name == "direction" ? "LEFT"
                : name == "mode" ? (op_type == "Momentum" ? "standard" : "TF")
                                 : "floor"));
    } else if (attribute.kind == Kind::kFloats) {
      node.SetAttribute(Attribute::Floats(name, {1}));
    }
  }
  return node;
}

enum class Answer { kYes, kNo, kOther };

// Whether the kernel's factory takes inputs of this type.
Answer Takes(const Node& node, int64_t opset, DType dtype) {
  KernelSpec spec;
  spec.node = &node;
  spec.opset = opset;
  spec.constants.resize(node.inputs.size(), nullptr);
  spec.input_types.resize(node.inputs.size(), Type::OfTensor(dtype));
  spec.output_types.resize(node.outputs.size());
  const absl::StatusOr<std::unique_ptr<Kernel>> kernel = MakeKernel(spec);
  if (kernel.ok()) return Answer::kYes;
  return absl::IsUnimplemented(kernel.status()) ? Answer::kNo : Answer::kOther;
}

struct TypeGroup {
  absl::string_view name;
  std::vector<DType> dtypes;
};

const std::vector<TypeGroup>& TypeGroups() {
  static const auto* const groups = new std::vector<TypeGroup>{
      {"floats", {DType::kF32, DType::kF64, DType::kF16, DType::kBF16}},
      {"ints",
       {DType::kS8, DType::kU8, DType::kS16, DType::kU16, DType::kS32,
        DType::kU32, DType::kS64, DType::kU64}},
      {"bool", {DType::kBool}},
      {"string", {DType::kString}},
      {"complex", {DType::kC64, DType::kC128}},
      {"2-bit ints", {DType::kS2, DType::kU2}},
      {"4-bit ints", {DType::kS4, DType::kU4}},
      {"float4e2m1", {DType::kF4E2M1}},
      {"float6", {DType::kF6E2M3, DType::kF6E3M2}},
      {"float8",
       {DType::kF8E4M3FN, DType::kF8E4M3FNUZ, DType::kF8E5M2,
        DType::kF8E5M2FNUZ}},
      {"float8e8m0", {DType::kF8E8M0}},
  };
  return *groups;
}

// "floats, int8, int32": whole groups by their names.
std::string TypesOf(const Node& node, int64_t opset) {
  std::vector<std::string> parts;
  for (const auto& [group, dtypes] : TypeGroups()) {
    std::vector<std::string> some;
    for (const DType dtype : dtypes) {
      const Answer answer = Takes(node, opset, dtype);
      if (answer == Answer::kOther) return "";
      if (answer == Answer::kYes) some.emplace_back(DTypeName(dtype));
    }
    if (some.size() == dtypes.size()) some = {std::string(group)};
    parts.insert(parts.end(), some.begin(), some.end());
  }
  if (parts.size() == TypeGroups().size()) {
    KernelSpec spec;
    spec.node = &node;
    spec.input_types = {Type::OfTensor(DType::kString)};
    // Otherwise the factory leaves it to the contents.
    return NeedsStandIns(spec) ? "all" : "";
  }
  return absl::StrJoin(parts, ", ");
}

bool HasSubgraph(const OpInfo* op) {
  return op != nullptr &&
         std::any_of(op->attributes.begin(), op->attributes.end(),
                     [](const AttributeInfo& attribute) {
                       return attribute.kind == Attribute::Kind::kGraph;
                     });
}

// Whether `node`, of one input, between DequantizeLinear and QuantizeLinear
// becomes a kernel of integers.
bool BecomesIntegers(const Node& node, int64_t opset) {
  Model model;
  model.ir_version = 10;
  model.opsets[""] = opset;
  Graph& graph = model.graph;
  graph.SetInitializer("scale", Tensor::Scalar<float>(0.5f));
  graph.SetInitializer("zero", Tensor::Scalar<uint8_t>(3));
  const auto value = [](const char* name) {
    ValueInfo info;
    info.name = name;
    info.type = Type::OfTensor(DType::kU8, ShapeOf({1, 4, 4, 4}));
    return info;
  };
  graph.inputs.push_back(value("q"));
  graph.outputs.push_back(value("r"));
  graph.outputs[0].type.shape.reset();
  const auto add = [&](const char* op, const char* x, const char* y) {
    Node made;
    made.op_type = op;
    made.inputs = {x, "scale", "zero"};
    made.outputs = {y};
    return made;
  };
  graph.nodes = {add("DequantizeLinear", "q", "x0"), node,
                 add("QuantizeLinear", "y0", "r")};
  const auto plan = Compile(model, {});
  return plan.ok() && !absl::StrContains((*plan)->ToString(), node.op_type) &&
         absl::StrContains((*plan)->ToString(), "Quantized");
}

std::string QuantizedAs(const Node& node, int64_t opset, const OpInfo* op) {
  if (!node.domain.empty()) return "";
  std::string name = absl::StrCat("Quantized", node.op_type);
  if (FindKernel(kInternalDomain, name) != nullptr) return "integers";
  if (op == nullptr) return "";
  const bool one = node.inputs.size() == 1 && node.outputs.size() == 1;
  if (one && BecomesIntegers(node, opset)) return "integers";
  return op->traits.quantization_agnostic ? "moves integers" : "";
}

OperatorRow RowOf(const Key& key, const std::vector<int>& opsets) {
  const auto& [domain, op_type] = key;
  OperatorRow row;
  row.domain = domain.empty() ? "ai.onnx" : domain;
  row.op_type = op_type;
  row.opsets = opsets;
  const int64_t opset = domain.empty() ? kNewest : 5;
  const OpInfo* const op = FindOp(domain, op_type, opset);
  const Node node = Specimen(domain, op_type, op);
  const KernelRegistration* const kernel = FindKernel(domain, op_type);
  const Expansion* const expansion = FindExpansion(domain, op_type);
  row.quantized = QuantizedAs(node, opset, op);
  const GradientRule* const rule = FindGradientRule(domain, op_type);
  if (rule != nullptr) row.derivative = rule->give == nullptr ? "zero" : "yes";
  if (expansion != nullptr) {
    row.computed = absl::StrCat("expanded: ", expansion->into);
  } else if (kernel != nullptr) {
    row.computed = IsDefinition(*kernel) ? "definition" : "kernel";
    row.types = TypesOf(node, opset);
  } else if (IsGradient(node)) {
    row.computed = "expanded: the derivatives of what it names";
  } else if (RenamesItsInput(node)) {
    row.computed = "renamed";
  } else if (HasSubgraph(op)) {
    row.computed = "subgraph";
  } else if (node.Is("Constant")) {
    row.computed = "constant";
  } else {
    row.computed = "no";
  }
  return row;
}

constexpr char kHead[] =
    R"(<!-- Made by `bazel run //kernels/exec/operators:print_operators`. -->
# Operators

What runs, asked of the code itself; a test compares this file with it.

- **Opsets**: where arity or attributes changed, as far back as the tables go
  (opset 7 of ai.onnx; models of older opsets are raised first).
- **Computed**: `kernel`, made to be fast; `definition`, nothing but the
  operator's definition, one element after the other; `expanded`, nodes of other
  operators; `renamed`, the same buffer under other extents; `subgraph`, a plan
  of its own; `constant`; `no`.
- **Types** that the kernel takes as its inputs. None: what it is made of, or
  what it finds when it runs, decides. floats: float32, float64, float16,
  bfloat16.
- **Quantized**: between DequantizeLinear and QuantizeLinear it runs on
  `integers`, or `moves integers` as they are; otherwise in float.
- **Derivative**: `yes`, what depends on it can be differentiated by its inputs
  (Gradient); `zero`, nothing flows back through it.
)";

}  // namespace

std::vector<OperatorRow> OperatorRows() {
  std::map<Key, std::set<int>> known;
  for (const OpInfo* op : AllOps()) {
    known[{std::string(op->domain), std::string(op->op_type)}].insert(
        op->since);
  }
  for (const KernelRegistration& line : AllKernels()) {
    if (line.domain == kInternalDomain) continue;
    known[{std::string(line.domain), std::string(line.op_type)}];
  }
  std::vector<OperatorRow> rows;
  for (const auto& [key, opsets] : known) {
    rows.push_back(RowOf(key, {opsets.begin(), opsets.end()}));
  }
  return rows;
}

std::string OperatorTable() {
  std::string text = kHead;
  std::string domain;
  for (const OperatorRow& row : OperatorRows()) {
    if (row.domain != domain) {
      domain = row.domain;
      absl::StrAppend(&text, "\n## ", domain,
                      "\n\n| Operator | Opsets | Computed | Types | Quantized "
                      "| Derivative |\n|---|---|---|---|---|---|\n");
    }
    absl::StrAppend(&text, "| ", row.op_type, " | ",
                    absl::StrJoin(row.opsets, ", "), " | ", row.computed, " | ",
                    row.types, " | ", row.quantized, " | ", row.derivative,
                    " |\n");
  }
  return text;
}

}  // namespace hone
