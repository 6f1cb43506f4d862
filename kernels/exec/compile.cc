#include <set>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "ir/error/error.h"
#include "ir/graph/sort.h"
#include "ir/graph/validate.h"
#include "ir/raise_opset/legacy.h"
#include "ir/shape_inference/shape_inference.h"
#include "kernels/exec/constant_folding.h"
#include "kernels/exec/expand/expand.h"
#include "kernels/exec/expand/gradient.h"
#include "kernels/exec/fusion/fusion.h"
#include "kernels/exec/inline_functions.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/plan_builder.h"
#include "kernels/exec/simulate.h"

namespace hone {
namespace {

absl::StatusOr<std::shared_ptr<const Plan>> CompilePlan(
    const Model& model, const CompileOptions& options, bool definitions) {
  Model work = model;
  HONE_RETURN_IF_ERROR(RaiseToOpset7(&work));
  HONE_RETURN_IF_ERROR(SortTopologically(&work));
  HONE_RETURN_IF_ERROR(Validate(work));
  HONE_RETURN_IF_ERROR(InlineFunctions(work));
  HONE_RETURN_IF_ERROR(ExpandGradients(work));
  HONE_RETURN_IF_ERROR(ExpandOperators(work));
  HONE_ASSIGN_OR_RETURN(InferredTypes types, InferShapes(work, {}));
  FusionGraph fused;
  if (!options.reference) {
    fused.model = &work;
    fused.types = &types;
    fused.kept.insert(options.taps.begin(), options.taps.end());
    fused.taps = fused.kept;
    fused.unordered_taps = options.unordered_taps;
    for (const ValueInfo& output : work.graph.outputs) {
      fused.kept.insert(output.name);
      fused.taps.erase(output.name);
    }
    ThreadPool one(1);
    // Scales must be constants before integers are looked for, weights must
    // not be floats yet.
    FoldConstants(work, types, fused.kept, true, one);
    HONE_RETURN_IF_ERROR(Fuse(fused, options.no_fuse, true));
    FoldConstants(work, types, fused.kept, false, one);
    HONE_RETURN_IF_ERROR(Fuse(fused, options.no_fuse, false));
  }
  if (definitions) {
    for (Node& node : work.graph.nodes) {
      if (node.domain == kInternalDomain) {
        node.SetAttribute(Attribute::Int("definition", 1));
      }
    }
  }
  CompileOptions tapped = options;
  for (std::string& tap : tapped.taps) {
    const auto other = fused.tapped_as.find(tap);
    if (other != fused.tapped_as.end()) tap = other->second;
  }
  return PlanBuilder(work, types, fused.originals, tapped).Build();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Plan>> Compile(
    const Model& model, const CompileOptions& options) {
  return CompilePlan(model, options, false);
}

absl::StatusOr<std::shared_ptr<const Plan>> CompileSimulation(
    const Model& model, const CompileOptions& options) {
  return CompilePlan(model, options, true);
}

}  // namespace hone
