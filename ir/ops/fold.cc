#include "ir/ops/fold.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/ops/infer.h"

namespace hone {
namespace {

using Elements = absl::Span<const PartialElement* const>;

PartialElement Truth(bool value) { return PartialElement::Of(value ? 1 : 0); }

bool IsNumber(const PartialElement& e, int64_t value) {
  return e.known && e.value == value;
}

// A symbol is an extent, so that it differs from any negative number.
bool CannotEqual(const PartialElement& a, const PartialElement& b) {
  return (a.known && a.value < 0 && !b.symbol.empty()) ||
         (b.known && b.value < 0 && !a.symbol.empty());
}

// `result` is read after `overflow` was computed: gcc evaluates a call's
// arguments from the last to the first.
PartialElement Checked(bool overflow, const int64_t& result) {
  return overflow ? PartialElement::Unknown() : PartialElement::Of(result);
}

PartialElement IntegerBinary(absl::string_view op, const PartialElement& a,
                             const PartialElement& b) {
  if (!a.known || !b.known) {
    const bool same = !a.symbol.empty() && a.symbol == b.symbol;
    if (op == "Add" && IsNumber(a, 0)) return b;
    if ((op == "Add" || op == "Sub") && IsNumber(b, 0)) return a;
    if (op == "Mul" && IsNumber(a, 1)) return b;
    if ((op == "Mul" || op == "Div") && IsNumber(b, 1)) return a;
    if (op == "Mul" && (IsNumber(a, 0) || IsNumber(b, 0)))
      return PartialElement::Of(0);
    if (op == "Sub" && same) return PartialElement::Of(0);
    if ((op == "Max" || op == "Min") && same) return a;
    if (op == "Equal" && same) return Truth(true);
    if (op == "Equal" && CannotEqual(a, b)) return Truth(false);
    return PartialElement::Unknown();
  }
  const int64_t x = a.value;
  const int64_t y = b.value;
  int64_t r = 0;
  if (op == "Add") return Checked(__builtin_add_overflow(x, y, &r), r);
  if (op == "Sub") return Checked(__builtin_sub_overflow(x, y, &r), r);
  if (op == "Mul") return Checked(__builtin_mul_overflow(x, y, &r), r);
  if (op == "Div" || op == "Mod") {
    const bool undefined =
        y == 0 || (y == -1 && x == std::numeric_limits<int64_t>::min());
    if (undefined) return PartialElement::Unknown();
    if (op == "Div") return PartialElement::Of(x / y);
    // The sign of the divisor, as Python's %.
    r = x % y;
    return PartialElement::Of(r != 0 && (r < 0) != (y < 0) ? r + y : r);
  }
  if (op == "Max") return PartialElement::Of(std::max(x, y));
  if (op == "Min") return PartialElement::Of(std::min(x, y));
  if (op == "Equal") return Truth(x == y);
  if (op == "Greater") return Truth(x > y);
  if (op == "Less") return Truth(x < y);
  if (op == "GreaterOrEqual") return Truth(x >= y);
  if (op == "LessOrEqual") return Truth(x <= y);
  if (op == "And") return Truth(x != 0 && y != 0);
  if (op == "Or") return Truth(x != 0 || y != 0);
  return PartialElement::Unknown();
}

PartialElement FloatBinary(absl::string_view op, const PartialElement& a,
                           const PartialElement& b) {
  if (!a.known || !b.known) return PartialElement::Unknown();
  const float x = a.real;
  const float y = b.real;
  if (op == "Add") return PartialElement::OfFloat(x + y);
  if (op == "Sub") return PartialElement::OfFloat(x - y);
  if (op == "Mul") return PartialElement::OfFloat(x * y);
  if (op == "Div") return PartialElement::OfFloat(x / y);
  if (op == "Max") return PartialElement::OfFloat(std::max(x, y));
  if (op == "Min") return PartialElement::OfFloat(std::min(x, y));
  if (op == "Equal") return Truth(x == y);
  if (op == "Greater") return Truth(x > y);
  if (op == "Less") return Truth(x < y);
  return PartialElement::Unknown();
}

PartialElement CastElement(const PartialElement& x, DType from, DType to) {
  if (!x.known) {
    const bool integers = IsInteger(from) && IsInteger(to);
    return integers ? x : PartialElement::Unknown();
  }
  if (from == DType::kF32) {
    if (to == DType::kF32) return x;
    if (to == DType::kBool) return Truth(x.real != 0);
    constexpr float kLimit = 9e18f;
    if (!(x.real > -kLimit && x.real < kLimit)) {
      return PartialElement::Unknown();
    }
    return PartialElement::Of(static_cast<int64_t>(x.real));
  }
  if (to == DType::kF32) {
    return PartialElement::OfFloat(static_cast<float>(x.value));
  }
  return to == DType::kBool ? Truth(x.value != 0) : x;
}

PartialElement Unary(absl::string_view op, DType dtype,
                     const PartialElement& x) {
  if (op == "Identity") return x;
  if (!x.known) return PartialElement::Unknown();
  if (op == "Not") return Truth(x.value == 0);
  if (dtype == DType::kF32) {
    if (op == "Neg") return PartialElement::OfFloat(-x.real);
    if (op == "Abs") return PartialElement::OfFloat(std::fabs(x.real));
    if (op == "Floor") return PartialElement::OfFloat(std::floor(x.real));
    if (op == "Ceil") return PartialElement::OfFloat(std::ceil(x.real));
    if (op == "Round") return PartialElement::OfFloat(std::nearbyint(x.real));
    return PartialElement::Unknown();
  }
  if (x.value == std::numeric_limits<int64_t>::min()) {
    return PartialElement::Unknown();
  }
  if (op == "Neg") return PartialElement::Of(-x.value);
  if (op == "Abs") return PartialElement::Of(std::abs(x.value));
  return PartialElement::Unknown();
}

PartialElement Apply(const InferInput& in, const PartialTensor& result,
                     Elements x) {
  const absl::string_view op = in.node->op_type;
  const DType dtype = in.partial[0]->dtype;
  if (op == "Cast") return CastElement(*x[0], dtype, result.dtype);
  if (op == "Where") {
    return x[0]->known ? *x[x[0]->value != 0 ? 1 : 2]
                       : PartialElement::Unknown();
  }
  // Max and Min also take a single input, which is the result.
  if (x.size() == 1 && op != "Max" && op != "Min")
    return Unary(op, dtype, *x[0]);
  PartialElement value = *x[0];
  for (size_t i = 1; i < x.size(); ++i) {
    value = dtype == DType::kF32 ? FloatBinary(op, value, *x[i])
                                 : IntegerBinary(op, value, *x[i]);
  }
  return value;
}

bool FitsDType(const PartialElement& element, DType dtype) {
  return dtype != DType::kS32 || !element.known ||
         (element.value >= std::numeric_limits<int32_t>::min() &&
          element.value <= std::numeric_limits<int32_t>::max());
}

}  // namespace

std::optional<PartialTensor> FoldElementwise(const InferInput& in,
                                             size_t /*index*/,
                                             const Type& output) {
  for (size_t i = 0; i < in.inputs.size(); ++i) {
    if (InputPartial(in, i) == nullptr) return std::nullopt;
  }
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  if (!y.has_value() || in.inputs.empty()) return std::nullopt;
  const size_t rank = y->dims.size();
  std::vector<int64_t> position(rank, 0);
  std::vector<const PartialElement*> operands(in.inputs.size());
  for (PartialElement& element : y->elements) {
    for (size_t i = 0; i < operands.size(); ++i) {
      const PartialTensor& x = *in.partial[i];
      const size_t skipped = rank - x.dims.size();
      size_t at = 0;
      for (size_t d = 0; d < x.dims.size(); ++d) {
        const int64_t p = x.dims[d] == 1 ? 0 : position[d + skipped];
        at = at * static_cast<size_t>(x.dims[d]) + static_cast<size_t>(p);
      }
      operands[i] = &x.elements[at];
    }
    element = Apply(in, *y, operands);
    if (!FitsDType(element, y->dtype)) element = PartialElement::Unknown();
    for (size_t d = rank; d-- > 0;) {
      if (++position[d] < y->dims[d]) break;
      position[d] = 0;
    }
  }
  return y;
}

std::optional<PartialTensor> FoldReduce(const InferInput& in, size_t /*index*/,
                                        const Type& output) {
  const PartialTensor* x = InputPartial(in, 0);
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  if (x == nullptr || !y.has_value() || y->elements.size() != 1 ||
      x->elements.empty()) {
    return std::nullopt;
  }
  const absl::string_view op = in.node->op_type;
  const absl::string_view step = op == "ReduceProd"  ? "Mul"
                                 : op == "ReduceSum" ? "Add"
                                 : op == "ReduceMax" ? "Max"
                                                     : "Min";
  PartialElement value = x->elements[0];
  for (size_t i = 1; i < x->elements.size(); ++i) {
    value = x->dtype == DType::kF32
                ? FloatBinary(step, value, x->elements[i])
                : IntegerBinary(step, value, x->elements[i]);
  }
  y->elements[0] =
      FitsDType(value, y->dtype) ? std::move(value) : PartialElement::Unknown();
  return y;
}

}  // namespace hone
