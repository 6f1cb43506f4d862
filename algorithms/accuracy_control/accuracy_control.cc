#include "algorithms/accuracy_control/accuracy_control.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "algorithms/accuracy_control/prefix_runs.h"
#include "algorithms/accuracy_control/remedies.h"
#include "algorithms/accuracy_control/wording.h"
#include "algorithms/inspect/inspect.h"
#include "algorithms/runner/boundary_cache.h"
#include "ir/error/error.h"

namespace hone {
namespace {

constexpr uint64_t kLeastSubset = 500;
constexpr uint64_t kSubsetOf = 10;
constexpr uint64_t kMostSubsetBytes = uint64_t{64} << 20;

absl::Status CheckFigures(const std::vector<MetricFigure>& figures,
                          const std::vector<MetricBound>& bounds) {
  if (figures.size() != bounds.size()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "metrics",
                     {.expected = absl::StrCat(bounds.size(), " figures"),
                      .found = absl::StrCat(figures.size())});
  }
  for (size_t i = 0; i < figures.size(); ++i) {
    if (std::isfinite(figures[i].value)) continue;
    return MakeError(absl::StatusCode::kInvalidArgument,
                     absl::StrCat("metric ", bounds[i].metric),
                     {.expected = "a finite number",
                      .found = absl::StrCat(figures[i].value)});
  }
  return absl::OkStatus();
}

class Control {
 public:
  Control(const Quantizer& quantizer, SampleSource& calibration,
          SampleSource& eval, const AccuracyControlOptions& options,
          Runner& runner)
      : quantizer_(&quantizer),
        calibration_(calibration),
        eval_(eval),
        options_(options),
        runner_(runner),
        reference_(options.cache_bytes / 4) {
    for (uint64_t i = 0; i < eval.size(); ++i) all_.push_back(i);
    const uint64_t subset = std::max(kLeastSubset, eval.size() / kSubsetOf);
    if (subset * 2 <= eval.size()) {
      for (uint64_t i = 0; i < subset; ++i) {
        subset_.push_back(i * eval.size() / subset);
      }
    }
    std::set_difference(all_.begin(), all_.end(), subset_.begin(),
                        subset_.end(), std::back_inserter(rest_));
    runs_.emplace(eval_, all_, runner_, options.cache_bytes);
  }

  absl::StatusOr<AccuracyControlResult> Run() {
    HONE_RETURN_IF_ERROR(Baseline());
    HONE_RETURN_IF_ERROR(Try(0).status());
    if (!result_.trials.back().met && options_.remedies) {
      HONE_RETURN_IF_ERROR(TryRemedies());
    }
    if (!result_.trials.back().met) {
      HONE_RETURN_IF_ERROR(Rank());
      HONE_RETURN_IF_ERROR(Search());
    } else {
      chosen_ = 0;
    }
    return Finish();
  }

 private:
  absl::Status Baseline() {
    HONE_ASSIGN_OR_RETURN(const auto metrics, options_.new_metrics());
    std::unique_ptr<MetricSet> on_subset;
    if (!subset_.empty()) {
      HONE_ASSIGN_OR_RETURN(on_subset, options_.new_metrics());
    }
    HONE_RETURN_IF_ERROR(runs_->Run(
        quantizer_->prepared(), -1, all_, "float model",
        [&](uint64_t sample, absl::Span<const Value> outputs) -> absl::Status {
          const absl::Span<const Value> reference =
              options_.needs_reference ? outputs : absl::Span<const Value>();
          HONE_RETURN_IF_ERROR(metrics->Add(sample, outputs, reference));
          if (std::binary_search(subset_.begin(), subset_.end(), sample)) {
            HONE_RETURN_IF_ERROR(on_subset->Add(sample, outputs, reference));
          }
          if (!options_.needs_reference) return absl::OkStatus();
          for (size_t i = 0; i < outputs.size(); ++i) {
            HONE_RETURN_IF_ERROR(
                reference_.Put(absl::StrCat(i), sample, outputs[i]));
          }
          return absl::OkStatus();
        }));
    HONE_ASSIGN_OR_RETURN(result_.baseline, metrics->Result());
    HONE_RETURN_IF_ERROR(CheckFigures(result_.baseline, options_.bounds));
    if (on_subset != nullptr) {
      HONE_ASSIGN_OR_RETURN(subset_baseline_, on_subset->Result());
    }
    for (size_t i = 0; i < options_.bounds.size(); ++i) {
      const MetricBound& bound = options_.bounds[i];
      if (!bound.relative || !std::isfinite(bound.max_drop) ||
          result_.baseline[i].value != 0) {
        continue;
      }
      return MakeError(
          absl::StatusCode::kInvalidArgument,
          absl::StrCat(
              "metric ", bound.metric,
              ": a relative drop needs a float model that is not at 0"),
          {.expected = "another metric, or an absolute drop",
           .found = "a baseline of 0"});
    }
    return absl::OkStatus();
  }

