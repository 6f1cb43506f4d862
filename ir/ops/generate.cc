// Operators that make arrays from parameters and extents.
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/fold.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/reshape_infer.h"
#include "ir/ops/traits.h"
#include "ir/views/attributes.h"

namespace hone {
namespace {

absl::Status InferConstant(const InferInput& in, InferOutput* out) {
  if (const std::optional<Tensor> value = ConstantNodeTensor(*in.node)) {
    SetOutput(out, 0, value->dtype(), ShapeOf(value->dims()));
  }
  return absl::OkStatus();
}

absl::Status InferConstantOfShape(const InferInput& in, InferOutput* out) {
  DType dtype = DType::kF32;
  if (const Attribute* value = in.node->FindAttribute("value")) {
    const Tensor* tensor = std::get_if<Tensor>(&value->data);
    dtype = tensor == nullptr ? DType::kUndefined : tensor->dtype();
  }
  if (const PartialTensor* shape = InputPartial(in, 0)) {
    for (const PartialElement& element : shape->elements) {
      if (element.known && element.value < 0) {
        return NodeError(*in.node, "shape", "extents of at least 0",
                         absl::StrCat(element.value));
      }
    }
  }
  SetOutput(out, 0, dtype, ShapeFromInput(in, 0));
  return absl::OkStatus();
}

absl::Status InferRange(const InferInput& in, InferOutput* out) {
  Shape y(1);
  double bounds[3];
  bool known = true;
  for (size_t i = 0; i < 3; ++i) {
    const Tensor* tensor = i < in.contents.size() ? in.contents[i] : nullptr;
    if (tensor == nullptr) {
      known = false;
      continue;
    }
    const absl::StatusOr<double> value = ScalarElement(*tensor);
    if (!value.ok()) {
      return NodeError(*in.node, "bounds", "three numbers",
                       value.status().message());
    }
    bounds[i] = *value;
  }
  if (known) {
    const double count = std::ceil((bounds[1] - bounds[0]) / bounds[2]);
    if (bounds[2] == 0 || !(std::fabs(count) < 9e18)) {
      return NodeError(*in.node, "delta", "a step that ends", "none");
    }
    y[0] = Dim::Of(count > 0 ? static_cast<int64_t>(count) : 0);
  }
  DType dtype = InputDType(in, 0);
  for (size_t i = 1; i < 3 && dtype == DType::kUndefined; ++i)
    dtype = InputDType(in, i);
  SetOutput(out, 0, dtype, std::move(y));
  return absl::OkStatus();
}

absl::Status InferShape(const InferInput& in, InferOutput* out) {
  const Shape* x = InputShape(in, 0);
  Shape y(1);
  if (x != nullptr) {
    const auto rank = static_cast<int64_t>(x->size());
    const auto clamp = [rank](int64_t at) {
      if (at < 0) at += rank;
      return at < 0 ? 0 : at > rank ? rank : at;
    };
    const int64_t start = clamp(in.node->IntAttribute("start", 0));
    const int64_t end = clamp(in.node->IntAttribute("end", rank));
    y[0] = Dim::Of(end > start ? end - start : 0);
  }
  SetOutput(out, 0, DType::kS64, std::move(y));
  return absl::OkStatus();
}

absl::Status InferSize(const InferInput& /*in*/, InferOutput* out) {
  SetOutput(out, 0, DType::kS64, Shape());
  return absl::OkStatus();
}

absl::Status InferEyeLike(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 2, 2));
  SetOutput(out, 0, DTypeAttribute(in, "dtype", InputDType(in, 0)),
            CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

absl::Status InferOneHot(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  if (y.has_value()) {
    HONE_ASSIGN_OR_RETURN(const int64_t axis,
                          FrontAxis(*in.node, in.node->IntAttribute("axis", -1),
                                    static_cast<int64_t>(y->size()) + 1));
    const Tensor* depth = in.contents.size() > 1 ? in.contents[1] : nullptr;
    Dim extent;
    if (depth != nullptr) {
      const absl::StatusOr<double> value = ScalarElement(*depth);
      if (value.ok() && *value >= 0 && *value < 9e18) {
        extent = Dim::Of(static_cast<int64_t>(*value));
      }
    } else if (const PartialTensor* partial = InputPartial(in, 1);
               partial != nullptr && partial->elements.size() == 1) {
      extent = partial->elements[0].ToDim();
    }
    y->insert(y->begin() + axis, std::move(extent));
  }
  SetOutput(out, 0, InputDType(in, 2), std::move(y));
  return absl::OkStatus();
}

absl::Status InferNonZero(const InferInput& in, InferOutput* out) {
  Shape y(2);
  if (const Shape* x = InputShape(in, 0)) {
    y[0] = Dim::Of(static_cast<int64_t>(x->size()));
  }
  SetOutput(out, 0, DType::kS64, std::move(y));
  return absl::OkStatus();
}

absl::Status InferUnique(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = UnknownShape(1);
  if (in.node->FindAttribute("axis") != nullptr) {
    y = CopyOf(InputShape(in, 0));
    if (y.has_value()) {
      HONE_ASSIGN_OR_RETURN(
          const int64_t axis,
          FrontAxis(*in.node, in.node->IntAttribute("axis", 0),
                    static_cast<int64_t>(y->size())));
      (*y)[static_cast<size_t>(axis)] = Dim::Unknown();
    }
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  for (size_t i = 1; i < 4; ++i)
    SetOutput(out, i, DType::kS64, UnknownShape(1));
  return absl::OkStatus();
}

// RandomNormal and RandomUniform.
absl::Status InferRandom(const InferInput& in, InferOutput* out) {
  AttributeReader read(*in.node);
  Shape y;
  for (int64_t extent : read.Ints("shape")) {
    if (extent < 0) read.Fail("shape", "extents of at least 0");
    y.push_back(Dim::Of(extent));
  }
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  SetOutput(out, 0, DTypeAttribute(in, "dtype", DType::kF32), std::move(y));
  return absl::OkStatus();
}

constexpr AttributeInfo kConstant1Attributes[] = {
    {"value", Attribute::Kind::kTensor, true},
};
constexpr AttributeInfo kConstant11Attributes[] = {
    {"sparse_value", Attribute::Kind::kSparseTensor},
    {"value", Attribute::Kind::kTensor},
};
constexpr AttributeInfo kConstant12Attributes[] = {
    {"sparse_value", Attribute::Kind::kSparseTensor},
    {"value", Attribute::Kind::kTensor},
    {"value_float", Attribute::Kind::kFloat},
    {"value_floats", Attribute::Kind::kFloats},
    {"value_int", Attribute::Kind::kInt},
    {"value_ints", Attribute::Kind::kInts},
    {"value_string", Attribute::Kind::kString},
    {"value_strings", Attribute::Kind::kStrings},
};
constexpr AttributeInfo kConstantOfShapeAttributes[] = {
    {"value", Attribute::Kind::kTensor},
};
constexpr AttributeInfo kEyeLikeAttributes[] = {
    {"dtype", Attribute::Kind::kInt},
    {"k", Attribute::Kind::kInt},
};
constexpr AttributeInfo kOneHotAttributes[] = {
    {"axis", Attribute::Kind::kInt},
};
constexpr AttributeInfo kRandomNormalAttributes[] = {
    {"dtype", Attribute::Kind::kInt},        {"mean", Attribute::Kind::kFloat},
    {"scale", Attribute::Kind::kFloat},      {"seed", Attribute::Kind::kFloat},
    {"shape", Attribute::Kind::kInts, true},
};
constexpr AttributeInfo kRandomUniformAttributes[] = {
    {"dtype", Attribute::Kind::kInt},        {"high", Attribute::Kind::kFloat},
    {"low", Attribute::Kind::kFloat},        {"seed", Attribute::Kind::kFloat},
    {"shape", Attribute::Kind::kInts, true},
};
constexpr AttributeInfo kRange27Attributes[] = {
    {"stash_type", Attribute::Kind::kInt},
};
constexpr AttributeInfo kShape15Attributes[] = {
    {"end", Attribute::Kind::kInt},
    {"start", Attribute::Kind::kInt},
};
constexpr AttributeInfo kUniqueAttributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"sorted", Attribute::Kind::kInt},
};

constexpr OpInfo kOps[] = {
    {"", "Constant", 1, 0, 0, 1, 1, kConstant1Attributes, InferConstant},
    {"", "Constant", 11, 0, 0, 1, 1, kConstant11Attributes, InferConstant},
    {"", "Constant", 12, 0, 0, 1, 1, kConstant12Attributes, InferConstant},
    {"",
     "ConstantOfShape",
     9,
     1,
     1,
     1,
     1,
     kConstantOfShapeAttributes,
     InferConstantOfShape,
     {},
     nullptr,
     FoldConstantOfShape},
    {"", "EyeLike", 9, 1, 1, 1, 1, kEyeLikeAttributes, InferEyeLike},
    {"", "NonZero", 9, 1, 1, 1, 1, {}, InferNonZero},
    {"", "OneHot", 9, 3, 3, 1, 1, kOneHotAttributes, InferOneHot},
    {"", "RandomNormal", 1, 0, 0, 1, 1, kRandomNormalAttributes, InferRandom},
    {"", "RandomUniform", 1, 0, 0, 1, 1, kRandomUniformAttributes, InferRandom},
    {"", "Range", 11, 3, 3, 1, 1, {}, InferRange, {}, nullptr, FoldRange},
    {"",
     "Range",
     27,
     3,
     3,
     1,
     1,
     kRange27Attributes,
     InferRange,
     {},
     nullptr,
     FoldRange},
    {"", "Shape", 1, 1, 1, 1, 1, {}, InferShape, {}, nullptr, FoldShape},
    {"",
     "Shape",
     15,
     1,
     1,
     1,
     1,
     kShape15Attributes,
     InferShape,
     {},
     nullptr,
     FoldShape},
    {"", "Size", 1, 1, 1, 1, 1, {}, InferSize, {}, nullptr, FoldSize},
    {"", "Unique", 11, 1, 1, 1, 4, kUniqueAttributes, InferUnique},
};

}  // namespace

absl::Span<const OpInfo> GenerateOps() { return kOps; }

}  // namespace hone
