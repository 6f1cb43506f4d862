// Prints OPERATORS.md.
//
//   bazel run //kernels/exec/operators:print_operators \
//       > kernels/exec/OPERATORS.md
#include <iostream>

#include "kernels/exec/operators/operator_table.h"

int main() {
  std::cout << hone::OperatorTable();
  return 0;
}
