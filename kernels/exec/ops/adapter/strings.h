// What kernels of strings read: attributes and tensors of strings.
#ifndef HONE_KERNELS_EXEC_OPS_ADAPTER_STRINGS_H_
#define HONE_KERNELS_EXEC_OPS_ADAPTER_STRINGS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Empty when it is absent. InvalidArgument: another kind of attribute.
absl::StatusOr<std::vector<std::string>> StringsAttribute(
    const Node& node, absl::string_view name);

// Input `index` of a kernel that wants values. InvalidArgument: absent, or no
// tensor of strings.
absl::StatusOr<Tensor> StringInput(const Node& node,
                                   const KernelContext& context, size_t index);

// A number as ONNX's Cast writes it: integers plain, floats with the fewest
// digits that read back the same, "1.5", "1e-05", "NaN", "INF", "-INF".
std::string FloatToString(float value);
std::string DoubleToString(double value);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ADAPTER_STRINGS_H_
