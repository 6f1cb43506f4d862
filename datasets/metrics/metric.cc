#include "datasets/metrics/metric.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "datasets/error/error.h"
#include "datasets/metrics/kinds.h"

namespace hone::datasets {
namespace {

constexpr MetricInfo kInfos[] = {
    {"top1", false, true, "share of labels that have the highest score"},
    {"top5", false, true, "share of labels among the five highest scores"},
    {"f1", false, true, "F1 of class 1 of two, else macro-averaged"},
    {"auc", false, true, "area under the ROC curve, two classes"},
    {"mse", false, false, "mean squared difference from the target"},
    {"mae", false, false, "mean absolute difference from the target"},
    {"spearman", false, true, "rank correlation with the target"},
    {"agreement", true, true,
     "share of positions with the float model's top-1"},
    {"sqnr", true, true, "signal to quantization noise, dB"},
    {"cosine", true, true, "cosine with the float model's outputs"},
};

std::unique_ptr<Metric> Top1() { return MakeTopK(1); }
std::unique_ptr<Metric> Top5() { return MakeTopK(5); }

// In the order of kInfos.
constexpr std::unique_ptr<Metric> (*kMakers[])() = {
    Top1,    Top5,         MakeF1,        MakeAuc,  MakeMse,
    MakeMae, MakeSpearman, MakeAgreement, MakeSqnr, MakeCosine};
static_assert(sizeof(kMakers) / sizeof(kMakers[0]) ==
              sizeof(kInfos) / sizeof(kInfos[0]));

}  // namespace

absl::Span<const MetricInfo> Metrics() { return kInfos; }

const MetricInfo* FindMetric(absl::string_view name) {
  for (const MetricInfo& info : kInfos) {
    if (name == info.name) return &info;
  }
  return nullptr;
}

absl::StatusOr<std::unique_ptr<Metric>> MakeMetric(absl::string_view name) {
  const MetricInfo* const info = FindMetric(name);
  if (info != nullptr) return kMakers[info - kInfos]();
  return DataError(absl::StatusCode::kNotFound, "", "no metric of that name",
                   absl::StrJoin(kInfos, " ",
                                 [](std::string* to, const MetricInfo& one) {
                                   to->append(one.name);
                                 }),
                   name);
}

}  // namespace hone::datasets
