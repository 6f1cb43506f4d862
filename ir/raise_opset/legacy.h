// Models of opsets before 7 as models of opset 7, the oldest that the operator
// tables know.
//
// What changes: arithmetic that told its broadcasting by `broadcast` and `axis`
// gets an Unsqueeze, PRelu's slope one along the channels; attributes that
// went (is_test, consumed_inputs, spatial, broadcast) are dropped; Reshape's
// extents become an input, Concat's axis is written.
#ifndef HONE_IR_RAISE_OPSET_LEGACY_H_
#define HONE_IR_RAISE_OPSET_LEGACY_H_

#include "absl/status/status.h"
#include "ir/graph/graph.h"

namespace hone {

// Nothing happens to a model of opset 7 or newer, or without the default
// domain. Unimplemented, naming the node: broadcasting whose ranks are not
// declared, normalization of every activation by itself (spatial 0), or a
// subgraph.
absl::Status RaiseToOpset7(Model* model);

}  // namespace hone

#endif  // HONE_IR_RAISE_OPSET_LEGACY_H_
