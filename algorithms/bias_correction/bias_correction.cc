#include "algorithms/bias_correction/bias_correction.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "algorithms/bias_correction/full_bias_correction.h"
#include "algorithms/bias_correction/quantized_layer.h"
#include "algorithms/bias_correction/shadow.h"
#include "algorithms/contract/patch.h"
#include "algorithms/runner/layerwise.h"
#include "algorithms/statistics/request.h"
#include "algorithms/statistics/statistics.h"
#include "ir/error/error.h"
#include "kernels/exec/plan.h"

namespace hone {
namespace {

// Means need few samples: every position of a feature map counts.
constexpr size_t kMostSamples = 128;
constexpr size_t kLeastSamples = 4;
constexpr size_t kHeldOf = 4;  // every fourth is held

struct Split {
  std::vector<uint64_t> fit;
  std::vector<uint64_t> held;
};

Split SplitSamples(absl::Span<const uint64_t> samples) {
  Split split;
  const size_t count = std::min(samples.size(), kMostSamples);
  for (size_t i = 0; i < count; ++i) {
    const uint64_t sample = samples[i * samples.size() / count];
    (i % kHeldOf == kHeldOf - 1 ? split.held : split.fit).push_back(sample);
  }
  return split;
}

absl::StatusOr<std::vector<LayerShift>> MeasureFast(const Model& reference,
                                                    const Model& quantized,
                                                    const Split& split,
                                                    SampleSource& source,
                                                    Runner& runner) {
  const ShadowModel shadow = MakeShadow(reference, quantized);
  StatsRequest request;
  for (const ShadowLayer& layer : shadow.layers) {
    if (layer.error.empty()) continue;
    request.Add(layer.error,
                layer.layer.last_axis ? kLastAxisStats : kChannelStats);
  }
  HONE_ASSIGN_OR_RETURN(
      const Statistics fit,
      runner.Collect(shadow.model, request, source, split.fit));
  HONE_ASSIGN_OR_RETURN(
      const Statistics held,
      runner.Collect(shadow.model, request, source, split.held));
  std::vector<LayerShift> shifts;
  for (const ShadowLayer& layer : shadow.layers) {
    if (layer.error.empty()) {
      shifts.push_back({layer.layer.output,
                        {},
                        0,
                        0,
                        "the float model has no output of this name"});
      continue;
    }
    shifts.push_back(DecideShift(layer.layer.output,
                                 ChannelMeans(*fit.Find(layer.error)),
                                 ChannelMeans(*held.Find(layer.error))));
  }
  return shifts;
}

absl::StatusOr<std::vector<LayerShift>> MeasureFull(
    const Model& reference, const Model& quantized, bool integer_bias,
    const Split& split, SampleSource& source, Runner& runner, Device& device) {
  const GraphIndex index(reference.graph);
  std::vector<LayerShift> shifts;
  std::vector<QuantizedLayer> layers;
  for (QuantizedLayer& layer : FindQuantizedLayers(quantized.graph)) {
    if (index.ProducerIndex(layer.output) >= 0) {
      layers.push_back(std::move(layer));
    } else {
      shifts.push_back({layer.output,
                        {},
                        0,
                        0,
                        "the float model has no output of this name"});
    }
  }
  if (layers.empty()) return shifts;
  const FullBiasCorrection algorithm(std::move(layers), integer_bias, &shifts);
  LayerwiseOptions options;
  const uint64_t limit = runner.options().memory_limit;
  if (limit > 0) options.cache_bytes = std::min(options.cache_bytes, limit / 2);
  HONE_RETURN_IF_ERROR(RunLayerwise(algorithm, reference, quantized, source,
                                    split.fit, split.held, options, runner,
                                    device)
                           .status());
  return shifts;
}

double SquaredDistance(const Value& a, const Value& b) {
  if (!a.is_tensor() || !b.is_tensor() || a.tensor().dtype() != DType::kF32 ||
      b.tensor().dtype() != DType::kF32 ||
      a.tensor().size() != b.tensor().size()) {
    return 0;
  }
  const Tensor left = a.tensor().Aligned(), right = b.tensor().Aligned();
  const auto x = left.Values<float>(), y = right.Values<float>();
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double d = static_cast<double>(x[i]) - y[i];
    sum += d * d;
  }
  return sum;
}

double Squared(const Value& a) {
  if (!a.is_tensor() || a.tensor().dtype() != DType::kF32) return 0;
  const Tensor aligned = a.tensor().Aligned();
  double sum = 0;
  for (const float x : aligned.Values<float>()) {
    sum += static_cast<double>(x) * x;
  }
  return sum;
}

// Both models' squared error of the outputs over the squared float outputs.
absl::Status CompareOutputs(const Model& reference, const Model& before,
                            const Model& after,
                            absl::Span<const uint64_t> samples,
                            SampleSource& source, Runner& runner,
                            BiasCorrectionResult* result) {
  std::vector<std::shared_ptr<const Plan>> plans;
  for (const Model* model : {&reference, &before, &after}) {
    HONE_ASSIGN_OR_RETURN(std::shared_ptr<const Plan> plan,
                          Compile(*model, {}));
    plans.push_back(std::move(plan));
  }
  double signal = 0, error_before = 0, error_after = 0;
  HONE_RETURN_IF_ERROR(
      runner.Run(plans, source, samples, "bias correction",
                 [&](const SampleOutputs& sample) {
                   for (size_t i = 0; i < sample.outputs[0].size(); ++i) {
                     const Value& y = sample.outputs[0][i];
                     signal += Squared(y);
                     error_before += SquaredDistance(y, sample.outputs[1][i]);
                     error_after += SquaredDistance(y, sample.outputs[2][i]);
                   }
                   return absl::OkStatus();
                 }));
  const double unit = signal > 0 ? signal : 1;
  result->output_error_before = error_before / unit;
  result->output_error_after = error_after / unit;
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyShifts(absl::Span<const LayerShift> shifts, bool integer_bias,
                         Model* quantized) {
  absl::flat_hash_map<std::string, const LayerShift*> by_output;
  for (const LayerShift& shift : shifts) {
    if (!shift.shift.empty()) by_output[shift.output] = &shift;
  }
  Patch all;
  for (const QuantizedLayer& layer : FindQuantizedLayers(quantized->graph)) {
    const auto found = by_output.find(layer.output);
    if (found == by_output.end()) continue;
    HONE_ASSIGN_OR_RETURN(
        Patch patch,
        ShiftBias(quantized->graph, layer, found->second->shift, integer_bias));
    all.replacements.insert(patch.replacements.begin(),
                            patch.replacements.end());
    all.initializers.insert(patch.initializers.begin(),
                            patch.initializers.end());
  }
  return ApplyPatch(all, quantized);
}

absl::StatusOr<BiasCorrectionResult> CorrectBiases(
    BiasCorrection method, const Model& reference, const Model& quantized,
    bool integer_bias, SampleSource& source, absl::Span<const uint64_t> samples,
    Runner& runner, Device& device) {
  BiasCorrectionResult result;
  if (method == BiasCorrection::kNone) return result;
  if (samples.size() < kLeastSamples) {
    for (const QuantizedLayer& layer : FindQuantizedLayers(quantized.graph)) {
      result.shifts.push_back(
          {layer.output,
           {},
           0,
           0,
           absl::StrCat("no bias correction: ", samples.size(),
                        " samples are too few to judge it (", kLeastSamples,
                        ")")});
    }
    return result;
  }
  const Split split = SplitSamples(samples);
  const int passes = runner.passes();
  if (method == BiasCorrection::kFast) {
    HONE_ASSIGN_OR_RETURN(result.shifts, MeasureFast(reference, quantized,
                                                     split, source, runner));
  } else {
    HONE_ASSIGN_OR_RETURN(result.shifts,
                          MeasureFull(reference, quantized, integer_bias, split,
                                      source, runner, device));
  }
  // A shift that int32 cannot hold is that layer's alone.
  for (const QuantizedLayer& layer : FindQuantizedLayers(quantized.graph)) {
    for (LayerShift& shift : result.shifts) {
      if (shift.output != layer.output || shift.shift.empty()) continue;
      const absl::Status moved =
          ShiftBias(quantized.graph, layer, shift.shift, integer_bias).status();
      if (moved.ok()) continue;
      shift.shift.clear();
      shift.why = std::string(moved.message());
    }
  }
  Model corrected = quantized;
  HONE_RETURN_IF_ERROR(ApplyShifts(result.shifts, integer_bias, &corrected));
  HONE_RETURN_IF_ERROR(CompareOutputs(reference, quantized, corrected,
                                      split.held, source, runner, &result));
  if (!(result.output_error_after <= result.output_error_before)) {
    result.undone = true;
    for (LayerShift& shift : result.shifts) {
      if (shift.shift.empty()) continue;
      shift.shift.clear();
      shift.why = "bias correction undone: the model's outputs got worse";
    }
  }
  // The walk of full correction reads the data once more than the runner knows.
  result.passes =
      runner.passes() - passes + (method == BiasCorrection::kFull ? 1 : 0);
  return result;
}

void AddBiasRows(BiasCorrection method, const BiasCorrectionResult& result,
                 const Graph& reference, Report* rows) {
  const GraphIndex index(reference);
  const char* const word = method == BiasCorrection::kFast ? "fast" : "full";
  size_t corrected = 0;
  for (const LayerShift& shift : result.shifts) {
    const int node = index.ProducerIndex(shift.output);
    const bool kept = !shift.shift.empty();
    corrected += kept ? 1 : 0;
    if (node < 0) continue;
    ReportRow& row = (*rows)[node];
    absl::StrAppend(
        &row.why, row.why.empty() ? "" : "; ",
        kept ? absl::StrCat("bias corrected (", word, ")") : shift.why);
    if (kept) {
      float greatest = 0;
      for (const float s : shift.shift) {
        greatest = std::max(greatest, std::fabs(s));
      }
      row.numbers.emplace_back("bias_shift_max", greatest);
    }
    if (shift.before > 0) {
      row.numbers.emplace_back("mean_error2_before", shift.before);
      row.numbers.emplace_back("mean_error2_after", shift.after);
    }
  }
  ReportRow row;
  row.node = "(model)";
  row.op = "bias_correction";
  row.done = corrected > 0 ? word : result.undone ? "undone" : "none";
  row.why = absl::StrFormat(
      "%d of %d layers corrected; relative squared error of the outputs on "
      "held "
      "samples %.4g -> %.4g%s",
      corrected, result.shifts.size(), result.output_error_before,
      result.output_error_after, result.undone ? ": undone" : "");
  row.numbers = {{"output_error_before", result.output_error_before},
                 {"output_error_after", result.output_error_after}};
  rows->push_back(std::move(row));
}

}  // namespace hone
