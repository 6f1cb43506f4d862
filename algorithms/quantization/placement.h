// Where a quantized graph quantizes: which nodes compute with integers and
// which values are written as integers between them.
//
// A node that computes with integers reads quantized values. A value is
// quantized where it is made, after the Relu that follows its maker. Carriers
// (Reshape, MaxPool, ...) between quantized values share their scale; so do the
// inputs of a Concat that feeds weighted operators (NNCF's unified scales).
//
// ONNX Runtime: a Conv's output is always quantized, because a Conv without a
// QuantizeLinear after it runs in float; elementwise nodes join when an integer
// node feeds them and an integer node reads them. OpenVINO: the inputs of
// weighted operators alone. TensorRT: those, and both inputs of a residual Add.
#ifndef HONE_ALGORITHMS_QUANTIZATION_PLACEMENT_H_
#define HONE_ALGORITHMS_QUANTIZATION_PLACEMENT_H_

#include <map>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "algorithms/quantization/node_role.h"
#include "algorithms/quantization/post_training_options.h"
#include "ir/graph/graph.h"

namespace hone {

struct NodePlacement {
  Role role = Role::kFloat;
  bool quantized = false;   // computes with, or carries, integers
  bool half_range = false;  // weights in half of int8's range
  std::string why;
  std::vector<int> inputs;  // quantized activation inputs
  // MatMul: the Add after it whose constant is its bias; -1: none.
  int bias_add = -1;
  bool is_bias_add = false;
};

struct ValuePlacement {
  // Values of one group share scale and zero point; the group is named by one
  // of them.
  std::string group;
  // Whether its own statistics count for the group's range: false where a
  // carrier made it.
  bool measured = true;
  // A Relu or a Clip from 0 made it.
  bool non_negative = false;
  // Float readers read the dequantized value too, so that an integer kernel can
  // make it.
  bool for_all_readers = false;
};

struct Placement {
  std::vector<NodePlacement> nodes;  // as in the graph
  std::map<std::string, ValuePlacement> values;
};

// `ignored`: one text per node, see MatchIgnoredScope.
Placement PlaceQuantizers(const Model& model,
                          const PostTrainingOptions& options,
                          absl::Span<const std::string> ignored);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_PLACEMENT_H_
