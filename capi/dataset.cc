#include "capi/dataset.h"

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "capi/error.h"
#include "capi/model.h"
#include "capi/value.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"

using hone::capi::Guard;
using hone::capi::Misuse;

namespace hone::capi {
namespace {

template <typename T>
std::optional<int64_t> FirstNan(const Tensor& tensor) {
  const Tensor aligned = tensor.Aligned();
  const absl::Span<const T> values = aligned.Values<T>();
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) return static_cast<int64_t>(i);
  }
  return std::nullopt;
}

absl::Status CheckNumbers(const Value& value, uint64_t index,
                          const std::string& name) {
  if (!value.is_tensor()) return absl::OkStatus();
  std::optional<int64_t> nan;
  if (value.tensor().dtype() == DType::kF32) {
    nan = FirstNan<float>(value.tensor());
  } else if (value.tensor().dtype() == DType::kF64) {
    nan = FirstNan<double>(value.tensor());
  }
  if (!nan.has_value()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("sample ", index, ", input ", name),
                   {"", "", "numbers", absl::StrCat("NaN at element ", *nan)});
}

}  // namespace

CallbackSource::CallbackSource(const hone_dataset* dataset, const Graph* graph,
                               bool keep_targets,
                               absl::Span<const StateLink> state)
    : dataset_(dataset), keep_targets_(keep_targets) {
  for (const StateLink& link : state) may_lack_.insert(link.input);
  for (const ValueInfo* info : RunInputs(*graph)) {
    input_names_.push_back(info->name);
  }
}

absl::Status CallbackSource::Call(uint64_t index, hone_sample* sample) {
  const hone_dataset_callbacks& callbacks = dataset_->callbacks;
  if (callbacks.thread_safe != 0) {
    return FromCallback(callbacks.get(callbacks.user, index, sample));
  }
  hone::MutexLock lock(&dataset_->mutex);
  return FromCallback(callbacks.get(callbacks.user, index, sample));
}

absl::StatusOr<std::vector<Value>> CallbackSource::Get(uint64_t index) {
  hone_sample sample;
  sample.input_names = &input_names_;
  sample.inputs.resize(input_names_.size());
  HONE_RETURN_IF_ERROR(Call(index, &sample));
  std::vector<Value> values;
  for (size_t i = 0; i < sample.inputs.size(); ++i) {
    if (!sample.inputs[i].has_value()) {
      if (may_lack_.count(input_names_[i]) > 0) {
        values.emplace_back();
        continue;
      }
      return MakeError(absl::StatusCode::kInvalidArgument,
                       absl::StrCat("sample ", index, " lacks an input"),
                       {"", "", absl::StrJoin(input_names_, ", "),
                        absl::StrCat("no ", input_names_[i])});
    }
    HONE_RETURN_IF_ERROR(
        CheckNumbers(*sample.inputs[i], index, input_names_[i]));
    values.push_back(*std::move(sample.inputs[i]));
  }
  if (keep_targets_ && sample.target.has_value()) {
    hone::MutexLock lock(&mutex_);
    targets_[index] = *std::move(sample.target);
  }
  return values;
}

std::string CallbackSource::identity() const {
  const hone_dataset_callbacks& callbacks = dataset_->callbacks;
  if (callbacks.identity == nullptr) return "";
  const char* const identity = callbacks.identity(callbacks.user);
  return identity == nullptr ? "" : identity;
}

std::optional<Value> CallbackSource::TakeTarget(uint64_t index) {
  hone::MutexLock lock(&mutex_);
  const auto found = targets_.find(index);
  if (found == targets_.end()) return std::nullopt;
  Value target = std::move(found->second);
  targets_.erase(found);
  return target;
}

}  // namespace hone::capi

hone_error* hone_sample_set_input(hone_sample* sample, const char* name,
                                  const hone_value* value) {
  HONE_REQUIRE(sample);
  HONE_REQUIRE(value);
  return Guard([&]() -> absl::Status {
    const std::vector<std::string>& names = *sample->input_names;
    if (name == nullptr || *name == '\0') {
      if (names.size() != 1) {
        return Misuse("a nameless input needs a model of one input", "name",
                      absl::StrCat("one of ", absl::StrJoin(names, ", ")),
                      "no name");
      }
      sample->inputs[0] = value->value;
      return absl::OkStatus();
    }
    for (size_t i = 0; i < names.size(); ++i) {
      if (names[i] != name) continue;
      sample->inputs[i] = value->value;
      return absl::OkStatus();
    }
    return hone::MakeError(absl::StatusCode::kNotFound,
                           "the model has no input of that name",
                           {"", "", absl::StrJoin(names, ", "), name});
  });
}

hone_error* hone_sample_set_target(hone_sample* sample,
                                   const hone_value* value) {
  HONE_REQUIRE(sample);
  HONE_REQUIRE(value);
  return Guard([&] {
    sample->target = value->value;
    return absl::OkStatus();
  });
}

hone_error* hone_dataset_new(const hone_dataset_callbacks* callbacks,
                             hone_dataset** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(callbacks);
  HONE_REQUIRE(callbacks->size);
  HONE_REQUIRE(callbacks->get);
  return Guard([&]() -> absl::Status {
    if (callbacks->struct_size < sizeof(hone_dataset_callbacks)) {
      return Misuse("struct_size", "callbacks",
                    absl::StrCat(sizeof(hone_dataset_callbacks)),
                    absl::StrCat(callbacks->struct_size));
    }
    auto dataset = std::make_unique<hone_dataset>();
    dataset->callbacks = *callbacks;
    dataset->size = callbacks->size(callbacks->user);
    // Last: what fails before leaves `user` the caller's.
    dataset->user = hone::capi::OwnUser(callbacks->user, callbacks->destroy);
    *out = dataset.release();
    return absl::OkStatus();
  });
}

uint64_t hone_dataset_size(const hone_dataset* dataset) {
  return dataset == nullptr ? 0 : dataset->size;
}

void hone_dataset_free(hone_dataset* dataset) { delete dataset; }
