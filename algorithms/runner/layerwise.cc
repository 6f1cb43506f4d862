#include "algorithms/runner/layerwise.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "algorithms/contract/patch.h"
#include "algorithms/runner/boundary_cache.h"
#include "algorithms/runner/cached_source.h"
#include "algorithms/runner/sample_loop.h"
#include "algorithms/statistics/request.h"
#include "algorithms/subgraph/extract.h"
#include "algorithms/subgraph/segments.h"
#include "ir/error/error.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/tensor/value.h"
#include "kernels/exec/plan.h"

namespace hone {
namespace {

absl::Status CheckSegments(const std::vector<Segment>& segments, int nodes) {
  int begin = 0;
  for (const Segment& segment : segments) {
    if (segment.begin != begin || segment.end <= begin || segment.end > nodes) {
      return MakeError(
          absl::StatusCode::kInvalidArgument,
          "segments do not follow each other",
          {.expected = absl::StrCat("one that begins at node ", begin),
           .found = absl::StrCat(segment.begin, " to ", segment.end)});
    }
    begin = segment.end;
  }
  return absl::OkStatus();
}

void Add(const Patch& patch, Patch* all) {
  for (const auto& [index, nodes] : patch.replacements) {
    all->Replace(index, nodes);
  }
  for (const auto& [name, tensor] : patch.initializers) {
    all->SetInitializer(name, tensor);
  }
  all->prologue.insert(all->prologue.end(), patch.prologue.begin(),
                       patch.prologue.end());
  all->rows.insert(all->rows.end(), patch.rows.begin(), patch.rows.end());
}

// The walk of the samples through the changed model.
class Walk : public Replay {
 public:
  Walk(const Model& model, absl::Span<const uint64_t> fit,
       absl::Span<const uint64_t> held, uint64_t cache_bytes,
       const RunnerOptions& runner)
      : model_(model),
        fit_(fit),
        held_(held),
        all_(fit.begin(), fit.end()),
        cache_(cache_bytes),
        runner_(runner) {
    all_.insert(all_.end(), held.begin(), held.end());
    std::sort(all_.begin(), all_.end());
    for (const uint64_t sample : all_) {
      source_size_ = std::max(source_size_, sample + 1);
    }
  }

  absl::Status Begin(SampleSource& source) {
    HONE_ASSIGN_OR_RETURN(types_, InferShapes(model_, {}));
    lives_ = Lifetimes(model_.graph);
    std::vector<std::string> names;
    for (const ValueInfo& input : model_.graph.inputs) {
      if (lives_.contains(input.name)) names.push_back(input.name);
    }
    for (const uint64_t sample : all_) {
      HONE_ASSIGN_OR_RETURN(std::vector<Value> values, source.Get(sample));
      if (values.size() != names.size()) {
        return MakeError(absl::StatusCode::kInvalidArgument,
                         absl::StrCat("sample ", sample, " does not fit"),
                         {.expected = absl::StrCat(names.size(), " inputs"),
                          .found = absl::StrCat(values.size())});
      }
      for (size_t i = 0; i < names.size(); ++i) {
        HONE_RETURN_IF_ERROR(cache_.Put(names[i], sample, values[i]));
      }
    }
    return absl::OkStatus();
  }

  // The model with the changes so far.
  absl::StatusOr<Model> Changed(const Patch& more) const {
    Model model = model_;
    Patch patch = changes_;
    Add(more, &patch);
    HONE_RETURN_IF_ERROR(ApplyPatch(patch, &model));
    return model;
  }

  absl::Status Measure(const Segment& segment, const StatsRequest& wanted,
                       Stats* changed) {
    segment_ = &segment;
    std::vector<std::string> outputs;
    for (const auto& [name, kinds] : wanted.values()) outputs.push_back(name);
    HONE_ASSIGN_OR_RETURN(const Model part, Part({}, outputs));
    CachedSource source(cache_, segment.inputs, source_size_);
    HONE_ASSIGN_OR_RETURN(*changed,
                          runner_.Collect(part, wanted, source, fit_));
    held_changed_ = Stats();
    if (!held_.empty()) {
      HONE_ASSIGN_OR_RETURN(held_changed_,
                            runner_.Collect(part, wanted, source, held_));
    }
    return absl::OkStatus();
  }

  // Keeps the patch and goes on behind the segment.
  absl::Status Advance(const Segment& segment, const Patch& patch) {
    Add(patch, &changes_);
    HONE_RETURN_IF_ERROR(RunSegment(
        {}, all_, [&](uint64_t sample, absl::Span<const Value> outputs) {
          for (size_t i = 0; i < outputs.size(); ++i) {
            HONE_RETURN_IF_ERROR(
                cache_.Put(segment.outputs[i], sample, outputs[i]));
          }
          return absl::OkStatus();
        }));
    for (const std::string& input : segment.inputs) {
      if (lives_.at(input).last < segment.end) cache_.Drop(input);
    }
    return absl::OkStatus();
  }

