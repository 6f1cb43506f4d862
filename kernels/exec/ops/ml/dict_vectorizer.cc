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
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/ml/map_input.h"
#include "kernels/exec/ops/ml/ml.h"

namespace hone {
namespace {

absl::Status RunDictVectorizer(const Node& node, const KeyList& words,
                               const KernelContext& context) {
  HONE_ASSIGN_OR_RETURN(const Value map,
                        MapInput(node, context, words.of_strings()));
  if (!map.map_values().is_tensor()) {
    return NodeError(node, "the map", "at least one key", "none");
  }
  const Tensor& values = map.map_values().tensor();
  const size_t count = words.size();
  const auto place = [&](size_t i) {
    return words.of_strings() ? FindKey(map, words.strings[i])
                              : FindKey(map, words.ints[i]);
  };
  const Dims dims = {1, static_cast<int64_t>(count)};
  if (values.dtype() == DType::kString) {
    std::vector<std::string> y(count);
    for (size_t i = 0; i < count; ++i) {
      const int64_t at = place(i);
      if (at >= 0) y[i] = values.Strings()[static_cast<size_t>(at)];
    }
    context.results[0] = Tensor::FromStrings(dims, std::move(y));
    return absl::OkStatus();
  }
  absl::Span<std::byte> bytes;  // zeros
  HONE_ASSIGN_OR_RETURN(Tensor y,
                        Tensor::Allocate(values.dtype(), dims, &bytes));
  const size_t width = static_cast<size_t>(BitsPerElement(values.dtype())) / 8;
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
  return MakeFunctionKernel({"dict_vectorizer", false, true, true},
                            [node = *spec.node, words = std::move(words)](
                                const KernelContext& context) {
                              return RunDictVectorizer(node, words, context);
                            });
}

}  // namespace hone
