#include "kernels/exec/testing/simulation.h"

#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/simulate.h"
#include "kernels/exec/testing/model_maker.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

using Values = std::map<std::string, Tensor>;

Tensor CopyOf(const TensorView& view) {
  absl::Span<std::byte> bytes;
  absl::StatusOr<Tensor> copy = Tensor::Allocate(view.dtype, view.dims, &bytes);
  if (!copy.ok()) return Tensor();
  const std::byte* const from = static_cast<const std::byte*>(view.data);
  std::copy(from, from + bytes.size(), bytes.begin());
  return *std::move(copy);
}

// The tapped values and the outputs, by name.
absl::StatusOr<Values> RunPlan(const Plan& plan, absl::Span<const Value> inputs,
                               const std::vector<std::string>& taps,
                               int threads) {
  Values values;
  ThreadPool pool(threads);
  Workspace workspace;
  RunOptions run;
  run.pool = &pool;
  run.tap = [&](int tap, const TensorView& view) {
    values[taps[static_cast<size_t>(tap)]] = CopyOf(view);
    return absl::OkStatus();
  };
  HONE_ASSIGN_OR_RETURN(const std::vector<Value> outputs,
                        plan.Run(workspace, inputs, run));
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].is_tensor()) {
      values[plan.outputs()[i].name] = outputs[i].tensor();
    }
  }
  return values;
}

}  // namespace

absl::StatusOr<SimulationCheck> CompareWithSimulation(
    const Model& model, absl::Span<const Value> inputs) {
  SimulationCheck check;
  CompileOptions plain;
  HONE_ASSIGN_OR_RETURN(const std::shared_ptr<const Plan> plan,
                        Compile(model, plain));
  for (absl::string_view line : absl::StrSplit(plan->ToString(), '\n')) {
    check.operators += absl::StrContains(line, "int8.") ? 1 : 0;
  }
  CompileOptions tapped;
  std::vector<std::string> order;
  for (const Node& node : model.graph.nodes) {
    if (node.Is("QuantizeLinear")) tapped.taps.push_back(node.outputs[0]);
  }
  order = tapped.taps;
  for (const ValueInfo& output : model.graph.outputs) {
    order.push_back(output.name);
  }
  HONE_ASSIGN_OR_RETURN(const std::shared_ptr<const Plan> integers,
                        Compile(model, tapped));
  HONE_ASSIGN_OR_RETURN(const std::shared_ptr<const Plan> simulation,
                        CompileSimulation(model, tapped));
  HONE_ASSIGN_OR_RETURN(const Values found,
                        RunPlan(*integers, inputs, tapped.taps, 2));
  HONE_ASSIGN_OR_RETURN(const Values expected,
                        RunPlan(*simulation, inputs, tapped.taps, 1));
  for (const std::string& name : order) {
    const auto a = found.find(name);
    const auto b = expected.find(name);
    if (a == found.end() || b == expected.end()) {
      return absl::InternalError(absl::StrCat("nothing computed ", name));
    }
    ++check.values;
    if (!BitwiseEqual(a->second, b->second)) check.different.push_back(name);
  }
  for (const int threads : {1, 2, 3, 8}) {
    HONE_ASSIGN_OR_RETURN(const Values outputs,
                          RunPlan(*plan, inputs, {}, threads));
    for (const auto& [name, value] : outputs) {
      if (!BitwiseEqual(value, expected.at(name))) {
        check.different.push_back(
            absl::StrCat(name, " with ", threads, " threads"));
      }
    }
  }
  return check;
}

std::vector<Value> SimulationInputs(const Model& model, int64_t extent) {
  std::vector<Value> inputs;
  std::set<std::string> constants;
  for (const Initializer& i : model.graph.initializers) {
    constants.insert(i.name);
  }
  for (const ValueInfo& info : model.graph.inputs) {
    if (constants.count(info.name) > 0) continue;
    Dims dims;
    for (const Dim& dim : info.type.shape.value_or(Shape())) {
      dims.push_back(dim.known() ? dim.value : extent);
    }
    if (info.type.dtype == DType::kF32) {
      inputs.emplace_back(
          RandomTensor(dims, static_cast<uint32_t>(inputs.size()) + 1, -1, 2));
      continue;
    }
    absl::Span<std::byte> bytes;
    absl::StatusOr<Tensor> zeros =
        Tensor::Allocate(info.type.dtype, dims, &bytes);
    inputs.push_back(zeros.ok() ? Value(*std::move(zeros)) : Value());
  }
  return inputs;
}

}  // namespace hone
