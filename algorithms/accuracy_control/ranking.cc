#include "algorithms/accuracy_control/ranking.h"

#include <algorithm>
#include <cmath>
#include <map>
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

  absl::StatusOr<Ranking> Rank(absl::Span<const int> layers) {
    HONE_RETURN_IF_ERROR(
        runs_.Run(quantizer_.prepared(), -1, samples_, kStage,
                  [&](uint64_t sample, absl::Span<const Value> outputs) {
                    reference_[sample].assign(outputs.begin(), outputs.end());
                    return absl::OkStatus();
                  }));
    Ranking ranking;
    HONE_ASSIGN_OR_RETURN(const QuantizedModel all, quantizer_.Quantize({}));
    HONE_ASSIGN_OR_RETURN(ranking.output_error, ErrorOf(all.model));
    for (const int layer : layers) {
      HONE_RETURN_IF_ERROR(runs_.Advance(
          all.model,
          FirstNodeOf(quantizer_.prepared().graph, layer, all.model.graph),
          kStage));
      HONE_ASSIGN_OR_RETURN(const QuantizedModel without,
                            quantizer_.Quantize({{layer, "ranked"}}));
      HONE_ASSIGN_OR_RETURN(const double error, ErrorOf(without.model));
      ranking.layers.push_back({layer, ranking.output_error - error});
    }
    std::sort(ranking.layers.begin(), ranking.layers.end(),
              [](const RankedLayer& a, const RankedLayer& b) {
                return a.cost != b.cost ? a.cost > b.cost : a.node < b.node;
              });
    const double nodes =
        static_cast<double>(runs_.nodes_run() + runs_.nodes_reused());
    if (nodes > 0) {
      ranking.reused = static_cast<double>(runs_.nodes_reused()) / nodes;
    }
    return ranking;
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
  return Ranker(quantizer, source, samples, runner, cache_bytes).Rank(layers);
}

}  // namespace hone
