#include "ir/text/parse_value.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/elements/elements.h"
#include "ir/error/error.h"

namespace hone {
namespace {

// Text that a person writes; more is a mistake, and would be allocated.
constexpr int64_t kMaxElements = int64_t{1} << 28;
constexpr int kMaxDepth = 32;

// Steele et al. 2014, "Fast splittable pseudorandom number generators": the
// output function of SplitMix64.
class SplitMix64 {
 public:
  explicit SplitMix64(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

 private:
  uint64_t state_;
};

absl::StatusOr<DType> ParseDType(TokenStream* in) {
  std::optional<DType> dtype;
  if (in->Peek().kind == Token::Kind::kName)
    dtype = DTypeFromName(in->Peek().text);
  if (!dtype.has_value()) return in->Error("an element type");
  in->Advance();
  return *dtype;
}

absl::StatusOr<std::optional<Shape>> ParseShape(TokenStream* in) {
  HONE_RETURN_IF_ERROR(in->Expect("["));
  if (in->Accept("...")) {
    HONE_RETURN_IF_ERROR(in->Expect("]"));
    return std::optional<Shape>();
  }
  Shape shape;
  while (!in->Accept("]")) {
    if (!shape.empty()) HONE_RETURN_IF_ERROR(in->Expect(","));
    if (in->Accept("?")) {
      shape.push_back(Dim::Unknown());
    } else if (in->NextIsName()) {
      HONE_ASSIGN_OR_RETURN(std::string symbol, in->Name("a symbol"));
      shape.push_back(Dim::Symbol(std::move(symbol)));
    } else {
      HONE_ASSIGN_OR_RETURN(const int64_t extent, in->Integer("an extent"));
      if (extent < 0) return in->Error("an extent of at least 0 before this");
      shape.push_back(Dim::Of(extent));
    }
  }
  return std::optional<Shape>(std::move(shape));
}

absl::StatusOr<Type> ParseNested(TokenStream* in, int depth) {
  if (depth > kMaxDepth) return in->Error("a type less deep");
  if (in->Accept("?")) return Type();
  for (const bool sequence : {true, false}) {
    if (!in->Accept(sequence ? "sequence" : "optional")) continue;
    HONE_RETURN_IF_ERROR(in->Expect("("));
    HONE_ASSIGN_OR_RETURN(Type element, ParseNested(in, depth + 1));
    HONE_RETURN_IF_ERROR(in->Expect(")"));
    return sequence ? Type::SequenceOf(std::move(element))
                    : Type::OptionalOf(std::move(element));
  }
  if (in->Accept("map")) {
    HONE_RETURN_IF_ERROR(in->Expect("("));
    HONE_ASSIGN_OR_RETURN(const DType key, ParseDType(in));
    HONE_RETURN_IF_ERROR(in->Expect(","));
    HONE_ASSIGN_OR_RETURN(Type value, ParseNested(in, depth + 1));
    HONE_RETURN_IF_ERROR(in->Expect(")"));
    return Type::MapOf(key, std::move(value));
  }
  Type type;
  type.kind =
      in->Accept("sparse") ? Type::Kind::kSparseTensor : Type::Kind::kTensor;
  HONE_ASSIGN_OR_RETURN(type.dtype, ParseDType(in));
  HONE_ASSIGN_OR_RETURN(type.shape, ParseShape(in));
  return type;
}

absl::Status SetElement(TokenStream* in, DType dtype, int64_t index,
                        absl::Span<std::byte> bytes) {
  if (HasRealElements(dtype)) {
    HONE_ASSIGN_OR_RETURN(const double value, in->Number("a number"));
    SetReal(dtype, value, index, bytes);
    return absl::OkStatus();
  }
  int64_t value = 0;
  if (dtype == DType::kBool && in->Accept("true")) {
    value = 1;
  } else if (!(dtype == DType::kBool && in->Accept("false"))) {
    HONE_ASSIGN_OR_RETURN(value, in->Integer("an integer"));
  }
  if (!IntegerFits(dtype, value)) {
    return in->Error(
        absl::StrCat("a number that fits ", DTypeName(dtype), " before this"));
  }
  SetInteger(dtype, value, index, bytes);
  return absl::OkStatus();
}

absl::Status ParseValues(TokenStream* in, DType dtype, int64_t count,
                         absl::Span<std::byte> bytes) {
  HONE_RETURN_IF_ERROR(in->Expect("{"));
  for (int64_t i = 0; i < count; ++i) {
    if (i > 0) HONE_RETURN_IF_ERROR(in->Expect(","));
    HONE_RETURN_IF_ERROR(SetElement(in, dtype, i, bytes));
  }
  return in->Expect("}");
}

absl::Status ParseRandom(TokenStream* in, DType dtype, int64_t count,
                         absl::Span<std::byte> bytes) {
  HONE_RETURN_IF_ERROR(in->Expect("("));
  HONE_ASSIGN_OR_RETURN(const int64_t seed, in->Integer("a seed"));
  const bool real = HasRealElements(dtype);
  double low = real ? -1 : -128;
  double high = real ? 1 : 255;
  while (!real && !IntegerFits(dtype, static_cast<int64_t>(low))) ++low;
  while (!real && !IntegerFits(dtype, static_cast<int64_t>(high))) --high;
  if (in->Accept(",")) {
    HONE_ASSIGN_OR_RETURN(low, in->Number("the low bound"));
    HONE_RETURN_IF_ERROR(in->Expect(","));
    HONE_ASSIGN_OR_RETURN(high, in->Number("the high bound"));
    const bool fits = real || (low > -9e18 && high < 9e18 &&
                               IntegerFits(dtype, static_cast<int64_t>(low)) &&
                               IntegerFits(dtype, static_cast<int64_t>(high)));
    if (!fits || !(low <= high)) return in->Error("fitting bounds before this");
  }
  HONE_RETURN_IF_ERROR(in->Expect(")"));
  SplitMix64 random(static_cast<uint64_t>(seed));
  for (int64_t i = 0; i < count; ++i) {
    if (real) {
      const double unit = static_cast<double>(random.Next() >> 11) * 0x1p-53;
      SetReal(dtype, low + (high - low) * unit, i, bytes);
    } else {
      const auto span = static_cast<uint64_t>(high - low) + 1;
      const auto offset = static_cast<int64_t>(random.Next() % span);
      SetInteger(dtype, static_cast<int64_t>(low) + offset, i, bytes);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Tensor> ParseStrings(TokenStream* in, Dims dims, int64_t count) {
  HONE_RETURN_IF_ERROR(in->Expect("{"));
  std::vector<std::string> values;
  for (int64_t i = 0; i < count; ++i) {
    if (i > 0) HONE_RETURN_IF_ERROR(in->Expect(","));
    HONE_ASSIGN_OR_RETURN(std::string value, in->String("a string"));
    values.push_back(std::move(value));
  }
  HONE_RETURN_IF_ERROR(in->Expect("}"));
  return Tensor::FromStrings(std::move(dims), std::move(values));
}

}  // namespace

absl::StatusOr<Type> ParseTypeFrom(TokenStream* in) {
  return ParseNested(in, 0);
}

absl::StatusOr<Tensor> ParseTensorFrom(TokenStream* in) {
  HONE_ASSIGN_OR_RETURN(const DType dtype, ParseDType(in));
  HONE_ASSIGN_OR_RETURN(const std::optional<Shape> shape, ParseShape(in));
  const std::optional<Dims> dims =
      shape.has_value() ? KnownDims(*shape) : std::nullopt;
  const std::optional<int64_t> count =
      dims.has_value() ? ElementCount(*dims) : std::nullopt;
  if (!count.has_value() || *count > kMaxElements) {
    return in->Error("known extents of a sane product before this");
  }
  if (dtype == DType::kString) return ParseStrings(in, *dims, *count);
  if (!HasRealElements(dtype) && !HasIntegerElements(dtype)) {
    return in->Error(absl::StrCat("values of a type with literals, not ",
                                  DTypeName(dtype), ","));
  }
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(Tensor tensor, Tensor::Allocate(dtype, *dims, &bytes));
  if (in->Accept("fill")) {
    HONE_RETURN_IF_ERROR(in->Expect("("));
    // An empty tensor still reads a value, and has no place to put it.
    std::byte scratch[8] = {};
    HONE_RETURN_IF_ERROR(
        SetElement(in, dtype, 0, *count > 0 ? bytes : absl::MakeSpan(scratch)));
    HONE_RETURN_IF_ERROR(in->Expect(")"));
    for (int64_t i = 1; i < *count; ++i) {
      if (HasRealElements(dtype)) {
        SetReal(dtype, RealElement(tensor, 0), i, bytes);
      } else {
        SetInteger(dtype, IntegerElement(tensor, 0), i, bytes);
      }
    }
  } else if (in->Accept("random")) {
    HONE_RETURN_IF_ERROR(ParseRandom(in, dtype, *count, bytes));
  } else {
    HONE_RETURN_IF_ERROR(ParseValues(in, dtype, *count, bytes));
  }
  return tensor;
}

}  // namespace hone
