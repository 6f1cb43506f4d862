#include "harness/data/metrics.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "datasets/array/array.h"
#include "datasets/metrics/metric.h"
#include "harness/cli/nearest.h"
#include "harness/data/maps.h"
#include "harness/data/values.h"
#include "harness/error/error.h"
#include "harness/json/json.h"

namespace hone::harness {
namespace {

// Documented for later versions: typed, they get an answer of their own.
constexpr const char* kLater[] = {"miou", "map", "map50", "perplexity"};

struct Adapter {
  std::unique_ptr<datasets::Metric> metric;
  std::shared_ptr<const BoundData> data;
  bool needs_reference = false;
};

using Arrays = std::vector<datasets::Array>;

absl::StatusOr<Arrays> ArraysOf(const hone_value* const* values, size_t count,
                                const std::string& what) {
  Arrays out;
  for (size_t i = 0; i < count; ++i) {
    const std::string output = absl::StrCat(what, ": output ", i);
    HARNESS_ASSIGN_OR_RETURN(
        datasets::Array array,
        hone_value_get_kind(values[i]) == HONE_VALUE_SEQUENCE
            ? RowsOfMaps(values[i], output)
            : ArrayOf(values[i], output));
    out.push_back(std::move(array));
  }
  return out;
}

// Sample `b` of a batch: every array's row with a leading axis of 1. Outputs
// that are not one row a sample stay whole.
absl::StatusOr<Arrays> RowsOf(const Arrays& arrays, int64_t b, int64_t batch) {
  Arrays out;
  for (const datasets::Array& array : arrays) {
    if (array.rank() < 1 || array.shape[0] != batch) {
      out.push_back(array);
      continue;
    }
    HARNESS_ASSIGN_OR_RETURN(
        datasets::Array row,
        datasets::FitToRank(datasets::Row(array, b), array.rank()));
    out.push_back(std::move(row));
  }
  return out;
}

absl::Status Update(Adapter& adapter, uint64_t index,
                    const hone_value* const* outputs,
                    const hone_value* const* reference, size_t count,
                    const hone_value* target) {
  const int64_t batch = adapter.data->batch();
  std::string name = absl::StrCat(adapter.data->spec(), ": sample ",
                                  index * static_cast<uint64_t>(batch));
  HARNESS_ASSIGN_OR_RETURN(const Arrays ours, ArraysOf(outputs, count, name));
  Arrays expected;
  if (adapter.needs_reference) {
    HARNESS_ASSIGN_OR_RETURN(expected, ArraysOf(reference, count, name));
  } else {
    if (target == nullptr) {
      return InputError(name, "the metric needs a label", "a label", "none");
    }
    HARNESS_ASSIGN_OR_RETURN(datasets::Array array, ArrayOf(target, name));
    expected.push_back(std::move(array));
  }
  if (batch == 1) return adapter.metric->Add(name, ours, expected);
  for (int64_t b = 0; b < batch; ++b) {
    HARNESS_ASSIGN_OR_RETURN(const Arrays row, RowsOf(ours, b, batch));
    Arrays wanted;
    if (adapter.needs_reference) {
      HARNESS_ASSIGN_OR_RETURN(wanted, RowsOf(expected, b, batch));
    } else {
      wanted.push_back(datasets::Row(expected[0], b));
    }
    name = absl::StrCat(adapter.data->spec(), ": sample ",
                        static_cast<int64_t>(index) * batch + b);
    HARNESS_RETURN_IF_ERROR(adapter.metric->Add(name, row, wanted));
  }
  return absl::OkStatus();
}

absl::StatusOr<MetricPtr> AsMetric(const std::string& name,
                                   std::shared_ptr<const BoundData> data) {
  if (!datasets::FindMetric(name)->needs_reference && !data->has_targets()) {
    return InputError(data->spec(),
                      absl::StrCat("the metric ", name, " needs labels"),
                      "data with labels, or --metric agreement", "none");
  }
  auto adapter = std::make_unique<Adapter>();
  HARNESS_ASSIGN_OR_RETURN(adapter->metric, datasets::MakeMetric(name));
  adapter->data = std::move(data);
  adapter->needs_reference = datasets::FindMetric(name)->needs_reference;
  hone_metric_callbacks callbacks = {};
  callbacks.struct_size = sizeof(callbacks);
  callbacks.user = adapter.get();
  callbacks.name = name.c_str();
  callbacks.needs_reference = adapter->needs_reference;
  callbacks.update = [](void* user, uint64_t index,
                        const hone_value* const* outputs,
                        const hone_value* const* reference, size_t count,
                        const hone_value* target) {
    return ToHone(Update(*static_cast<Adapter*>(user), index, outputs,
                         reference, count, target));
  };
  callbacks.result = [](void* user, double* value, double* low, double* high) {
    const auto estimate = static_cast<Adapter*>(user)->metric->Result();
    if (!estimate.ok()) return ToHone(estimate.status());
    *value = estimate->value;
    *low = estimate->low;
    *high = estimate->high;
    return static_cast<hone_error*>(nullptr);
  };
  callbacks.destroy = [](void* user) { delete static_cast<Adapter*>(user); };
  MetricPtr metric;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_metric_new(&callbacks, Out(&metric))));
  adapter.release();
  return metric;
}

}  // namespace

