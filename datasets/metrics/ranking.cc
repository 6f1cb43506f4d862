#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"
#include "datasets/metrics/interval.h"
#include "datasets/metrics/kinds.h"
#include "datasets/metrics/scores.h"

namespace hone::datasets {
namespace {

class F1 : public Metric {
 public:
  absl::Status Add(absl::string_view sample, absl::Span<const Array> outputs,
                   absl::Span<const Array> expected) override {
    const absl::StatusOr<Scores> scores = ClassScores(sample, outputs);
    if (!scores.ok()) return scores.status();
    const absl::StatusOr<std::vector<int64_t>> labels =
        Labels(sample, expected, scores->positions, scores->classes);
    if (!labels.ok()) return labels.status();
    if (classes_ != 0 && classes_ != scores->classes) {
      return BadSample(sample, "classes", absl::StrCat(classes_),
                       absl::StrCat(scores->classes));
    }
    classes_ = scores->classes;
    for (int64_t p = 0; p < scores->positions; ++p) {
      pairs_.push_back({(*labels)[p], scores->Best(p)});
    }
    ++samples_;
    return absl::OkStatus();
  }

  absl::StatusOr<Estimate> Result() const override {
    if (samples_ == 0) return NoSamples();
    Estimate e;
    e.samples = samples_;
    e.value = Compute(pairs_);
    constexpr int kDraws = 1000;
    std::vector<double> draws;
    std::vector<LabelAndBest> resampled(pairs_.size());
    uint64_t state = 1;
    for (int d = 0; d < kDraws; ++d) {
      for (LabelAndBest& pair : resampled) {
        // Knuth's MMIX generator; its high bits are good enough to pick with.
        state = state * 6364136223846793005u + 1442695040888963407u;
        pair = pairs_[(state >> 33) % pairs_.size()];
      }
      draws.push_back(Compute(resampled));
    }
    std::sort(draws.begin(), draws.end());
    e.low = draws[kDraws / 40];
    e.high = draws[kDraws - 1 - kDraws / 40];
    return e;
  }

 private:
  struct LabelAndBest {
    int64_t label, best;
  };

  double Compute(const std::vector<LabelAndBest>& pairs) const {
    struct Counts {
      int64_t hits = 0, labels = 0, predictions = 0;
    };
    std::vector<Counts> counts(static_cast<size_t>(classes_));
    for (const LabelAndBest& pair : pairs) {
      counts[pair.label].hits += pair.label == pair.best;
      ++counts[pair.label].labels;
      ++counts[pair.best].predictions;
    }
    const auto f1 = [](const Counts& c) {
      const int64_t total = c.labels + c.predictions;
      return total == 0 ? 0.0 : 2.0 * c.hits / total;
    };
    if (classes_ == 2) return f1(counts[1]);
    double sum = 0;
    int64_t seen = 0;
    for (const Counts& c : counts) {
      if (c.labels + c.predictions == 0) continue;
      sum += f1(c);
      ++seen;
    }
    return sum / static_cast<double>(seen);
  }

  std::vector<LabelAndBest> pairs_;
  int64_t classes_ = 0;
  int64_t samples_ = 0;
};

// Ranks from 1, equal values sharing their mean rank.
std::vector<double> Ranks(const std::vector<double>& values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (size_t i = 0; i < order.size();) {
    size_t j = i;
    while (j < order.size() && values[order[j]] == values[order[i]]) ++j;
    for (size_t k = i; k < j; ++k) {
      ranks[order[k]] =
          (static_cast<double>(i + 1) + static_cast<double>(j)) / 2;
    }
    i = j;
  }
  return ranks;
}

class Auc : public Metric {
 public:
  absl::Status Add(absl::string_view sample, absl::Span<const Array> outputs,
                   absl::Span<const Array> expected) override {
    if (outputs.empty() || outputs[0].size() < 1 || outputs[0].size() > 2) {
      return BadSample(
          sample, "score", "one number, or two classes",
          outputs.empty() ? "no output" : ShapeToString(outputs[0].shape));
    }
    const absl::StatusOr<std::vector<double>> values =
        Numbers(sample, "score", outputs[0]);
    if (!values.ok()) return values.status();
    const absl::StatusOr<std::vector<int64_t>> labels =
        Labels(sample, expected, 1, 2);
    if (!labels.ok()) return labels.status();
    scores_.push_back(values->size() == 1 ? (*values)[0]
                                          : (*values)[1] - (*values)[0]);
    labels_.push_back((*labels)[0]);
    return absl::OkStatus();
  }

