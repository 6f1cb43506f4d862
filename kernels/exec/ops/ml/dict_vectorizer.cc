#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/map/map.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/type/type.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/ml/map_input.h"
#include "kernels/exec/ops/ml/ml.h"

namespace hone {
namespace {

// `declared`: what the values are where there is none.
absl::Status RunDictVectorizer(const Node& node, const KeyList& words,
                               DType declared, const KernelContext& context) {
  HONE_ASSIGN_OR_RETURN(const Value map,
                        MapInput(node, context, words.of_strings()));
  const Tensor values =
      map.map_values().is_tensor() ? map.map_values().tensor() : Tensor();
  const DType dtype = values.defined() ? values.dtype() : declared;
  if (dtype == DType::kUndefined) {
    return NodeError(node, "the map", "a declared type or some keys", "none");
  }
  const size_t count = words.size();
  const auto place = [&](size_t i) {
    return words.of_strings() ? FindKey(map, words.strings[i])
                              : FindKey(map, words.ints[i]);
  };
  const Dims dims = {1, static_cast<int64_t>(count)};
  if (dtype == DType::kString) {
    std::vector<std::string> y(count);
    for (size_t i = 0; i < count; ++i) {
      const int64_t at = place(i);
      if (at >= 0) y[i] = values.Strings()[static_cast<size_t>(at)];
    }
    context.results[0] = Tensor::FromStrings(dims, std::move(y));
    return absl::OkStatus();
  }
  absl::Span<std::byte> bytes;  // zeros
  HONE_ASSIGN_OR_RETURN(Tensor y, Tensor::Allocate(dtype, dims, &bytes));
  const size_t width = static_cast<size_t>(BitsPerElement(dtype)) / 8;
  for (size_t i = 0; i < count; ++i) {
    const int64_t at = place(i);
    if (at < 0) continue;
    std::memcpy(bytes.data() + i * width,
                values.bytes().data() + static_cast<size_t>(at) * width, width);
  }
  context.results[0] = std::move(y);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeDictVectorizer(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(
      KeyList words,
      KeyListOf(*spec.node, "string_vocabulary", "int64_vocabulary"));
  const Type& type = spec.input_types[0];
  const DType declared = type.kind == Type::Kind::kMap &&
                                 type.element != nullptr &&
                                 type.element->is_tensor()
                             ? type.element->dtype
                             : DType::kUndefined;
  return MakeFunctionKernel({"dict_vectorizer", false, true, true},
                            [node = *spec.node, words = std::move(words),
                             declared](const KernelContext& context) {
                              return RunDictVectorizer(node, words, declared,
                                                       context);
                            });
}

}  // namespace hone
