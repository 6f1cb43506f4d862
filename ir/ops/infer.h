// What the operator tables' inference functions share: reading input types,
// writing output types, and arithmetic on extents that may be symbols.
#ifndef HONE_IR_OPS_INFER_H_
#define HONE_IR_OPS_INFER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/ops/op_info.h"
#include "ir/type/type.h"

namespace hone {

// kUndefined when the input is absent or its type unknown.
DType InputDType(const InferInput& in, size_t index);
// Null when the input is absent or its rank unknown.
const Shape* InputShape(const InferInput& in, size_t index);
// -1 when unknown.
int64_t InputRank(const InferInput& in, size_t index);
bool HasInput(const InferInput& in, size_t index);
const PartialTensor* InputPartial(const InferInput& in, size_t index);
// Extents with -1 for those that are not numbers; empty: rank unknown.
std::vector<int64_t> NumbersOf(const Shape* shape);

// Nothing happens when the node has no such output. An undefined dtype without
// a shape leaves the output kUnknown.
void SetOutput(InferOutput* out, size_t index, DType dtype,
               std::optional<Shape> shape);
std::optional<Shape> CopyOf(const Shape* shape);
std::optional<Shape> UnknownShape(int64_t rank);  // nullopt for rank < 0

// a + b, a * b; unknown when an operand is (but 0 and 1 are known to
// multiply) or when the number overflows.
Dim AddDims(const Dim& a, const Dim& b);
Dim MulDims(const Dim& a, const Dim& b);
Dim ProductOf(const Shape& shape, size_t begin, size_t end);
// What is known when both are known to be equal; a number beats a symbol.
Dim MergeDims(const Dim& a, const Dim& b);

// One extent of the broadcast of a and b; nullopt when they contradict.
std::optional<Dim> BroadcastDim(const Dim& a, const Dim& b);
// ONNX's multidirectional broadcasting. nullopt: a rank is unknown.
// InvalidArgument: extents that differ and are not 1.
absl::StatusOr<std::optional<Shape>> BroadcastShapes(const Node& node,
                                                     const Shape* a,
                                                     const Shape* b);

// InvalidArgument: the input's rank is known and not in [low, high].
absl::Status CheckRank(const InferInput& in, size_t index, int64_t low,
                       int64_t high = 1 << 20);

// Multiplies; nullopt on overflow or when a factor is unknown (negative).
std::optional<int64_t> CheckedProduct(absl::Span<const int64_t> factors);
// All elements of a type with known extents.
std::optional<int64_t> CountOf(const Type& type);

// The first output has the first input's type.
absl::Status InferSame(const InferInput& in, InferOutput* out);
// As InferSame, with the dtype of ONNX number attribute `name` where written.
DType DTypeAttribute(const InferInput& in, absl::string_view name,
                     DType otherwise);

}  // namespace hone

#endif  // HONE_IR_OPS_INFER_H_
