#include "kernels/exec/make_kernel.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/ops/op_info.h"
#include "kernels/exec/ops/adapter/stand_ins.h"
#include "kernels/exec/ops/adapter/widened.h"
#include "kernels/exec/ops/registry.h"

namespace hone {
namespace {

constexpr int64_t kAnyOpset = 1 << 20;

std::string OperatorName(const Node& node, int64_t opset) {
  return absl::StrCat(node.domain.empty() ? "ai.onnx" : node.domain, ".",
                      node.op_type, " of opset ", opset);
}

absl::Status NoKernel(const KernelSpec& spec) {
  const Node& node = *spec.node;
  std::string what =
      absl::StrCat("no kernel computes ", OperatorName(node, spec.opset));
  const OpInfo* const op = FindOp(node.domain, node.op_type, spec.opset);
  if (op == nullptr) {
    const std::string near = NearestOp(node.domain, node.op_type);
    absl::StrAppend(&what, ", an operator that no table knows");
    if (!near.empty() && near != node.op_type) {
      absl::StrAppend(&what, " (the nearest name is ", near, ")");
    }
  }
  absl::StrAppend(&what,
                  "; give the model a function of this name, rewrite the "
                  "node with the operators of kernels/exec/OPERATORS.md, or "
                  "leave its part of the graph out");
  ErrorDetail detail;
  detail.node = NodeLabel(node);
  return MakeError(absl::StatusCode::kUnimplemented, what, detail);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeKernel(const KernelSpec& spec) {
  const Node& node = *spec.node;
  const OpInfo* op = FindOp(node.domain, node.op_type, spec.opset);
  // An operator that is newer than the opset: kernels rely on the arity.
  const OpInfo* arity =
      op != nullptr ? op : FindOp(node.domain, node.op_type, kAnyOpset);
  if (arity != nullptr) HONE_RETURN_IF_ERROR(CheckArity(*arity, node));
  const KernelRegistration* line = FindKernel(node.domain, node.op_type);
  if (line == nullptr) return NoKernel(spec);
  absl::StatusOr<std::unique_ptr<Kernel>> kernel = line->make(spec);
  if (absl::IsUnimplemented(kernel.status()) && HasHalfInput(spec)) {
    absl::StatusOr<std::unique_ptr<Kernel>> wide =
        MakeWidened(spec, line->make);
    if (wide.ok()) return wide;
  }
  if (absl::IsUnimplemented(kernel.status()) && NeedsStandIns(spec)) {
    kernel = MakeWithStandIns(spec, line->make);
  }
  if (!kernel.ok()) return WithNode(kernel.status(), NodeLabel(node));
  return kernel;
}

}  // namespace hone
