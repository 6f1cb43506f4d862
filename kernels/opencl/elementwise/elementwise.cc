#include "kernels/opencl/elementwise/elementwise.h"

#include <cstddef>

#include "absl/strings/str_cat.h"

namespace hone::opencl {

extern const char kElementwiseSource[];

namespace {

// In the order of UnaryFunction.
constexpr const char* kUnaryNames[] = {
    "abs",          "neg",        "reciprocal", "sqrt",       "exp",
    "log",          "relu",       "clip",       "leaky_relu", "elu",
    "hard_sigmoid", "hard_swish", "sigmoid",    "swish",      "tanh",
    "softplus",     "erf",        "gelu",       "gelu_tanh",
};
// In the order of BinaryFunction.
constexpr const char* kBinaryNames[] = {"add", "sub",   "mul", "div",
                                        "pow", "prelu", "min", "max"};

Program ProgramOf(const Context& context, const char* kind,
                  const char* function) {
  std::string options =
      absl::StrCat("-DGROUP=", context.group_items(), " -D", kind);
  if (function != nullptr) absl::StrAppend(&options, " -DFUNCTION=", function);
  return {kElementwiseSource, std::move(options)};
}

// The step of an array that is dense or one element along the whole nest, -1
// for any other.
int32_t WholeStep(const Nest& nest, const Int8& strides) {
  if (nest.loops == 0) return 1;
  if (nest.loops > 1) return -1;
  return strides[0] == 0 || strides[0] == 1 ? strides[0] : -1;
}

}  // namespace

int64_t Nest::size() const {
  int64_t size = 1;
  for (int l = 0; l < loops; ++l) size *= extents[static_cast<size_t>(l)];
  return size;
}

absl::Status Unary(Context& context, UnaryFunction function, float p, float q,
                   const BufferPtr& x, int64_t n, const BufferPtr& y) {
  const std::string name =
      absl::StrCat("unary_", kUnaryNames[static_cast<size_t>(function)]);
  return context.Run(ProgramOf(context, "UNARY", name.c_str()), "unary",
                     {static_cast<uint32_t>(n), p, q, x, y},
                     {static_cast<size_t>(n)}, {context.group_items()});
}

absl::Status Binary(Context& context, BinaryFunction function, const Nest& nest,
                    const BufferPtr& a, const BufferPtr& b,
                    const BufferPtr& y) {
  const std::string name =
      absl::StrCat("binary_", kBinaryNames[static_cast<size_t>(function)]);
  const Program program = ProgramOf(context, "BINARY", name.c_str());
  const uint32_t n = static_cast<uint32_t>(nest.size());
  const int32_t a_step = WholeStep(nest, nest.first);
  const int32_t b_step = WholeStep(nest, nest.second);
  if (a_step >= 0 && b_step >= 0) {
    return context.Run(program, "binary", {n, a, a_step, b, b_step, y}, {n},
                       {context.group_items()});
  }
  return context.Run(
      program, "binary_nest",
      {n, nest.loops, nest.extents, a, nest.first, b, nest.second, y}, {n},
      {context.group_items()});
}

absl::Status Select(Context& context, const Nest& nest,
                    const BufferPtr& condition, const BufferPtr& a,
                    const BufferPtr& b, const BufferPtr& y) {
  const uint32_t n = static_cast<uint32_t>(nest.size());
  return context.Run(ProgramOf(context, "SELECT", nullptr), "select_nest",
                     {n, nest.loops, nest.extents, condition, nest.first, a,
                      nest.second, b, nest.third, y},
                     {n}, {context.group_items()});
}

absl::Status Copy(Context& context, const Nest& nest, const BufferPtr& x,
                  int64_t x_start, const BufferPtr& y, int64_t y_start) {
  const uint32_t n = static_cast<uint32_t>(nest.size());
  return context.Run(
      ProgramOf(context, "COPY", nullptr), "copy_nest",
      {n, nest.loops, nest.extents, x, static_cast<int32_t>(x_start),
       nest.first, y, static_cast<int32_t>(y_start), nest.second},
      {n}, {context.group_items()});
}

}  // namespace hone::opencl
