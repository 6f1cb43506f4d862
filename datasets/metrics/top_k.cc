#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "datasets/metrics/interval.h"
#include "datasets/metrics/kinds.h"
#include "datasets/metrics/scores.h"

namespace hone::datasets {
namespace {

// Hits among positions, kept per sample for the interval.
class Share : public Metric {
 public:
  absl::StatusOr<Estimate> Result() const override {
    if (sums_.count() == 0) return NoSamples();
    Estimate e;
    e.samples = sums_.count();
    e.value = static_cast<double>(hits_) / static_cast<double>(positions_);
    if (positions_ == sums_.count()) {
      const Interval interval = Wilson(hits_, positions_);
      e.low = interval.low;
      e.high = interval.high;
    } else {
      const double half = kZ95 * sums_.standard_error();
      e.low = std::max(0.0, e.value - half);
      e.high = std::min(1.0, e.value + half);
    }
    return e;
  }

 protected:
  void Count(int64_t hits, int64_t positions) {
    hits_ += hits;
    positions_ += positions;
    sums_.Add(static_cast<double>(hits), static_cast<double>(positions));
  }
  absl::Status CountEqual(absl::string_view sample, const Array& classes,
                          const Array& expected) {
    const absl::StatusOr<int64_t> hits =
        EqualClasses(sample, classes, expected);
    if (!hits.ok()) return hits.status();
    Count(*hits, classes.size());
    return absl::OkStatus();
  }

 private:
  int64_t hits_ = 0;
  int64_t positions_ = 0;
  RatioOfSums sums_;
};

class TopK : public Share {
 public:
  explicit TopK(int k) : k_(k) {}

  absl::Status Add(absl::string_view sample, absl::Span<const Array> outputs,
                   absl::Span<const Array> expected) override {
    // A classifier's own choice.
    if (k_ == 1 && !outputs.empty() && expected.size() == 1 &&
        IsClasses(outputs[0]) && outputs[0].size() == expected[0].size()) {
      return CountEqual(sample, outputs[0], expected[0]);
    }
    const absl::StatusOr<Scores> scores = ClassScores(sample, outputs);
    if (!scores.ok()) return scores.status();
    const absl::StatusOr<std::vector<int64_t>> labels =
        Labels(sample, expected, scores->positions, scores->classes);
    if (!labels.ok()) return labels.status();
    int64_t hits = 0;
    for (int64_t p = 0; p < scores->positions; ++p) {
      const absl::Span<const double> row = scores->At(p);
      const int64_t label = (*labels)[p];
      int better = 0;
      for (int64_t c = 0; c < scores->classes; ++c) {
        better += row[c] > row[label] || (row[c] == row[label] && c < label);
      }
      hits += better < k_;
    }
    Count(hits, scores->positions);
    return absl::OkStatus();
  }

 private:
  int k_;
};

class Agreement : public Share {
 public:
  absl::Status Add(absl::string_view sample, absl::Span<const Array> outputs,
                   absl::Span<const Array> expected) override {
    if (!outputs.empty() && !expected.empty() && IsClasses(outputs[0])) {
      return CountEqual(sample, outputs[0], expected[0]);
    }
    const absl::StatusOr<Scores> ours = ClassScores(sample, outputs);
    if (!ours.ok()) return ours.status();
    if (expected.empty()) {
      return BadSample(sample, "agreement", "the float model's outputs",
                       "none");
    }
    const absl::StatusOr<Scores> theirs = ClassScores(sample, expected);
    if (!theirs.ok()) return theirs.status();
    if (outputs[0].shape != expected[0].shape) {
      return BadSample(sample, "class scores", ShapeToString(expected[0].shape),
                       ShapeToString(outputs[0].shape));
    }
    int64_t hits = 0;
    for (int64_t p = 0; p < ours->positions; ++p) {
      hits += ours->Best(p) == theirs->Best(p);
    }
    Count(hits, ours->positions);
    return absl::OkStatus();
  }
};

}  // namespace

std::unique_ptr<Metric> MakeTopK(int k) { return std::make_unique<TopK>(k); }
std::unique_ptr<Metric> MakeAgreement() {
  return std::make_unique<Agreement>();
}

}  // namespace hone::datasets