  absl::StatusOr<Estimate> Result() const override {
    if (scores_.empty()) return NoSamples();
    const double positives =
        static_cast<double>(std::count(labels_.begin(), labels_.end(), 1));
    const double negatives = static_cast<double>(labels_.size()) - positives;
    if (positives == 0 || negatives == 0) {
      return absl::FailedPreconditionError(
          "auc needs samples of both classes: expected labels 0 and 1, found "
          "one of them");
    }
    const std::vector<double> ranks = Ranks(scores_);
    double sum = 0;
    for (size_t i = 0; i < ranks.size(); ++i) {
      if (labels_[i] == 1) sum += ranks[i];
    }
    Estimate e;
    e.samples = static_cast<int64_t>(scores_.size());
    const double a =
        (sum - positives * (positives + 1) / 2) / (positives * negatives);
    const double q1 = a / (2 - a), q2 = 2 * a * a / (1 + a);
    const double variance = (a * (1 - a) + (positives - 1) * (q1 - a * a) +
                             (negatives - 1) * (q2 - a * a)) /
                            (positives * negatives);
    const double half = kZ95 * std::sqrt(std::max(0.0, variance));
    e.value = a;
    e.low = std::max(0.0, a - half);
    e.high = std::min(1.0, a + half);
    return e;
  }

 private:
  std::vector<double> scores_;
  std::vector<int64_t> labels_;
};

class Spearman : public Metric {
 public:
  absl::Status Add(absl::string_view sample, absl::Span<const Array> outputs,
                   absl::Span<const Array> expected) override {
    if (outputs.empty() || expected.size() != 1 ||
        outputs[0].size() != expected[0].size() || outputs[0].size() == 0) {
      return BadSample(sample, "target", "as many numbers as the first output");
    }
    const absl::StatusOr<std::vector<double>> a =
        Numbers(sample, "output", outputs[0]);
    if (!a.ok()) return a.status();
    const absl::StatusOr<std::vector<double>> b =
        Numbers(sample, "target", expected[0]);
    if (!b.ok()) return b.status();
    outputs_.insert(outputs_.end(), a->begin(), a->end());
    targets_.insert(targets_.end(), b->begin(), b->end());
    ++samples_;
    return absl::OkStatus();
  }

  absl::StatusOr<Estimate> Result() const override {
    if (samples_ == 0) return NoSamples();
    const std::vector<double> a = Ranks(outputs_), b = Ranks(targets_);
    const double n = static_cast<double>(a.size());
    const double mean = (n + 1) / 2;
    double aa = 0, ab = 0, bb = 0;
    for (size_t i = 0; i < a.size(); ++i) {
      aa += (a[i] - mean) * (a[i] - mean);
      ab += (a[i] - mean) * (b[i] - mean);
      bb += (b[i] - mean) * (b[i] - mean);
    }
    if (aa == 0 || bb == 0) {
      return absl::FailedPreconditionError(
          "spearman needs values that differ: all outputs or all targets are "
          "equal");
    }
    Estimate e;
    e.samples = samples_;
    e.value = std::clamp(ab / std::sqrt(aa * bb), -1.0, 1.0);
    e.low = -1;
    e.high = 1;
    if (n > 3) {
      const double z = std::atanh(std::clamp(e.value, -1 + 1e-15, 1 - 1e-15));
      const double half = kZ95 * std::sqrt(1.06 / (n - 3));
      e.low = std::min(e.value, std::tanh(z - half));
      e.high = std::max(e.value, std::tanh(z + half));
    }
    return e;
  }

 private:
  std::vector<double> outputs_;
  std::vector<double> targets_;
  int64_t samples_ = 0;
};

}  // namespace

std::unique_ptr<Metric> MakeF1() { return std::make_unique<F1>(); }
std::unique_ptr<Metric> MakeAuc() { return std::make_unique<Auc>(); }
std::unique_ptr<Metric> MakeSpearman() { return std::make_unique<Spearman>(); }

}  // namespace hone::datasets
