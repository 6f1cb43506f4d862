// Scaled dot-product attention over heads, with any mask.
//
//   s = scale * q k^T, softcap: s = c * tanh(s / c)
//   p = softmax(s + mask) over the keys,  y = p v
// A query whose mask is minus infinity at every key gives zeros. Query head h
// reads key and value head h / (heads / kv_heads).
//
// Sources: Vaswani et al. 2017, arXiv:1706.03762; ONNX Attention-23.
#ifndef HONE_KERNELS_CPU_ATTENTION_ATTENTION_H_
#define HONE_KERNELS_CPU_ATTENTION_ATTENTION_H_

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

struct AttentionShape {
  int64_t batch = 1;
  int64_t heads = 1, kv_heads = 1;  // heads is a multiple of kv_heads
  int64_t queries = 0, keys = 0;
  int64_t size = 0;        // of a query and a key
  int64_t value_size = 0;  // of a value and an output
};

// [batch, heads, rows, size] at any strides, in elements; those of one row are
// neighbours.
template <typename T>
struct HeadRows {
  T* data = nullptr;
  int64_t batch = 0, head = 0, row = 0;
  T* At(int64_t b, int64_t h, int64_t r) const {
    return data + b * batch + h * head + r * row;
  }
};

struct AttentionOptions {
  // Which scores are an output: of the product, softcapped, masked, or after
  // softmax.
  enum class Scores { kProduct, kCapped, kMasked, kSoftmax };

  double scale = 1;
  double softcap = 0;  // 0: none
  Scores scores = Scores::kProduct;
};

// Writes the mask of one query, `keys` numbers to be added.
template <typename T>
using MaskRow =
    absl::FunctionRef<void(int64_t batch, int64_t head, int64_t query, T* row)>;

// Bytes of 64-byte aligned `scratch` that Attention needs.
size_t AttentionScratchBytes(const AttentionShape& shape, int threads);

// scores: null, or [batch, heads, queries, keys]. No overlap. Error: of the
// products, see gemm.h, and of softmax.
void Attention(ThreadPool& pool, const AttentionShape& shape,
               const HeadRows<const float>& q, const HeadRows<const float>& k,
               const HeadRows<const float>& v, const AttentionOptions& options,
               MaskRow<float> mask, const HeadRows<float>& y, float* scores,
               std::byte* scratch);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_ATTENTION_ATTENTION_H_
