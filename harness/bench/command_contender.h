// A model in any other runtime: a program that times its own runs.
//
// Protocol. `prog {model}` is started once per model, {model} being the ONNX
// file's path. When it has loaded the model it prints a line `ready`; lines
// before that are ignored. Then, for each line `run S N` that it reads, it runs
// the model N times on sample S and answers one line: N numbers, every run's
// milliseconds by its own monotonic clock. At the end of its input it exits.
// Sample S's inputs are the files {inputs}/S/K.npy, K counting the model's
// inputs from 0; {threads} is how many threads it should use. Both are also in
// its environment: HONE_BENCH_INPUTS, HONE_BENCH_THREADS.
//
// While others have their turn its process group is stopped (SIGSTOP), so that
// threads that spin take nothing from them. Its figures are held against the
// clock here: runs that took longer than the answer are an error, and answers
// to several runs that take twice the runs' time a warning.
#ifndef HONE_HARNESS_BENCH_COMMAND_CONTENDER_H_
#define HONE_HARNESS_BENCH_COMMAND_CONTENDER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/bench/child_process.h"
#include "harness/bench/contender.h"
#include "harness/bench/session_contender.h"
#include "harness/data/signature.h"

namespace hone::harness {

class CommandContender : public Contender {
 public:
  struct Settings {
    std::string command;  // as typed; must hold {model}
    std::string model;    // the file
    std::string inputs;   // the folder
    int threads = 1;
    std::function<bool()> interrupted;
    std::function<void(const std::string&)> warn;
    double patience_s = 300;
  };
  // Starts the program, waits until it is ready, and stops it.
  static absl::StatusOr<std::unique_ptr<CommandContender>> Start(
      Settings settings);

  std::string model() const override { return settings_.model; }
  std::string engine() const override { return settings_.command; }
  absl::StatusOr<std::vector<double>> Time(int64_t sample,
                                           int64_t runs) override;
  absl::Status Rest() override;
  double ChildCpuSeconds() const override { return child_->CpuSeconds(); }

 private:
  Settings settings_;
  std::unique_ptr<ChildProcess> child_;
  // By the program's clock and by ours, of answers to several runs.
  double told_ms_ = 0;
  double took_ms_ = 0;
  int64_t answers_ = 0;
  bool warned_ = false;
};

// N milliseconds of an answer's line. InvalidArgument says what is wrong.
absl::StatusOr<std::vector<double>> ParseAnswer(const std::string& line,
                                                int64_t runs);

// A temporary folder with the samples as the protocol has them, removed with
// the object.
class InputFolder {
 public:
  // Unsupported: a dtype that .npy lacks.
  static absl::StatusOr<std::unique_ptr<InputFolder>> Make(
      const Signature& signature, const std::vector<BenchSample>& samples);
  ~InputFolder();
  InputFolder(const InputFolder&) = delete;
  InputFolder& operator=(const InputFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  explicit InputFolder(std::string path) : path_(std::move(path)) {}
  const std::string path_;
};

}  // namespace hone::harness

#endif  // HONE_HARNESS_BENCH_COMMAND_CONTENDER_H_
