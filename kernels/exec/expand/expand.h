// Operators without a kernel of their own become nodes of operators that have
// one, before a graph is compiled:
//
//   com.microsoft.QLinearAdd  ->  DequantizeLinear x 2, Add, QuantizeLinear
//
// which the fusions of Q/DQ graphs then compute with integers. To add one: a
// function in a file of this folder, a line in expand.cc.
#ifndef HONE_KERNELS_EXEC_EXPAND_EXPAND_H_
#define HONE_KERNELS_EXEC_EXPAND_EXPAND_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/rewrite/node_maker.h"

namespace hone {

// The nodes make every output of make.node() that is asked for. Unimplemented:
// a mode that has no such nodes.
using ExpandFn = absl::Status (*)(NodeMaker& make);

struct Expansion {
  absl::string_view domain;
  absl::string_view op_type;
  ExpandFn expand;
  absl::string_view into;  // the operators, in words
};

absl::Span<const Expansion> AllExpansions();
// Null: the operator is not expanded.
const Expansion* FindExpansion(absl::string_view domain,
                               absl::string_view op_type);

// Replaces every such node, those of subgraphs too. A model that does not
// import the domains of the new nodes gets them. InvalidArgument: a node
// contradicts its operator.
absl::Status ExpandOperators(Model& model);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_EXPAND_EXPAND_H_
