// What QuantizedConv and QuantizedGemm share: packed weights and what becomes
// of the sums.
#ifndef HONE_KERNELS_EXEC_OPS_INTEGER_PRODUCT_KERNEL_H_
#define HONE_KERNELS_EXEC_OPS_INTEGER_PRODUCT_KERNEL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/exec/ops/integer/quant_constants.h"

namespace hone {

// Int8Epilogue's arrays for groups of columns, with the share of x's zero point
// in the bias.
class ProductEpilogue {
 public:
  template <typename ColumnSum>  // int32_t(int64_t group, int64_t column)
  ProductEpilogue(const ProductConstants& constants, int64_t groups,
                  int64_t columns, const ColumnSum& column_sum)
      : epilogue_(constants.epilogue) {
    const int64_t padded = PaddedInt8Columns(columns);
    bias_.resize(static_cast<size_t>(groups * padded));
    multiplier_.resize(bias_.size());
    for (int64_t g = 0; g < groups; ++g) {
      for (int64_t c = 0; c < columns; ++c) {
        const int64_t from = g * columns + c;
        bias_[g * padded + c] =
            LessZeroPoint(constants.bias[from], constants.x, column_sum(g, c));
        multiplier_[g * padded + c] = constants.multiplier[from];
      }
    }
    epilogue_.bias = bias_.data();
    epilogue_.multiplier = multiplier_.data();
  }
  ProductEpilogue(const ProductEpilogue&) = delete;
  ProductEpilogue& operator=(const ProductEpilogue&) = delete;

  const Int8Epilogue& get() const { return epilogue_; }

  // The bias less what x's zero point adds to the sum (wrapping).
  static int32_t LessZeroPoint(int32_t bias, const TensorQuant& x,
                               int32_t column_sum) {
    return static_cast<int32_t>(static_cast<uint32_t>(bias) -
                                static_cast<uint32_t>(ZeroOf(x)) *
                                    static_cast<uint32_t>(column_sum));
  }

  // The zero point of x as uint8.
  static int32_t ZeroOf(const TensorQuant& x) {
    return x.zero + (x.is_signed ? 128 : 0);
  }

 private:
  std::vector<int32_t> bias_;
  std::vector<float> multiplier_;
  Int8Epilogue epilogue_;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_INTEGER_PRODUCT_KERNEL_H_
