#include "ir/type/type.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace hone {

std::string Dim::ToString() const {
  if (known()) return absl::StrCat(value);
  return symbolic() ? symbol : "?";
}

Shape ShapeOf(absl::Span<const int64_t> dims) {
  Shape shape;
  shape.reserve(dims.size());
  for (int64_t dim : dims) shape.push_back(Dim::Of(dim));
  return shape;
}

std::optional<Dims> KnownDims(const Shape& shape) {
  Dims dims;
  for (const Dim& dim : shape) {
    if (!dim.known()) return std::nullopt;
    dims.push_back(dim.value);
  }
  return dims;
}

std::string ShapeToString(const Shape& shape) {
  return absl::StrCat("[",
                      absl::StrJoin(shape, ", ",
                                    [](std::string* out, const Dim& dim) {
                                      absl::StrAppend(out, dim.ToString());
                                    }),
                      "]");
}

Type Type::OfTensor(DType dtype, std::optional<Shape> shape) {
  Type type;
  type.kind = Kind::kTensor;
  type.dtype = dtype;
  type.shape = std::move(shape);
  return type;
}

Type Type::SequenceOf(Type element) {
  Type type;
  type.kind = Kind::kSequence;
  type.element = std::make_shared<const Type>(std::move(element));
  return type;
}

Type Type::OptionalOf(Type element) {
  Type type;
  type.kind = Kind::kOptional;
  type.element = std::make_shared<const Type>(std::move(element));
  return type;
}

Type Type::MapOf(DType key, Type value) {
  Type type;
  type.kind = Kind::kMap;
  type.dtype = key;
  type.element = std::make_shared<const Type>(std::move(value));
  return type;
}

std::string Type::ToString() const {
  const std::string inner = element != nullptr ? element->ToString() : "?";
  switch (kind) {
    case Kind::kUnknown:
      return "?";
    case Kind::kTensor:
      return absl::StrCat(DTypeName(dtype),
                          shape.has_value() ? ShapeToString(*shape) : "[...]");
    case Kind::kSparseTensor:
      return absl::StrCat("sparse ", DTypeName(dtype),
                          shape.has_value() ? ShapeToString(*shape) : "[...]");
    case Kind::kSequence:
      return absl::StrCat("sequence(", inner, ")");
    case Kind::kOptional:
      return absl::StrCat("optional(", inner, ")");
    case Kind::kMap:
      return absl::StrCat("map(", DTypeName(dtype), ", ", inner, ")");
    case Kind::kOpaque:
      return "opaque";
  }
  return "?";
}

bool operator==(const Type& a, const Type& b) {
  if (a.kind != b.kind || a.dtype != b.dtype || a.shape != b.shape ||
      a.denotation != b.denotation || a.raw != b.raw) {
    return false;
  }
  if ((a.element == nullptr) != (b.element == nullptr)) return false;
  return a.element == nullptr || *a.element == *b.element;
}

}  // namespace hone
