// One case at least for every gradient rule.
#ifndef HONE_KERNELS_EXEC_EXPAND_GRADIENT_CASES_H_
#define HONE_KERNELS_EXEC_EXPAND_GRADIENT_CASES_H_

#include <vector>

namespace hone {

struct GradientCase {
  const char* op_type;
  // "NAME: TENSOR", or "NAME: TYPE = TENSOR" where the model declares another
  // type than the tensor's.
  std::vector<const char*> variables;
  const char* body;  // computes y
};

std::vector<GradientCase> AllGradientCases();

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_EXPAND_GRADIENT_CASES_H_
