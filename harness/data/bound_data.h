// A data set bound to a model's inputs: what `--data SPEC` is to the C ABI.
//
//   BoundData::Settings settings;
//   absl::StatusOr<std::shared_ptr<BoundData>> data =
//       BoundData::Open("idx:x.gz,y.gz@0:300", signature, settings);
//   absl::StatusOr<DatasetPtr> handle = AsDataset(*data);
//
// One item is what one run of the model takes: a sample with the batch axis
// added (or as many samples as the model's fixed first extent, or `batch_size`,
// asks for, stacked), or a sample that has the axis already.
#ifndef HONE_HARNESS_DATA_BOUND_DATA_H_
#define HONE_HARNESS_DATA_BOUND_DATA_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "datasets/array/array.h"
#include "datasets/dataset/dataset.h"
#include "datasets/preprocess/preprocess.h"
#include "harness/abi/handles.h"
#include "harness/data/signature.h"

namespace hone::harness {

class BoundData {
 public:
  struct Settings {
    datasets::Preprocessing preprocessing;
    uint64_t seed = 0;       // of random:N
    int64_t batch_size = 0;  // 0: 1, or what the model fixes
    // Links, see SequenceSignature; not empty: an item is a sequence.
    std::vector<std::string> state;
  };
  struct Item {
    std::string name;                // of its first sample, for messages
    std::vector<ValuePtr> inputs;    // null where a sample may lack it
    ValuePtr target;                 // null when there is none
    std::vector<ValuePtr> expected;  // of ONNX test data, by output
  };

  // Reads the first sample and checks it against the model. Errors name file,
  // input, what was expected and found.
  static absl::StatusOr<std::shared_ptr<const BoundData>> Open(
      const std::string& spec, const Signature& signature,
      const Settings& settings);

  int64_t items() const { return items_; }
  int64_t batch() const { return batch_; }
  // Samples that fill no whole batch and are left out.
  int64_t left_over() const { return data_->size() - items_ * batch_; }
  bool has_targets() const { return data_->has_targets(); }
  bool synthetic() const { return data_->synthetic(); }
  // True when outputs of several items belong together along their first axis,
  // the batch's: it was added here, or the samples are invented with it. Else
  // they are stacked along a new axis.
  bool joins_outputs() const { return adds_batch_axis_ || synthetic(); }
  const std::string& spec() const { return spec_; }
  const std::vector<std::string>& state() const { return state_; }
  const Signature& signature() const { return signature_; }
  const datasets::Dataset& data() const { return *data_; }

  // Thread-safe.
  absl::StatusOr<Item> Get(int64_t index) const;
  // Names contents, preprocessing and batching. Reads every sample.
  absl::StatusOr<std::string> Identity() const;

 private:
  absl::StatusOr<ValuePtr> Input(
      const Port& port, const std::vector<datasets::Sample>& samples) const;
  absl::Status Plan();

  std::string spec_;
  std::vector<std::string> state_;
  Signature signature_;
  std::shared_ptr<const datasets::Dataset> data_;
  int64_t batch_ = 1;
  int64_t items_ = 0;
  bool adds_batch_axis_ = true;
};

// The same through the C ABI's callbacks, at most the first `most` items;
// `identity` may be empty.
absl::StatusOr<DatasetPtr> AsDataset(
    std::shared_ptr<const BoundData> data, const std::string& identity,
    int64_t most = std::numeric_limits<int64_t>::max());

}  // namespace hone::harness

#endif  // HONE_HARNESS_DATA_BOUND_DATA_H_
