#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/views/attributes.h"
#include "kernels/exec/buffer.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/ml/map_input.h"
#include "kernels/exec/ops/ml/ml.h"

namespace hone {
namespace {

// The keys ascending, and the column of each: the last one, as in ONNX Runtime,
// where a label is there twice.
struct Labels {
  Tensor keys;
  std::vector<size_t> columns;
  int64_t width = 0;  // of the input
};

template <typename Key>
std::vector<Key> Sorted(const std::vector<Key>& labels,
                        std::vector<size_t>* columns) {
  std::map<Key, size_t> last;
  for (size_t i = 0; i < labels.size(); ++i) last[labels[i]] = i;
  std::vector<Key> keys;
  for (const auto& [key, column] : last) {
    keys.push_back(key);
    columns->push_back(column);
  }
  return keys;
}

Labels LabelsOf(const KeyList& list) {
  Labels labels;
  labels.width = static_cast<int64_t>(list.size());
  if (list.of_strings()) {
    std::vector<std::string> keys = Sorted(list.strings, &labels.columns);
    const Dims dims = {static_cast<int64_t>(keys.size())};
    labels.keys = Tensor::FromStrings(dims, std::move(keys));
  } else {
    const std::vector<int64_t> keys = Sorted(list.ints, &labels.columns);
    labels.keys = Tensor::FromVector<int64_t>(
        {static_cast<int64_t>(keys.size())}, absl::MakeConstSpan(keys));
  }
  return labels;
}

absl::Status RunZipMap(const Node& node, const Labels& labels,
                       const KernelContext& context) {
  const TensorView& x = context.inputs[0];
  if (x.dtype != DType::kF32) {
    return NodeError(node, "type of the input", "float32", DTypeName(x.dtype));
  }
  if (x.dims.empty() || x.dims.size() > 2 || x.dims.back() != labels.width) {
    return NodeError(node, "extents of the input",
                     absl::StrCat("[n, ", labels.width,
                                  "], as many columns as "
                                  "class labels"),
                     DimsToString(x.dims));
  }
  const auto* const from = static_cast<const float*>(x.data);
  const int64_t rows = x.size / labels.width;
  const auto keys = static_cast<int64_t>(labels.columns.size());
  // All rows in one tensor: each map's values are a view into it.
  std::byte* bytes = nullptr;
  HONE_ASSIGN_OR_RETURN(const Tensor all,
                        NewTensor(DType::kF32, {rows, keys}, &bytes));
  auto* to = reinterpret_cast<float*>(bytes);
  for (int64_t r = 0; r < rows; ++r) {
    for (const size_t column : labels.columns) {
      *to++ = from[static_cast<size_t>(r * labels.width) + column];
    }
  }
  std::vector<Value> maps;
  const size_t row_bytes = labels.columns.size() * sizeof(float);
  for (int64_t r = 0; r < rows; ++r) {
    HONE_ASSIGN_OR_RETURN(
        Tensor values,
        Tensor::View(
            DType::kF32, {keys},
            all.bytes().subspan(static_cast<size_t>(r) * row_bytes, row_bytes),
            all.owner()));
    maps.push_back(Value::Map(labels.keys, Value(std::move(values))));
  }
  context.results[0] = Value::Sequence(std::move(maps));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeZipMap(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(
      const KeyList list,
      KeyListOf(*spec.node, "classlabels_strings", "classlabels_int64s"));
  return MakeFunctionKernel({"zip_map", false, true},
                            [node = *spec.node, labels = LabelsOf(list)](
                                const KernelContext& context) {
                              return RunZipMap(node, labels, context);
                            });
}

}  // namespace hone
