// The attributes of com.microsoft's GroupQueryAttention.
#ifndef HONE_KERNELS_EXEC_OPS_ATTENTION_GROUP_QUERY_OPTIONS_H_
#define HONE_KERNELS_EXEC_OPS_ATTENTION_GROUP_QUERY_OPTIONS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

struct GroupQueryOptions {
  // Places of inputs and of the output that shows scores.
  enum Input : size_t {
    kQuery,
    kKey,
    kValue,
    kPastKey,
    kPastValue,
    kLengths,  // of a sample, less one, [n]
    kTotal,    // the longest
    kCos,
    kSin,
    kPositions,
    kBias,
    kSink,
    kKeyScale,
    kValueScale,
    kQueryNorm,
    kKeyNorm,
  };
  static constexpr size_t kScoresOutput = 3;

  int64_t heads = 0, kv_heads = 0;
  double scale = 0;  // 0: 1 / sqrt(size)
  double softcap = 0;
  int64_t window = -1;   // keys that a query sees, itself included; -1: all
  bool sliding = false;  // caches hold little more than the window
  bool rotary = false, interleaved = false, smooth = false;
  bool causal = true;
  int64_t shown = 0;  // scores as output 3: masked (1), after softmax (2)
  int64_t key_bits = 0, value_bits = 0;  // of quantized caches; 0: floats
  float norm_epsilon = 1e-6f;

  // InvalidArgument: attributes that contradict each other or the inputs.
  // Unimplemented: scores of caches that slide.
  static absl::StatusOr<GroupQueryOptions> Of(const KernelSpec& spec);
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ATTENTION_GROUP_QUERY_OPTIONS_H_
