// DynamicQuantizeLSTM's products: rows are quantized with the range that they
// have at that moment, as DynamicQuantizeLinear does, and multiply int8 or
// uint8 weights [depth, columns]:
//
//   c[m, j] = float(sum (q - zq) * (w - zw[j])) * float(sq * sw[j])
#ifndef HONE_KERNELS_EXEC_OPS_RECURRENT_DYNAMIC_GATES_H_
#define HONE_KERNELS_EXEC_OPS_RECURRENT_DYNAMIC_GATES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hwy/aligned_allocator.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/cpu/recurrent/recurrent.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/qlinear/packed_matrices.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// T: float on the int8 kernels; double by the definition.
template <typename T>
class DynamicGates : public GateProduct<T> {
 public:
  // Where a weight, its scale and its zero point are among the inputs.
  struct Places {
    size_t weight, scale, zero;
  };
  // One a direction, of weights [dirs, depth, columns] with scales and zero
  // points [dirs] or [dirs, columns]. `packed` may be null. Valid for one run.
  static absl::StatusOr<std::vector<std::unique_ptr<DynamicGates>>> Of(
      const std::string& label, const KernelContext& context,
      const Places& places, const Dims& dims, const PackedMatrices* packed);

  void Multiply(ThreadPool& pool, int64_t m, const T* a, T* c) const override;

 private:
  DynamicGates() = default;

  int64_t depth_ = 0, columns_ = 0;
  const uint8_t* weights_ = nullptr;
  bool is_signed_ = false;
  const PackedInt8* packed_ = nullptr;
  std::vector<float> scale_;   // one, or one a column
  std::vector<int32_t> zero_;  // also none
  // Of packed weights that no plan made, and of one product; a run's own.
  mutable hwy::AlignedFreeUniquePtr<std::byte[]> storage_;
  mutable std::unique_ptr<PackedInt8> own_;
  mutable hwy::AlignedFreeUniquePtr<std::byte[]> scratch_;
  mutable size_t scratch_bytes_ = 0;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_RECURRENT_DYNAMIC_GATES_H_
