#include "algorithms/runner/state.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {
namespace {

int Find(absl::Span<const ValueInfo> infos, absl::string_view name) {
  for (size_t i = 0; i < infos.size(); ++i) {
    if (infos[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

absl::Status Unknown(absl::string_view what, absl::Span<const ValueInfo> infos,
                     absl::string_view name) {
  return MakeError(
      absl::StatusCode::kNotFound, absl::StrCat("state names no ", what),
      {.expected = absl::StrJoin(infos, ", ",
                                 [](std::string* out, const ValueInfo& info) {
                                   absl::StrAppend(out, info.name);
                                 }),
       .found = std::string(name)});
}

absl::Status Wrong(absl::string_view message, std::string expected,
                   std::string found) {
  return MakeError(
      absl::StatusCode::kInvalidArgument, message,
      {.expected = std::move(expected), .found = std::move(found)});
}

// The steps of an input: its first extent.
absl::StatusOr<int64_t> StepsOf(const Value& value, absl::string_view name) {
  if (value.is_tensor() && value.tensor().rank() > 0 &&
      value.tensor().dims()[0] > 0) {
    return value.tensor().dims()[0];
  }
  return Wrong(
      absl::StrCat("input ", name, " of a model with state"),
      "[steps, ...], at least one step",
      value.is_tensor() ? DimsToString(value.tensor().dims()) : "no tensor");
}

absl::StatusOr<Tensor> Step(const Tensor& all, int64_t step) {
  Dims dims(all.dims().begin() + 1, all.dims().end());
  const int64_t size = all.size() / all.dims()[0];
  if (all.dtype() == DType::kString) {
    const auto first = all.Strings().begin() + step * size;
    return Tensor::FromStrings(std::move(dims), {first, first + size});
  }
  const size_t bytes = all.bytes().size() / static_cast<size_t>(all.dims()[0]);
  HONE_ASSIGN_OR_RETURN(
      const Tensor view,
      Tensor::View(
          all.dtype(), std::move(dims),
          all.bytes().subspan(static_cast<size_t>(step) * bytes, bytes),
          all.owner()));
  return view.Aligned();
}

// Puts the steps' values together along a new first axis.
absl::StatusOr<Value> Stack(absl::Span<const Value> steps,
                            absl::string_view name) {
  if (!std::all_of(steps.begin(), steps.end(),
                   [](const Value& v) { return v.is_tensor(); })) {
    return Value::Sequence({steps.begin(), steps.end()});
  }
  const Tensor& first = steps[0].tensor();
  for (const Value& value : steps) {
    if (value.tensor().dims() != first.dims()) {
      return Wrong(absl::StrCat("output ", name, " changes from step to step"),
                   DimsToString(first.dims()),
                   DimsToString(value.tensor().dims()));
    }
  }
  Dims dims(first.dims());
  dims.insert(dims.begin(), static_cast<int64_t>(steps.size()));
  if (first.dtype() == DType::kString) {
    std::vector<std::string> all;
    for (const Value& value : steps) {
      const std::vector<std::string>& strings = value.tensor().Strings();
      all.insert(all.end(), strings.begin(), strings.end());
    }
    return Value(Tensor::FromStrings(std::move(dims), std::move(all)));
  }
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(
      Tensor all, Tensor::Allocate(first.dtype(), std::move(dims), &bytes));
  size_t place = 0;
  for (const Value& value : steps) {
    const absl::Span<const std::byte> step = value.tensor().bytes();
    if (step.empty()) continue;
    std::memcpy(bytes.data() + place, step.data(), step.size());
    place += step.size();
  }
  return Value(std::move(all));
}

// The extent that another input's step gives `symbol`; -1: none does.
int64_t ExtentOf(const std::string& symbol, absl::Span<const ValueInfo> infos,
                 absl::Span<const Value> inputs) {
  for (size_t i = 0; i < infos.size(); ++i) {
    if (!infos[i].type.shape.has_value() || !inputs[i].is_tensor()) continue;
    const Shape& shape = *infos[i].type.shape;
    const Dims& dims = inputs[i].tensor().dims();
    if (dims.size() != shape.size() + 1) continue;
    for (size_t axis = 0; axis < shape.size(); ++axis) {
      if (shape[axis].symbolic() && shape[axis].symbol == symbol) {
        return dims[axis + 1];
      }
    }
  }
  return -1;
}

}  // namespace

absl::StatusOr<std::vector<StateLink>> ParseStateLinks(
    absl::Span<const std::string> texts) {
  std::vector<StateLink> links;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 ||
        equals + 1 == text.size()) {
      return Wrong("state", "INPUT=OUTPUT", text);
    }
    links.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return links;
}

absl::StatusOr<StateLoop> StateLoop::Of(const Plan& plan,
                                        absl::Span<const StateLink> links) {
  StateLoop loop;
  for (const StateLink& link : links) {
    const Link found = {Find(plan.inputs(), link.input),
                        Find(plan.outputs(), link.output)};
    if (found.input < 0) return Unknown("input", plan.inputs(), link.input);
    if (found.output < 0) return Unknown("output", plan.outputs(), link.output);
    if (loop.OfInput(found.input) != nullptr ||
        loop.OfOutput(found.output) != nullptr) {
      return Wrong("state", "each input and each output once",
                   absl::StrCat(link.input, "=", link.output));
    }
    const Type& input = plan.inputs()[found.input].type;
    const Type& output = plan.outputs()[found.output].type;
    if (!input.is_tensor() ||
        (output.is_tensor() && output.dtype != DType::kUndefined &&
         output.dtype != input.dtype)) {
      return Wrong(absl::StrCat("state ", link.input, "=", link.output),
                   "two tensors of one type",
                   absl::StrCat(input.ToString(), ", ", output.ToString()));
    }
    loop.links_.push_back(found);
    loop.names_.push_back(link.input);
  }
  if (!links.empty() && links.size() == plan.inputs().size()) {
    return Wrong("every input is state", "one that counts the steps", "none");
  }
  return loop;
}

bool StateLoop::links(absl::string_view input) const {
  return std::find(names_.begin(), names_.end(), input) != names_.end();
}

const StateLoop::Link* StateLoop::OfInput(int input) const {
  const auto found =
      std::find_if(links_.begin(), links_.end(),
                   [&](const Link& link) { return link.input == input; });
  return found == links_.end() ? nullptr : &*found;
}

const StateLoop::Link* StateLoop::OfOutput(int output) const {
  const auto found =
      std::find_if(links_.begin(), links_.end(),
                   [&](const Link& link) { return link.output == output; });
  return found == links_.end() ? nullptr : &*found;
}

absl::StatusOr<Value> StateLoop::Initial(const Plan& plan, const Link& link,
                                         absl::Span<const Value> inputs) const {
  const ValueInfo& info = plan.inputs()[link.input];
  const Type& output = plan.outputs()[link.output].type;
  if (!info.type.shape.has_value()) {
    return Wrong(absl::StrCat("state ", info.name), "its first value",
                 "none, and the model does not tell its rank");
  }
  Dims dims;
  for (size_t axis = 0; axis < info.type.shape->size(); ++axis) {
    const Dim& dim = (*info.type.shape)[axis];
    int64_t extent = dim.known() ? dim.value : 1;
    if (dim.symbolic()) {
      const int64_t given = ExtentOf(dim.symbol, plan.inputs(), inputs);
      const bool grows = output.shape.has_value() &&
                         output.shape->size() == info.type.shape->size() &&
                         (*output.shape)[axis] != dim;
      extent = given >= 0 ? given : grows ? 0 : 1;
    }
    dims.push_back(extent);
  }
  absl::Span<std::byte> zeros;
  HONE_ASSIGN_OR_RETURN(
      Tensor tensor,
      Tensor::Allocate(info.type.dtype, std::move(dims), &zeros));
  return Value(std::move(tensor));
}

absl::StatusOr<std::vector<Value>> StateLoop::Run(
    const Plan& plan, Workspace& workspace, absl::Span<const Value> inputs,
    const RunOptions& options) const {
  if (links_.empty()) return plan.Run(workspace, inputs, options);
  std::vector<Value> now(inputs.begin(), inputs.end());
  int64_t steps = -1;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Link* link = OfInput(static_cast<int>(i));
    if (link != nullptr) {
      if (now[i].kind() != Value::Kind::kNone) continue;
      HONE_ASSIGN_OR_RETURN(now[i], Initial(plan, *link, inputs));
      continue;
    }
    const std::string& name = plan.inputs()[i].name;
    HONE_ASSIGN_OR_RETURN(const int64_t mine, StepsOf(inputs[i], name));
    if (steps >= 0 && mine != steps) {
      return Wrong(absl::StrCat("input ", name), absl::StrCat(steps, " steps"),
                   absl::StrCat(mine));
    }
    steps = mine;
  }
  std::vector<std::vector<Value>> made(plan.outputs().size());
  for (int64_t step = 0; step < steps; ++step) {
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (OfInput(static_cast<int>(i)) != nullptr) continue;
      HONE_ASSIGN_OR_RETURN(Tensor tensor, Step(inputs[i].tensor(), step));
      now[i] = Value(std::move(tensor));
    }
    HONE_ASSIGN_OR_RETURN(std::vector<Value> outputs,
                          plan.Run(workspace, now, options));
    for (size_t k = 0; k < outputs.size(); ++k) {
      const Link* link = OfOutput(static_cast<int>(k));
      if (link == nullptr) {
        made[k].push_back(std::move(outputs[k]));
      } else {
        now[link->input] = std::move(outputs[k]);
      }
    }
  }
  std::vector<Value> results(made.size());
  for (size_t k = 0; k < made.size(); ++k) {
    const Link* link = OfOutput(static_cast<int>(k));
    if (link != nullptr) {
      results[k] = now[link->input];
      continue;
    }
    HONE_ASSIGN_OR_RETURN(results[k], Stack(made[k], plan.outputs()[k].name));
  }
  return results;
}

}  // namespace hone
