// Owners of the C ABI's handles, and its errors as absl::Status.
//
//   ModelPtr model;
//   HARNESS_RETURN_IF_ERROR(
//       FromHone(hone_model_load(context, path, Out(&model))));
#ifndef HONE_HARNESS_ABI_HANDLES_H_
#define HONE_HARNESS_ABI_HANDLES_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "capi/hone.h"

namespace hone::harness {

template <auto kFree>
struct Freer {
  template <typename T>
  void operator()(T* handle) const {
    kFree(handle);
  }
};

template <typename T, auto kFree>
using Handle = std::unique_ptr<T, Freer<kFree>>;

using TextPtr = Handle<hone_text, hone_text_free>;
using ContextPtr = Handle<hone_context, hone_context_free>;
using CancelPtr = Handle<hone_cancel, hone_cancel_free>;
using ValuePtr = Handle<hone_value, hone_value_free>;
using OptionsPtr = Handle<hone_options, hone_options_free>;
using ModelPtr = Handle<hone_model, hone_model_free>;
using SessionPtr = Handle<hone_session, hone_session_free>;
using DatasetPtr = Handle<hone_dataset, hone_dataset_free>;
using MetricPtr = Handle<hone_metric, hone_metric_free>;
using ResultPtr = Handle<hone_result, hone_result_free>;
using StatisticsPtr = Handle<hone_statistics, hone_statistics_free>;

// An out parameter that fills `owner` when the full expression ends.
template <typename Owner>
class Out {
 public:
  explicit Out(Owner* owner) : owner_(owner) {}
  ~Out() { owner_->reset(raw_); }
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;
  operator typename Owner::pointer *() { return &raw_; }  // NOLINT

 private:
  Owner* owner_;
  typename Owner::pointer raw_ = nullptr;
};

// Takes the error; NULL is OK. Code and parts are kept (FailureOf).
absl::Status FromHone(hone_error* error);
// For callbacks: NULL for OK, else a new error with the same code and message.
hone_error* ToHone(const absl::Status& status);

std::string ToString(const hone_text* text);

}  // namespace hone::harness

#endif  // HONE_HARNESS_ABI_HANDLES_H_
