#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/map/map.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/views/attributes.h"
#include "kernels/exec/buffer.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/ml/map_input.h"
#include "kernels/exec/ops/ml/ml.h"

namespace hone {
namespace {

struct Casting {
  DType to = DType::kF32;
  int64_t places = 0;  // 0: as many as the map has values
};

absl::StatusOr<Casting> CastingOf(const Node& node) {
  static constexpr absl::string_view kTypes[] = {"TO_FLOAT", "TO_STRING",
                                                 "TO_INT64"};
  static constexpr DType kDTypes[] = {DType::kF32, DType::kString, DType::kS64};
  static constexpr absl::string_view kForms[] = {"DENSE", "SPARSE"};
  AttributeReader read(node);
  Casting casting;
  casting.to =
      kDTypes[read.Choice("cast_to", "TO_FLOAT", absl::MakeConstSpan(kTypes))];
  if (read.Choice("map_form", "DENSE", absl::MakeConstSpan(kForms)) == 1) {
    casting.places = read.IntIn("max_map", 1, 1, 0x7fffffff);
  }
  return read.Finish(casting);
}

// Which value of the map stands at each place of the output; -1: none.
absl::StatusOr<std::vector<int64_t>> Places(const Node& node,
                                            const Casting& casting,
                                            const Value& map) {
  std::vector<int64_t> places;
  if (casting.places == 0) {
    for (int64_t i = 0; i < map.map_keys().size(); ++i) places.push_back(i);
    return places;
  }
  // Room for the places and for what will stand there.
  const size_t each = casting.to == DType::kString ? sizeof(std::string) : 8;
  HONE_RETURN_IF_ERROR(
      NewBuffer(static_cast<size_t>(casting.places) * (each + sizeof(int64_t)))
          .status());
  places.assign(static_cast<size_t>(casting.places), -1);
  const Tensor keys = map.map_keys();
  HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> numbers,
                        IntegerElements(keys));
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] < 0) {
      return NodeError(node, "a key of the map", "at least 0 in a sparse one",
                       absl::StrFormat("%d", numbers[i]));
    }
    if (numbers[i] < casting.places) {
      places[static_cast<size_t>(numbers[i])] = static_cast<int64_t>(i);
    }
  }
  return places;
}

// The map's values as text, or text as it is.
absl::StatusOr<std::vector<std::string>> Texts(const Node& node,
                                               const Tensor& values) {
  if (values.dtype() == DType::kString) return values.Strings();
  if (values.dtype() != DType::kF32) {
    return NodeError(node, "values of the map", "float32 or strings",
                     DTypeName(values.dtype()));
  }
  std::vector<std::string> texts;
  for (const float x : values.Values<float>()) {
    texts.push_back(absl::StrFormat("%f", x));
  }
  return texts;
}

absl::StatusOr<std::vector<float>> Floats(const Node& node,
                                          const Tensor& values) {
  if (values.dtype() == DType::kF32) {
    const absl::Span<const float> x = values.Values<float>();
    return std::vector<float>(x.begin(), x.end());
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> texts,
                        Texts(node, values));
  std::vector<float> floats;
  for (const std::string& text : texts) {
    floats.emplace_back();
    if (!absl::SimpleAtof(text, &floats.back())) {
      return NodeError(node, "a value of the map", "a number", text);
    }
  }
  return floats;
}

// Towards zero; the least number for NaN and what is beyond int64, which C++
// leaves open and ONNX Runtime gives.
int64_t Truncated(float x) {
  return x >= -0x1p63f && x < 0x1p63f ? static_cast<int64_t>(x)
                                      : std::numeric_limits<int64_t>::min();
}

absl::StatusOr<std::vector<int64_t>> Integers(const Node& node,
                                              const Tensor& values) {
  std::vector<int64_t> integers;
  if (values.dtype() == DType::kF32) {
    for (const float x : values.Values<float>()) {
      integers.push_back(Truncated(x));
    }
    return integers;
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> texts,
                        Texts(node, values));
  for (const std::string& text : texts) {
    integers.emplace_back();
    if (!absl::SimpleAtoi(text, &integers.back())) {
      return NodeError(node, "a value of the map", "an integer", text);
    }
  }
  return integers;
}

template <typename T>
std::vector<T> At(const std::vector<int64_t>& places,
                  const std::vector<T>& values, const T& none) {
  std::vector<T> y;
  y.reserve(places.size());
  for (const int64_t place : places) {
    y.push_back(place < 0 ? none : values[static_cast<size_t>(place)]);
  }
  return y;
}

absl::Status RunCastMap(const Node& node, const Casting& casting,
                        const KernelContext& context) {
  HONE_ASSIGN_OR_RETURN(const Value map, MapInput(node, context, false));
  HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> places,
                        Places(node, casting, map));
  const Tensor values = map.map_values().is_tensor()
                            ? map.map_values().tensor()
                            : Tensor::FromStrings({0}, {});
  const Dims dims = {1, static_cast<int64_t>(places.size())};
  if (casting.to == DType::kString) {
    HONE_ASSIGN_OR_RETURN(const std::vector<std::string> texts,
                          Texts(node, values));
    // What ONNX Runtime writes where no value is.
    context.results[0] =
        Tensor::FromStrings(dims, At<std::string>(places, texts, "0.f"));
  } else if (casting.to == DType::kS64) {
    HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> integers,
                          Integers(node, values));
    const std::vector<int64_t> y = At<int64_t>(places, integers, 0);
    context.results[0] =
        Tensor::FromVector<int64_t>(dims, absl::MakeConstSpan(y));
  } else {
    HONE_ASSIGN_OR_RETURN(const std::vector<float> floats,
                          Floats(node, values));
    const std::vector<float> y = At<float>(places, floats, 0);
    context.results[0] =
        Tensor::FromVector<float>(dims, absl::MakeConstSpan(y));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeCastMap(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const Casting casting, CastingOf(*spec.node));
  return MakeFunctionKernel(
      {"cast_map", false, true, true},
      [node = *spec.node, casting](const KernelContext& context) {
        return RunCastMap(node, casting, context);
      });
}

}  // namespace hone
