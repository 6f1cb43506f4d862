#include "kernels/cpu/int8/matmul/matmul.h"

#include <algorithm>
#include <cstring>

#include "absl/types/span.h"
#include "kernels/cpu/int8/conv/conv.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/cpu/parallel/parallel.h"

namespace hone {
namespace {

int64_t RoundUp(int64_t n, int64_t unit) {
  return (n + unit - 1) / unit * unit;
}

// Bytes from the beginning of scratch.
struct ScratchLayout {
  ScratchLayout(int64_t rows, int64_t depth, int64_t columns)
      : stride(RoundUp(depth, 4)) {
    const int64_t row_array = RoundUp(rows * 4, 64);
    const int64_t column_array = PaddedInt8Columns(columns) * 4;
    row_zeros = RoundUp(rows * stride, 64);
    row_sums = row_zeros + row_array;
    bias = row_sums + row_array;
    column_zeros = bias + column_array;
    column_sums = column_zeros + column_array;
    product = column_sums + column_array;
  }
  int64_t stride;  // of a's copy, which comes first
  int64_t row_zeros, row_sums, bias, column_zeros, column_sums, product;
};

// Copies one row of a as uint8, with zeros behind it.
void CopyRow(const uint8_t* from, int64_t depth, uint8_t flip, int64_t stride,
             uint8_t* to) {
  if (flip == 0) {
    std::memcpy(to, from, static_cast<size_t>(depth));
  } else {
    for (int64_t k = 0; k < depth; ++k) to[k] = from[k] ^ flip;
  }
  std::memset(to + depth, 0, static_cast<size_t>(stride - depth));
}

uint32_t SumOf(const uint8_t* x, int64_t n) {
  uint32_t sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += x[i];
  return sum;
}

// Sums wrap around, as the products do.
int32_t Wrapped(uint32_t x) { return static_cast<int32_t>(x); }
uint32_t Bits(int32_t x) { return static_cast<uint32_t>(x); }

}  // namespace

size_t Int8MatMulScratchBytes(int64_t rows, int64_t depth, int64_t columns,
                              int threads) {
  const ScratchLayout at(rows, depth, columns);
  return static_cast<size_t>(at.product) +
         Int8GemmScratchBytes(rows, at.stride, threads);
}

void Int8MatMul(const Int8MatMulProblem& p, std::byte* scratch,
                ThreadPool& pool) {
  if (p.rows == 0 || p.columns == 0) return;
  const ScratchLayout at(p.rows, p.depth, p.columns);
  const auto array = [&](int64_t offset) {
    return reinterpret_cast<int32_t*>(scratch + offset);
  };
  const int32_t up_a = p.a_signed ? 128 : 0;
  const int32_t down_b = p.b_signed ? 0 : 128;
  int32_t* const bias = array(at.bias);
  int32_t* const column_zeros = array(at.column_zeros);
  int32_t* const column_sums = array(at.column_sums);
  const bool by_row = p.a_zero.count > 1;
  const uint32_t first_zero = Bits(p.a_zero[0] + up_a);
  const int64_t padded = PaddedInt8Columns(p.columns);
  for (int64_t c = 0; c < p.columns; ++c) {
    bias[c] = p.b->column_sum(0, c);
  }
  std::fill(bias + p.columns, bias + padded, 0);
  // One row, as of a recurrent step, costs little more than these arrays.
  if (by_row) {
    std::copy(bias, bias + padded, column_sums);
    std::fill(bias, bias + padded, 0);
  } else {
    for (int64_t c = 0; c < p.columns; ++c) {
      bias[c] = Wrapped(0u - first_zero * Bits(bias[c]));
    }
  }
  bool b_zero = p.b_zero[0] != down_b;
  for (int64_t c = 1; c < p.b_zero.count; ++c) {
    b_zero |= p.b_zero.values[c] != down_b;
  }
  if (b_zero) {
    for (int64_t c = 0; c < p.columns; ++c) {
      column_zeros[c] = p.b_zero[p.b_zero.count <= 1 ? 0 : c] - down_b;
    }
    std::fill(column_zeros + p.columns, column_zeros + padded, 0);
  }

  // a as the product wants it, and what each row brings.
  const bool copy = p.a_signed || at.stride != p.depth;
  const uint8_t* const a = static_cast<const uint8_t*>(p.a);
  uint8_t* const own = reinterpret_cast<uint8_t*>(scratch);
  int32_t* const row_zeros = array(at.row_zeros);
  int32_t* const row_sums = array(at.row_sums);
  const uint8_t flip = p.a_signed ? 0x80 : 0;
  if (copy || b_zero || by_row) {
    ForRanges(pool, p.rows, GrainFor(kLightGrain, p.depth),
              [&](int64_t begin, int64_t end) {
                for (int64_t r = begin; r < end; ++r) {
                  const uint8_t* row = a + r * p.depth;
                  if (copy) {
                    uint8_t* const to = own + r * at.stride;
                    CopyRow(row, p.depth, flip, at.stride, to);
                    row = to;
                  }
                  const uint32_t zero = Bits(p.a_zero[r] + up_a);
                  row_zeros[r] = Wrapped(0u - zero);
                  if (!b_zero) continue;
                  row_sums[r] = Wrapped(static_cast<uint32_t>(p.depth) * zero -
                                        SumOf(row, p.depth));
                }
              });
  }
  Int8Outer outer[2];
  size_t terms = 0;
  if (b_zero) outer[terms++] = {row_sums, column_zeros};
  if (by_row) outer[terms++] = {row_zeros, column_sums};
  Int8Epilogue epilogue = p.epilogue;
  epilogue.bias = bias;
  Int8Gemm(p.rows, at.stride, copy ? own : a, *p.b, epilogue, p.y,
           scratch + at.product, pool, {outer, terms});
}

}  // namespace hone
