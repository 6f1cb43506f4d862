// Samples in memory, for tests.
#ifndef HONE_ALGORITHMS_TESTING_ARRAY_SOURCE_H_
#define HONE_ALGORITHMS_TESTING_ARRAY_SOURCE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "algorithms/runner/sample_source.h"
#include "algorithms/testing/same_outputs.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"

namespace hone {

class ArraySource : public SampleSource {
 public:
  explicit ArraySource(std::vector<std::vector<Value>> samples)
      : samples_(std::move(samples)) {}
  // `count` random samples by the model's inputs.
  ArraySource(const Model& model, uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) {
      samples_.push_back(RandomInputs(model, 100 + i));
    }
  }

  uint64_t size() const override { return samples_.size(); }
  absl::StatusOr<std::vector<Value>> Get(uint64_t index) override {
    return samples_[index];
  }
  std::string identity() const override { return "random"; }

 private:
  std::vector<std::vector<Value>> samples_;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_TESTING_ARRAY_SOURCE_H_
