#include "kernels/cpu/einsum/einsum.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <new>
#include <type_traits>

#include "kernels/cpu/gemm/gemm.h"

namespace hone {
namespace {

using Sizes = std::map<char, int64_t>;

bool Has(const std::string& labels, char label) {
  return labels.find(label) != std::string::npos;
}

int64_t CountOf(const std::string& labels, const Sizes& sizes) {
  int64_t count = 1;
  for (const char label : labels) count *= sizes.at(label);
  return count;
}

// Addition and multiplication that wrap for integers.
template <typename T>
T Plus(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  } else {
    return a + b;
  }
}
template <typename T>
T Times(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  } else {
    return a * b;
  }
}

// A dense array whose labels differ.
template <typename T>
struct Array {
  std::string labels;
  std::vector<T> data;
};

// Sums over the labels that `to` lacks; the others in the order of `to`.
// strides: by label, elements of `from`.
template <typename T>
std::vector<T> Rearranged(const T* from, const std::string& labels,
                          const Sizes& strides, const std::string& to,
                          const Sizes& sizes) {
  std::string order = to;
  for (const char label : labels) {
    if (!Has(order, label)) order.push_back(label);
  }
  const int64_t kept = CountOf(to, sizes);
  std::vector<T> out(static_cast<size_t>(kept), T{0});
  const int64_t all = CountOf(order, sizes);
  if (all == 0) return out;
  const int64_t inner = all / kept;
  std::vector<int64_t> index(order.size(), 0);
  int64_t at = 0;
  for (int64_t i = 0; i < all; ++i) {
    T& sum = out[static_cast<size_t>(i / inner)];
    sum = Plus(sum, from[at]);
    for (size_t l = order.size(); l-- > 0;) {
      const auto stride = strides.find(order[l]);
      const int64_t step = stride == strides.end() ? 0 : stride->second;
      at += step;
      if (++index[l] < sizes.at(order[l])) break;
      at -= step * sizes.at(order[l]);
      index[l] = 0;
    }
  }
  return out;
}

template <typename T>
Array<T> Ordered(const Array<T>& from, const std::string& to,
                 const Sizes& sizes) {
  Sizes strides;
  int64_t stride = 1;
  for (size_t l = from.labels.size(); l-- > 0;) {
    strides[from.labels[l]] = stride;
    stride *= sizes.at(from.labels[l]);
  }
  return {to, Rearranged(from.data.data(), from.labels, strides, to, sizes)};
}

// c[i] [m, n] = a[i] [m, k] b[i] [k, n].
void Multiply(ThreadPool& pool, int64_t batch, int64_t m, int64_t n, int64_t k,
              const float* a, const float* b, float* c) {
  const size_t bytes = GemmScratchBytes(pool.threads());
  const std::unique_ptr<std::byte[], void (*)(std::byte*)> scratch(
      static_cast<std::byte*>(
          ::operator new(bytes + GemmColumnsBytes(k, n), std::align_val_t{64})),
      [](std::byte* p) { ::operator delete(p, std::align_val_t{64}); });
  for (int64_t i = 0; i < batch; ++i) {
    Gemm(m, n, k, {a + i * m * k, k, 1}, 1, {b + i * k * n, n, 1}, {},
         c + i * m * n, n, scratch.get(), scratch.get() + bytes, pool);
  }
}

template <typename T>
void Multiply(ThreadPool& pool, int64_t batch, int64_t m, int64_t n, int64_t k,
              const T* a, const T* b, T* c) {
  pool.ParallelFor(batch * m, [&](int64_t row, int) {
    const T* left = a + row * k;
    const T* right = b + row / m * k * n;
    T* out = c + row * n;
    for (int64_t l = 0; l < k; ++l) {
      for (int64_t j = 0; j < n; ++j) {
        out[j] = Plus(out[j], Times(left[l], right[l * n + j]));
      }
    }
  });
}

// Both as one, without the labels that nothing in `keep` has.
template <typename T>
Array<T> Join(ThreadPool& pool, const Array<T>& a, const Array<T>& b,
              const std::string& keep, const Sizes& sizes) {
  std::string batch, sum, rows, columns;
  for (const char label : a.labels) {
    if (Has(b.labels, label)) {
      (Has(keep, label) ? batch : sum).push_back(label);
    } else if (Has(keep, label)) {
      rows.push_back(label);
    }
  }
  for (const char label : b.labels) {
    if (!Has(a.labels, label) && Has(keep, label)) columns.push_back(label);
  }
  const Array<T> left = Ordered(a, batch + rows + sum, sizes);
  const Array<T> right = Ordered(b, batch + sum + columns, sizes);
  Array<T> joined = {batch + rows + columns, {}};
  joined.data.assign(static_cast<size_t>(CountOf(joined.labels, sizes)), T{0});
  if (!joined.data.empty()) {
    Multiply(pool, CountOf(batch, sizes), CountOf(rows, sizes),
             CountOf(columns, sizes), CountOf(sum, sizes), left.data.data(),
             right.data.data(), joined.data.data());
  }
  return joined;
}

}  // namespace

template <typename T>
std::vector<T> Einsum(ThreadPool& pool,
                      const std::vector<EinsumOperand<T>>& operands,
                      const std::string& result) {
  Sizes sizes;
  for (const EinsumOperand<T>& operand : operands) {
    for (size_t l = 0; l < operand.labels.size(); ++l) {
      const auto [size, fresh] =
          sizes.emplace(operand.labels[l], operand.dims[l]);
      if (!fresh && size->second == 1) size->second = operand.dims[l];
    }
  }
  std::vector<Array<T>> arrays;
  for (const EinsumOperand<T>& operand : operands) {
    // A diagonal steps along all its axes at once; an axis that repeats goes.
    Sizes strides;
    std::string labels;
    int64_t stride = 1;
    for (size_t l = operand.labels.size(); l-- > 0;) {
      const char label = operand.labels[l];
      if (operand.dims[l] == sizes.at(label)) {
        strides[label] += stride;
        if (!Has(labels, label)) labels.push_back(label);
      }
      stride *= operand.dims[l];
    }
    std::reverse(labels.begin(), labels.end());
    arrays.push_back(
        {labels, Rearranged(operand.data, labels, strides, labels, sizes)});
  }
  Array<T> all = std::move(arrays[0]);
  for (size_t i = 1; i < arrays.size(); ++i) {
    std::string keep = result;
    for (size_t j = i + 1; j < arrays.size(); ++j) keep += arrays[j].labels;
    all = Join(pool, all, arrays[i], keep, sizes);
  }
  return Ordered(all, result, sizes).data;
}

template std::vector<float> Einsum<float>(
    ThreadPool&, const std::vector<EinsumOperand<float>>&, const std::string&);
template std::vector<double> Einsum<double>(
    ThreadPool&, const std::vector<EinsumOperand<double>>&, const std::string&);
template std::vector<int64_t> Einsum<int64_t>(
    ThreadPool&, const std::vector<EinsumOperand<int64_t>>&,
    const std::string&);

}  // namespace hone
