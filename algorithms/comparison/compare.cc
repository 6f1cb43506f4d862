#include "algorithms/comparison/compare.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "algorithms/comparison/view_distance.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/plan.h"
#include "kernels/threads/mutex.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// Of one sample, by value: pairs first, then outputs.
struct SampleSums {
  std::vector<Distance> distances;
  std::vector<std::string> why_not;  // "" where the pair was compared
};

struct Worker {
  explicit Worker(int threads) : pool(threads) {}
  ThreadPool pool;
  Workspace first, second;
};

absl::StatusOr<Tensor> CopyOf(const TensorView& view) {
  absl::Span<std::byte> storage;
  HONE_ASSIGN_OR_RETURN(Tensor copy,
                        Tensor::Allocate(view.dtype, view.dims, &storage));
  if (!storage.empty()) std::memcpy(storage.data(), view.data, storage.size());
  return copy;
}

absl::StatusOr<Tensor> Borrowed(const TensorView& view) {
  const size_t bytes = PackedBytes(view.dtype, view.size).value_or(0);
  return Tensor::View(
      view.dtype, view.dims,
      absl::MakeConstSpan(static_cast<const std::byte*>(view.data), bytes),
      nullptr);
}

bool IsDense(const TensorView& view) {
  return view.present() && view.data != nullptr &&
         BitsPerElement(view.dtype) > 0;
}

class Comparer {
 public:
  Comparer(const Model& first, const Model& second, SampleSource& source,
           const CompareOptions& options)
      : source_(source), options_(options) {
    if (!options.outputs_only) pairs_ = PairValues(first.graph, second.graph);
  }

  absl::StatusOr<Comparison> Run(const Model& first, const Model& second) {
    const absl::Time start = absl::Now();
    HONE_RETURN_IF_ERROR(CompileBoth(first, second));
    HONE_RETURN_IF_ERROR(MakeWorkers());
    if (source_.size() > 0) HONE_RETURN_IF_ERROR(MakeGroups());
    total_.distances.resize(values());
    total_.why_not.resize(values());
    SampleLoop loop;
    loop.stage = "compare";
    loop.workers = static_cast<int>(workers_.size());
    loop.cancel = options_.cancel;
    loop.progress = options_.progress;
    HONE_RETURN_IF_ERROR(loop.Run(
        source_.size(), [this](uint64_t sample, int worker) -> absl::Status {
          HONE_ASSIGN_OR_RETURN(SampleSums sums,
                                RunSample(sample, *workers_[worker]));
          MergeInOrder(sample, std::move(sums));
          return absl::OkStatus();
        }));
    Comparison comparison = Result();
    comparison.wall_seconds = absl::ToDoubleSeconds(absl::Now() - start);
    return comparison;
  }

 private:
  size_t values() const { return pairs_.values.size() + outputs_.size(); }

