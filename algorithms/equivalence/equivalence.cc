#include "algorithms/equivalence/equivalence.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "algorithms/comparison/view_distance.h"
#include "algorithms/equivalence/invented_inputs.h"
#include "ir/dtype/dtype.h"
#include "ir/elements/elements.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "kernels/exec/plan.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

void Structure(absl::string_view what, const std::string& a,
               const std::string& b, OutputDifference* out) {
  if (out->structure.empty()) {
    out->structure = absl::StrCat(what, ": ", a, " and ", b);
  }
}

void AddTensorPair(const Tensor& a, const Tensor& b, bool any_float,
                   OutputDifference* out) {
  const bool real = HasRealElements(a.dtype()) && HasRealElements(b.dtype());
  if (a.dtype() != b.dtype() && !(real && any_float)) {
    Structure("types", std::string(DTypeName(a.dtype())),
              std::string(DTypeName(b.dtype())), out);
    return;
  }
  if (a.dims() != b.dims()) {
    Structure("extents", DimsToString(a.dims()), DimsToString(b.dims()), out);
    return;
  }
  if (real) {
    AddTensors(a, b, &out->distance);
    for (int64_t i = 0; i < a.size(); ++i) {
      const double x = std::fabs(RealElement(a, i));
      if (std::isfinite(x)) out->greatest = std::max(out->greatest, x);
    }
    return;
  }
  out->exact_elements += a.size();
  if (a.dtype() == DType::kString) {
    for (int64_t i = 0; i < a.size(); ++i) {
      const auto k = static_cast<size_t>(i);
      out->unequal += a.Strings()[k] == b.Strings()[k] ? 0 : 1;
    }
  } else if (HasIntegerElements(a.dtype())) {
    for (int64_t i = 0; i < a.size(); ++i) {
      out->unequal += IntegerElement(a, i) == IntegerElement(b, i) ? 0 : 1;
    }
  } else {
    out->unequal += BitwiseEqual(a, b) ? 0 : a.size();
  }
}

void AddValuePair(const Value& a, const Value& b, bool any_float,
                  OutputDifference* out) {
  if (a.kind() != b.kind()) {
    Structure("kinds", absl::StrCat(static_cast<int>(a.kind())),
              absl::StrCat(static_cast<int>(b.kind())), out);
    return;
  }
  if (a.is_tensor()) {
    AddTensorPair(a.tensor(), b.tensor(), any_float, out);
  } else if (a.kind() == Value::Kind::kMap) {
    AddTensorPair(a.map_keys(), b.map_keys(), any_float, out);
    AddValuePair(a.map_values(), b.map_values(), any_float, out);
  } else if (a.kind() == Value::Kind::kSequence) {
    if (a.sequence().size() != b.sequence().size()) {
      Structure("lengths", absl::StrCat(a.sequence().size()),
                absl::StrCat(b.sequence().size()), out);
      return;
    }
    for (size_t i = 0; i < a.sequence().size(); ++i) {
      AddValuePair(a.sequence()[i], b.sequence()[i], any_float, out);
    }
  }
}

// The floats of `inputs` in the widths that `wanted` has.
absl::StatusOr<std::vector<Value>> AsWanted(
    std::vector<Value> inputs, const std::vector<ValueInfo>& wanted) {
  for (size_t i = 0; i < inputs.size() && i < wanted.size(); ++i) {
    const DType dtype = wanted[i].type.dtype;
    if (!inputs[i].is_tensor() || inputs[i].tensor().dtype() == dtype ||
        !HasRealElements(inputs[i].tensor().dtype()) ||
        !HasRealElements(dtype)) {
      continue;
    }
    const Tensor& given = inputs[i].tensor();
    absl::Span<std::byte> bytes;
    HONE_ASSIGN_OR_RETURN(Tensor tensor,
                          Tensor::Allocate(dtype, given.dims(), &bytes));
    for (int64_t k = 0; k < given.size(); ++k) {
      SetReal(dtype, RealElement(given, k), k, bytes);
    }
    inputs[i] = Value(std::move(tensor));
  }
  return inputs;
}

class Checker {
 public:
  Checker(const EquivalenceOptions& options, SampleSource* source)
      : options_(options),
        source_(source),
        pool_(options.threads > 0 ? options.threads : AvailableThreads()) {
    run_.pool = &pool_;
    run_.cancel = options.cancel;
    run_.memory_limit = options.memory_limit;
  }

