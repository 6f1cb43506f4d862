// Types of graph values as ONNX declares them, with symbolic extents.
//
//   Type t = Type::OfTensor(DType::kF32, Shape{Dim::Symbol("batch"),
//   Dim::Of(3)}); t.ToString() == "float32[batch, 3]"
#ifndef HONE_IR_TYPE_TYPE_H_
#define HONE_IR_TYPE_TYPE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/tensor/tensor.h"

namespace hone {

// One extent: a number, a symbol (equal symbols of one model are equal
// numbers), or unknown.
struct Dim {
  static Dim Of(int64_t value) { return {value, {}, {}}; }
  static Dim Symbol(std::string name) { return {-1, std::move(name), {}}; }
  static Dim Unknown() { return {}; }

  bool known() const { return value >= 0; }
  bool symbolic() const { return value < 0 && !symbol.empty(); }
  std::string ToString() const;  // "3", "batch", "?"
  // Same number or same symbol; two unknowns are not known to be equal but
  // compare equal here.
  friend bool operator==(const Dim& a, const Dim& b) {
    return a.value == b.value && a.symbol == b.symbol;
  }
  friend bool operator!=(const Dim& a, const Dim& b) { return !(a == b); }

  int64_t value = -1;
  std::string symbol;
  std::string denotation;  // ONNX's per-dimension annotation, carried along
};

using Shape = std::vector<Dim>;
Shape ShapeOf(absl::Span<const int64_t> dims);
// The numbers, if every extent is one.
std::optional<Dims> KnownDims(const Shape& shape);
std::string ShapeToString(const Shape& shape);  // "[batch, 3, ?]"

struct Type {
  enum class Kind : uint8_t {
    kUnknown,
    kTensor,
    kSparseTensor,
    kSequence,
    kOptional,
    kMap,
    kOpaque,  // kept as written, in `raw`
  };

  static Type OfTensor(DType dtype, std::optional<Shape> shape = std::nullopt);
  static Type SequenceOf(Type element);
  static Type OptionalOf(Type element);
  static Type MapOf(DType key, Type value);

  bool is_tensor() const { return kind == Kind::kTensor; }
  std::string ToString() const;
  friend bool operator==(const Type& a, const Type& b);
  friend bool operator!=(const Type& a, const Type& b) { return !(a == b); }

  Kind kind = Kind::kUnknown;
  DType dtype = DType::kUndefined;  // of a tensor; key type of a map
  std::optional<Shape> shape;  // of a tensor; nullopt: even the rank is unknown
  std::shared_ptr<const Type>
      element;  // of a sequence, an optional, a map's value
  std::string denotation;
  std::string
      raw;  // kOpaque: the serialised type; else the type's unknown fields
};

}  // namespace hone

#endif  // HONE_IR_TYPE_TYPE_H_
