// Runs a model written as text, for the tests of adapters.
//
//   ExpectOutputs(R"(net () => (int8[2] y) {
//                      x = constant float32[2] {1, 300}
//                      s = constant float32[] {2}
//                      y = QuantizeLinear(x, s, z) ...
//                    })", {"int8[2] {0, 127}"});
#ifndef HONE_KERNELS_EXEC_OPS_TESTING_TEXT_CASE_H_
#define HONE_KERNELS_EXEC_OPS_TESTING_TEXT_CASE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/tensor/tensor.h"

namespace hone {

// The outputs of a model without inputs. With `reference` the definitions run,
// else the optimized kernels, on two threads.
absl::StatusOr<std::vector<Tensor>> RunText(const std::string& model,
                                            bool reference);

// Both ways give the outputs, written as ParseTensor reads them; floats may
// differ by `tolerance`, everything else is equal byte for byte.
void ExpectOutputs(const std::string& model,
                   const std::vector<std::string>& outputs,
                   double tolerance = 0);

// Both ways fail with a message that has `part` in it.
void ExpectFailure(const std::string& model, const std::string& part);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_TESTING_TEXT_CASE_H_
