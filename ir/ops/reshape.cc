// Operators that keep the elements and change the extents.
#include "absl/types/span.h"
#include "ir/ops/families.h"
#include "ir/ops/fold.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/reshape_infer.h"
#include "ir/ops/traits.h"

namespace hone {
namespace {

constexpr AttributeInfo kDepthToSpace1Attributes[] = {
    {"blocksize", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kDepthToSpace11Attributes[] = {
    {"blocksize", Attribute::Kind::kInt, true},
    {"mode", Attribute::Kind::kString},
};
constexpr AttributeInfo kFlattenAttributes[] = {
    {"axis", Attribute::Kind::kInt},
};
constexpr AttributeInfo kReshape14Attributes[] = {
    {"allowzero", Attribute::Kind::kInt},
};
constexpr AttributeInfo kReverseSequenceAttributes[] = {
    {"batch_axis", Attribute::Kind::kInt},
    {"time_axis", Attribute::Kind::kInt},
};
constexpr AttributeInfo kSqueeze1Attributes[] = {
    {"axes", Attribute::Kind::kInts},
};
constexpr AttributeInfo kTransposeAttributes[] = {
    {"perm", Attribute::Kind::kInts},
};
constexpr AttributeInfo kTriluAttributes[] = {
    {"upper", Attribute::Kind::kInt},
};
constexpr AttributeInfo kUnsqueeze1Attributes[] = {
    {"axes", Attribute::Kind::kInts, true},
};

constexpr OpInfo kOps[] = {
    {"", "DepthToSpace", 1, 1, 1, 1, 1, kDepthToSpace1Attributes,
     InferDepthToSpace, Agnostic()},
    {"", "DepthToSpace", 11, 1, 1, 1, 1, kDepthToSpace11Attributes,
     InferDepthToSpace, Agnostic()},
    {"",
     "Expand",
     8,
     2,
     2,
     1,
     1,
     {},
     InferExpand,
     Agnostic(),
     nullptr,
     FoldExpand},
    {"", "Flatten", 1, 1, 1, 1, 1, kFlattenAttributes, InferFlatten, Agnostic(),
     nullptr, FoldReshape},
    {"",
     "Reshape",
     5,
     2,
     2,
     1,
     1,
     {},
     InferReshape,
     Agnostic(),
     nullptr,
     FoldReshape},
    {"", "Reshape", 14, 2, 2, 1, 1, kReshape14Attributes, InferReshape,
     Agnostic(), nullptr, FoldReshape},
    {"", "ReverseSequence", 10, 2, 2, 1, 1, kReverseSequenceAttributes,
     InferSame},
    {"", "SpaceToDepth", 1, 1, 1, 1, 1, kDepthToSpace1Attributes,
     InferSpaceToDepth, Agnostic()},
    {"", "SpaceToDepth", 28, 1, 1, 1, 1, kDepthToSpace11Attributes,
     InferSpaceToDepth, Agnostic()},
    {"", "Squeeze", 1, 1, 1, 1, 1, kSqueeze1Attributes, InferSqueeze,
     Agnostic(), nullptr, FoldReshape},
    {"",
     "Squeeze",
     13,
     1,
     2,
     1,
     1,
     {},
     InferSqueeze,
     Agnostic(),
     nullptr,
     FoldReshape},
    {"", "Tile", 6, 2, 2, 1, 1, {}, InferTile, Agnostic()},
    {"", "Transpose", 1, 1, 1, 1, 1, kTransposeAttributes, InferTranspose,
     Agnostic(), nullptr, FoldTranspose},
    {"", "Trilu", 14, 1, 2, 1, 1, kTriluAttributes, InferSame},
    {"", "Unsqueeze", 1, 1, 1, 1, 1, kUnsqueeze1Attributes, InferUnsqueeze,
     Agnostic(), nullptr, FoldReshape},
    {"",
     "Unsqueeze",
     13,
     2,
     2,
     1,
     1,
     {},
     InferUnsqueeze,
     Agnostic(),
     nullptr,
     FoldReshape},
};

}  // namespace

absl::Span<const OpInfo> ReshapeOps() { return kOps; }

}  // namespace hone
