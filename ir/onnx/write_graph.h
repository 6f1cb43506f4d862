// The IR into GraphProto and FunctionProto. Tensors' bytes are borrowed: the
// graph must outlive the writer's message. `external` may be null: then all
// data is inline.
#ifndef HONE_IR_ONNX_WRITE_GRAPH_H_
#define HONE_IR_ONNX_WRITE_GRAPH_H_

#include "ir/graph/graph.h"
#include "ir/onnx/external_data.h"
#include "ir/onnx/wire.h"

namespace hone {

void WriteGraphProto(const Graph& graph, ExternalDataLayout* external,
                     WireWriter* out);

void WriteFunctionProto(const Function& function, ExternalDataLayout* external,
                        WireWriter* out);

}  // namespace hone

#endif  // HONE_IR_ONNX_WRITE_GRAPH_H_
