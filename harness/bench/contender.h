// One model in one engine, as it is timed beside others.
#ifndef HONE_HARNESS_BENCH_CONTENDER_H_
#define HONE_HARNESS_BENCH_CONTENDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hone::harness {

class Contender {
 public:
  virtual ~Contender() = default;
  // The ONNX file.
  virtual std::string model() const = 0;
  // "hone 0.1.0", or a command as it was typed.
  virtual std::string engine() const = 0;
  // Runs on sample `sample`, `runs` times one after the other, and returns
  // every run's milliseconds. Requires runs >= 1.
  virtual absl::StatusOr<std::vector<double>> Time(int64_t sample,
                                                   int64_t runs) = 0;
  // The others have their turn: whatever this one has running must not take
  // the CPU from them. Called once between two calls of Time.
  virtual absl::Status Rest() { return absl::OkStatus(); }
  // Seconds of CPU that processes of its own (not this one) have used so far.
  virtual double ChildCpuSeconds() const { return 0; }
};

}  // namespace hone::harness

#endif  // HONE_HARNESS_BENCH_CONTENDER_H_
