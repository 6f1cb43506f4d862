// GraphProto, NodeProto, AttributeProto, FunctionProto and ValueInfoProto into
// the IR. The messages' views live as long as context->owner.
#ifndef HONE_IR_ONNX_READ_GRAPH_H_
#define HONE_IR_ONNX_READ_GRAPH_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/onnx/tensor_proto.h"

namespace hone {

// Graphs inside of graphs; deeper ones are refused, because everything that
// walks a graph recurses.
inline constexpr int kMaxGraphDepth = 100;

// Adds the message's contents to *graph. `depth`: graphs around this one.
// InvalidArgument: malformed (see each message's reader), a node without a
// type, an attribute without a name, graphs nested too deeply. The error names
// the node or the value.
absl::Status ReadGraphProto(absl::string_view message, int depth,
                            ReadContext* context, Graph* graph);

absl::StatusOr<Node> ReadNodeProto(absl::string_view message, int depth,
                                   ReadContext* context);

absl::StatusOr<Attribute> ReadAttributeProto(absl::string_view message,
                                             int depth, ReadContext* context);

absl::StatusOr<Function> ReadFunctionProto(absl::string_view message,
                                           ReadContext* context);

}  // namespace hone

#endif  // HONE_IR_ONNX_READ_GRAPH_H_
