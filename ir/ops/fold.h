// What is known of an operator's output elements from those of its inputs, for
// the operators that models compute extents with. Elements stay symbols where
// that is certain (x + 0, x * 1, a pick).
//
// Integer arithmetic that overflows, and division by zero, give an unknown
// element. Division truncates toward zero, as ONNX says for integers.
#ifndef HONE_IR_OPS_FOLD_H_
#define HONE_IR_OPS_FOLD_H_

#include <cstddef>
#include <optional>

#include "ir/ops/op_info.h"
#include "ir/ops/partial_tensor.h"
#include "ir/type/type.h"

namespace hone {

// One element at a time, with broadcasting; the operator is read from the node:
// Abs Neg Floor Ceil Round Not Identity Cast, Add Sub Mul Div Mod Max Min Equal
// Greater Less GreaterOrEqual LessOrEqual And Or, Where.
std::optional<PartialTensor> FoldElementwise(const InferInput& in, size_t index,
                                             const Type& output);

// The input's elements in the same order: Reshape Flatten Squeeze Unsqueeze.
std::optional<PartialTensor> FoldReshape(const InferInput& in, size_t index,
                                         const Type& output);

std::optional<PartialTensor> FoldShape(const InferInput& in, size_t index,
                                       const Type& output);
std::optional<PartialTensor> FoldSize(const InferInput& in, size_t index,
                                      const Type& output);
std::optional<PartialTensor> FoldConcat(const InferInput& in, size_t index,
                                        const Type& output);
std::optional<PartialTensor> FoldGather(const InferInput& in, size_t index,
                                        const Type& output);
std::optional<PartialTensor> FoldSlice(const InferInput& in, size_t index,
                                       const Type& output);
std::optional<PartialTensor> FoldSplit(const InferInput& in, size_t index,
                                       const Type& output);
std::optional<PartialTensor> FoldTranspose(const InferInput& in, size_t index,
                                           const Type& output);
std::optional<PartialTensor> FoldExpand(const InferInput& in, size_t index,
                                        const Type& output);
std::optional<PartialTensor> FoldConstantOfShape(const InferInput& in,
                                                 size_t index,
                                                 const Type& output);
std::optional<PartialTensor> FoldRange(const InferInput& in, size_t index,
                                       const Type& output);
// ReduceProd ReduceSum ReduceMax ReduceMin over all elements.
std::optional<PartialTensor> FoldReduce(const InferInput& in, size_t index,
                                        const Type& output);

}  // namespace hone

#endif  // HONE_IR_OPS_FOLD_H_