  const Patch& changes() const { return changes_; }
  void set_segment(const Segment& segment) { segment_ = &segment; }
  void set_held_float(Stats stats) { held_float_ = std::move(stats); }

  absl::Span<const uint64_t> samples() const override { return fit_; }
  absl::Span<const uint64_t> held_samples() const override { return held_; }
  const Stats& held_float() const override { return held_float_; }
  const Stats& held_changed() const override { return held_changed_; }
  absl::StatusOr<std::vector<Value>> Inputs(uint64_t sample) override {
    return CachedSource(cache_, segment_->inputs, source_size_).Get(sample);
  }
  absl::Status Run(
      const Patch& change, absl::Span<const uint64_t> samples,
      absl::FunctionRef<absl::Status(uint64_t, absl::Span<const Value>)>
          consume) override {
    return RunSegment(change, samples, consume);
  }

 private:
  absl::StatusOr<Model> Part(const Patch& change,
                             const std::vector<std::string>& outputs) const {
    HONE_ASSIGN_OR_RETURN(const Model changed, Changed(change));
    return ExtractSubgraph(changed, types_, segment_->inputs, outputs);
  }

  absl::Status RunSegment(
      const Patch& change, absl::Span<const uint64_t> samples,
      absl::FunctionRef<absl::Status(uint64_t, absl::Span<const Value>)>
          consume) {
    if (segment_->outputs.empty()) return absl::OkStatus();
    HONE_ASSIGN_OR_RETURN(const Model part, Part(change, segment_->outputs));
    HONE_ASSIGN_OR_RETURN(const std::shared_ptr<const Plan> plan,
                          Compile(part, {}));
    CachedSource source(cache_, segment_->inputs, source_size_);
    return runner_.Run({&plan, 1}, source, samples, "layers",
                       [&](const SampleOutputs& sample) {
                         return consume(sample.index, sample.outputs[0]);
                       });
  }

  const Model& model_;
  const absl::Span<const uint64_t> fit_;
  const absl::Span<const uint64_t> held_;
  std::vector<uint64_t> all_;
  uint64_t source_size_ = 0;
  BoundaryCache cache_;
  // Its passes are over kept values, not over the data.
  Runner runner_;
  InferredTypes types_;
  absl::flat_hash_map<std::string, Lifetime> lives_;
  const Segment* segment_ = nullptr;
  Patch changes_;
  Stats held_float_;
  Stats held_changed_;
};

// Progress of the walk: segments, not the samples of each.
RunnerOptions WalkOptions(const Runner& runner) {
  RunnerOptions options = runner.options();
  options.threads = runner.threads();
  options.progress = nullptr;
  return options;
}

}  // namespace

absl::StatusOr<LayerwiseResult> RunLayerwise(
    const Layerwise& algorithm, const Model& reference, const Model& model,
    SampleSource& source, absl::Span<const uint64_t> fit,
    absl::Span<const uint64_t> held, const LayerwiseOptions& options,
    Runner& runner, Device& device) {
  if (fit.empty()) return absl::InvalidArgumentError("no sample to decide on");
  const std::vector<Segment> segments = algorithm.Segments(model);
  HONE_RETURN_IF_ERROR(
      CheckSegments(segments, static_cast<int>(model.graph.nodes.size())));
  StatsRequest all;
  for (const Segment& segment : segments) all.Add(algorithm.Wanted(segment));
  const int passes = runner.passes();
  HONE_ASSIGN_OR_RETURN(const Stats float_in,
                        runner.Collect(reference, all, source, fit));
  Walk walk(model, fit, held, options.cache_bytes, WalkOptions(runner));
  if (!held.empty()) {
    HONE_ASSIGN_OR_RETURN(Stats held_float,
                          runner.Collect(reference, all, source, held));
    walk.set_held_float(std::move(held_float));
  }
  HONE_RETURN_IF_ERROR(walk.Begin(source));
  const SampleLoop loop{"layers", 1, runner.options().cancel,
                        runner.options().progress};
  HONE_RETURN_IF_ERROR(
      loop.Run(segments.size(), [&](uint64_t i, int) -> absl::Status {
        const Segment& segment = segments[i];
        walk.set_segment(segment);
        const StatsRequest wanted = algorithm.Wanted(segment);
        Stats changed_in;
        HONE_RETURN_IF_ERROR(walk.Measure(segment, wanted, &changed_in));
        HONE_ASSIGN_OR_RETURN(const Patch patch,
                              algorithm.Apply(model, segment, float_in,
                                              changed_in, walk, device));
        return walk.Advance(segment, patch);
      }));
  LayerwiseResult result;
  HONE_ASSIGN_OR_RETURN(result.model, walk.Changed({}));
  result.rows = walk.changes().rows;
  result.passes = runner.passes() - passes + 1;
  return result;
}

}  // namespace hone
