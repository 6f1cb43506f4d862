#include "harness/verbs/figures.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/cli/quantities.h"
#include "harness/error/error.h"
#include "harness/machine/machine.h"

namespace hone::harness {

Json FiguresJson(const std::vector<Figure>& figures) {
  Json json = Json::object();
  for (const Figure& figure : figures) {
    json[figure.metric] = {
        {"value", figure.value}, {"low", figure.low}, {"high", figure.high}};
  }
  return json;
}

std::string IntervalText(double value, double low, double high) {
  return absl::StrFormat("%.4f [%.4f, %.4f]", value, low, high);
}

std::string FigureText(const Figure& figure) {
  return absl::StrCat(figure.metric, " ",
                      IntervalText(figure.value, figure.low, figure.high));
}

void WarnAbout(const BoundData& data, Progress* progress) {
  if (data.synthetic()) {
    progress->Warning(absl::StrCat(
        data.spec(), ": invented samples; accuracy on them means nothing"));
  }
  if (data.left_over() > 0) {
    progress->Warning(absl::StrCat(data.spec(), ": the last ", data.left_over(),
                                   " samples fill no batch of ", data.batch(),
                                   " and are left out"));
  }
}

absl::StatusOr<Outcome> DryRun(
    Environment& environment, const hone_model* model,
    const std::shared_ptr<const BoundData>& data,
    const std::vector<std::pair<std::string, int64_t>>& passes) {
  const uint64_t before = PeakResidentBytes();
  SessionPtr session;
  HARNESS_RETURN_IF_ERROR(FromHone(
      hone_session_new(environment.context, model, nullptr, Out(&session))));
  HARNESS_ASSIGN_OR_RETURN(const BoundData::Item item, data->Get(0));
  std::vector<const hone_value*> inputs;
  for (const ValuePtr& value : item.inputs) inputs.push_back(value.get());
  std::vector<hone_value*> raw(hone_model_output_count(model));
  double best = 1e9;
  // The first run pays for caches.
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    HARNESS_RETURN_IF_ERROR(FromHone(hone_session_run(
        session.get(), inputs.data(), inputs.size(), raw.data(), raw.size())));
    const std::chrono::duration<double> took =
        std::chrono::steady_clock::now() - start;
    for (hone_value* value : raw) hone_value_free(value);
    best = std::min(best, took.count());
  }
  Outcome outcome;
  Json list = Json::array();
  double runs = 0;
  for (const auto& [name, count] : passes) {
    runs += static_cast<double>(count);
    list.push_back({{"pass", name}, {"runs", count}});
    absl::StrAppend(&outcome.text, "would ", name, ": ", count,
                    " runs of the model\n");
  }
  const uint64_t memory =
      PeakResidentBytes() - std::min(before, PeakResidentBytes());
  outcome.json = {{"dry_run", true},
                  {"passes", list},
                  {"estimated_s", runs * best},
                  {"run_s", best},
                  {"one_run_peak_bytes", memory}};
  absl::StrAppend(&outcome.text, "one run takes ",
                  absl::StrFormat("%.2f ms", best * 1e3), " and ",
                  BytesText(static_cast<double>(memory)), "; about ",
                  DurationText(runs * best), " in all\n");
  return outcome;
}

}  // namespace hone::harness
