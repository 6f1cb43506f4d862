// A product with one number, however it is written.
#ifndef HONE_KERNELS_EXEC_FUSION_SCALE_H_
#define HONE_KERNELS_EXEC_FUSION_SCALE_H_

#include <string>

#include "ir/graph/graph.h"
#include "kernels/exec/fusion/node_table.h"

namespace hone {

// The constant that `node` multiplies its other input by (1/c for a division),
// and that input.
bool ScaleOf(const NodeTable& table, const Node& node, float* factor,
             std::string* other);

// The node that makes `value`, if `reader` alone reads it; else -1.
int OwnProducer(const NodeTable& table, const std::string& value, int reader);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_FUSION_SCALE_H_
