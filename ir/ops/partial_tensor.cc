#include "ir/ops/partial_tensor.h"

#include <utility>

#include "absl/container/fixed_array.h"
#include "absl/types/span.h"

namespace hone {
namespace {

bool HoldsDType(DType dtype) {
  return dtype == DType::kS64 || dtype == DType::kS32 ||
         dtype == DType::kBool || dtype == DType::kF32;
}

template <typename T>
std::vector<PartialElement> Elements(const Tensor& tensor) {
  const Tensor aligned = tensor.Aligned();
  std::vector<PartialElement> elements;
  elements.reserve(static_cast<size_t>(tensor.size()));
  for (const T value : aligned.Values<T>()) {
    elements.push_back(PartialElement::Of(static_cast<int64_t>(value)));
  }
  return elements;
}

template <typename T>
Tensor FromElements(const PartialTensor& partial) {
  absl::FixedArray<T, 64> values(partial.elements.size());
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<T>(partial.elements[i].value);
  return Tensor::FromVector<T>(partial.dims, absl::MakeConstSpan(values));
}

}  // namespace

PartialElement PartialElement::Of(int64_t value) {
  PartialElement element;
  element.known = true;
  element.value = value;
  return element;
}

PartialElement PartialElement::OfFloat(float value) {
  PartialElement element;
  element.known = true;
  element.real = value;
  return element;
}

PartialElement PartialElement::OfDim(const Dim& dim) {
  if (dim.known()) return Of(dim.value);
  PartialElement element;
  element.symbol = dim.symbol;
  return element;
}

Dim PartialElement::ToDim() const {
  if (known) return value >= 0 ? Dim::Of(value) : Dim::Unknown();
  return symbol.empty() ? Dim::Unknown() : Dim::Symbol(symbol);
}

std::optional<PartialTensor> PartialTensor::Of(const Tensor& tensor) {
  if (tensor.size() > kMaxElements || !HoldsDType(tensor.dtype())) {
    return std::nullopt;
  }
  PartialTensor partial;
  partial.dtype = tensor.dtype();
  partial.dims = tensor.dims();
  switch (tensor.dtype()) {
    case DType::kS64:
      partial.elements = Elements<int64_t>(tensor);
      break;
    case DType::kS32:
      partial.elements = Elements<int32_t>(tensor);
      break;
    case DType::kBool:
      partial.elements = Elements<uint8_t>(tensor);
      break;
    default: {
      const Tensor aligned = tensor.Aligned();
      for (const float value : aligned.Values<float>())
        partial.elements.push_back(PartialElement::OfFloat(value));
    }
  }
  return partial;
}

std::optional<PartialTensor> PartialTensor::OfType(const Type& type) {
  if (!type.is_tensor() || !type.shape.has_value() || !HoldsDType(type.dtype)) {
    return std::nullopt;
  }
  std::optional<Dims> dims = KnownDims(*type.shape);
  if (!dims.has_value()) return std::nullopt;
  const std::optional<int64_t> count = ElementCount(*dims);
  if (!count.has_value() || *count > kMaxElements) return std::nullopt;
  PartialTensor partial;
  partial.dtype = type.dtype;
  partial.dims = *std::move(dims);
  partial.elements.resize(static_cast<size_t>(*count));
  return partial;
}

std::optional<Tensor> PartialTensor::ToTensor() const {
  for (const PartialElement& element : elements) {
    if (!element.known) return std::nullopt;
  }
  switch (dtype) {
    case DType::kS64:
      return FromElements<int64_t>(*this);
    case DType::kS32:
      return FromElements<int32_t>(*this);
    case DType::kBool:
      return FromElements<bool>(*this);
    case DType::kF32: {
      std::vector<float> values;
      values.reserve(elements.size());
      for (const PartialElement& element : elements)
        values.push_back(element.real);
      return Tensor::FromVector<float>(dims, absl::MakeConstSpan(values));
    }
    default:
      return std::nullopt;
  }
}

bool PartialTensor::AnyKnown() const {
  if (elements.empty()) return true;
  for (const PartialElement& element : elements) {
    if (element.known || !element.symbol.empty()) return true;
  }
  return false;
}

}  // namespace hone
