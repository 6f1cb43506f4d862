#include "kernels/exec/evaluate.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "kernels/exec/buffer.h"
#include "kernels/exec/make_kernel.h"
#include "kernels/exec/node_inference.h"

namespace hone {
namespace {

TensorView ViewOf(const Tensor& tensor) {
  TensorView view;
  if (!tensor.defined()) return view;
  view.dtype = tensor.dtype();
  view.dims = tensor.dims();
  view.size = tensor.size();
  if (tensor.dtype() != DType::kString) view.data = tensor.bytes().data();
  return view;
}

}  // namespace

bool RenamesItsInput(const Node& node) {
  // A mask, when it is asked for, is a value of its own.
  if (node.Is("Dropout")) {
    return node.Output(1).empty() && node.Input(2).empty();
  }
  return node.Is("Reshape") || node.Is("Flatten") || node.Is("Squeeze") ||
         node.Is("Unsqueeze") || node.Is("Identity");
}

absl::StatusOr<std::vector<Value>> EvaluateNode(const Node& node, int64_t opset,
                                                absl::Span<const Tensor> inputs,
                                                size_t most_bytes,
                                                ThreadPool& pool) {
  std::vector<Tensor> aligned;
  for (const Tensor& input : inputs) {
    aligned.push_back(input.defined() ? input.Aligned() : input);
  }
  std::vector<Type> types;
  std::vector<const Tensor*> contents;
  std::vector<TensorView> views;
  std::vector<Value> values;
  for (const Tensor& input : aligned) {
    views.push_back(ViewOf(input));
    types.push_back(TypeOfView(views.back()));
    contents.push_back(input.defined() ? &input : nullptr);
    values.push_back(input.defined() ? Value(input) : Value());
  }
  HONE_ASSIGN_OR_RETURN(const NodeTypes inferred,
                        InferNode(node, opset, types, contents));
  std::vector<MutableTensorView> outputs(node.outputs.size());
  std::vector<Value> results(node.outputs.size());
  const bool renames = RenamesItsInput(node);
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    if (node.outputs[i].empty()) continue;
    const std::optional<Dims> dims = ExtentsOf(inferred.types[i]);
    if (!dims.has_value() || !ElementCount(*dims).has_value()) continue;
    const DType dtype = inferred.types[i].dtype;
    if (renames) {
      if (*ElementCount(*dims) != aligned[0].size()) {
        return MakeError(absl::StatusCode::kInvalidArgument,
                         "the new extents have another number of elements",
                         {.node = NodeLabel(node),
                          .expected = absl::StrCat(aligned[0].size()),
                          .found = DimsToString(*dims)});
      }
      return std::vector<Value>{aligned[0].Reshaped(*dims)};
    }
    const std::optional<size_t> bytes =
        PackedBytes(dtype, *ElementCount(*dims));
    if (bytes.has_value() && *bytes > most_bytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat("an output of ", *bytes, " bytes"));
    }
    outputs[i].dtype = dtype;
    outputs[i].dims = *dims;
    outputs[i].size = *ElementCount(*dims);
  }
  if (renames) return absl::UnimplementedError("the extents are not known");

  KernelSpec spec;
  spec.node = &node;
  spec.opset = opset;
  spec.constants = std::move(contents);
  spec.input_types = std::move(types);
  spec.output_types = inferred.types;
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Kernel> kernel, MakeKernel(spec));
  std::vector<Tensor> made(node.outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (node.outputs[i].empty() || kernel->allocates_outputs()) continue;
    if (outputs[i].dtype == DType::kUndefined) {
      return absl::UnimplementedError("the extents are not known");
    }
    if (BitsPerElement(outputs[i].dtype) == 0) continue;
    std::byte* bytes = nullptr;
    HONE_ASSIGN_OR_RETURN(made[i],
                          NewTensor(outputs[i].dtype, outputs[i].dims, &bytes));
    outputs[i].data = bytes;
  }
  KernelContext context;
  context.inputs = views;
  context.outputs = outputs;
  context.values = values;
  context.results = absl::MakeSpan(results);
  context.pool = &pool;
  HONE_ASSIGN_OR_RETURN(
      const std::shared_ptr<std::byte> scratch,
      NewBuffer(kernel->ScratchBytes(views, outputs, pool.threads())));
  context.scratch = scratch.get();
  HONE_RETURN_IF_ERROR(WithNode(kernel->Run(context), NodeLabel(node)));
  for (size_t i = 0; i < made.size(); ++i) {
    if (made[i].defined()) results[i] = std::move(made[i]);
  }
  return results;
}

}  // namespace hone
