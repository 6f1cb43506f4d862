// hone_dataset: samples by callback.
#ifndef HONE_CAPI_DATASET_H_
#define HONE_CAPI_DATASET_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "algorithms/runner/sample_source.h"
#include "algorithms/runner/state.h"
#include "capi/context.h"
#include "capi/hone.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"
#include "kernels/threads/mutex.h"

struct hone_sample {
  const std::vector<std::string>* input_names = nullptr;
  std::vector<std::optional<hone::Value>> inputs;
  std::optional<hone::Value> target;
};

struct hone_dataset {
  hone_dataset_callbacks callbacks = {};
  hone::capi::User user;
  uint64_t size = 0;
  // Held around `get` when the callbacks are not thread-safe.
  mutable hone::Mutex mutex;
};

namespace hone::capi {

// A dataset as one model's samples. With `keep_targets`, Target(i) hands out
// the target of a sample that Get has read, once.
class CallbackSource : public SampleSource {
 public:
  // Both must outlive the source. A sample may lack what `state` links.
  CallbackSource(const hone_dataset* dataset, const Graph* graph,
                 bool keep_targets, absl::Span<const StateLink> state = {});

  uint64_t size() const override { return dataset_->size; }
  // InvalidArgument: an input is missing or holds NaN; names sample and input.
  absl::StatusOr<std::vector<Value>> Get(uint64_t index) override;
  std::string identity() const override;
  // A callback that is not thread-safe is locked here.
  bool thread_safe() const override { return true; }

  std::optional<Value> TakeTarget(uint64_t index);

 private:
  absl::Status Call(uint64_t index, hone_sample* sample);

  const hone_dataset* dataset_;
  std::vector<std::string> input_names_;
  std::set<std::string> may_lack_;
  bool keep_targets_;
  hone::Mutex mutex_;
  std::map<uint64_t, Value> targets_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hone::capi

#endif  // HONE_CAPI_DATASET_H_