  absl::StatusOr<Equivalence> Check(const Model& first, const Model& second) {
    Equivalence result;
    const auto before = Compile(first, {});
    if (absl::IsUnimplemented(before.status())) {
      result.not_checked = std::string(before.status().message());
      return result;
    }
    HONE_RETURN_IF_ERROR(before.status());
    HONE_ASSIGN_OR_RETURN(const std::shared_ptr<const Plan> after,
                          Compile(second, {}));
    for (const ValueInfo& output : first.graph.outputs) {
      result.outputs.push_back({});
      result.outputs.back().name = output.name;
    }
    uint64_t count = options_.samples;
    if (source_ != nullptr) count = std::min(count, source_->size());
    const absl::Time start = absl::Now();
    for (uint64_t i = 0; i < count; ++i) {
      Workspace first_workspace, second_workspace;
      std::vector<Value> inputs;
      const absl::StatusOr<std::vector<Value>> expected =
          RunFirst(first, **before, i, first_workspace, &inputs);
      if (!expected.ok()) {
        if (source_ != nullptr || absl::IsCancelled(expected.status()) ||
            absl::IsResourceExhausted(expected.status())) {
          return expected.status();
        }
        result.not_checked = std::string(expected.status().message());
        return result;
      }
      if (options_.any_float) {
        HONE_ASSIGN_OR_RETURN(inputs,
                              AsWanted(std::move(inputs), after->inputs()));
      }
      HONE_ASSIGN_OR_RETURN(const std::vector<Value> found,
                            after->Run(second_workspace, inputs, run_));
      if (found.size() != expected->size()) {
        return absl::InternalError("the number of outputs has changed");
      }
      for (size_t k = 0; k < found.size(); ++k) {
        AddValuePair((*expected)[k], found[k], options_.any_float,
                     &result.outputs[k]);
      }
      ++result.samples;
      Report(i + 1, count, start);
    }
    return result;
  }

 private:
  absl::StatusOr<std::vector<Value>> RunFirst(const Model& model,
                                              const Plan& plan, uint64_t sample,
                                              Workspace& workspace,
                                              std::vector<Value>* inputs) {
    if (source_ != nullptr) {
      HONE_ASSIGN_OR_RETURN(*inputs, source_->Get(sample));
      return plan.Run(workspace, *inputs, run_);
    }
    absl::StatusOr<std::vector<Value>> first;
    for (int attempt = 0; attempt < kInventedExtents; ++attempt) {
      const int choice =
          static_cast<int>((sample + attempt) % kInventedExtents);
      HONE_ASSIGN_OR_RETURN(
          *inputs, InventInputs(model, options_.seed + sample, choice));
      absl::StatusOr<std::vector<Value>> outputs =
          plan.Run(workspace, *inputs, run_);
      if (outputs.ok() || absl::IsCancelled(outputs.status())) return outputs;
      if (attempt == 0) first = std::move(outputs);
    }
    return first;
  }

  void Report(uint64_t done, uint64_t total, absl::Time start) const {
    if (!options_.progress) return;
    Progress progress;
    progress.stage = "check";
    progress.done = done;
    progress.total = total;
    progress.elapsed_s = absl::ToDoubleSeconds(absl::Now() - start);
    progress.eta_s = progress.elapsed_s / static_cast<double>(done) *
                     static_cast<double>(total - done);
    options_.progress(progress);
  }

  const EquivalenceOptions& options_;
  SampleSource* source_;
  ThreadPool pool_;
  RunOptions run_;
};

}  // namespace

double OutputDifference::RelativeError() const {
  if (distance.max_abs_error == 0) return 0;
  return distance.max_abs_error / std::max(greatest, 1e-30);
}

double Equivalence::MaxAbsError() const {
  double most = 0;
  for (const OutputDifference& each : outputs) {
    most = std::max(most, each.distance.max_abs_error);
  }
  return most;
}

double Equivalence::MaxRelativeError() const {
  double most = 0;
  for (const OutputDifference& each : outputs) {
    most = std::max(most, each.RelativeError());
  }
  return most;
}

double Equivalence::MinCosine() const {
  double least = 1;
  for (const OutputDifference& each : outputs) {
    if (each.distance.elements > 0) {
      least = std::min(least, each.distance.Cosine());
    }
  }
  return least;
}

bool Equivalence::SameStructure() const {
  return std::all_of(
      outputs.begin(), outputs.end(), [](const OutputDifference& each) {
        return each.structure.empty() && each.distance.not_finite == 0;
      });
}

bool Equivalence::Within(double tolerance) const {
  return SameStructure() &&
         std::all_of(
             outputs.begin(), outputs.end(), [&](const OutputDifference& each) {
               return each.unequal == 0 && each.RelativeError() <= tolerance;
             });
}

absl::StatusOr<Equivalence> CheckEquivalence(
    const Model& first, const Model& second, SampleSource* source,
    const EquivalenceOptions& options) {
  return Checker(options, source).Check(first, second);
}

}  // namespace hone
