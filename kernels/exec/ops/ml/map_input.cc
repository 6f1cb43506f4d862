#include "kernels/exec/ops/ml/map_input.h"

#include "absl/strings/str_cat.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/strings.h"

namespace hone {

absl::StatusOr<KeyList> KeyListOf(const Node& node, absl::string_view strings,
                                  absl::string_view ints) {
  KeyList list;
  HONE_ASSIGN_OR_RETURN(list.strings, StringsAttribute(node, strings));
  list.ints = node.IntsAttribute(ints);
  if (list.strings.empty() == list.ints.empty()) {
    return NodeError(node, absl::StrCat(strings, " and ", ints),
                     "one of the two", list.ints.empty() ? "none" : "both");
  }
  return list;
}

absl::StatusOr<Value> MapInput(const Node& node, const KernelContext& context,
                               bool string_keys) {
  if (context.values.empty() || context.values[0].kind() != Value::Kind::kMap) {
    return NodeError(node, "the input", "a map", "something else");
  }
  const Value& map = context.values[0];
  const DType dtype = map.map_keys().dtype();
  if ((dtype == DType::kString) != string_keys) {
    return NodeError(node, "keys of the map",
                     string_keys ? "strings" : "integers", DTypeName(dtype));
  }
  // No values at all have no type.
  if (!map.map_values().is_tensor() && map.map_keys().size() > 0) {
    return NodeError(node, "values of the map", "scalars", "something else");
  }
  return map;
}

}  // namespace hone