  absl::Status CompileBoth(const Model& first, const Model& second) {
    CompileOptions a, b;
    for (const ValuePair& pair : pairs_.values) {
      a.taps.push_back(pair.first);
      b.taps.push_back(pair.second);
    }
    HONE_ASSIGN_OR_RETURN(first_, Compile(first, a));
    HONE_ASSIGN_OR_RETURN(second_, Compile(second, b));
    if (first_->outputs().size() != second_->outputs().size()) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "the models differ in their number of outputs",
                       {.expected = absl::StrCat(first_->outputs().size()),
                        .found = absl::StrCat(second_->outputs().size())});
    }
    for (size_t i = 0; i < first_->outputs().size(); ++i) {
      outputs_.push_back({first_->outputs()[i].name, first_->outputs()[i].name,
                          second_->outputs()[i].name, "", "output"});
    }
    absl::flat_hash_map<std::string, size_t> places;
    for (size_t i = 0; i < first_->inputs().size(); ++i) {
      places[first_->inputs()[i].name] = i;
    }
    for (const ValueInfo& input : second_->inputs()) {
      const auto found = places.find(input.name);
      if (found == places.end()) {
        return MakeError(absl::StatusCode::kInvalidArgument,
                         "the second model's input is none of the first's",
                         {.expected = InputNames(), .found = input.name});
      }
      second_inputs_.push_back(found->second);
    }
    return absl::OkStatus();
  }

  std::string InputNames() const {
    std::string names;
    for (const ValueInfo& input : first_->inputs()) {
      absl::StrAppend(&names, names.empty() ? "" : ", ", input.name);
    }
    return names;
  }

  absl::Status MakeWorkers() {
    const int threads =
        options_.threads > 0 ? options_.threads : AvailableThreads();
    const bool shared = source_.size() < static_cast<uint64_t>(threads) ||
                        options_.memory_limit > 0;
    for (int i = 0; i < (shared ? 1 : threads); ++i) {
      workers_.push_back(std::make_unique<Worker>(shared ? threads : 1));
    }
    return absl::OkStatus();
  }

  // Cuts the pairs into groups by what the first sample's values take.
  absl::Status MakeGroups() {
    std::vector<uint64_t> bytes(pairs_.values.size());
    groups_.assign(1, 0);
    if (!bytes.empty()) {
      HONE_ASSIGN_OR_RETURN(const std::vector<Value> inputs, InputsOf(0));
      RunOptions run = OptionsFor(*workers_[0]);
      run.tap = [&](int tap, const TensorView& view) {
        bytes[static_cast<size_t>(tap)] =
            PackedBytes(view.dtype, view.size).value_or(0);
        return absl::OkStatus();
      };
      HONE_RETURN_IF_ERROR(
          Named(first_->Run(workers_[0]->first, inputs, run).status(), 0));
    }
    const uint64_t budget =
        (options_.waiting_bytes > 0 ? options_.waiting_bytes : kWaitingBytes) /
        workers_.size();
    uint64_t waiting = 0;
    for (size_t i = 0; i < bytes.size(); ++i) {
      if (waiting > 0 && waiting + bytes[i] > budget) {
        groups_.push_back(i);
        waiting = 0;
      }
      waiting += bytes[i];
    }
    groups_.push_back(pairs_.values.size());
    return absl::OkStatus();
  }

  RunOptions OptionsFor(Worker& worker) const {
    RunOptions run;
    run.pool = &worker.pool;
    run.cancel = options_.cancel;
    run.memory_limit = options_.memory_limit;
    return run;
  }

  absl::StatusOr<std::vector<Value>> InputsOf(uint64_t sample) {
    if (source_.thread_safe()) return source_.Get(sample);
    const MutexLock lock(&source_mutex_);
    return source_.Get(sample);
  }

  static absl::Status Named(const absl::Status& status, uint64_t sample) {
    if (status.ok() || absl::IsCancelled(status)) return status;
    absl::Status named(status.code(),
                       absl::StrCat("sample ", sample, ": ", status.message()));
    status.ForEachPayload(
        [&](absl::string_view url, const absl::Cord& payload) {
          named.SetPayload(url, payload);
        });
    return named;
  }

  absl::StatusOr<SampleSums> RunSample(uint64_t sample, Worker& worker) {
    HONE_ASSIGN_OR_RETURN(const std::vector<Value> inputs, InputsOf(sample));
    std::vector<Value> second_inputs;
    for (const size_t place : second_inputs_) {
      second_inputs.push_back(inputs[place]);
    }
    SampleSums sums;
    sums.distances.resize(values());
    sums.why_not.resize(values());
    for (size_t g = 0; g + 1 < groups_.size(); ++g) {
      HONE_RETURN_IF_ERROR(Named(RunGroup(groups_[g], groups_[g + 1], inputs,
                                          second_inputs, worker, &sums),
                                 sample));
    }
    return sums;
  }

  // Pairs [begin, end), and in the first group the outputs.
  absl::Status RunGroup(size_t begin, size_t end,
                        const std::vector<Value>& inputs,
                        const std::vector<Value>& second_inputs, Worker& worker,
                        SampleSums* sums) {
    std::vector<Tensor> waiting(end - begin);
    RunOptions run = OptionsFor(worker);
    run.tap = [&](int tap, const TensorView& view) -> absl::Status {
      const size_t i = static_cast<size_t>(tap);
      if (i < begin || i >= end || !IsDense(view)) return absl::OkStatus();
      HONE_ASSIGN_OR_RETURN(waiting[i - begin], CopyOf(view));
      return absl::OkStatus();
    };
    HONE_ASSIGN_OR_RETURN(const std::vector<Value> outputs,
                          first_->Run(worker.first, inputs, run));
    std::vector<bool> seen(end - begin);
    run.tap = [&](int tap, const TensorView& view) -> absl::Status {
      const size_t i = static_cast<size_t>(tap);
      if (i < begin || i >= end) return absl::OkStatus();
      Tensor& first = waiting[i - begin];
      if (!first.defined() || !IsDense(view)) return absl::OkStatus();
      HONE_ASSIGN_OR_RETURN(const Tensor second, Borrowed(view));
      sums->why_not[i] = AddTensors(first, second, &sums->distances[i]);
      seen[i - begin] = true;
      first = Tensor();
      return absl::OkStatus();
    };
    HONE_ASSIGN_OR_RETURN(const std::vector<Value> second_outputs,
                          second_->Run(worker.second, second_inputs, run));
    for (size_t i = begin; i < end; ++i) {
      if (!seen[i - begin]) sums->why_not[i] = "no tensor of numbers";
    }
    if (begin == 0) AddOutputs(outputs, second_outputs, sums);
    return absl::OkStatus();
  }

  void AddOutputs(const std::vector<Value>& first,
                  const std::vector<Value>& second, SampleSums* sums) const {
    for (size_t k = 0; k < first.size(); ++k) {
      const size_t i = pairs_.values.size() + k;
      sums->why_not[i] = first[k].is_tensor() && second[k].is_tensor()
                             ? AddTensors(first[k].tensor(), second[k].tensor(),
                                          &sums->distances[i])
                             : "no tensor of numbers";
    }
  }

  void MergeInOrder(uint64_t sample, SampleSums sums) {
    const MutexLock lock(&merge_mutex_);
    waiting_.emplace(sample, std::move(sums));
    while (!waiting_.empty() && waiting_.begin()->first == merged_) {
      const SampleSums& next = waiting_.begin()->second;
      for (size_t i = 0; i < values(); ++i) {
        Add(next.distances[i], &total_.distances[i]);
        if (total_.why_not[i].empty()) total_.why_not[i] = next.why_not[i];
      }
      waiting_.erase(waiting_.begin());
      ++merged_;
    }
  }

  Comparison Result() {
    Comparison comparison;
    comparison.samples = merged_;
    comparison.groups = static_cast<int>(groups_.size()) - 1;
    comparison.left_out = std::move(pairs_.left_out);
    for (size_t i = 0; i < values(); ++i) {
      const bool output = i >= pairs_.values.size();
      const ValuePair& pair =
          output ? outputs_[i - pairs_.values.size()] : pairs_.values[i];
      if (total_.why_not[i].empty()) {
        comparison.values.push_back({pair, output, total_.distances[i]});
      } else {
        comparison.left_out.push_back(
            {pair.name, pair.node, pair.op, total_.why_not[i]});
      }
    }
    std::sort(comparison.values.begin(), comparison.values.end(),
              [](const ComparedValue& a, const ComparedValue& b) {
                const double x = a.distance.SqnrDb(), y = b.distance.SqnrDb();
                return x != y ? x < y : a.value.name < b.value.name;
              });
    return comparison;
  }

  SampleSource& source_;
  const CompareOptions& options_;
  Pairs pairs_;
  std::vector<ValuePair> outputs_;
  std::shared_ptr<const Plan> first_, second_;
  std::vector<size_t> second_inputs_;  // into the first model's inputs
  std::vector<std::unique_ptr<Worker>> workers_;
  // Group g is the pairs [groups_[g], groups_[g + 1]).
  std::vector<size_t> groups_ = {0, 0};
  Mutex source_mutex_;
  Mutex merge_mutex_;
  std::map<uint64_t, SampleSums> waiting_;
  uint64_t merged_ = 0;
  SampleSums total_;
};

}  // namespace

absl::StatusOr<Comparison> Compare(const Model& first, const Model& second,
                                   SampleSource& source,
                                   const CompareOptions& options) {
  return Comparer(first, second, source, options).Run(first, second);
}

}  // namespace hone
