// ONNX's backend tests: a model, inputs, and the outputs that it must give.
#ifndef HONE_KERNELS_EXEC_CONFORMANCE_BACKEND_CASE_H_
#define HONE_KERNELS_EXEC_CONFORMANCE_BACKEND_CASE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

struct BackendCase {
  std::string suite;   // "node", "simple", "pytorch-operator", ...
  std::string name;    // "test_conv_with_strides_padding"
  std::string folder;  // holds model.onnx and test_data_set_*
};

// Every case below `root` (ROOT/SUITE/NAME/model.onnx), by suite and name.
std::vector<BackendCase> FindBackendCases(const std::string& root);

struct CaseResult {
  enum class Outcome { kPassed, kFailed, kUnsupported };
  Outcome outcome = Outcome::kFailed;
  std::string message;                 // empty when it passed
  std::vector<std::string> operators;  // of the main graph, each once
};

// Runs the case's data sets, all of which must pass, by the tolerances of its
// tolerance.txt or else ONNX's usual ones. Unsupported: Compile or
// Run said Unimplemented.
CaseResult RunBackendCase(const BackendCase& backend_case, bool reference,
                          ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_CONFORMANCE_BACKEND_CASE_H_
