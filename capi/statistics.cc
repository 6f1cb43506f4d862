#include "capi/statistics.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "algorithms/quantization/post_training.h"
#include "algorithms/runner/runner.h"
#include "algorithms/runner/sample_source.h"
#include "algorithms/statistics/value_statistics.h"
#include "capi/context.h"
#include "capi/dataset.h"
#include "capi/error.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/result.h"
#include "capi/text.h"
#include "ir/error/error.h"

namespace hone::capi {
namespace {

// The part of `samples` that "k/n" names; all of them for "". Every sample is
// in exactly one of the n parts.
absl::StatusOr<std::vector<uint64_t>> Shard(const std::string& shard,
                                            std::vector<uint64_t> samples) {
  if (shard.empty()) return samples;
  const std::vector<std::string> parts = absl::StrSplit(shard, '/');
  uint64_t k = 0, n = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &k) ||
      !absl::SimpleAtoi(parts[1], &n) || k < 1 || k > n || n > samples.size()) {
    return Misuse("wrong value", "shard",
                  absl::StrCat("k/n, 1 <= k <= n <= ", samples.size()), shard);
  }
  const uint64_t size = samples.size();
  // n and size are sample counts, far below 2^32 each in practice; whole and
  // rest keep the products small anyway.
  const uint64_t whole = size / n, rest = size % n;
  const auto begin = [&](uint64_t i) { return i * whole + std::min(i, rest); };
  return std::vector<uint64_t>(samples.begin() + begin(k - 1),
                               samples.begin() + begin(k));
}

nlohmann::ordered_json ValueToJson(const ValueStatistics& value) {
  nlohmann::ordered_json json;
  const RangeStatistics& range = value.range;
  json["count"] = range.count;
  json["nan"] = value.nan_count;
  json["inf"] = value.inf_count;
  if (!range.empty()) {
    json["min"] = range.min;
    json["max"] = range.max;
    json["mean"] = range.mean();
    json["abs_max"] = range.abs_max();
  }
  if (!value.samples.empty()) {
    json["mean_of_min"] = value.MeanOfMinima();
    json["mean_of_max"] = value.MeanOfMaxima();
  }
  return json;
}

}  // namespace
}  // namespace hone::capi

using hone::capi::Guard;

hone_error* hone_statistics_collect(const hone_context* context,
                                    const hone_model* model,
                                    const hone_dataset* dataset,
                                    const hone_options* options,
                                    hone_statistics** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(model);
  HONE_REQUIRE(dataset);
  return Guard([&]() -> absl::Status {
    HONE_RETURN_IF_ERROR(hone::capi::CheckVerb(options, "statistics"));
    hone::RunnerOptions run = hone::capi::RunnerOptionsOf(context);
    HONE_ASSIGN_OR_RETURN(run.state, hone::capi::GetState(options));
    hone::capi::CallbackSource source(dataset, &model->model.graph,
                                      /*keep_targets=*/false, run.state);
    hone::Runner runner(std::move(run));
    HONE_ASSIGN_OR_RETURN(
        const std::vector<uint64_t> samples,
        hone::capi::Shard(
            hone::capi::GetString(options, "shard"),
            hone::SpreadSamples(
                source.size(),
                static_cast<uint64_t>(
                    hone::capi::GetInt(options, "subset_size")),
                static_cast<uint64_t>(hone::capi::GetInt(options, "seed")))));
    HONE_ASSIGN_OR_RETURN(
        hone::Statistics statistics,
        hone::CollectCalibration(model->model, source, samples, runner));
    *out = new hone_statistics{std::move(statistics)};
    return absl::OkStatus();
  });
}

hone_error* hone_statistics_save(const hone_statistics* statistics,
                                 const char* path) {
  HONE_REQUIRE(statistics);
  HONE_REQUIRE(path);
  return Guard(
      [&] { return hone::capi::OfWriting(statistics->statistics.Save(path)); });
}

hone_error* hone_statistics_load(const char* path, hone_statistics** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(path);
  return Guard([&]() -> absl::Status {
    HONE_ASSIGN_OR_RETURN(hone::Statistics statistics,
                          hone::Statistics::Load(path));
    *out = new hone_statistics{std::move(statistics)};
    return absl::OkStatus();
  });
}

hone_error* hone_statistics_merge(const hone_statistics* const* shards,
                                  size_t count, hone_statistics** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(shards);
  return Guard([&]() -> absl::Status {
    if (count == 0) {
      return hone::capi::Misuse("nothing to merge", "count", "1 or more", "0");
    }
    for (size_t i = 0; i < count; ++i) {
      if (shards[i] == nullptr) {
        return hone::capi::NullArgument(absl::StrCat("shards[", i, "]"));
      }
    }
    auto merged = std::make_unique<hone_statistics>(*shards[0]);
    for (size_t i = 1; i < count; ++i) {
      HONE_RETURN_IF_ERROR(merged->statistics.Merge(shards[i]->statistics));
    }
    *out = merged.release();
    return absl::OkStatus();
  });
}

hone_error* hone_statistics_to_json(const hone_statistics* statistics,
                                    hone_text** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(statistics);
  return Guard([&]() -> absl::Status {
    const hone::Statistics& all = statistics->statistics;
    nlohmann::ordered_json json;
    json["data"] = all.data_identity();
    json["samples"] = all.samples().size();
    json["values"] = nlohmann::ordered_json::object();
    for (const auto& [name, entry] : all.values()) {
      json["values"][name] = hone::capi::ValueToJson(entry.statistics);
    }
    *out = hone::capi::NewText(hone::capi::JsonText(json));
    return absl::OkStatus();
  });
}

void hone_statistics_free(hone_statistics* statistics) { delete statistics; }
