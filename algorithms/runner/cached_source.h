// Values of a BoundaryCache as the samples of a part of a graph.
#ifndef HONE_ALGORITHMS_RUNNER_CACHED_SOURCE_H_
#define HONE_ALGORITHMS_RUNNER_CACHED_SOURCE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "algorithms/runner/boundary_cache.h"
#include "algorithms/runner/sample_source.h"
#include "ir/error/error.h"
#include "ir/tensor/value.h"

namespace hone {

class CachedSource : public SampleSource {
 public:
  // `names`: one a model input. `size`: above every index that is asked for.
  // The cache must outlive the source.
  CachedSource(const BoundaryCache& cache, std::vector<std::string> names,
               uint64_t size)
      : cache_(cache), names_(std::move(names)), size_(size) {}

  uint64_t size() const override { return size_; }
  absl::StatusOr<std::vector<Value>> Get(uint64_t index) override {
    std::vector<Value> values;
    for (const std::string& name : names_) {
      HONE_ASSIGN_OR_RETURN(Value value, cache_.Get(name, index));
      values.push_back(std::move(value));
    }
    return values;
  }
  bool thread_safe() const override { return true; }

 private:
  const BoundaryCache& cache_;
  const std::vector<std::string> names_;
  const uint64_t size_;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_RUNNER_CACHED_SOURCE_H_
