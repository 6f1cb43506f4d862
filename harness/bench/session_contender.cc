#include "harness/bench/session_contender.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "harness/bench/order_statistics.h"
#include "harness/error/error.h"
#include "harness/json/json.h"

namespace hone::harness {

absl::StatusOr<std::unique_ptr<SessionContender>> SessionContender::Make(
    const hone_context* context, const hone_model* model,
    const hone_options* options, const std::string& path,
    const std::vector<BenchSample>* samples) {
  auto made = std::make_unique<SessionContender>();
  made->path_ = path;
  HARNESS_RETURN_IF_ERROR(FromHone(
      hone_session_new(context, model, options, Out(&made->session_))));
  made->outputs_ = hone_model_output_count(model);
  for (const BenchSample& sample : *samples) {
    std::vector<const hone_value*> inputs;
    for (const ValuePtr& value : sample) inputs.push_back(value.get());
    made->inputs_.push_back(std::move(inputs));
  }
  return made;
}

std::string SessionContender::engine() const {
  return absl::StrCat("hone ", hone_version());
}

absl::StatusOr<std::vector<double>> SessionContender::Time(int64_t sample,
                                                           int64_t runs) {
  const std::vector<const hone_value*>& inputs =
      inputs_[static_cast<size_t>(sample)];
  std::vector<hone_value*> outputs(outputs_, nullptr);
  std::vector<double> ms;
  ms.reserve(static_cast<size_t>(runs));
  for (int64_t i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    HARNESS_RETURN_IF_ERROR(
        FromHone(hone_session_run(session_.get(), inputs.data(), inputs.size(),
                                  outputs.data(), outputs.size())));
    for (hone_value* value : outputs) hone_value_free(value);
    const std::chrono::duration<double, std::milli> took =
        std::chrono::steady_clock::now() - start;
    ms.push_back(took.count());
  }
  return ms;
}

absl::StatusOr<std::vector<StepFigure>> SessionContender::Profile(
    int64_t runs) {
  std::vector<StepFigure> figures;
  std::vector<std::vector<double>> us;
  for (int64_t i = 0; i < runs; ++i) {
    // What reads the last profile must not have put threads to sleep.
    HARNESS_RETURN_IF_ERROR(Time(0, 1).status());
    TextPtr text;
    HARNESS_RETURN_IF_ERROR(FromHone(hone_session_profile(
        session_.get(), inputs_[0].data(), inputs_[0].size(), Out(&text))));
    const Json steps = ParseJson(ToString(text.get()));
    if (!steps.is_array() || (i > 0 && steps.size() != figures.size())) {
      return MakeFailure({"internal", "hone_session_profile: not the steps",
                          path_, "", "", ""});
    }
    if (i == 0) us.resize(steps.size());
    for (size_t k = 0; k < steps.size(); ++k) {
      if (i == 0) {
        figures.push_back({steps[k].value("name", ""), steps[k].value("op", ""),
                           steps[k].value("kernel", "")});
      }
      us[k].push_back(steps[k].value("seconds", 0.0) * 1e6);
    }
  }
  for (size_t k = 0; k < figures.size(); ++k) {
    figures[k].median_us = Quantile(us[k], 0.5);
  }
  return figures;
}

}  // namespace hone::harness
