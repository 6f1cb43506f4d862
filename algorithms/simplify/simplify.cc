#include "algorithms/simplify/simplify.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "algorithms/fold/fold_after_linear.h"
#include "algorithms/fold/fold_hard_swish.h"
#include "algorithms/simplify/fix_shapes.h"
#include "ir/error/error.h"
#include "ir/graph/sort.h"
#include "ir/graph/validate.h"
#include "ir/nearest/nearest.h"
#include "ir/raise_opset/legacy.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/rewrite/unlist_initializers.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/simplify/graph_edit.h"
#include "ir/simplify/passes.h"
#include "kernels/exec/constant_folding.h"
#include "kernels/exec/inline_functions.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// Every rewrite brings the graph nearer to one that none matches; this is
// against a defect, not against large models.
constexpr int kMostRounds = 200;
constexpr int kMostDepth = 16;

using Shared = std::shared_ptr<const Graph>;

int64_t CountNodes(const std::vector<Node>& nodes) {
  int64_t count = 0;
  for (const Node& node : nodes) {
    count += node.Is("Constant") ? 0 : 1;
    for (const Attribute& attribute : node.attributes) {
      if (const auto* one = std::get_if<Shared>(&attribute.data)) {
        if (*one != nullptr) count += CountNodes((*one)->nodes);
      } else if (const auto* many =
                     std::get_if<std::vector<Shared>>(&attribute.data)) {
        for (const Shared& each : *many) count += CountNodes(each->nodes);
      }
    }
  }
  return count;
}

int64_t CountNodes(const Model& model) {
  int64_t count = CountNodes(model.graph.nodes);
  for (const Function& function : model.functions) {
    count += CountNodes(function.nodes);
  }
  return count;
}

// Symbols that others than inference declared may be wrong, and rewrites would
// rest on them.
void DropDeclaredSymbols(std::vector<ValueInfo>* infos) {
  for (ValueInfo& info : *infos) {
    if (!info.type.shape.has_value()) continue;
    for (Dim& dim : *info.type.shape) dim.symbol.clear();
  }
}

Type WithoutInventedSymbols(Type type) {
  if (!type.shape.has_value()) return type;
  for (Dim& dim : *type.shape) {
    if (absl::string_view(dim.symbol).substr(0, 1) == kInventedSymbol) {
      dim.symbol.clear();
    }
  }
  return type;
}

class Simplifier {
 public:
  Simplifier(const SimplifyOptions& options, SimplifyResult* result)
      : options_(options),
        skip_(options.skip.begin(), options.skip.end()),
        result_(*result),
        start_(absl::Now()) {}

  absl::Status Run() {
    Model& model = result_.model;
    HONE_RETURN_IF_ERROR(RaiseToOpset7(&model));
    HONE_RETURN_IF_ERROR(SortTopologically(&model));
    HONE_RETURN_IF_ERROR(Validate(model));
    UnlistInitializers(&model);
    HONE_RETURN_IF_ERROR(FixShapes(options_.shapes, &model));
    if (Does("functions") && !model.functions.empty()) InlineAll(&model);
    const std::vector<ValueInfo> outputs = model.graph.outputs;
    const std::vector<ValueInfo> infos = model.graph.value_infos;
    DropDeclaredSymbols(&model.graph.outputs);
    DropDeclaredSymbols(&model.graph.value_infos);
    for (size_t rows = ~size_t{0}; rows != result_.rows.size();) {
      rows = result_.rows.size();
      if (++result_.rounds > kMostRounds) {
        return absl::InternalError("simplification does not come to an end");
      }
      HONE_RETURN_IF_ERROR(Round());
    }
    model.graph.outputs = outputs;
    model.graph.value_infos = infos;
    return WriteTypes();
  }

 private:
  bool Does(absl::string_view pass) const {
    return skip_.count(std::string(pass)) == 0;
  }

  absl::Status CheckCancel() const {
    if (options_.cancel != nullptr && options_.cancel->load()) {
      return absl::CancelledError("cancelled by the caller");
    }
    return absl::OkStatus();
  }

  void InlineAll(Model* model) {
    Model inlined = *model;
    const absl::Status status = InlineFunctions(inlined);
    for (const Function& function : model->functions) {
      result_.rows.push_back(
          {function.name,
           "function",
           status.ok() ? "inlined" : "kept",
           absl::StrCat("functions: ", status.ok()
                                           ? "its calls are its nodes"
                                           : std::string(status.message())),
           {}});
    }
    if (status.ok()) *model = std::move(inlined);
  }

  absl::Status Round() {
    Model& model = result_.model;
    InferOptions infer;
    infer.for_rewriting = true;
    HONE_ASSIGN_OR_RETURN(const InferredTypes types, InferShapes(model, infer));
    NameAllocator names(model.graph);
    GraphEdit::Surroundings surroundings;
    surroundings.model = &model;
    surroundings.types = &types;
    surroundings.names = &names;
    surroundings.rows = &result_.rows;
    Graph graph = std::move(model.graph);
    const absl::Status status = SimplifyGraph(surroundings, 0, &graph);
    model.graph = std::move(graph);
    HONE_RETURN_IF_ERROR(status);
    if (Does("hard_swish")) Append("hard_swish", FoldHardSwish(&model));
    if (Does("linear")) Append("linear", FoldAfterLinear(&model));
    return absl::OkStatus();
  }

  void Append(absl::string_view pass, Report rows) {
    for (ReportRow& row : rows) {
      if (row.done != "folded") continue;
      row.why = absl::StrCat(pass, ": ", row.why);
      result_.rows.push_back(std::move(row));
    }
  }

