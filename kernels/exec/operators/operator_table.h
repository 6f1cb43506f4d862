// What Hone can run, as a table in Markdown: kernels/exec/OPERATORS.md.
//
// Everything in it is asked of the code: opsets of ir/ops, what computes an
// operator of the registry and of expand.h, element types of the kernels'
// factories, integers of the fusions.
#ifndef HONE_KERNELS_EXEC_OPERATORS_OPERATOR_TABLE_H_
#define HONE_KERNELS_EXEC_OPERATORS_OPERATOR_TABLE_H_

#include <string>
#include <vector>

namespace hone {

struct OperatorRow {
  std::string domain;  // "ai.onnx" is the default one
  std::string op_type;
  std::vector<int> opsets;  // in which its arity or attributes changed
  // "kernel"; "definition": nothing faster than that; "expanded: A,
  // B": nodes of A and B; "renamed": no work; "subgraph": a plan of its own;
  // "no".
  std::string computed;
  // Of the first input; empty: those of what it is made of, or decided by
  // contents.
  std::string types;
  // "integers": between Q and DQ an integer kernel runs; "moves integers"; or
  // "": floats.
  std::string quantized;
  std::string derivative;  // "yes", "zero" or ""
};

// By domain and name.
std::vector<OperatorRow> OperatorRows();

std::string OperatorTable();

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPERATORS_OPERATOR_TABLE_H_
