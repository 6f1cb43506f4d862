// Models as text, for tests, near ONNX's own textual syntax.
//
//   <ir_version: 8, opset_import: ["": 17]>
//   net (float32[N, 3, 8, 8] x) => (float32[N, 4, 8, 8] y) {
//     w = constant float32[4, 3, 3, 3] random(1)   # seed; low, high: -1, 1
//     b = constant float32[4] {0, 1, 2, 3}
//     [conv1] t = Conv<pads = [1, 1, 1, 1]>(x, w, b)
//     y = Relu(t)
//   }
//
// - The header in <> may be left out: IR version 8, opset 17. Other keys:
//   producer_name, producer_version, domain, model_version, doc_string,
//   metadata: ["key": "value"].
// - Types: float32[N, 3, ?] (a symbol, a number, unknown), float32[] (a
//   scalar), float32[...] (unknown rank), sequence(T), optional(T), ?.
// - Constants (initializers): {values}, fill(value), random(seed) or
//   random(seed, low, high): uniform, the same everywhere; random integers
//   default to the dtype's range, at most [-128, 255].
// - Nodes: [name] is optional; an empty place or "" is an absent input;
//   com.microsoft.Gelu(x) has a domain. Attributes: 1, 1.5, "s", [1, 2],
//   [1.5], ["s"], float32[2] {1, 2}, graph (...) => (...) {...}; a kind after a
//   colon where the value does not tell (`alpha: float = 1`, `axes: ints =
//   []`), and @name refers to a function's attribute (`axis: int = @axis`).
// - `declare float32[N, 4] t` is a value_info.
// - Functions follow the graph:
//     function local.Twice<scale, axis: int = 1> (x) => (y) { y = Add(x, x) }
//   their opset_import stands in `opset_import: ["": 17]` before the {.
// - Names with other characters are written as strings. ; between statements is
//   optional, # begins a comment.
#ifndef HONE_IR_TEXT_PARSE_MODEL_H_
#define HONE_IR_TEXT_PARSE_MODEL_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {

// InvalidArgument: "line L, column C: ..., expected ..., found ...".
absl::StatusOr<Model> ParseModel(absl::string_view text);

// `float32[2] {1, 2}`, `int8[4, 4] random(7)`.
absl::StatusOr<Tensor> ParseTensor(absl::string_view text);
absl::StatusOr<Type> ParseType(absl::string_view text);

}  // namespace hone

#endif  // HONE_IR_TEXT_PARSE_MODEL_H_