absl::Status CheckMetricNames(const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const datasets::MetricInfo& info : datasets::Metrics()) {
    known.push_back(info.name);
  }
  for (const std::string& name : names) {
    if (datasets::FindMetric(name) != nullptr) continue;
    for (const char* later : kLater) {
      if (name == later) {
        return UsageError(
            absl::StrCat("--metric ", name, ": not in this version"));
      }
    }
    return UsageError(absl::StrCat("--metric: no metric '", name,
                                   "'; the nearest is ", Nearest(name, known)));
  }
  return absl::OkStatus();
}

bool NeedsReference(const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [](const std::string& name) {
    return datasets::FindMetric(name)->needs_reference;
  });
}

bool HigherIsBetter(const std::string& name) {
  return datasets::FindMetric(name)->higher_is_better;
}

std::vector<std::string> MetricsOrDefault(const std::vector<std::string>& asked,
                                          bool has_targets) {
  if (!asked.empty()) return asked;
  if (has_targets) return {"top1"};
  return {"agreement", "sqnr", "cosine"};
}

absl::StatusOr<MetricPtr> NewMetric(const std::string& name,
                                    std::shared_ptr<const BoundData> data) {
  return AsMetric(name, std::move(data));
}

absl::StatusOr<EvaluateResult> EvaluateMetrics(
    const hone_context* context, const hone_model* model,
    const hone_model* reference, const std::shared_ptr<const BoundData>& data,
    const std::vector<std::string>& names) {
  std::vector<MetricPtr> metrics;
  std::vector<hone_metric*> raw;
  for (const std::string& name : names) {
    HARNESS_ASSIGN_OR_RETURN(MetricPtr metric, AsMetric(name, data));
    raw.push_back(metric.get());
    metrics.push_back(std::move(metric));
  }
  HARNESS_ASSIGN_OR_RETURN(const DatasetPtr dataset, AsDataset(data, ""));
  OptionsPtr options;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_options_new(Out(&options))));
  const Json state = {{"state", data->state()}};
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_options_set_json(options.get(), ToText(state).c_str())));
  ResultPtr result;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_evaluate(
      context, model, NeedsReference(names) ? reference : nullptr,
      dataset.get(), raw.data(), raw.size(), options.get(), Out(&result))));
  EvaluateResult out;
  for (const std::string& name : names) {
    Figure figure;
    figure.metric = name;
    HARNESS_RETURN_IF_ERROR(FromHone(hone_result_metric(
        result.get(), name.c_str(), &figure.value, &figure.low, &figure.high)));
    out.figures.push_back(std::move(figure));
  }
  const Json json = ParseJson(hone_result_json(result.get()));
  out.samples = data->items() * data->batch();
  out.wall_s = json.value("wall_s", 0.0);
  out.inference_s = json.value("inference_s", 0.0);
  return out;
}

}  // namespace hone::harness
