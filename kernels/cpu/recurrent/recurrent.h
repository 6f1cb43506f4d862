// LSTM, GRU and simple recurrent layers of one direction.
//
// x [steps, batch, input], w [gates * hidden, input], r [gates * hidden,
// hidden], bias [2 * gates * hidden] (of w, then of r) or null, and per step,
// with f, g, h the activations and every sum clipped to [-clip, clip]:
//   RNN   H' = f(W x + R H + b)
//   GRU   z, r = f(W x + R H + b), n = g(W x + R (r H) + b), or with
//         linear_before_reset g(W x + b_w + r (R H + b_r));
//         H' = (1 - z) n + z H
//   LSTM  i = f(W x + R H + p C + b), f alike, or 1 - i with input_forget;
//         C' = f C + i g(W x + R H + b);
//         o = f(W x + R H + p C' + b), H' = o h(C')
// Gates lie in the order z r h, and i o f c. Source: ONNX LSTM-14, GRU-14.
#ifndef HONE_KERNELS_CPU_RECURRENT_RECURRENT_H_
#define HONE_KERNELS_CPU_RECURRENT_RECURRENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "kernels/cpu/gemm/pack.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

enum class RecurrentCell { kRnn, kGru, kLstm };

enum class GateFunction {
  kRelu,
  kTanh,
  kSigmoid,
  kAffine,
  kLeakyRelu,
  kThresholdedRelu,
  kScaledTanh,
  kHardSigmoid,
  kElu,
  kSoftsign,
  kSoftplus,
};

struct GateActivation {
  GateFunction function = GateFunction::kTanh;
  float alpha = 0, beta = 0;
};

struct RecurrentShape {
  int64_t steps = 0, batch = 0, input = 0, hidden = 0;
};

struct RecurrentOptions {
  RecurrentCell cell = RecurrentCell::kRnn;
  bool reverse = false;              // each sample from its last step
  bool linear_before_reset = false;  // GRU
  bool input_forget = false;         // LSTM
  std::optional<float> clip;
  GateActivation activations[3];  // f, g, h
};

// w or r of one direction as gemm.h wants it, packed once for many runs. A
// GRU's r is in two parts, since its last gate is multiplied apart.
class PackedGates {
 public:
  // weights [gates * hidden, depth], depth = input for w, hidden for r.
  static PackedGates OfW(RecurrentCell cell, int64_t hidden, int64_t input,
                         const float* weights);
  static PackedGates OfR(RecurrentCell cell, int64_t hidden,
                         const float* weights);

  const PackedColumns& first() const { return parts_[0]; }
  const PackedColumns* last() const {  // null but for a GRU's r
    return parts_.size() > 1 ? &parts_[1] : nullptr;
  }
  size_t bytes() const;

 private:
  std::vector<PackedColumns> parts_;
};

// Products with w or r that are not of T: of integers, say.
template <typename T>
class GateProduct {
 public:
  virtual ~GateProduct() = default;
  // c [m, gates * hidden] of a [m, depth].
  virtual void Multiply(ThreadPool& pool, int64_t m, const T* a,
                        T* c) const = 0;
};

template <typename T>
struct RecurrentInputs {
  const T* x = nullptr;
  const T* w = nullptr;
  const T* r = nullptr;
  const PackedGates* packed_w = nullptr;  // float32: instead of w
  const PackedGates* packed_r = nullptr;  // float32: instead of r
  // Instead of w and r, both or none; not for a GRU. w's multiplies every step
  // that a sample has.
  const GateProduct<T>* w_product = nullptr;
  const GateProduct<T>* r_product = nullptr;
  const T* bias = nullptr;
  const T* peepholes = nullptr;      // [3 * hidden], i o f, or null
  const int64_t* lengths = nullptr;  // [batch], in [0, steps], or null: steps
};

// h and c [batch, hidden] hold the initial state and get the last one; c is
// null but for LSTM. y [steps, batch, hidden] is zero past a sample's length.
// float32 products are gemm.h's; float64 is the definition.
template <typename T>
void Recurrent(ThreadPool& pool, const RecurrentShape& shape,
               const RecurrentOptions& options,
               const RecurrentInputs<T>& inputs, T* h, T* c, T* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_RECURRENT_RECURRENT_H_
