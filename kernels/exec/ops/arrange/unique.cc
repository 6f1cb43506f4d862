#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/arrange/arrange.h"

namespace hone {
namespace {

// x [outer, extent, inner]: whole slices along the middle are compared.
struct Slices {
  int64_t outer = 1, extent = 0, inner = 1;
};

template <typename T>
struct Complex {
  T real, imaginary;
};

template <typename T>
struct Tag {
  using type = T;
};

// -1, 0, 1; NaN is above every number and equal to itself.
template <typename T>
int Order(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
    return Order(static_cast<float>(a), static_cast<float>(b));
  } else {
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(a) || std::isnan(b)) {
        return static_cast<int>(std::isnan(a)) -
               static_cast<int>(std::isnan(b));
      }
    }
    return a < b ? -1 : b < a ? 1 : 0;
  }
}

// By the real parts, then by the imaginary ones.
template <typename T>
int Order(const Complex<T>& a, const Complex<T>& b) {
  const int order = Order(a.real, b.real);
  return order != 0 ? order : Order(a.imaginary, b.imaginary);
}

struct Groups {
  std::vector<int64_t> first;    // of each group, in the output's order
  std::vector<int64_t> inverse;  // each slice's group
  std::vector<int64_t> counts;
};

template <typename T>
Groups GroupsOf(const T* x, const Slices& s, bool sorted) {
  const auto compare = [&](int64_t a, int64_t b) {
    for (int64_t o = 0; o < s.outer; ++o) {
      for (int64_t i = 0; i < s.inner; ++i) {
        const int order = Order(x[(o * s.extent + a) * s.inner + i],
                                x[(o * s.extent + b) * s.inner + i]);
        if (order != 0) return order;
      }
    }
    return 0;
  };
  std::vector<int64_t> order(static_cast<size_t>(s.extent));
  std::iota(order.begin(), order.end(), int64_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return compare(a, b) < 0; });
  Groups groups;
  groups.inverse.resize(order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || compare(order[i - 1], order[i]) != 0) {
      groups.first.push_back(order[i]);
      groups.counts.push_back(0);
    }
    ++groups.counts.back();
    groups.inverse[static_cast<size_t>(order[i])] =
        static_cast<int64_t>(groups.first.size()) - 1;
  }
  if (sorted) return groups;
  // By first appearance.
  std::vector<size_t> by_first(groups.first.size());
  std::iota(by_first.begin(), by_first.end(), size_t{0});
  std::sort(by_first.begin(), by_first.end(), [&](size_t a, size_t b) {
    return groups.first[a] < groups.first[b];
  });
  Groups result;
  std::vector<int64_t> place(by_first.size());
  for (size_t i = 0; i < by_first.size(); ++i) {
    place[by_first[i]] = static_cast<int64_t>(i);
    result.first.push_back(groups.first[by_first[i]]);
    result.counts.push_back(groups.counts[by_first[i]]);
  }
  for (const int64_t group : groups.inverse) {
    result.inverse.push_back(place[static_cast<size_t>(group)]);
  }
  return result;
}

template <typename T>
std::vector<T> Picked(const T* x, const Slices& s,
                      const std::vector<int64_t>& which) {
  std::vector<T> y;
  for (int64_t o = 0; o < s.outer; ++o) {
    for (const int64_t at : which) {
      const T* row = x + (o * s.extent + at) * s.inner;
      y.insert(y.end(), row, row + s.inner);
    }
  }
  return y;
}

absl::Status RunUnique(bool has_axis, bool sorted, const Node& node,
                       const std::string& label, const KernelContext& context) {
  if (context.values.empty() || !context.values[0].is_tensor()) {
    return NodeError(node, "the input", "a tensor", "something else");
  }
  const Tensor x = context.values[0].tensor().Aligned();
  Slices slices;
  Dims dims;
  if (has_axis) {
    dims = x.dims();
    HONE_ASSIGN_OR_RETURN(
        const int64_t axis,
        FrontAxis(node, node.IntAttribute("axis", 0), x.rank()));
    const auto at = static_cast<size_t>(axis);
    slices.outer = Product(dims, 0, at);
    slices.extent = dims[at];
    slices.inner = Product(dims, at + 1, dims.size());
  } else {
    slices.extent = x.size();
  }
  Groups groups;
  const auto shape = [&](const Groups& found) {
    const auto count = static_cast<int64_t>(found.first.size());
    if (!has_axis) {
      dims = {count};
      return;
    }
    const int64_t rank = x.rank();
    int64_t axis = node.IntAttribute("axis", 0);
    if (axis < 0) axis += rank;
    dims[static_cast<size_t>(axis)] = count;
  };
  if (x.dtype() == DType::kString) {
    const std::string* strings = x.Strings().data();
    groups = GroupsOf(strings, slices, sorted);
    shape(groups);
    context.results[0] =
        Tensor::FromStrings(dims, Picked(strings, slices, groups.first));
  } else {
    const auto unique = [&](auto type) -> absl::Status {
      using T = typename decltype(type)::type;
      const T* data = reinterpret_cast<const T*>(x.bytes().data());
      groups = GroupsOf(data, slices, sorted);
      shape(groups);
      absl::Span<std::byte> bytes;
      HONE_ASSIGN_OR_RETURN(Tensor y,
                            Tensor::Allocate(x.dtype(), dims, &bytes));
      // A vector of bool has no bytes of its own.
      using Stored = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;
      const auto picked =
          Picked(reinterpret_cast<const Stored*>(data), slices, groups.first);
      if (!picked.empty()) {
        std::memcpy(bytes.data(), picked.data(), bytes.size());
      }
      context.results[0] = std::move(y);
      return absl::OkStatus();
    };
    HONE_RETURN_IF_ERROR(
        x.dtype() == DType::kC64 ? unique(Tag<Complex<float>>())
        : x.dtype() == DType::kC128
            ? unique(Tag<Complex<double>>())
            : VisitDType(NumbersAndBool(), label, x.dtype(), unique));
  }
  const std::vector<int64_t>* const lists[] = {&groups.first, &groups.inverse,
                                               &groups.counts};
  for (size_t i = 1; i < context.results.size(); ++i) {
    context.results[i] = Tensor::FromVector<int64_t>(
        {static_cast<int64_t>(lists[i - 1]->size())}, *lists[i - 1]);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeUnique(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const bool has_axis = read.Has("axis");
  const bool sorted = read.Bool("sorted", true);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  return MakeFunctionKernel(
      {"unique", false, true, true},
      [has_axis, sorted, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunUnique(has_axis, sorted, node, label, context);
      });
}

}  // namespace hone
