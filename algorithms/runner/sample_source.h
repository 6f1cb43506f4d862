// Where calibration and evaluation samples come from.
#ifndef HONE_ALGORITHMS_RUNNER_SAMPLE_SOURCE_H_
#define HONE_ALGORITHMS_RUNNER_SAMPLE_SOURCE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/tensor/value.h"

namespace hone {

class SampleSource {
 public:
  virtual ~SampleSource() = default;
  virtual uint64_t size() const = 0;
  // One value per model input, in the model's order (Plan::inputs()).
  virtual absl::StatusOr<std::vector<Value>> Get(uint64_t index) = 0;
  // Names the data and its preprocessing by content; "" when it cannot: then
  // statistics of it are never reused for another run.
  virtual std::string identity() const { return ""; }
  // Whether Get may be called by several threads at once.
  virtual bool thread_safe() const { return false; }
};

// `count` different indices below `total`, ascending, spread over the whole
// set: one from each of `count` equal stretches, chosen by `seed`. All of them
// when count >= total.
std::vector<uint64_t> SpreadSamples(uint64_t total, uint64_t count,
                                    uint64_t seed);

}  // namespace hone

#endif  // HONE_ALGORITHMS_RUNNER_SAMPLE_SOURCE_H_