  // Ends with the first that meets the bounds. Every trial is on quantizer_, so
  // that one which does not help gives its place back.
  absl::Status TryRemedies() {
    double least = Excess(result_.trials.back());
    for (const Remedy& remedy : Remedies()) {
      PostTrainingOptions options = quantizer_->options();
      if (!remedy.apply(&options)) continue;
      HONE_ASSIGN_OR_RETURN(
          Quantizer next,
          quantizer_->Recalibrated(options, calibration_, runner_));
      const Quantizer* const best = quantizer_;
      const std::string best_remedy = result_.remedy;
      quantizer_ = &next;
      absl::StrAppend(&result_.remedy, best_remedy.empty() ? "" : ", ",
                      remedy.name);
      HONE_ASSIGN_OR_RETURN(const bool met, Try(0));
      const double excess = Excess(result_.trials.back());
      if (!met && !(excess < least)) {
        quantizer_ = best;
        result_.remedy = best_remedy;
        continue;
      }
      least = excess;
      remedied_ = std::move(next);
      quantizer_ = &*remedied_;
      if (met) return absl::OkStatus();
    }
    return absl::OkStatus();
  }

  absl::Status Rank() {
    HONE_ASSIGN_OR_RETURN(const std::vector<int> layers, quantizer_->Layers());
    const std::vector<uint64_t> samples = SpreadSamples(
        calibration_.size(),
        std::min(options_.ranking_samples, quantizer_->options().subset_size),
        quantizer_->options().seed);
    HONE_ASSIGN_OR_RETURN(result_.ranking,
                          RankLayers(*quantizer_, layers, calibration_, samples,
                                     runner_, options_.cache_bytes));
    return absl::OkStatus();
  }

  std::map<int, std::string> Kept(int in_float) const {
    std::map<int, std::string> kept;
    for (int i = 0; i < in_float; ++i) {
      kept[result_.ranking.layers[i].node] =
          WhyInFloat(i, result_.ranking.layers.size());
    }
    return kept;
  }

  // 1, 2, 4, ... until the bounds are met, then bisection. All layers in float
  // is no result.
  absl::Status Search() {
    const int most = static_cast<int>(result_.ranking.layers.size()) - 1;
    int failed = 0, met = -1;
    for (int count = 1; most > 0 && met < 0 && failed < most; count *= 2) {
      const int head = std::min(count, most);
      HONE_ASSIGN_OR_RETURN(const bool good, Try(head));
      (good ? met : failed) = head;
    }
    while (met >= 0 && met - failed > 1) {
      const int middle = failed + (met - failed) / 2;
      HONE_ASSIGN_OR_RETURN(const bool good, Try(middle));
      (good ? met : failed) = middle;
    }
    chosen_ = met;
    if (met >= 0) return absl::OkStatus();
    // The one that came closest, measured on everything. Other remedies' trials
    // were further off when they were given up.
    const AccuracyTrial* closest = nullptr;
    for (const AccuracyTrial& trial : result_.trials) {
      if (trial.remedy != result_.remedy) continue;
      if (closest == nullptr || Excess(trial) < Excess(*closest)) {
        closest = &trial;
      }
    }
    chosen_ = closest->in_float;
    if (closest->rejected_early) {
      HONE_RETURN_IF_ERROR(Try(chosen_, /*may_reject=*/false).status());
    }
    return absl::OkStatus();
  }

