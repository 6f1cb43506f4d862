#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/ml/row_model.h"

namespace hone {
namespace {

struct Machine {
  enum Kernel { kLinear, kPoly, kRbf, kSigmoid };
  size_t kernel = kLinear;
  double gamma = 0, offset = 0, degree = 0;
  std::vector<float> vectors, coefficients, rho;
  size_t features = 0;

  // k(x, y): x y, (gamma x y + offset)^degree, e^(-gamma |x - y|^2) or
  // tanh(gamma x y + offset).
  double Of(const double* x, const float* y) const {
    double sum = 0;
    for (size_t i = 0; i < features; ++i) {
      const double b = y[i];
      sum += kernel == kRbf ? (x[i] - b) * (x[i] - b) : x[i] * b;
    }
    switch (kernel) {
      case kPoly:
        return std::pow(gamma * sum + offset, degree);
      case kRbf:
        return std::exp(-gamma * sum);
      case kSigmoid:
        return std::tanh(gamma * sum + offset);
      default:
        return sum;
    }
  }

  static absl::StatusOr<Machine> Of(const Node& node) {
    static constexpr absl::string_view kNames[] = {"LINEAR", "POLY", "RBF",
                                                   "SIGMOID"};
    AttributeReader read(node);
    Machine m;
    m.kernel =
        read.Choice("kernel_type", "LINEAR", absl::MakeConstSpan(kNames));
    const std::vector<float> params = read.Floats("kernel_params");
    m.vectors = read.Floats("support_vectors");
    m.coefficients = read.Floats("coefficients");
    m.rho = read.Floats("rho");
    if (!params.empty()) {
      if (params.size() != 3) read.Fail("kernel_params", "3 numbers");
      m.gamma = params[0];
      m.offset = params.size() > 1 ? params[1] : 0;
      m.degree = params.size() > 2 ? params[2] : 0;
    }
    if (m.rho.empty() || m.coefficients.empty()) {
      read.Fail("rho and coefficients", "at least one");
    }
    return read.Finish(std::move(m));
  }
};

// y = sum c_i k(x, v_i) + rho, or c x + rho without vectors.
class Regressor : public RowModel {
 public:
  Regressor(Machine machine, bool one_class)
      : machine_(std::move(machine)), one_class_(one_class) {}
  size_t features() const override { return machine_.features; }
  bool Run(const double* x, RowScores* out) const override {
    const Machine& m = machine_;
    double sum = m.rho[0];
    if (m.vectors.empty()) {
      sum += m.Of(x, m.coefficients.data());
    } else {
      for (size_t i = 0; i < m.coefficients.size(); ++i) {
        sum += m.coefficients[i] * m.Of(x, m.vectors.data() + i * m.features);
      }
    }
    out->scores = {one_class_ ? (sum > 0 ? 1.0 : -1.0) : sum};
    return true;
  }

 private:
  const Machine machine_;
  const bool one_class_;
};

// One decision a pair of classes, or one a class without support vectors.
class Classifier : public RowModel {
 public:
  static absl::StatusOr<std::unique_ptr<RowModel>> Of(const Node& node,
                                                      size_t classes) {
    auto c = std::make_unique<Classifier>();
    HONE_ASSIGN_OR_RETURN(c->m_, Machine::Of(node));
    Machine& m = c->m_;
    c->classes_ = classes;
    c->prob_a_ = node.FloatsAttribute("prob_a");
    c->prob_b_ = node.FloatsAttribute("prob_b");
    HONE_ASSIGN_OR_RETURN(c->transform_, PostTransformOf(node));
    c->all_positive_ = std::all_of(m.coefficients.begin(), m.coefficients.end(),
                                   [](float weight) { return weight >= 0; });
    size_t vectors = 0;
    for (const int64_t count : node.IntsAttribute("vectors_per_class")) {
      if (count < 0 || count > (int64_t{1} << 40)) {
        return NodeError(node, "vectors_per_class", "at least 0");
      }
      c->starts_.push_back(vectors);
      c->counts_.push_back(static_cast<size_t>(count));
      vectors += static_cast<size_t>(count);
    }
    const size_t pairs = classes * (classes - 1) / 2;
    const bool machine = vectors > 0;
    if (machine) {
      m.features = m.vectors.size() / vectors;
    } else {
      m.features = classes == 0 ? 0 : m.coefficients.size() / classes;
      m.kernel = Machine::kLinear;
    }
    const bool fits =
        machine
            ? c->counts_.size() == classes && m.features > 0 &&
                  m.vectors.size() == vectors * m.features &&
                  m.coefficients.size() == vectors * (classes - 1) &&
                  m.rho.size() >= pairs
            : m.features > 0 && m.coefficients.size() == classes * m.features;
    if (classes < 2 || !fits) {
      return NodeError(node, "the lists of support vectors and coefficients",
                       absl::StrCat("those of ", classes, " classes"));
    }
    if (c->prob_a_.size() != c->prob_b_.size() ||
        (!c->prob_a_.empty() && c->prob_a_.size() < pairs)) {
      return NodeError(node, "prob_a and prob_b", absl::StrCat(pairs),
                       absl::StrCat(c->prob_a_.size()));
    }
    return std::unique_ptr<RowModel>(std::move(c));
  }
  size_t features() const override { return m_.features; }

