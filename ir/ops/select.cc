// Operators that pick, place or join elements.
#include "absl/types/span.h"
#include "ir/ops/families.h"
#include "ir/ops/fold.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/select_infer.h"
#include "ir/ops/traits.h"

namespace hone {
namespace {

constexpr AttributeInfo kCenterCropPadAttributes[] = {
    {"axes", Attribute::Kind::kInts},
};
constexpr AttributeInfo kCompressAttributes[] = {
    {"axis", Attribute::Kind::kInt},
};
constexpr AttributeInfo kConcatAttributes[] = {
    {"axis", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kGatherND12Attributes[] = {
    {"batch_dims", Attribute::Kind::kInt},
};
constexpr AttributeInfo kPad2Attributes[] = {
    {"mode", Attribute::Kind::kString},
    {"pads", Attribute::Kind::kInts, true},
    {"value", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kPad11Attributes[] = {
    {"mode", Attribute::Kind::kString},
};
constexpr AttributeInfo kScatterElements16Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"reduction", Attribute::Kind::kString},
};
constexpr AttributeInfo kScatterND16Attributes[] = {
    {"reduction", Attribute::Kind::kString},
};
constexpr AttributeInfo kSlice1Attributes[] = {
    {"axes", Attribute::Kind::kInts},
    {"ends", Attribute::Kind::kInts, true},
    {"starts", Attribute::Kind::kInts, true},
};
constexpr AttributeInfo kSplit2Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"split", Attribute::Kind::kInts},
};
constexpr AttributeInfo kSplit18Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"num_outputs", Attribute::Kind::kInt},
};
constexpr AttributeInfo kTensorScatterAttributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"mode", Attribute::Kind::kString},
};

constexpr OpInfo kOps[] = {
    {"", "CenterCropPad", 18, 2, 2, 1, 1, kCenterCropPadAttributes,
     InferCenterCropPad, Agnostic()},
    {"", "Compress", 9, 2, 2, 1, 1, kCompressAttributes, InferCompress},
    {"", "Concat", 4, 1, kVariadic, 1, 1, kConcatAttributes, InferConcat,
     UnifiedAgnostic(), nullptr, FoldConcat},
    {"", "Gather", 1, 2, 2, 1, 1, kCompressAttributes, InferGather, Agnostic(),
     nullptr, FoldGather},
    {"", "GatherElements", 11, 2, 2, 1, 1, kCompressAttributes,
     InferGatherElements, Agnostic()},
    {"", "GatherND", 11, 2, 2, 1, 1, {}, InferGatherND, Agnostic()},
    {"", "GatherND", 12, 2, 2, 1, 1, kGatherND12Attributes, InferGatherND,
     Agnostic()},
    {"", "Pad", 2, 1, 1, 1, 1, kPad2Attributes, InferPad, Agnostic()},
    {"", "Pad", 11, 2, 3, 1, 1, kPad11Attributes, InferPad, Agnostic()},
    {"", "Pad", 18, 2, 4, 1, 1, kPad11Attributes, InferPad, Agnostic()},
    {"", "Scatter", 9, 3, 3, 1, 1, kCompressAttributes, InferSame, Agnostic()},
    {"", "Scatter", 11, 3, 3, 1, 1, kCompressAttributes, InferSame, Agnostic()},
    {"", "ScatterElements", 11, 3, 3, 1, 1, kCompressAttributes, InferSame,
     Agnostic()},
    {"", "ScatterElements", 16, 3, 3, 1, 1, kScatterElements16Attributes,
     InferSame, Agnostic()},
    {"", "ScatterND", 11, 3, 3, 1, 1, {}, InferSame, Agnostic()},
    {"", "ScatterND", 16, 3, 3, 1, 1, kScatterND16Attributes, InferSame,
     Agnostic()},
    {"", "Slice", 1, 1, 1, 1, 1, kSlice1Attributes, InferSlice, Agnostic(),
     nullptr, FoldSlice},
    {"",
     "Slice",
     10,
     3,
     5,
     1,
     1,
     {},
     InferSlice,
     Agnostic(),
     nullptr,
     FoldSlice},
    {"", "Split", 2, 1, 1, 1, kVariadic, kSplit2Attributes, InferSplit,
     Agnostic(), nullptr, FoldSplit},
    {"", "Split", 13, 1, 2, 1, kVariadic, kCompressAttributes, InferSplit,
     Agnostic(), nullptr, FoldSplit},
    {"", "Split", 18, 1, 2, 1, kVariadic, kSplit18Attributes, InferSplit,
     Agnostic(), nullptr, FoldSplit},
    {"", "TensorScatter", 24, 2, 3, 1, 1, kTensorScatterAttributes, InferSame},
};

}  // namespace

absl::Span<const OpInfo> SelectOps() { return kOps; }

}  // namespace hone
