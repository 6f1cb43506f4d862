// Prints models in the text form that ParseModel reads (see parse_model.h).
//
// What the form has no words for (unknown fields, doc strings and metadata of
// nodes and values, sparse initializers) is left out. A tensor with more
// elements than max_elements, or of a type without literals, is printed as
// elided("HASH"), which does not parse.
#ifndef HONE_IR_TEXT_PRINT_MODEL_H_
#define HONE_IR_TEXT_PRINT_MODEL_H_

#include <cstdint>
#include <string>

#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {

struct PrintOptions {
  int64_t max_elements = 64;
};

std::string PrintModel(const Model& model, const PrintOptions& options = {});
std::string PrintGraph(const Graph& graph, const PrintOptions& options = {});
std::string PrintNode(const Node& node, const PrintOptions& options = {});
std::string PrintTensor(const Tensor& tensor, const PrintOptions& options = {});
std::string PrintType(const Type& type);

}  // namespace hone

#endif  // HONE_IR_TEXT_PRINT_MODEL_H_
