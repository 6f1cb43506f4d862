#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/adapter/strings.h"
#include "kernels/exec/ops/gather/indices.h"
#include "kernels/exec/ops/select/select.h"

namespace hone {
namespace {

// Flat positions of what is not zero.
absl::StatusOr<std::vector<int64_t>> Positions(const std::string& label,
                                               const TensorView& x) {
  std::vector<int64_t> positions;
  const auto complex = [&](auto part) {
    const auto* parts = x.As<decltype(part)>();
    for (int64_t i = 0; i < x.size; ++i) {
      if (parts[2 * i] != 0 || parts[2 * i + 1] != 0) positions.push_back(i);
    }
    return positions;
  };
  if (x.dtype == DType::kC64) return complex(float());
  if (x.dtype == DType::kC128) return complex(double());
  HONE_RETURN_IF_ERROR(
      VisitDType(NumbersAndBool(), label, x.dtype, [&](auto type) {
        using T = typename decltype(type)::type;
        for (int64_t i = 0; i < x.size; ++i) {
          if (static_cast<double>(x.As<T>()[i]) != 0) positions.push_back(i);
        }
        return absl::OkStatus();
      }));
  return positions;
}

// Flat positions of the strings that are not empty.
absl::StatusOr<std::vector<int64_t>> NotEmpty(const Node& node,
                                              const KernelContext& context) {
  HONE_ASSIGN_OR_RETURN(const Tensor x, StringInput(node, context, 0));
  std::vector<int64_t> positions;
  for (int64_t i = 0; i < x.size(); ++i) {
    if (!x.Strings()[static_cast<size_t>(i)].empty()) positions.push_back(i);
  }
  return positions;
}

// Depth of OneHot as an integer, whatever its number type.
absl::StatusOr<int64_t> DepthOf(const std::string& label,
                                const TensorView& depth) {
  HONE_RETURN_IF_ERROR(
      ExpectEqual(label, "elements of the depth", 1, depth.size));
  int64_t value = 0;
  HONE_RETURN_IF_ERROR(
      VisitDType(Numbers(), label, depth.dtype, [&](auto type) {
        using T = typename decltype(type)::type;
        value = static_cast<int64_t>(*depth.As<T>());
        return absl::OkStatus();
      }));
  return value;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeNonZero(const KernelSpec& spec) {
  const DType dtype =
      spec.input_types.empty() ? DType::kUndefined : spec.input_types[0].dtype;
  if (dtype != DType::kC64 && dtype != DType::kC128 &&
      dtype != DType::kString) {
    HONE_RETURN_IF_ERROR(CheckDType(NumbersAndBool(), spec, 0));
  }
  FunctionKernelOptions options = {"non_zero"};
  options.allocates_outputs = true;
  options.wants_values = dtype == DType::kString;
  return MakeFunctionKernel(
      options,
      [node = *spec.node, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        if (context.inputs.empty() || !context.inputs[0].present()) {
          return ExpectEqual(label, "inputs", 1, 0);
        }
        const TensorView& x = context.inputs[0];
        HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> positions,
                              x.dtype == DType::kString
                                  ? NotEmpty(node, context)
                                  : Positions(label, x));
        const int64_t count = static_cast<int64_t>(positions.size());
        const int64_t rank = static_cast<int64_t>(x.dims.size());
        absl::Span<std::byte> bytes;
        HONE_ASSIGN_OR_RETURN(
            Tensor y, Tensor::Allocate(DType::kS64, {rank, count}, &bytes));
        int64_t* out = reinterpret_cast<int64_t*>(bytes.data());
        for (int64_t i = 0; i < count; ++i) {
          int64_t rest = positions[static_cast<size_t>(i)];
          for (int64_t a = rank; a-- > 0;) {
            const int64_t extent = x.dims[static_cast<size_t>(a)];
            out[a * count + i] = rest % extent;
            rest /= extent;
          }
        }
        context.results[0] = std::move(y);
        return absl::OkStatus();
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeCompress(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const bool flat = !read.Has("axis");
  const int64_t wanted = read.Int("axis", 0);
  HONE_RETURN_IF_ERROR(read.Finish(true).status());
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  FunctionKernelOptions options = {"compress"};
  options.allocates_outputs = true;
  return MakeFunctionKernel(
      options,
      [flat, wanted, node = *spec.node, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        if (context.inputs.size() < 2 || !context.inputs[0].present() ||
            context.inputs[1].dtype != DType::kBool) {
          return ExpectEqual(label, "inputs", 2,
                             static_cast<int64_t>(context.inputs.size()));
        }
        const TensorView& x = context.inputs[0];
        const size_t bytes = ElementBytes(x.dtype);
        if (bytes == 0) return UnimplementedDType(label, x.dtype);
        Dims dims = flat ? Dims{x.size} : x.dims;
        HONE_ASSIGN_OR_RETURN(
            const int64_t front,
            FrontAxis(node, wanted, static_cast<int64_t>(dims.size())));
        const size_t axis = static_cast<size_t>(front);
        HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> kept,
                              Positions(label, context.inputs[1]));
        const int64_t extent = dims[axis];
        if (!kept.empty() && kept.back() >= extent) {
          return NodeError(node, "a condition beyond the axis",
                           std::to_string(extent), std::to_string(kept.back()));
        }
        const int64_t outer = Product(dims, 0, axis);
        const size_t block =
            static_cast<size_t>(Product(dims, axis + 1, dims.size())) * bytes;
        dims[axis] = static_cast<int64_t>(kept.size());
        absl::Span<std::byte> storage;
        HONE_ASSIGN_OR_RETURN(Tensor y,
                              Tensor::Allocate(x.dtype, dims, &storage));
        std::byte* to = storage.data();
        const std::byte* from = x.As<std::byte>();
        for (int64_t o = 0; o < outer; ++o) {
          for (const int64_t k : kept) {
            std::memcpy(to, from + static_cast<size_t>(o * extent + k) * block,
                        block);
            to += block;
          }
        }
        context.results[0] = std::move(y);
        return absl::OkStatus();
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeOneHot(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const int64_t wanted = read.Int("axis", -1);
  HONE_RETURN_IF_ERROR(read.Finish(true).status());
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 2));
  return MakeFunctionKernel(
      {"one_hot"},
      [wanted, node = *spec.node, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
        const TensorView& where = context.inputs[0];
        const TensorView& values = context.inputs[2];
        const MutableTensorView& y = context.outputs[0];
        HONE_RETURN_IF_ERROR(ExpectEqual(label, "values", 2, values.size));
        HONE_ASSIGN_OR_RETURN(const int64_t depth,
                              DepthOf(label, context.inputs[1]));
        HONE_ASSIGN_OR_RETURN(
            const int64_t front,
            FrontAxis(node, wanted,
                      static_cast<int64_t>(where.dims.size()) + 1));
        const size_t axis = static_cast<size_t>(front);
        Dims expected = where.dims;
        expected.insert(expected.begin() + front, depth);
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", expected, y.dims));
        const size_t bytes = ElementBytes(values.dtype);
        if (bytes == 0) return UnimplementedDType(label, values.dtype);
        const char* off = values.As<char>();
        const char* on = off + bytes;
        for (int64_t i = 0; i < y.size; ++i) {
          std::memcpy(y.As<char>() + static_cast<size_t>(i) * bytes, off,
                      bytes);
        }
        const int64_t inner = Product(where.dims, axis, where.dims.size());
        return VisitDType(Numbers(), label, where.dtype, [&](auto type) {
          using T = typename decltype(type)::type;
          for (int64_t i = 0; i < where.size; ++i) {
            int64_t at = static_cast<int64_t>(where.As<T>()[i]);
            if (at < -depth || at >= depth) continue;  // all off
            if (at < 0) at += depth;
            const int64_t to = (i / inner * depth + at) * inner + i % inner;
            std::memcpy(y.As<char>() + static_cast<size_t>(to) * bytes, on,
                        bytes);
          }
          return absl::OkStatus();
        });
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeTrilu(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const bool upper = read.Bool("upper", true);
  HONE_RETURN_IF_ERROR(read.Finish(true).status());
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"trilu"},
      [upper, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const TensorView& x = context.inputs[0];
        const MutableTensorView& y = context.outputs[0];
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", x.dims, y.dims));
        const size_t bytes = ElementBytes(x.dtype);
        if (bytes == 0) return UnimplementedDType(label, x.dtype);
        int64_t k = 0;
        if (context.inputs.size() > 1 && context.inputs[1].present()) {
          HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> diagonal,
                                IndexElements(label, context.inputs[1]));
          HONE_RETURN_IF_ERROR(
              ExpectEqual(label, "elements of k", 1,
                          static_cast<int64_t>(diagonal.size())));
          k = diagonal[0];
        }
        if (x.dims.size() < 2) {
          return ExpectEqual(label, "rank of the input", 2,
                             static_cast<int64_t>(x.dims.size()));
        }
        const int64_t columns = x.dims.back();
        const int64_t rows = x.dims[x.dims.size() - 2];
        if (x.size == 0) return absl::OkStatus();
        const int64_t step = static_cast<int64_t>(bytes);
        for (int64_t r = 0; r < x.size / columns; ++r) {
          // Columns [begin, end) stay. k may be anything, so no sum with it
          // before it is known to be small.
          const int64_t row = r % rows;
          int64_t cut = k <= -row ? 0 : k >= columns - row ? columns : row + k;
          if (!upper)
            cut = k < -row - 1             ? 0
                  : k >= columns - row - 1 ? columns
                                           : row + k + 1;
          const int64_t begin = upper ? cut : 0;
          const int64_t end = upper ? columns : cut;
          char* to = y.As<char>() + r * columns * step;
          std::memset(to, 0, static_cast<size_t>(columns * step));
          std::memcpy(to + begin * step,
                      x.As<char>() + (r * columns + begin) * step,
                      static_cast<size_t>((end - begin) * step));
        }
        return absl::OkStatus();
      });
}

}  // namespace hone
