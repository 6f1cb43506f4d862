// Signals, text, losses, random numbers.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/views/attributes.h"

namespace hone {
namespace {

// The extent that a scalar input says.
Dim ExtentFrom(const InferInput& in, size_t index) {
  const PartialTensor* partial = InputPartial(in, index);
  if (partial == nullptr || partial->elements.size() != 1 ||
      partial->dtype == DType::kF32) {
    return Dim::Unknown();
  }
  return partial->elements[0].ToDim();
}

Dim HalfPlusOne(const Dim& dim) {
  return dim.known() ? Dim::Of(dim.value / 2 + 1) : Dim::Unknown();
}

// input [n, c, d...], target [n, d...] -> a number, or target's shape.
absl::Status InferLoss(const InferInput& in, InferOutput* out) {
  const bool none = in.node->StringAttribute("reduction", "mean") == "none";
  SetOutput(out, 0, InputDType(in, 0),
            none ? CopyOf(InputShape(in, 1)) : Shape());
  SetOutput(out, 1, InputDType(in, 0), CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

// x [batch, ..., 1 or 2] -> [batch, ..., 2].
absl::Status InferDft(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  if (y.has_value() && y->size() >= 2) {
    const auto rank = static_cast<int64_t>(y->size());
    int64_t axis = in.node->IntAttribute("axis", 1);
    if (in.opset >= 20) {
      axis = -2;
      if (HasInput(in, 2)) {
        const Tensor* given = in.contents.size() > 2 ? in.contents[2] : nullptr;
        if (given == nullptr) {
          SetOutput(out, 0, InputDType(in, 0), UnknownShape(rank));
          return absl::OkStatus();
        }
        const absl::StatusOr<double> value = ScalarElement(*given);
        if (!value.ok() || !(*value >= -rank && *value < rank)) {
          return NodeError(*in.node, "axis", "an axis of the input");
        }
        axis = static_cast<int64_t>(*value);
      }
    }
    HONE_ASSIGN_OR_RETURN(axis, FrontAxis(*in.node, axis, rank));
    Dim& extent = (*y)[static_cast<size_t>(axis)];
    if (HasInput(in, 1)) extent = ExtentFrom(in, 1);
    const bool onesided = in.node->IntAttribute("onesided", 0) != 0;
    const bool inverse = in.node->IntAttribute("inverse", 0) != 0;
    if (onesided && !inverse) extent = HalfPlusOne(extent);
    // The inverse of one half is real, of an extent told by dft_length only.
    if (onesided && inverse && !HasInput(in, 1)) extent = Dim::Unknown();
    y->back() = onesided && inverse ? Dim::Unknown() : Dim::Of(2);
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

// signal [batch, length, 1 or 2] -> [batch, frames, bins, 2].
absl::Status InferStft(const InferInput& in, InferOutput* out) {
  Shape y(4);
  const Shape* x = InputShape(in, 0);
  if (x != nullptr && !x->empty()) y[0] = (*x)[0];
  y[3] = Dim::Of(2);
  const Dim step = ExtentFrom(in, 1);
  Dim frame = HasInput(in, 3) ? ExtentFrom(in, 3) : Dim::Unknown();
  if (const Shape* window = InputShape(in, 2);
      window != nullptr && window->size() == 1 && !frame.known()) {
    frame = (*window)[0];
  }
  const bool onesided = in.node->IntAttribute("onesided", 1) != 0;
  y[2] = onesided ? HalfPlusOne(frame) : frame;
  if (x != nullptr && x->size() >= 2 && (*x)[1].known() && frame.known() &&
      step.known() && step.value > 0 && (*x)[1].value >= frame.value) {
    y[1] = Dim::Of(((*x)[1].value - frame.value) / step.value + 1);
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferWindow(const InferInput& in, InferOutput* out) {
  SetOutput(out, 0, DTypeAttribute(in, "output_datatype", DType::kF32),
            Shape{ExtentFrom(in, 0)});
  return absl::OkStatus();
}

absl::Status InferMelWeightMatrix(const InferInput& in, InferOutput* out) {
  SetOutput(out, 0, DTypeAttribute(in, "output_datatype", DType::kF32),
            Shape{HalfPlusOne(ExtentFrom(in, 1)), ExtentFrom(in, 0)});
  return absl::OkStatus();
}

absl::Status InferMultinomial(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 2, 2));
  AttributeReader read(*in.node);
  Shape y(2);
  if (const Shape* x = InputShape(in, 0)) y[0] = (*x)[0];
  y[1] = Dim::Of(read.IntIn("sample_size", 1, 0, int64_t{1} << 40));
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  SetOutput(out, 0, DTypeAttribute(in, "dtype", DType::kS32), std::move(y));
  return absl::OkStatus();
}

absl::Status InferRegexFullMatch(const InferInput& in, InferOutput* out) {
  SetOutput(out, 0, DType::kBool, CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

absl::Status InferStringSplit(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  SetOutput(out, 1, DType::kS64, y);
  if (y.has_value()) y->push_back(Dim::Unknown());
  SetOutput(out, 0, DType::kString, std::move(y));
  return absl::OkStatus();
}

absl::Status InferStringNormalizer(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  if (y.has_value() && !y->empty()) y->back() = Dim::Unknown();
  SetOutput(out, 0, DType::kString, std::move(y));
  return absl::OkStatus();
}

// The last axis counts n-grams.
absl::Status InferTfIdf(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  const std::vector<int64_t> indexes = in.node->IntsAttribute("ngram_indexes");
  if (y.has_value() && !y->empty() && !indexes.empty()) {
    const int64_t most = *std::max_element(indexes.begin(), indexes.end());
    y->back() = AddDims(Dim::Of(std::max<int64_t>(most, 0)), Dim::Of(1));
  }
  SetOutput(out, 0, DType::kF32, std::move(y));
  return absl::OkStatus();
}

constexpr AttributeInfo kBlackmanWindowAttributes[] = {
    {"output_datatype", Attribute::Kind::kInt},
    {"periodic", Attribute::Kind::kInt},
};
constexpr AttributeInfo kDFT17Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"inverse", Attribute::Kind::kInt},
    {"onesided", Attribute::Kind::kInt},
};
constexpr AttributeInfo kDFT20Attributes[] = {
    {"inverse", Attribute::Kind::kInt},
    {"onesided", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMelWeightMatrixAttributes[] = {
    {"output_datatype", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMultinomialAttributes[] = {
    {"dtype", Attribute::Kind::kInt},
    {"sample_size", Attribute::Kind::kInt},
    {"seed", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kNegativeLogLikelihoodLossAttributes[] = {
    {"ignore_index", Attribute::Kind::kInt},
    {"reduction", Attribute::Kind::kString},
};
constexpr AttributeInfo kRegexFullMatchAttributes[] = {
    {"pattern", Attribute::Kind::kString},
};
constexpr AttributeInfo kSTFTAttributes[] = {
    {"onesided", Attribute::Kind::kInt},
};
constexpr AttributeInfo kStringNormalizerAttributes[] = {
    {"case_change_action", Attribute::Kind::kString},
    {"is_case_sensitive", Attribute::Kind::kInt},
    {"locale", Attribute::Kind::kString},
    {"stopwords", Attribute::Kind::kStrings},
};
constexpr AttributeInfo kStringSplitAttributes[] = {
    {"delimiter", Attribute::Kind::kString},
    {"maxsplit", Attribute::Kind::kInt},
};
constexpr AttributeInfo kTfIdfVectorizerAttributes[] = {
    {"max_gram_length", Attribute::Kind::kInt, true},
    {"max_skip_count", Attribute::Kind::kInt, true},
    {"min_gram_length", Attribute::Kind::kInt, true},
    {"mode", Attribute::Kind::kString, true},
    {"ngram_counts", Attribute::Kind::kInts, true},
    {"ngram_indexes", Attribute::Kind::kInts, true},
    {"pool_int64s", Attribute::Kind::kInts},
    {"pool_strings", Attribute::Kind::kStrings},
    {"weights", Attribute::Kind::kFloats},
};

constexpr OpInfo kOps[] = {
    {"", "BlackmanWindow", 17, 1, 1, 1, 1, kBlackmanWindowAttributes,
     InferWindow},
    {"", "DFT", 17, 1, 2, 1, 1, kDFT17Attributes, InferDft},
    {"", "DFT", 20, 1, 3, 1, 1, kDFT20Attributes, InferDft},
    {"", "HammingWindow", 17, 1, 1, 1, 1, kBlackmanWindowAttributes,
     InferWindow},
    {"", "HannWindow", 17, 1, 1, 1, 1, kBlackmanWindowAttributes, InferWindow},
    {"", "MelWeightMatrix", 17, 5, 5, 1, 1, kMelWeightMatrixAttributes,
     InferMelWeightMatrix},
    {"", "Multinomial", 7, 1, 1, 1, 1, kMultinomialAttributes,
     InferMultinomial},
    {"", "NegativeLogLikelihoodLoss", 12, 2, 3, 1, 1,
     kNegativeLogLikelihoodLossAttributes, InferLoss},
    {"", "RegexFullMatch", 20, 1, 1, 1, 1, kRegexFullMatchAttributes,
     InferRegexFullMatch},
    {"", "STFT", 17, 2, 4, 1, 1, kSTFTAttributes, InferStft},
    {"", "SoftmaxCrossEntropyLoss", 12, 2, 3, 1, 2,
     kNegativeLogLikelihoodLossAttributes, InferLoss},
    {"", "StringNormalizer", 10, 1, 1, 1, 1, kStringNormalizerAttributes,
     InferStringNormalizer},
    {"", "StringSplit", 20, 1, 1, 2, 2, kStringSplitAttributes,
     InferStringSplit},
    {"", "TfIdfVectorizer", 9, 1, 1, 1, 1, kTfIdfVectorizerAttributes,
     InferTfIdf},
};

}  // namespace

absl::Span<const OpInfo> SignalOps() { return kOps; }

}  // namespace hone
