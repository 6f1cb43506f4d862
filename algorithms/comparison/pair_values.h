// Which values of two models are the same value, once in float and once
// quantized.
//
// Values are paired by name. What readers of a quantized value see is its
// dequantized form, so of a value that a QuantizeLinear reads, the output of
// the first DequantizeLinear behind that stands for it; of one that exists in
// integers alone (X_quantized, of operators in integer form), likewise.
#ifndef HONE_ALGORITHMS_COMPARISON_PAIR_VALUES_H_
#define HONE_ALGORITHMS_COMPARISON_PAIR_VALUES_H_

#include <string>
#include <vector>

#include "ir/graph/graph.h"

namespace hone {

struct ValuePair {
  std::string name;   // as both models know it
  std::string first;  // what is read of the first model
  std::string second;
  std::string node;  // of the first model: makes the value
  std::string op;
};

struct LeftOut {
  std::string name;
  std::string node;
  std::string op;
  std::string why;
};

struct Pairs {
  std::vector<ValuePair> values;  // in the order of the first model's nodes
  // Values of the first model without a partner. Constants, integers between
  // QuantizeLinear and DequantizeLinear, and graph outputs are in neither list.
  std::vector<LeftOut> left_out;
};

// Of the main graphs; values inside of If, Loop and Scan are left out one by
// one, their nodes named by where they stand ("loop/body/add").
Pairs PairValues(const Graph& first, const Graph& second);

}  // namespace hone

#endif  // HONE_ALGORITHMS_COMPARISON_PAIR_VALUES_H_
