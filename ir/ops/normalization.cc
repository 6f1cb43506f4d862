// Normalizations and softmaxes.
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/traits.h"
#include "ir/views/attributes.h"
#include "ir/views/normalization_view.h"

namespace hone {
namespace {

// Scale, bias and the like: one element per channel, axis 1 of the input.
absl::Status CheckPerChannel(const InferInput& in, size_t first, size_t last) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 1));
  const Shape* x = InputShape(in, 0);
  for (size_t i = first; i <= last; ++i) {
    HONE_RETURN_IF_ERROR(CheckRank(in, i, 1, 1));
    const Shape* parameter = InputShape(in, i);
    if (x == nullptr || x->size() < 2 || parameter == nullptr) continue;
    if ((*x)[1].known() && (*parameter)[0].known() &&
        (*x)[1] != (*parameter)[0]) {
      return NodeError(*in.node,
                       absl::StrCat("elements of ", in.node->Input(i)),
                       (*x)[1].ToString(), (*parameter)[0].ToString());
    }
  }
  return absl::OkStatus();
}

absl::Status InferBatchNormalization(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckPerChannel(in, 1, 4));
  const Shape* x = InputShape(in, 0);
  SetOutput(out, 0, InputDType(in, 0), CopyOf(x));
  std::optional<Shape> channels = CopyOf(InputShape(in, 3));
  if (x != nullptr && x->size() >= 2) channels = Shape{(*x)[1]};
  for (size_t i = 1; i < out->types.size(); ++i) {
    SetOutput(out, i, InputDType(in, i < 3 ? i + 2 : i), channels);
  }
  return absl::OkStatus();
}

absl::Status InferInstanceNormalization(const InferInput& in,
                                        InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckPerChannel(in, 1, 2));
  return InferSame(in, out);
}

absl::Status InferLayerNormalization(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const LayerNormalizationView view,
                        LayerNormalizationView::Of(*in.node, in.opset));
  const Shape* x = InputShape(in, 0);
  std::optional<Shape> statistics = CopyOf(x);
  if (x != nullptr) {
    HONE_ASSIGN_OR_RETURN(
        const int64_t axis,
        FrontAxis(*in.node, view.axis, static_cast<int64_t>(x->size())));
    for (size_t i = static_cast<size_t>(axis); i < x->size(); ++i)
      (*statistics)[i] = Dim::Of(1);
  }
  SetOutput(out, 0, InputDType(in, 0), CopyOf(x));
  const DType dtype = DTypeAttribute(in, "stash_type", DType::kF32);
  SetOutput(out, 1, dtype, statistics);
  SetOutput(out, 2, dtype, std::move(statistics));
  return absl::OkStatus();
}

constexpr AttributeInfo kBatchNormalization7Attributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
    {"momentum", Attribute::Kind::kFloat},
    {"spatial", Attribute::Kind::kInt},
};
constexpr AttributeInfo kBatchNormalization9Attributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
    {"momentum", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kBatchNormalization14Attributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
    {"momentum", Attribute::Kind::kFloat},
    {"training_mode", Attribute::Kind::kInt},
};
constexpr AttributeInfo kGroupNormalization18Attributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
    {"num_groups", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kGroupNormalization21Attributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
    {"num_groups", Attribute::Kind::kInt, true},
    {"stash_type", Attribute::Kind::kInt},
};
constexpr AttributeInfo kHardmaxAttributes[] = {
    {"axis", Attribute::Kind::kInt},
};
constexpr AttributeInfo kInstanceNormalizationAttributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kLRNAttributes[] = {
    {"alpha", Attribute::Kind::kFloat},
    {"beta", Attribute::Kind::kFloat},
    {"bias", Attribute::Kind::kFloat},
    {"size", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kLayerNormalizationAttributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"epsilon", Attribute::Kind::kFloat},
    {"stash_type", Attribute::Kind::kInt},
};
constexpr AttributeInfo kLpNormalizationAttributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"p", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMeanVarianceNormalizationAttributes[] = {
    {"axes", Attribute::Kind::kInts},
};

constexpr OpInfo kOps[] = {
    {"", "BatchNormalization", 7, 5, 5, 1, 5, kBatchNormalization7Attributes,
     InferBatchNormalization, Quantizable()},
    {"", "BatchNormalization", 9, 5, 5, 1, 5, kBatchNormalization9Attributes,
     InferBatchNormalization, Quantizable()},
    {"", "BatchNormalization", 14, 5, 5, 1, 3, kBatchNormalization14Attributes,
     InferBatchNormalization, Quantizable()},
    {"", "GroupNormalization", 18, 3, 3, 1, 1, kGroupNormalization18Attributes,
     InferSame},
    {"", "GroupNormalization", 21, 3, 3, 1, 1, kGroupNormalization21Attributes,
     InferSame},
    {"", "Hardmax", 1, 1, 1, 1, 1, kHardmaxAttributes, InferSame},
    {"", "InstanceNormalization", 6, 3, 3, 1, 1,
     kInstanceNormalizationAttributes, InferInstanceNormalization},
    {"", "LRN", 1, 1, 1, 1, 1, kLRNAttributes, InferSame},
    // ONNX Runtime's optimizer writes it before ONNX had it.
    {"", "LayerNormalization", 1, 2, 3, 1, 3, kLayerNormalizationAttributes,
     InferLayerNormalization},
    {"", "LayerNormalization", 17, 2, 3, 1, 3, kLayerNormalizationAttributes,
     InferLayerNormalization},
    {"", "LogSoftmax", 1, 1, 1, 1, 1, kHardmaxAttributes, InferSame},
    {"", "LpNormalization", 1, 1, 1, 1, 1, kLpNormalizationAttributes,
     InferSame},
    {"", "MeanVarianceNormalization", 9, 1, 1, 1, 1,
     kMeanVarianceNormalizationAttributes, InferSame},
    {"", "RMSNormalization", 23, 2, 2, 1, 1, kLayerNormalizationAttributes,
     InferSame},
    // ONNX Runtime's name for RMSNormalization.
    {"", "SimplifiedLayerNormalization", 1, 2, 2, 1, 2,
     kLayerNormalizationAttributes, InferLayerNormalization},
    {"", "Softmax", 1, 1, 1, 1, 1, kHardmaxAttributes, InferSame},
};

}  // namespace

absl::Span<const OpInfo> NormalizationOps() { return kOps; }

}  // namespace hone