  // By how much the worst metric passes its bound, in units of the bound.
  double Excess(const AccuracyTrial& trial) const {
    const auto& baseline =
        trial.rejected_early ? subset_baseline_ : result_.baseline;
    double worst = -std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < options_.bounds.size(); ++i) {
      const MetricBound& bound = options_.bounds[i];
      if (!std::isfinite(bound.max_drop)) continue;
      const double allowed = AllowedDropOf(bound, baseline[i].value);
      const double drop =
          DropOf(bound, baseline[i].value, trial.figures[i].value);
      worst = std::max(worst, (drop - allowed) / std::max(allowed, 1e-12));
    }
    return worst;
  }

  bool Met(const std::vector<MetricFigure>& figures) const {
    for (size_t i = 0; i < figures.size(); ++i) {
      const MetricBound& bound = options_.bounds[i];
      const double base = result_.baseline[i].value;
      if (!(DropOf(bound, base, figures[i].value) <=
            AllowedDropOf(bound, base))) {
        return false;
      }
    }
    return true;
  }

  bool FarOff(const std::vector<MetricFigure>& figures) const {
    for (size_t i = 0; i < figures.size(); ++i) {
      const MetricBound& bound = options_.bounds[i];
      const MetricFigure& base = subset_baseline_[i];
      const double margin =
          (base.high - base.low + figures[i].high - figures[i].low) / 2;
      if (DropOf(bound, base.value, figures[i].value) - margin >
          AllowedDropOf(bound, base.value)) {
        return true;
      }
    }
    return false;
  }

  // Where the next candidates will differ from this one: the first node, in the
  // graph, of layers of the ranking that they may leave in float, or not.
  int KeepBefore(int in_float, const Model& model) const {
    const auto& layers = result_.ranking.layers;
    if (layers.empty()) return -1;
    const int begin = in_float / 2;
    const int end = std::min<int>(std::max(2 * in_float, 2), layers.size());
    int first = std::numeric_limits<int>::max();
    for (int i = begin; i < end; ++i) {
      first = std::min(first, FirstNodeOf(quantizer_->prepared().graph,
                                          layers[i].node, model.graph));
    }
    return first == std::numeric_limits<int>::max() ? -1 : first;
  }

  absl::Status AddTo(MetricSet& metrics, uint64_t sample,
                     absl::Span<const Value> outputs) const {
    std::vector<Value> reference;
    for (size_t i = 0; options_.needs_reference && i < outputs.size(); ++i) {
      HONE_ASSIGN_OR_RETURN(Value value,
                            reference_.Get(absl::StrCat(i), sample));
      reference.push_back(std::move(value));
    }
    return metrics.Add(sample, outputs, reference);
  }

  absl::StatusOr<bool> Try(int in_float, bool may_reject = true) {
    HONE_ASSIGN_OR_RETURN(const QuantizedModel quantized,
                          quantizer_->Quantize(Kept(in_float)));
    const Model& model = quantized.model;
    const int keep = KeepBefore(in_float, model);
    AccuracyTrial trial;
    trial.remedy = result_.remedy;
    trial.in_float = in_float;
    std::map<uint64_t, std::vector<Value>> early;
    if (may_reject && !subset_.empty()) {
      HONE_ASSIGN_OR_RETURN(const auto metrics, options_.new_metrics());
      uint64_t bytes = 0;
      HONE_RETURN_IF_ERROR(
          runs_->Run(model, keep, subset_, "candidate",
                     [&](uint64_t sample, absl::Span<const Value> outputs) {
                       for (const Value& value : outputs) {
                         if (value.is_tensor())
                           bytes += value.tensor().bytes().size();
                       }
                       if (bytes <= kMostSubsetBytes) {
                         early[sample].assign(outputs.begin(), outputs.end());
                       }
                       return AddTo(*metrics, sample, outputs);
                     }));
      HONE_ASSIGN_OR_RETURN(trial.figures, metrics->Result());
      HONE_RETURN_IF_ERROR(CheckFigures(trial.figures, options_.bounds));
      if (FarOff(trial.figures)) {
        trial.samples = subset_.size();
        trial.rejected_early = true;
        result_.trials.push_back(std::move(trial));
        return false;
      }
    }
    HONE_ASSIGN_OR_RETURN(const auto metrics, options_.new_metrics());
    const auto add_early = [&](uint64_t before) -> absl::Status {
      while (!early.empty() && early.begin()->first < before) {
        HONE_RETURN_IF_ERROR(
            AddTo(*metrics, early.begin()->first, early.begin()->second));
        early.erase(early.begin());
      }
      return absl::OkStatus();
    };
    const bool resumed = !early.empty() && early.size() == subset_.size();
    if (!resumed) early.clear();
    HONE_RETURN_IF_ERROR(runs_->Run(
        model, keep, resumed ? rest_ : all_, "candidate",
        [&](uint64_t sample, absl::Span<const Value> outputs) -> absl::Status {
          HONE_RETURN_IF_ERROR(add_early(sample));
          return AddTo(*metrics, sample, outputs);
        }));
    HONE_RETURN_IF_ERROR(add_early(eval_.size()));
    HONE_ASSIGN_OR_RETURN(trial.figures, metrics->Result());
    HONE_RETURN_IF_ERROR(CheckFigures(trial.figures, options_.bounds));
    trial.samples = all_.size();
    trial.met = Met(trial.figures);
    result_.trials.push_back(trial);
    return trial.met;
  }

