// Whether this machine computes what it should: seconds, no files.
#ifndef HONE_CAPI_DOCTOR_SELF_TEST_H_
#define HONE_CAPI_DOCTOR_SELF_TEST_H_

#include <string>
#include <vector>

namespace hone::capi {

struct SelfTest {
  std::string name;
  bool ok = false;
  std::string detail;  // a figure, or what went wrong
};

// On a small convolutional network of fixed random weights:
//   kernels   the optimized kernels against the plain definitions
//   threads   the same bits from one thread and from `threads`
//   onnx      written, read again, and run to the same bits
//   quantize  8-bit quantization keeps the outputs above 20 dB
std::vector<SelfTest> RunSelfTests(int threads);

}  // namespace hone::capi

#endif  // HONE_CAPI_DOCTOR_SELF_TEST_H_
