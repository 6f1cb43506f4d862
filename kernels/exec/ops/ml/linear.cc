#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/ml/row_model.h"

namespace hone {
namespace {

// scores = W x + b, W [targets, features].
class Linear : public RowModel {
 public:
  Linear(std::vector<float> weights, std::vector<float> bias, size_t targets,
         size_t classes)
      : weights_(std::move(weights)),
        bias_(std::move(bias)),
        targets_(targets),
        classes_(classes) {}
  size_t features() const override { return weights_.size() / targets_; }

  bool Run(const double* x, RowScores* out) const override {
    const size_t n = features();
    out->scores.assign(bias_.begin(), bias_.end());
    out->scores.resize(targets_, 0);
    for (size_t t = 0; t < targets_; ++t) {
      for (size_t i = 0; i < n; ++i) {
        out->scores[t] += static_cast<double>(weights_[t * n + i]) * x[i];
      }
    }
    if (targets_ > 1) {
      out->label = PlaceOfLargest(out->scores);
      return true;
    }
    out->label = out->scores[0] > 0 ? 1 : 0;
    if (classes_ == 2) out->second = SecondScore::kComplement;
    return true;
  }

 private:
  const std::vector<float> weights_, bias_;
  const size_t targets_, classes_;
};

}  // namespace

size_t PlaceOfLargest(const std::vector<double>& values) {
  return static_cast<size_t>(std::max_element(values.begin(), values.end()) -
                             values.begin());
}

absl::StatusOr<std::unique_ptr<RowModel>> MakeLinearModel(const Node& node,
                                                          size_t classes) {
  std::vector<float> weights = node.FloatsAttribute("coefficients");
  std::vector<float> bias = node.FloatsAttribute("intercepts");
  size_t targets = bias.size();
  if (node.op_type == "LinearRegressor") {
    AttributeReader read(node);
    targets = static_cast<size_t>(read.IntIn("targets", 1, 1, 1 << 30));
    HONE_RETURN_IF_ERROR(read.Finish(0).status());
  } else if (targets == 0) {
    targets = std::max<size_t>(1, classes);
  }
  if (weights.empty() || weights.size() % targets != 0 ||
      (!bias.empty() && bias.size() != targets)) {
    return NodeError(node, "coefficients and intercepts",
                     absl::StrCat("those of ", targets, " targets"),
                     absl::StrCat(weights.size(), " and ", bias.size()));
  }
  return std::make_unique<Linear>(std::move(weights), std::move(bias), targets,
                                  classes);
}

}  // namespace hone