  absl::StatusOr<AccuracyControlResult> Finish() {
    result_.in_float = chosen_;
    for (const AccuracyTrial& trial : result_.trials) {
      if (trial.in_float != chosen_ || trial.rejected_early ||
          trial.remedy != result_.remedy) {
        continue;
      }
      result_.figures = trial.figures;
      result_.met = trial.met;
    }
    HONE_ASSIGN_OR_RETURN(result_.quantized,
                          quantizer_->Quantize(Kept(chosen_)));
    HONE_ASSIGN_OR_RETURN(const ModelSummary summary,
                          Inspect(quantizer_->prepared()));
    double all = 0, integer = 0;
    for (size_t i = 0; i < summary.node_macs.size(); ++i) {
      const double macs = static_cast<double>(summary.node_macs[i].value_or(0));
      all += macs;
      if (result_.quantized.prepared_rows[i].done == "quantized") {
        integer += macs;
      }
    }
    result_.int8_macs = all > 0 ? integer / all : 0;
    const double nodes =
        static_cast<double>(runs_->nodes_run() + runs_->nodes_reused());
    result_.reused =
        nodes > 0 ? static_cast<double>(runs_->nodes_reused()) / nodes : 0;
    result_.message =
        SayResult(result_, options_.bounds, quantizer_->prepared().graph);
    AddControlRows(options_.bounds, subset_baseline_,
                   quantizer_->prepared().graph, &result_);
    return std::move(result_);
  }

  const Quantizer* quantizer_;  // the one that came closest so far
  std::optional<Quantizer> remedied_;
  SampleSource& calibration_;
  SampleSource& eval_;
  const AccuracyControlOptions& options_;
  Runner& runner_;
  std::vector<uint64_t> all_, subset_, rest_;
  std::optional<PrefixRuns> runs_;
  BoundaryCache reference_;  // the float model's outputs
  std::vector<MetricFigure> subset_baseline_;
  int chosen_ = -1;
  AccuracyControlResult result_;
};

}  // namespace

double DropOf(const MetricBound& bound, double baseline, double value) {
  return bound.higher_is_better ? baseline - value : value - baseline;
}

double AllowedDropOf(const MetricBound& bound, double baseline) {
  return bound.relative ? bound.max_drop * std::fabs(baseline) : bound.max_drop;
}

absl::StatusOr<AccuracyControlResult> ControlAccuracy(
    const Quantizer& quantizer, SampleSource& calibration, SampleSource& eval,
    const AccuracyControlOptions& options, Runner& runner) {
  if (options.bounds.empty()) {
    return absl::InvalidArgumentError("no metric is bounded");
  }
  for (const MetricBound& bound : options.bounds) {
    if (!(bound.max_drop >= 0)) {
      return MakeError(
          absl::StatusCode::kInvalidArgument,
          absl::StrCat("the largest drop of ", bound.metric),
          {.expected = "0 or more", .found = absl::StrCat(bound.max_drop)});
    }
  }
  if (eval.size() == 0) {
    return absl::InvalidArgumentError("the evaluation data have no sample");
  }
  return Control(quantizer, calibration, eval, options, runner).Run();
}

}  // namespace hone
