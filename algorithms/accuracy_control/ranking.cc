#include "algorithms/accuracy_control/ranking.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "algorithms/accuracy_control/prefix_runs.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"

namespace hone {
namespace {

constexpr char kStage[] = "rank layers";

// |y - x|^2 and |x|^2 of float outputs.
struct Distance {
  double error = 0;
  double signal = 0;
};

Distance DistanceOf(const Value& x, const Value& y) {
  Distance out;
  if (!x.is_tensor() || !y.is_tensor() || x.tensor().dtype() != DType::kF32 ||
      y.tensor().dtype() != DType::kF32 ||
      x.tensor().size() != y.tensor().size()) {
    return out;
  }
  const Tensor left = x.tensor().Aligned(), right = y.tensor().Aligned();
  const auto a = left.Values<float>(), b = right.Values<float>();
  for (size_t i = 0; i < a.size(); ++i) {
    const double d = static_cast<double>(a[i]) - b[i];
    out.error += d * d;
    out.signal += static_cast<double>(a[i]) * a[i];
  }
  return out;
}

class Ranker {
 public:
  Ranker(const Quantizer& quantizer, SampleSource& source,
         absl::Span<const uint64_t> samples, Runner& runner,
         uint64_t cache_bytes)
      : quantizer_(quantizer),
        samples_(samples),
        runs_(source, {samples.begin(), samples.end()}, runner, cache_bytes) {}

  // The error of every output with all layers quantized; before all else.
  absl::StatusOr<double> Begin() {
    HONE_RETURN_IF_ERROR(
        runs_.Run(quantizer_.prepared(), -1, samples_, kStage,
                  [&](uint64_t sample, absl::Span<const Value> outputs) {
                    reference_[sample].assign(outputs.begin(), outputs.end());
                    return absl::OkStatus();
                  }));
    HONE_ASSIGN_OR_RETURN(QuantizedModel all, quantizer_.Quantize({}));
    all_ = std::move(all.model);
    return ErrorOf(all_);
  }

  // With that layer alone in float. Layers in ascending order reuse most.
  absl::StatusOr<double> Without(int layer) {
    HONE_RETURN_IF_ERROR(runs_.Advance(
        all_, FirstNodeOf(quantizer_.prepared().graph, layer, all_.graph),
        kStage));
    HONE_ASSIGN_OR_RETURN(const QuantizedModel without,
                          quantizer_.Quantize({{layer, "ranked"}}));
    return ErrorOf(without.model);
  }

  // With that one of `layers` alone quantized. Nothing: it is not, then.
  absl::StatusOr<std::optional<double>> Alone(int layer,
                                              absl::Span<const int> layers) {
    std::map<int, std::string> kept;
    for (const int other : layers) {
      if (other != layer) kept[other] = "ranked";
    }
    HONE_RETURN_IF_ERROR(runs_.Advance(quantizer_.prepared(), layer, kStage));
    HONE_ASSIGN_OR_RETURN(const QuantizedModel alone,
                          quantizer_.Quantize(kept));
    if (alone.prepared_rows[layer].done == "float") return std::nullopt;
    return ErrorOf(alone.model);
  }

  double reused() const {
    const double nodes =
        static_cast<double>(runs_.nodes_run() + runs_.nodes_reused());
    return nodes > 0 ? static_cast<double>(runs_.nodes_reused()) / nodes : 0;
  }

 private:
  absl::StatusOr<double> ErrorOf(const Model& model) {
    std::vector<Distance> sums;
    HONE_RETURN_IF_ERROR(
        runs_.Run(model, -1, samples_, kStage,
                  [&](uint64_t sample, absl::Span<const Value> outputs) {
                    const std::vector<Value>& expected = reference_[sample];
                    sums.resize(outputs.size());
                    for (size_t i = 0; i < outputs.size(); ++i) {
                      const Distance d = DistanceOf(expected[i], outputs[i]);
                      sums[i].error += d.error;
                      sums[i].signal += d.signal;
                    }
                    return absl::OkStatus();
                  }));
    double error = 0;
    for (const Distance& sum : sums) {
      error += sum.signal > 0 ? sum.error / sum.signal : sum.error;
    }
    if (!std::isfinite(error)) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "the model's outputs cannot be compared",
                       {.expected = "finite outputs",
                        .found = absl::StrCat("an error of ", error)});
    }
    return error;
  }

  const Quantizer& quantizer_;
  const absl::Span<const uint64_t> samples_;
  PrefixRuns runs_;
  std::map<uint64_t, std::vector<Value>> reference_;
  Model all_;  // every layer quantized
};

}  // namespace

int FirstNodeOf(const Graph& prepared, int layer, const Graph& quantized) {
  const std::string& output = prepared.nodes[layer].outputs[0];
  const std::string stem = absl::StrCat(output, "_");
  int first = -1;
  for (int i = 0; i < static_cast<int>(quantized.nodes.size()); ++i) {
    for (const std::string& name : quantized.nodes[i].outputs) {
      if (name == output || absl::StartsWith(name, stem)) {
        first = i;
        break;
      }
    }
    if (first >= 0) break;
  }
  while (first > 0 && quantized.nodes[first - 1].Is("DequantizeLinear")) {
    --first;
  }
  return std::max(first, 0);
}

absl::StatusOr<Ranking> RankLayers(const Quantizer& quantizer,
                                   absl::Span<const int> layers,
                                   SampleSource& source,
                                   absl::Span<const uint64_t> samples,
                                   Runner& runner, uint64_t cache_bytes) {
  Ranker ranker(quantizer, source, samples, runner, cache_bytes);
  Ranking ranking;
  HONE_ASSIGN_OR_RETURN(ranking.output_error, ranker.Begin());
  for (const int layer : layers) {
    HONE_ASSIGN_OR_RETURN(const double error, ranker.Without(layer));
    ranking.layers.push_back({layer, ranking.output_error - error});
  }
  std::sort(ranking.layers.begin(), ranking.layers.end(),
            [](const RankedLayer& a, const RankedLayer& b) {
              return a.cost != b.cost ? a.cost > b.cost : a.node < b.node;
            });
  ranking.reused = ranker.reused();
  return ranking;
}

absl::StatusOr<Sensitivity> MeasureSensitivity(
    const Quantizer& quantizer, absl::Span<const int> layers,
    SampleSource& source, absl::Span<const uint64_t> samples, Runner& runner,
    uint64_t cache_bytes,
    const std::function<void(uint64_t done, uint64_t total)>& progress) {
  const uint64_t total = 2 + 2 * layers.size();
  uint64_t done = 0;
  const auto tell = [&](uint64_t runs) {
    done += runs;
    if (progress != nullptr) progress(done, total);
  };
  Ranker ranker(quantizer, source, samples, runner, cache_bytes);
  Sensitivity out;
  HONE_ASSIGN_OR_RETURN(out.output_error, ranker.Begin());
  tell(2);
  for (const int layer : layers) {
    LayerSensitivity one{layer, 0, std::nullopt};
    HONE_ASSIGN_OR_RETURN(one.without, ranker.Without(layer));
    out.layers.push_back(one);
    tell(1);
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<int> all, quantizer.Layers());
  for (LayerSensitivity& one : out.layers) {
    HONE_ASSIGN_OR_RETURN(one.alone, ranker.Alone(one.node, all));
    tell(1);
  }
  out.reused = ranker.reused();
  return out;
}

}  // namespace hone