  absl::Status SimplifyGraph(const GraphEdit::Surroundings& surroundings,
                             int depth, Graph* graph) {
    HONE_RETURN_IF_ERROR(CheckCancel());
    if (options_.progress) {
      Progress progress;
      progress.stage = "simplify";
      progress.done = static_cast<uint64_t>(result_.rows.size());
      progress.elapsed_s = absl::ToDoubleSeconds(absl::Now() - start_);
      options_.progress(progress);
    }
    if (Does("constants")) ComputeConstants(surroundings, graph);
    GraphEdit edit(surroundings, graph);
    const absl::Status status = SimplifySubgraphs(surroundings, depth, &edit);
    for (const Simplification& pass : AllSimplifications()) {
      if (!status.ok() || !Does(pass.name)) continue;
      edit.BeginPass(pass.name);
      pass.apply(edit);
    }
    edit.Finish();
    return status;
  }

  absl::Status SimplifySubgraphs(const GraphEdit::Surroundings& surroundings,
                                 int depth, GraphEdit* edit) {
    if (depth >= kMostDepth) return absl::OkStatus();
    for (int i = 0; i < edit->size(); ++i) {
      if (!HasSubgraph(edit->node(i))) continue;
      Node node = edit->node(i);
      const size_t before = result_.rows.size();
      for (Attribute& attribute : node.attributes) {
        auto* graph = std::get_if<Shared>(&attribute.data);
        if (graph == nullptr || *graph == nullptr || edit->Hides(**graph)) {
          continue;
        }
        GraphEdit::Surroundings inner = surroundings;
        inner.outer = edit;
        Graph copy = **graph;
        HONE_RETURN_IF_ERROR(SimplifyGraph(inner, depth + 1, &copy));
        *graph = std::make_shared<const Graph>(std::move(copy));
      }
      if (result_.rows.size() != before) edit->SetNode(i, std::move(node));
    }
    return absl::OkStatus();
  }

  void ComputeConstants(const GraphEdit::Surroundings& surroundings,
                        Graph* graph) {
    FoldOptions fold;
    for (const ValueInfo& output : graph->outputs)
      fold.kept.insert(output.name);
    for (const ValueInfo& input : graph->inputs) {
      fold.variable.insert(input.name);
    }
    fold.small_bytes = options_.fold_limit;
    fold.growth = 1;
    if (surroundings.outer != nullptr) {
      fold.outer = [&](absl::string_view name) {
        return surroundings.outer->Constant(name);
      };
    }
    fold.folded = [&](const Node& node) {
      result_.rows.push_back({NodeLabel(node),
                              node.op_type,
                              "folded",
                              node.Is("Constant")
                                  ? "constants: an initializer"
                                  : "constants: computed once for all",
                              {}});
    };
    FoldConstants(*surroundings.model, *surroundings.types, fold, pool_, graph);
  }

  // Types of all values, and what outputs leave open.
  absl::Status WriteTypes() {
    Model& model = result_.model;
    InferOptions infer;
    HONE_ASSIGN_OR_RETURN(const InferredTypes types, InferShapes(model, infer));
    Graph& graph = model.graph;
    for (ValueInfo& output : graph.outputs) {
      const Type& type = types.TypeOf(output.name);
      if (output.type.shape.has_value() || !type.is_tensor()) continue;
      output.type = WithoutInventedSymbols(type);
    }
    std::set<std::string> taken;
    for (const ValueInfo& each : graph.outputs) taken.insert(each.name);
    std::vector<ValueInfo> infos;
    absl::flat_hash_map<std::string, ValueInfo> declared;
    for (ValueInfo& info : graph.value_infos) {
      declared.emplace(info.name, std::move(info));
    }
    for (const Node& node : graph.nodes) {
      for (const std::string& output : node.outputs) {
        if (output.empty() || taken.count(output) > 0) continue;
        const auto known = declared.find(output);
        ValueInfo info;
        if (known != declared.end()) info = known->second;
        const Type& type = types.TypeOf(output);
        if (Does("value_info") && type.is_tensor() && type.shape.has_value() &&
            type.dtype != DType::kUndefined) {
          info.name = output;
          info.type = WithoutInventedSymbols(type);
        }
        if (!info.name.empty()) infos.push_back(std::move(info));
      }
    }
    graph.value_infos = std::move(infos);
    return absl::OkStatus();
  }

  const SimplifyOptions& options_;
  const std::set<std::string> skip_;
  SimplifyResult& result_;
  const absl::Time start_;
  ThreadPool pool_{1};
};

}  // namespace

std::vector<std::string> SimplifyPassNames() {
  std::vector<std::string> names = {"functions", "constants"};
  for (const Simplification& pass : AllSimplifications()) {
    names.emplace_back(pass.name);
  }
  for (const char* name : {"linear", "hard_swish", "value_info"}) {
    names.emplace_back(name);
  }
  return names;
}

absl::Status CheckPassNames(const std::vector<std::string>& skip) {
  const std::vector<std::string> names = SimplifyPassNames();
  const std::vector<absl::string_view> views(names.begin(), names.end());
  for (const std::string& name : skip) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const absl::string_view near = NearestName(name, views);
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "no pass of that name to skip",
                     {.expected = near.empty() ? absl::StrJoin(names, ", ")
                                               : std::string(near),
                      .found = name});
  }
  return absl::OkStatus();
}

absl::StatusOr<SimplifyResult> Simplify(const Model& model,
                                        const SimplifyOptions& options) {
  HONE_RETURN_IF_ERROR(CheckPassNames(options.skip));
  SimplifyResult result;
  result.model = model;
  result.nodes_before = CountNodes(model);
  HONE_RETURN_IF_ERROR(Simplifier(options, &result).Run());
  result.nodes_after = CountNodes(result.model);
  return result;
}

}  // namespace hone
