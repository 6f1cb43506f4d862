// What is known of an operator without running it: arity, attributes, shape
// inference, multiply-accumulates, and the traits that algorithms ask about.
//
//   const OpInfo* conv = FindOp("", "Conv", 17);
//   if (conv != nullptr && conv->traits.weight_input == 1) ...
//
// One constexpr table per operator family (conv.cc, elementwise.cc, ...),
// concatenated explicitly in op_info.cc. Checked against onnx 1.23.2's schema
// registry by a test.
#ifndef HONE_IR_OPS_OP_INFO_H_
#define HONE_IR_OPS_OP_INFO_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/ops/partial_tensor.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {

// What shape inference knows of a node's surroundings. Extents may be symbolic
// or unknown.
struct InferInput {
  const Node* node = nullptr;
  int64_t opset = 0;         // of the node's domain
  std::vector<Type> inputs;  // kUnknown for an absent or unknown input
  // Contents where they are wholly known: constants, and small tensors that
  // were computed from shapes; else null.
  std::vector<const Tensor*> contents;
  // Contents of small tensors of which some elements may be known (those of
  // `contents` that are small included); else null.
  std::vector<const PartialTensor*> partial;
  // Infers a subgraph whose inputs have these types and returns its outputs'
  // types. Null where nothing can be inferred.
  const std::function<absl::StatusOr<std::vector<Type>>(
      const Graph& graph, absl::Span<const Type> inputs)>* infer_subgraph =
      nullptr;
};

struct InferOutput {
  std::vector<Type> types;  // one per node output, kUnknown to begin with
};

// InvalidArgument: the inputs contradict the operator's definition.
using InferFn = absl::Status (*)(const InferInput& in, InferOutput* out);
// Multiply-accumulates for known input and output types; nullopt when extents
// are unknown.
using MacsFn = std::optional<int64_t> (*)(const InferInput& in,
                                          absl::Span<const Type> outputs);

// The elements of output `index`, as far as those of the inputs tell; nullopt
// when nothing is known. Called after InferFn, with the output's type.
using FoldFn = std::optional<PartialTensor> (*)(const InferInput& in,
                                                size_t index,
                                                const Type& output);

struct AttributeInfo {
  absl::string_view name;
  Attribute::Kind kind;
  bool required = false;
};

struct OpTraits {
  int weight_input =
      -1;  // the input that holds trained weights (Conv 1, MatMul 1, ...)
  int bias_input = -1;
  int weight_channel_axis =
      -1;  // output channel's axis of the weight (Conv 0; -1: none;
           // Gemm depends on transB, see GemmView)
  bool elementwise = false;  // one output element per (broadcast) input element
  // Only moves or picks values (Reshape, MaxPool, Transpose, ...): the output
  // can keep the input's scale and zero point. NNCF's QUANTIZE_AGNOSTIC list.
  bool quantization_agnostic = false;
  // Quantizing its inputs pays or is expected (Conv, MatMul, Add, ...). NNCF's
  // INPUTS_QUANTIZABLE list.
  bool quantizable_inputs = false;
  bool unified_scales = false;  // all inputs must share one scale (Concat)
  // Works on any order of the axes, given the same order everywhere.
  bool layout_agnostic = false;
};

inline constexpr int kVariadic = 1 << 20;

struct OpInfo {
  absl::string_view domain;
  absl::string_view op_type;
  int since;  // the first opset of this row; it holds up to the next row's
              // `since`
  int min_inputs, max_inputs;  // kVariadic for no bound
  int min_outputs, max_outputs;
  absl::Span<const AttributeInfo> attributes;  // by name
  InferFn infer = nullptr;                     // null: the outputs are kUnknown
  OpTraits traits = {};
  MacsFn macs = nullptr;  // null: none
  FoldFn fold = nullptr;  // null: nothing is known of the elements
};

// The row in force at `opset`; null for an unknown operator.
const OpInfo* FindOp(absl::string_view domain, absl::string_view op_type,
                     int64_t opset);
// InvalidArgument: too few or too many inputs or outputs. To be asked before
// calling infer, macs or fold, which rely on it.
absl::Status CheckArity(const OpInfo& op, const Node& node);
// Every row, for tests and `doctor`.
std::vector<const OpInfo*> AllOps();
// The known operator of that domain nearest in spelling; "" when none is near.
std::string NearestOp(absl::string_view domain, absl::string_view op_type);

}  // namespace hone

#endif  // HONE_IR_OPS_OP_INFO_H_
