#include "ir/ops/infer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ir/views/attributes.h"

namespace hone {

DType InputDType(const InferInput& in, size_t index) {
  return index < in.inputs.size() && in.inputs[index].is_tensor()
             ? in.inputs[index].dtype
             : DType::kUndefined;
}

const Shape* InputShape(const InferInput& in, size_t index) {
  if (index >= in.inputs.size() || !in.inputs[index].is_tensor() ||
      !in.inputs[index].shape.has_value()) {
    return nullptr;
  }
  return &*in.inputs[index].shape;
}

int64_t InputRank(const InferInput& in, size_t index) {
  const Shape* shape = InputShape(in, index);
  return shape == nullptr ? -1 : static_cast<int64_t>(shape->size());
}

bool HasInput(const InferInput& in, size_t index) {
  return !in.node->Input(index).empty();
}

const PartialTensor* InputPartial(const InferInput& in, size_t index) {
  return index < in.partial.size() ? in.partial[index] : nullptr;
}

std::vector<int64_t> NumbersOf(const Shape* shape) {
  std::vector<int64_t> numbers;
  if (shape == nullptr) return numbers;
  numbers.reserve(shape->size());
  for (const Dim& dim : *shape) numbers.push_back(dim.known() ? dim.value : -1);
  return numbers;
}

void SetOutput(InferOutput* out, size_t index, DType dtype,
               std::optional<Shape> shape) {
  if (index >= out->types.size()) return;
  if (dtype == DType::kUndefined && !shape.has_value()) return;
  out->types[index] = Type::OfTensor(dtype, std::move(shape));
}

std::optional<Shape> CopyOf(const Shape* shape) {
  if (shape == nullptr) return std::nullopt;
  return *shape;
}

std::optional<Shape> UnknownShape(int64_t rank) {
  if (rank < 0) return std::nullopt;
  return Shape(static_cast<size_t>(rank));
}

Dim AddDims(const Dim& a, const Dim& b) {
  if (a.known() && a.value == 0) return b;
  if (b.known() && b.value == 0) return a;
  int64_t sum = 0;
  if (!a.known() || !b.known() ||
      __builtin_add_overflow(a.value, b.value, &sum)) {
    return Dim::Unknown();
  }
  return Dim::Of(sum);
}

Dim MulDims(const Dim& a, const Dim& b) {
  for (const auto& [x, y] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    if (x->known() && x->value == 0) return Dim::Of(0);
    if (x->known() && x->value == 1) return *y;
  }
  int64_t product = 0;
  if (!a.known() || !b.known() ||
      __builtin_mul_overflow(a.value, b.value, &product)) {
    return Dim::Unknown();
  }
  return Dim::Of(product);
}

Dim ProductOf(const Shape& shape, size_t begin, size_t end) {
  Dim product = Dim::Of(1);
  for (size_t i = begin; i < end; ++i) product = MulDims(product, shape[i]);
  return product;
}

Dim MergeDims(const Dim& a, const Dim& b) {
  if (a.known()) return a;
  if (b.known()) return b;
  return a.symbolic() ? a : b;
}

std::optional<Dim> BroadcastDim(const Dim& a, const Dim& b) {
  if (a.known() && a.value == 1) return b;
  if (b.known() && b.value == 1) return a;
  if (a.known() && b.known()) {
    if (a.value != b.value) return std::nullopt;
    return a;
  }
  // A number other than 1 decides: the other is equal to it or 1.
  if (a.known()) return a;
  if (b.known()) return b;
  if (a.symbolic() && a.symbol == b.symbol) return a;
  return Dim::Unknown();
}

absl::StatusOr<std::optional<Shape>> BroadcastShapes(const Node& node,
                                                     const Shape* a,
                                                     const Shape* b) {
  if (a == nullptr || b == nullptr) return std::optional<Shape>();
  if (a->size() < b->size()) std::swap(a, b);
  Shape shape = *a;
  const size_t offset = a->size() - b->size();
  for (size_t i = 0; i < b->size(); ++i) {
    std::optional<Dim> dim = BroadcastDim((*a)[offset + i], (*b)[i]);
    if (!dim.has_value()) {
      return NodeError(node, "inputs do not broadcast", ShapeToString(*a),
                       ShapeToString(*b));
    }
    shape[offset + i] = *std::move(dim);
  }
  return std::optional<Shape>(std::move(shape));
}

absl::Status CheckRank(const InferInput& in, size_t index, int64_t low,
                       int64_t high) {
  const int64_t rank = InputRank(in, index);
  if (rank >= 0 && (rank < low || rank > high)) {
    return NodeError(
        *in.node, absl::StrCat("rank of input ", in.node->Input(index)),
        low == high ? absl::StrCat(low) : absl::StrCat("at least ", low),
        ShapeToString(*InputShape(in, index)));
  }
  return absl::OkStatus();
}

std::optional<int64_t> CheckedProduct(absl::Span<const int64_t> factors) {
  int64_t product = 1;
  for (int64_t factor : factors) {
    if (factor < 0 || __builtin_mul_overflow(product, factor, &product)) {
      return std::nullopt;
    }
  }
  return product;
}

std::optional<int64_t> CountOf(const Type& type) {
  if (!type.is_tensor() || !type.shape.has_value()) return std::nullopt;
  const std::optional<Dims> dims = KnownDims(*type.shape);
  if (!dims.has_value()) return std::nullopt;
  return ElementCount(*dims);
}

absl::Status InferSame(const InferInput& in, InferOutput* out) {
  if (!in.inputs.empty() && !out->types.empty()) out->types[0] = in.inputs[0];
  return absl::OkStatus();
}

DType DTypeAttribute(const InferInput& in, absl::string_view name,
                     DType otherwise) {
  const int64_t number = in.node->IntAttribute(name, 0);
  return IsKnownDType(number) ? static_cast<DType>(number) : otherwise;
}

}  // namespace hone