  bool Run(const double* x, RowScores* out) const override {
    std::vector<double>& scores = out->scores;
    scores.clear();
    std::vector<double> votes;
    if (counts_.empty()) {
      for (size_t c = 0; c < classes_; ++c) {
        scores.push_back(m_.rho[0] +
                         m_.Of(x, m_.coefficients.data() + c * m_.features));
      }
    } else {
      votes = Decide(x, &scores);
    }
    const bool probable = !prob_a_.empty() && !counts_.empty();
    if (probable) scores = Probabilities(scores);
    out->label = PlaceOfLargest(votes.empty() ? scores : votes);
    if (classes_ == 2 && !votes.empty() && !probable) {
      out->second = transform_ == PostTransform::kNone
                        ? SecondScore::kNegative
                        : SecondScore::kComplement;
    }
    return true;
  }

 private:
  // The decisions of all pairs; the votes.
  std::vector<double> Decide(const double* x,
                             std::vector<double>* decisions) const {
    const size_t vectors = m_.vectors.size() / m_.features;
    std::vector<double> kernels(vectors);
    for (size_t v = 0; v < vectors; ++v) {
      kernels[v] = m_.Of(x, m_.vectors.data() + v * m_.features);
    }
    const auto share = [&](size_t row, size_t c) {
      double sum = 0;
      for (size_t v = starts_[c]; v < starts_[c] + counts_[c]; ++v) {
        sum += m_.coefficients[row * vectors + v] * kernels[v];
      }
      return sum;
    };
    std::vector<double> votes(classes_, 0);
    for (size_t i = 0; i < classes_; ++i) {
      for (size_t j = i + 1; j < classes_; ++j) {
        const double sum =
            share(j - 1, i) + share(i, j) + m_.rho[decisions->size()];
        decisions->push_back(sum);
        ++votes[sum > 0 ? i : j];
      }
    }
    return votes;
  }

  // Of every class from the decisions of pairs: Wu, Lin and Weng 2004,
  // "Probability Estimates for Multi-class Classification by Pairwise
  // Coupling", algorithm 2, as LIBSVM stops it.
  std::vector<double> Probabilities(
      const std::vector<double>& decisions) const {
    const size_t n = classes_;
    std::vector<double> r(n * n, 0);
    size_t at = 0;
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = i + 1; j < n; ++j, ++at) {
        const double p =
            1 - Logistic(decisions[at] * static_cast<double>(prob_a_[at]) +
                         static_cast<double>(prob_b_[at]));
        const double inside = std::min(std::max(p, 1e-7), 1 - 1e-7);
        r[i * n + j] = inside;
        r[j * n + i] = 1 - inside;
      }
    }
    std::vector<double> p(n, 1.0 / static_cast<double>(n)), q(n * n, 0), qp(n);
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < n; ++j) {
        if (i == j) continue;
        q[i * n + i] += r[j * n + i] * r[j * n + i];
        q[i * n + j] = -r[j * n + i] * r[i * n + j];
      }
    }
    const double enough = 0.005 / static_cast<double>(n);
    for (int step = 0; step < 100; ++step) {
      double pqp = 0;
      for (size_t i = 0; i < n; ++i) {
        qp[i] = std::inner_product(p.begin(), p.end(), q.begin() + i * n, 0.0);
        pqp += p[i] * qp[i];
      }
      double error = 0;
      for (size_t i = 0; i < n; ++i) {
        error = std::max(error, std::abs(qp[i] - pqp));
      }
      if (error < enough) break;
      for (size_t i = 0; i < n; ++i) {
        const double change = (pqp - qp[i]) / q[i * n + i];
        p[i] += change;
        pqp = (pqp + change * (change * q[i * n + i] + 2 * qp[i])) /
              (1 + change) / (1 + change);
        for (size_t j = 0; j < n; ++j) {
          qp[j] = (qp[j] + change * q[i * n + j]) / (1 + change);
          p[j] /= 1 + change;
        }
      }
    }
    return p;
  }

  Machine m_;
  size_t classes_ = 0;
  std::vector<size_t> starts_, counts_;  // empty: linear
  std::vector<float> prob_a_, prob_b_;
  PostTransform transform_ = PostTransform::kNone;
  bool all_positive_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowModel>> MakeSvmModel(const Node& node,
                                                       size_t classes) {
  if (node.op_type == "SVMClassifier") return Classifier::Of(node, classes);
  HONE_ASSIGN_OR_RETURN(Machine machine, Machine::Of(node));
  AttributeReader read(node);
  const auto vectors =
      static_cast<size_t>(read.IntIn("n_supports", 0, 0, int64_t{1} << 40));
  const bool one_class = read.Int("one_class", 0) != 0;
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  if (vectors == 0) {
    machine.vectors.clear();
    machine.features = machine.coefficients.size();
    machine.kernel = Machine::kLinear;
  } else {
    machine.features = machine.vectors.size() / vectors;
    if (machine.features == 0 || machine.coefficients.size() != vectors ||
        machine.vectors.size() != vectors * machine.features) {
      return NodeError(node, "support vectors and coefficients",
                       absl::StrCat("those of ", vectors, " vectors"));
    }
  }
  return std::make_unique<Regressor>(std::move(machine), one_class);
}

}  // namespace hone
