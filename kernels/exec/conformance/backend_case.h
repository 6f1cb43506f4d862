// ONNX's backend tests: a model, inputs, and the outputs that it must give.
#ifndef HONE_KERNELS_EXEC_CONFORMANCE_BACKEND_CASE_H_
#define HONE_KERNELS_EXEC_CONFORMANCE_BACKEND_CASE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "kernels/exec/plan.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

struct BackendCase {
  std::string suite;   // "node", "simple", "pytorch-operator", ...
  std::string name;    // "test_conv_with_strides_padding"
  std::string folder;  // holds model.onnx and test_data_set_*
};

// Every case below `root`, by suite and name: ROOT/SUITE/NAME/model.onnx, and
// ROOT/NAME/model.onnx of a suite without a name.
std::vector<BackendCase> FindBackendCases(const std::string& root);

// The lines "SUITE/NAME REASON" of a file, by SUITE/NAME; those that are empty
// or begin with # are left out. Empty when there is no such file.
std::map<std::string, std::string> ReadGaps(const std::string& path);

struct CaseResult {
  enum class Outcome { kPassed, kFailed, kUnsupported };
  Outcome outcome = Outcome::kFailed;
  std::string message;  // empty when it passed
  // Of the main graph, each once; those on the accelerator, if there is one.
  std::vector<std::string> operators;
};

// Runs the case's data sets, all of which must pass, by the tolerances of its
// tolerance.txt or else ONNX's usual ones. Unsupported: Compile or
// Run said Unimplemented, or an accelerator has no kernel for any step.
CaseResult RunBackendCase(const BackendCase& backend_case,
                          const CompileOptions& options, ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_CONFORMANCE_BACKEND_CASE_H_
