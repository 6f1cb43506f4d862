#include "kernels/exec/ops/binary/binary.h"

#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/binary/binary.h"
#include "kernels/cpu/binary/binary_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/binary/broadcast.h"

namespace hone {
namespace {

enum class Elements { kNumbers, kIntegers, kBool };

struct Row {
  absl::string_view op_type;
  BinaryOp op;
  const char* kernel;
  Elements elements = Elements::kNumbers;
};

constexpr Row kRows[] = {
    {"Add", BinaryOp::kAdd, "binary.add"},
    {"And", BinaryOp::kAnd, "binary.and", Elements::kBool},
    {"BitShift", BinaryOp::kShiftLeft, "binary.shift", Elements::kIntegers},
    {"BitwiseAnd", BinaryOp::kAnd, "binary.and", Elements::kIntegers},
    {"BitwiseOr", BinaryOp::kOr, "binary.or", Elements::kIntegers},
    {"BitwiseXor", BinaryOp::kXor, "binary.xor", Elements::kIntegers},
    {"Div", BinaryOp::kDiv, "binary.div"},
    {"Mod", BinaryOp::kMod, "binary.mod"},
    {"Mul", BinaryOp::kMul, "binary.mul"},
    {"Or", BinaryOp::kOr, "binary.or", Elements::kBool},
    {"PRelu", BinaryOp::kPRelu, "binary.prelu"},
    {"Pow", BinaryOp::kPow, "binary.pow"},
    {"Sub", BinaryOp::kSub, "binary.sub"},
    {"Xor", BinaryOp::kXor, "binary.xor", Elements::kBool},
};

using Bool = ElementTypes<bool>;

absl::Status CheckElements(Elements elements, const KernelSpec& spec) {
  switch (elements) {
    case Elements::kNumbers:
      return CheckDType(Numbers(), spec, 0);
    case Elements::kIntegers:
      return CheckDType(Integers(), spec, 0);
    case Elements::kBool:
      return CheckDType(Bool(), spec, 0);
  }
  return absl::OkStatus();
}

template <typename T>
void Rows(BinaryOp op, bool reference, const Broadcast& broadcast,
          const KernelContext& context, const T* a, const T* b) {
  T* y = context.outputs[0].As<T>();
  broadcast.ForRows(context, [&](const Broadcast::Row& row) {
    const size_t n = static_cast<size_t>(row.n);
    if constexpr (std::is_same_v<T, float>) {
      if (!reference) {
        BinaryRow(op, a + row.at[0], row.step[0], b + row.at[1], row.step[1], n,
                  y + row.y);
        return;
      }
    }
    BinaryRowRef(op, a + row.at[0], row.step[0], b + row.at[1], row.step[1], n,
                 y + row.y);
  });
}

absl::Status RunBool(BinaryOp op, const Broadcast& broadcast,
                     const KernelContext& context) {
  const uint8_t* a = context.inputs[0].As<uint8_t>();
  const uint8_t* b = context.inputs[1].As<uint8_t>();
  uint8_t* y = context.outputs[0].As<uint8_t>();
  broadcast.ForRows(context, [&](const Broadcast::Row& row) {
    BinaryRowRef(op, a + row.at[0], row.step[0], b + row.at[1], row.step[1],
                 static_cast<size_t>(row.n), y + row.y);
  });
  return absl::OkStatus();
}

// The exponents of Pow in the base's type; an integer base takes what a
// floating exponent truncates to.
template <typename T>
absl::StatusOr<std::vector<T>> Exponents(const std::string& label,
                                         const TensorView& b) {
  std::vector<T> converted(static_cast<size_t>(b.size));
  HONE_RETURN_IF_ERROR(VisitDType(Numbers(), label, b.dtype, [&](auto type) {
    using From = typename decltype(type)::type;
    const From* from = b.As<From>();
    for (size_t i = 0; i < converted.size(); ++i) {
      if constexpr (std::is_integral_v<T> && !std::is_integral_v<From>) {
        const double value = static_cast<double>(from[i]);
        converted[i] = std::fabs(value) < 1e9 ? static_cast<T>(value) : T{0};
      } else if constexpr (std::is_arithmetic_v<T>) {
        converted[i] = static_cast<T>(from[i]);
      } else {
        converted[i] = T(static_cast<float>(from[i]));
      }
    }
    return absl::OkStatus();
  }));
  return converted;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeBinary(const KernelSpec& spec) {
  const Row* row = nullptr;
  for (const Row& candidate : kRows) {
    if (candidate.op_type == spec.node->op_type) row = &candidate;
  }
  if (row == nullptr) return UnimplementedError(spec, "this operator");
  HONE_RETURN_IF_ERROR(CheckElements(row->elements, spec));
  BinaryOp op = row->op;
  AttributeReader read(*spec.node);
  if (op == BinaryOp::kMod && read.Bool("fmod", false)) op = BinaryOp::kFmod;
  if (op == BinaryOp::kShiftLeft) {
    const absl::string_view choices[] = {"LEFT", "RIGHT"};
    if (read.Choice("direction", "", choices) == 1) op = BinaryOp::kShiftRight;
  }
  HONE_ASSIGN_OR_RETURN(const BroadcastSpec inputs,
                        BroadcastSpec::Of(spec, &read));
  return MakeFunctionKernel(
      {row->kernel, /*in_place=*/true},
      [op, elements = row->elements, inputs, reference = spec.reference,
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_ASSIGN_OR_RETURN(const Broadcast broadcast,
                              Broadcast::Of(inputs, label, context, 2));
        const TensorView& a = context.inputs[0];
        const TensorView& b = context.inputs[1];
        if (elements == Elements::kBool) {
          return RunBool(op, broadcast, context);
        }
        const auto run = [&](auto type) -> absl::Status {
          using T = typename decltype(type)::type;
          if (b.dtype != a.dtype) {
            if (op != BinaryOp::kPow) return UnimplementedDType(label, b.dtype);
            HONE_ASSIGN_OR_RETURN(const std::vector<T> exponents,
                                  Exponents<T>(label, b));
            Rows(op, reference, broadcast, context, a.As<T>(),
                 exponents.data());
            return absl::OkStatus();
          }
          Rows(op, reference, broadcast, context, a.As<T>(), b.As<T>());
          return absl::OkStatus();
        };
        return elements == Elements::kIntegers
                   ? VisitDType(Integers(), label, a.dtype, run)
                   : VisitDType(Numbers(), label, a.dtype, run);
      });
}

}  // namespace hone
