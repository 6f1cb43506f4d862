#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "datasets/metrics/interval.h"
#include "datasets/metrics/kinds.h"
#include "datasets/metrics/scores.h"

namespace hone::datasets {
namespace {

// Two vectors of one sample, of equal length and finite.
struct Pair {
  std::vector<double> output;
  std::vector<double> expected;
};

absl::Status Append(absl::string_view sample, const Array& output,
                    const Array& expected, Pair* pair) {
  absl::StatusOr<std::vector<double>> a = Numbers(sample, "output", output);
  if (!a.ok()) return a.status();
  absl::StatusOr<std::vector<double>> b =
      Numbers(sample, "expected values", expected);
  if (!b.ok()) return b.status();
  for (const std::vector<double>* values : {&*a, &*b}) {
    for (const double value : *values) {
      if (!std::isfinite(value)) {
        return BadSample(sample, "output", "finite numbers", "an infinity");
      }
    }
  }
  pair->output.insert(pair->output.end(), a->begin(), a->end());
  pair->expected.insert(pair->expected.end(), b->begin(), b->end());
  return absl::OkStatus();
}

// Every numeric output beside the reference's.
absl::StatusOr<Pair> AllOutputs(absl::string_view sample,
                                absl::Span<const Array> outputs,
                                absl::Span<const Array> expected) {
  if (outputs.size() != expected.size()) {
    return BadSample(sample, "reference outputs", absl::StrCat(outputs.size()),
                     absl::StrCat(expected.size()));
  }
  Pair pair;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].dtype == "string") continue;
    if (outputs[i].shape != expected[i].shape) {
      return BadSample(sample, absl::StrCat("output ", i),
                       ShapeToString(expected[i].shape),
                       ShapeToString(outputs[i].shape));
    }
    absl::Status status = Append(sample, outputs[i], expected[i], &pair);
    if (!status.ok()) return status;
  }
  if (pair.output.empty()) {
    return BadSample(sample, "outputs", "numbers", "none");
  }
  return pair;
}

class Sqnr : public Metric {
 public:
  absl::Status Add(absl::string_view sample, absl::Span<const Array> outputs,
                   absl::Span<const Array> expected) override {
    const absl::StatusOr<Pair> pair = AllOutputs(sample, outputs, expected);
    if (!pair.ok()) return pair.status();
    double noise = 0, signal = 0;
    for (size_t i = 0; i < pair->output.size(); ++i) {
      const double d = pair->output[i] - pair->expected[i];
      noise += d * d;
      signal += pair->expected[i] * pair->expected[i];
    }
    any_signal_ = any_signal_ || signal > 0;
    any_noise_ = any_noise_ || noise > 0;
    sums_.Add(noise, signal);
    return absl::OkStatus();
  }

  absl::StatusOr<Estimate> Result() const override {
    if (sums_.count() == 0) return NoSamples();
    Estimate e;
    e.samples = sums_.count();
    e.value = e.low = e.high = kMaxSqnrDb;
    if (!any_noise_) return e;
    if (!any_signal_) {
      e.value = e.low = e.high = -kMaxSqnrDb;  // noise alone
      return e;
    }
    const auto decibels = [](double ratio) {
      return std::clamp(-10 * std::log10(std::max(ratio, 1e-300)), -kMaxSqnrDb,
                        kMaxSqnrDb);
    };
    const double ratio = sums_.ratio();
    const double half = kZ95 * sums_.standard_error();
    e.value = decibels(ratio);
    e.low = decibels(ratio + half);
    e.high = decibels(ratio - half);
    return e;
  }

 private:
  RatioOfSums sums_;
  bool any_noise_ = false;
  bool any_signal_ = false;
};

// A mean of one number a sample.
class Mean : public Metric {
 public:
  Mean(double least, double most) : least_(least), most_(most) {}
  absl::StatusOr<Estimate> Result() const override {
    if (sums_.count() == 0) return NoSamples();
    Estimate e;
    e.samples = sums_.count();
    e.value = sums_.ratio();
    const double half = kZ95 * sums_.standard_error();
    e.low = std::max(least_, e.value - half);
    e.high = std::min(most_, e.value + half);
    return e;
  }

 protected:
  void Count(double x) { sums_.Add(x, 1); }

 private:
  double least_, most_;  // of the metric's own range
  RatioOfSums sums_;
};

class Cosine : public Mean {
 public:
  Cosine() : Mean(-1, 1) {}
  absl::Status Add(absl::string_view sample, absl::Span<const Array> outputs,
                   absl::Span<const Array> expected) override {
    const absl::StatusOr<Pair> pair = AllOutputs(sample, outputs, expected);
    if (!pair.ok()) return pair.status();
    double aa = 0, ab = 0, bb = 0;
    for (size_t i = 0; i < pair->output.size(); ++i) {
      const double a = pair->output[i], b = pair->expected[i];
      aa += a * a;
      ab += a * b;
      bb += b * b;
    }
    if (aa == 0 || bb == 0) {
      Count(aa == bb ? 1 : 0);
    } else {
      Count(std::clamp(ab / (std::sqrt(aa) * std::sqrt(bb)), -1.0, 1.0));
    }
    return absl::OkStatus();
  }
};

class Difference : public Mean {
 public:
  explicit Difference(bool squared) : Mean(0, INFINITY), squared_(squared) {}
  absl::Status Add(absl::string_view sample, absl::Span<const Array> outputs,
                   absl::Span<const Array> expected) override {
    if (outputs.empty() || expected.size() != 1) {
      return BadSample(sample, "target", "one array",
                       absl::StrCat(expected.size()));
    }
    if (outputs[0].size() != expected[0].size() || outputs[0].size() == 0) {
      return BadSample(sample, "target",
                       absl::StrCat(outputs[0].size(), " numbers as output ",
                                    ShapeToString(outputs[0].shape)),
                       ShapeToString(expected[0].shape));
    }
    Pair pair;
    absl::Status status = Append(sample, outputs[0], expected[0], &pair);
    if (!status.ok()) return status;
    double sum = 0;
    for (size_t i = 0; i < pair.output.size(); ++i) {
      const double d = pair.output[i] - pair.expected[i];
      sum += squared_ ? d * d : std::abs(d);
    }
    Count(sum / static_cast<double>(pair.output.size()));
    return absl::OkStatus();
  }

 private:
  bool squared_;
};

}  // namespace

std::unique_ptr<Metric> MakeSqnr() { return std::make_unique<Sqnr>(); }
std::unique_ptr<Metric> MakeCosine() { return std::make_unique<Cosine>(); }
std::unique_ptr<Metric> MakeMse() { return std::make_unique<Difference>(true); }
std::unique_ptr<Metric> MakeMae() {
  return std::make_unique<Difference>(false);
}

}  // namespace hone::datasets
