#include "kernels/cpu/recurrent/recurrent.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>

#include "kernels/cpu/gemm/gemm.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/unary/unary.h"

namespace hone {
namespace {

template <typename T>
T Apply(const GateActivation& activation, T x) {
  const T a = static_cast<T>(activation.alpha);
  const T b = static_cast<T>(activation.beta);
  switch (activation.function) {
    case GateFunction::kRelu:
      return x > 0 ? x : T{0};
    case GateFunction::kTanh:
      return std::tanh(x);
    case GateFunction::kSigmoid:
      return 1 / (1 + std::exp(-x));
    case GateFunction::kAffine:
      return a * x + b;
    case GateFunction::kLeakyRelu:
      return x >= 0 ? x : a * x;
    case GateFunction::kThresholdedRelu:
      return x > a ? x : T{0};
    case GateFunction::kScaledTanh:
      return a * std::tanh(b * x);
    case GateFunction::kHardSigmoid:
      return std::min(std::max(a * x + b, T{0}), T{1});
    case GateFunction::kElu:
      return x >= 0 ? x : a * (std::exp(x) - 1);
    case GateFunction::kSoftsign:
      return x / (1 + std::abs(x));
    case GateFunction::kSoftplus:
      return std::max(x, T{0}) + std::log1p(std::exp(-std::abs(x)));
  }
  return x;
}

// Products with one matrix [columns, depth] transposed; packed here for this
// run unless it is already.
template <typename T>
class Weights {
 public:
  // At most `most_rows` rows at a time.
  Weights(int64_t /*most_rows*/, const PackedColumns*, const T* w,
          int64_t columns, int64_t depth)
      : w_(w), columns_(columns), depth_(depth) {}

  // c [m, columns] = a [m, depth] w^T.
  void Multiply(ThreadPool& pool, int64_t m, const T* a, T* c) {
    pool.ParallelFor(m, [&](int64_t i, int) {
      for (int64_t j = 0; j < columns_; ++j) {
        T sum = 0;
        for (int64_t k = 0; k < depth_; ++k) {
          sum += a[i * depth_ + k] * w_[j * depth_ + k];
        }
        c[i * columns_ + j] = sum;
      }
    });
  }

 private:
  const T* w_;
  const int64_t columns_, depth_;
};

template <>
class Weights<float> {
 public:
  Weights(int64_t most_rows, const PackedColumns* packed, const float* w,
          int64_t columns, int64_t depth)
      : columns_(columns),
        scratch_(static_cast<std::byte*>(::operator new(
                     GemmScratchBytes(most_rows, depth), std::align_val_t{64})),
                 Free) {
    if (packed == nullptr) {
      packed = &own_.emplace(StridedMatrix{w, 1, depth}, depth, columns);
    }
    packed_ = packed;
  }

  void Multiply(ThreadPool& pool, int64_t m, const float* a, float* c) {
    Gemm(m, {a, packed_->depth(), 1}, 1, *packed_, {}, c, columns_,
         scratch_.get(), pool);
  }

 private:
  static void Free(std::byte* p) { ::operator delete(p, std::align_val_t{64}); }

  std::optional<PackedColumns> own_;
  const PackedColumns* packed_ = nullptr;
  const int64_t columns_;
  const std::unique_ptr<std::byte[], void (*)(std::byte*)> scratch_;
};

// What unary.h computes of a gate, on all lanes; nullopt: Affine, ScaledTanh.
std::optional<UnaryOp> VectorForm(GateFunction function) {
  switch (function) {
    case GateFunction::kRelu:
      return UnaryOp::kRelu;
    case GateFunction::kTanh:
      return UnaryOp::kTanh;
    case GateFunction::kSigmoid:
      return UnaryOp::kSigmoid;
    case GateFunction::kLeakyRelu:
      return UnaryOp::kLeakyRelu;
    case GateFunction::kThresholdedRelu:
      return UnaryOp::kThresholdedRelu;
    case GateFunction::kHardSigmoid:
      return UnaryOp::kHardSigmoid;
    case GateFunction::kElu:
      return UnaryOp::kElu;
    case GateFunction::kSoftsign:
      return UnaryOp::kSoftsign;
    case GateFunction::kSoftplus:
      return UnaryOp::kSoftplus;
    case GateFunction::kAffine:
    case GateFunction::kScaledTanh:
      return std::nullopt;
  }
  return std::nullopt;
}

template <typename T>
void ApplyAll(const GateActivation& activation, const T* x, int64_t n, T* y) {
  if constexpr (std::is_same_v<T, float>) {
    if (const auto op = VectorForm(activation.function)) {
      Unary(*op, {activation.alpha, activation.beta}, x, static_cast<size_t>(n),
            y);
      return;
    }
  }
  for (int64_t i = 0; i < n; ++i) y[i] = Apply(activation, x[i]);
}

// One step of one sample. wx: W x + b [gates * hidden]; rh: R H alike, which
// the gates take the place of.
template <typename T>
class Step {
 public:
  Step(const RecurrentOptions& options, const RecurrentInputs<T>& inputs,
       int64_t hidden)
      : options_(options), inputs_(inputs), n_(hidden) {}

  void Rnn(const T* wx, const T* rh, T* h) const {
    for (int64_t j = 0; j < n_; ++j) h[j] = wx[j] + rh[j];
    Gate(0, n_, h);
  }

  // The gates z and r, into their places; reset gets r H.
  void GruGates(const T* wx, const T* rh, const T* h, T* gates,
                T* reset) const {
    for (int64_t j = 0; j < 2 * n_; ++j) gates[j] = wx[j] + rh[j];
    Gate(0, 2 * n_, gates);
    for (int64_t j = 0; j < n_; ++j) reset[j] = gates[n_ + j] * h[j];
  }
  // rh: R (r H), or R H before the reset.
  void Gru(const T* wx, T* rh, const T* gates, T* h) const {
    if (options_.linear_before_reset) {
      if (inputs_.bias != nullptr) {
        for (int64_t j = 0; j < n_; ++j) rh[j] += inputs_.bias[5 * n_ + j];
      }
      for (int64_t j = 0; j < n_; ++j) rh[j] *= gates[n_ + j];
    }
    for (int64_t j = 0; j < n_; ++j) rh[j] += wx[2 * n_ + j];
    Gate(1, n_, rh);
    for (int64_t j = 0; j < n_; ++j) {
      h[j] = (1 - gates[j]) * rh[j] + gates[j] * h[j];
    }
  }

  void Lstm(const T* wx, T* rh, T* h, T* c) const {
    for (int64_t j = 0; j < 4 * n_; ++j) rh[j] += wx[j];
    T* const in = rh;
    T* const out = rh + n_;
    T* const forget = rh + 2 * n_;
    T* const cell = rh + 3 * n_;
    AddPeephole(0, c, in);
    Gate(0, n_, in);
    if (options_.input_forget) {
      for (int64_t j = 0; j < n_; ++j) forget[j] = 1 - in[j];
    } else {
      AddPeephole(2, c, forget);
      Gate(0, n_, forget);
    }
    Gate(1, n_, cell);
    for (int64_t j = 0; j < n_; ++j) {
      c[j] = forget[j] * c[j] + in[j] * cell[j];
    }
    AddPeephole(1, c, out);
    Gate(0, n_, out);
    ApplyAll(options_.activations[2], c, n_, cell);
    for (int64_t j = 0; j < n_; ++j) h[j] = out[j] * cell[j];
  }

 private:
  void AddPeephole(int64_t gate, const T* c, T* x) const {
    if (inputs_.peepholes == nullptr) return;
    const T* const p = inputs_.peepholes + gate * n_;
    for (int64_t j = 0; j < n_; ++j) x[j] += p[j] * c[j];
  }
  void Gate(int which, int64_t n, T* x) const {
    if (options_.clip.has_value()) {
      const T clip = static_cast<T>(*options_.clip);
      for (int64_t j = 0; j < n; ++j) {
        x[j] = std::min(std::max(x[j], -clip), clip);
      }
    }
    ApplyAll(options_.activations[which], x, n, x);
  }

  const RecurrentOptions& options_;
  const RecurrentInputs<T>& inputs_;
  const int64_t n_;
};

int64_t GatesOf(RecurrentCell cell) {
  return cell == RecurrentCell::kRnn ? 1 : cell == RecurrentCell::kGru ? 3 : 4;
}

}  // namespace

PackedGates PackedGates::OfW(RecurrentCell cell, int64_t hidden, int64_t input,
                             const float* weights) {
  PackedGates packed;
  packed.parts_.emplace_back(StridedMatrix{weights, 1, input}, input,
                             GatesOf(cell) * hidden);
  return packed;
}

PackedGates PackedGates::OfR(RecurrentCell cell, int64_t hidden,
                             const float* weights) {
  PackedGates packed;
  const bool gru = cell == RecurrentCell::kGru;
  const int64_t first = gru ? 2 * hidden : GatesOf(cell) * hidden;
  packed.parts_.emplace_back(StridedMatrix{weights, 1, hidden}, hidden, first);
  if (gru) {
    packed.parts_.emplace_back(
        StridedMatrix{weights + first * hidden, 1, hidden}, hidden, hidden);
  }
  return packed;
}

size_t PackedGates::bytes() const {
  size_t bytes = 0;
  for (const PackedColumns& part : parts_) bytes += part.bytes();
  return bytes;
}

template <typename T>
void Recurrent(ThreadPool& pool, const RecurrentShape& shape,
               const RecurrentOptions& options,
               const RecurrentInputs<T>& inputs, T* h, T* c, T* y) {
  const int64_t n = shape.hidden;
  const int64_t width = GatesOf(options.cell) * n;
  const bool gru = options.cell == RecurrentCell::kGru;
  std::fill(y, y + shape.steps * shape.batch * n, T{0});
  if (shape.batch == 0 || n == 0) return;

  // W x + b of all steps at once. The reset gate multiplies R's bias too when
  // it comes after the product.
  std::vector<T> wx(static_cast<size_t>(shape.steps * shape.batch * width));
  const PackedGates* const pw = inputs.packed_w;
  if (inputs.w_product != nullptr) {
    const int64_t steps =
        inputs.lengths == nullptr
            ? shape.steps
            : *std::max_element(inputs.lengths, inputs.lengths + shape.batch);
    inputs.w_product->Multiply(pool, steps * shape.batch, inputs.x, wx.data());
  } else {
    Weights<T>(shape.steps * shape.batch,
               pw == nullptr ? nullptr : &pw->first(), inputs.w, width,
               shape.input)
        .Multiply(pool, shape.steps * shape.batch, inputs.x, wx.data());
  }
  if (inputs.bias != nullptr) {
    const int64_t both = gru && options.linear_before_reset ? 2 * n : width;
    for (int64_t i = 0; i < shape.steps * shape.batch; ++i) {
      T* row = wx.data() + i * width;
      for (int64_t j = 0; j < width; ++j) row[j] += inputs.bias[j];
      for (int64_t j = 0; j < both; ++j) row[j] += inputs.bias[width + j];
    }
  }

  // A GRU multiplies its last gate apart: by what the reset gate left.
  const int64_t first = gru ? 2 * n : width;
  const PackedGates* const pr = inputs.packed_r;
  std::optional<Weights<T>> r;
  if (inputs.r_product == nullptr) {
    r.emplace(shape.batch, pr == nullptr ? nullptr : &pr->first(), inputs.r,
              first, n);
  }
  std::optional<Weights<T>> r_last;
  if (gru) {
    r_last.emplace(shape.batch, pr == nullptr ? nullptr : pr->last(),
                   pr == nullptr ? inputs.r + first * n : nullptr, n, n);
  }
  const auto rows = static_cast<size_t>(shape.batch);
  const auto hidden = static_cast<size_t>(n);
  std::vector<T> rh(rows * static_cast<size_t>(first));
  std::vector<T> gates(gru ? rh.size() : 0);
  std::vector<T> reset(gru ? rows * hidden : 0), last(reset.size());
  const Step<T> step(options, inputs, n);
  for (int64_t s = 0; s < shape.steps; ++s) {
    if (r.has_value()) {
      r->Multiply(pool, shape.batch, h, rh.data());
    } else {
      inputs.r_product->Multiply(pool, shape.batch, h, rh.data());
    }
    // The step that sample b is at; -1 past its end.
    const auto at = [&](int64_t b) -> int64_t {
      const int64_t length =
          inputs.lengths == nullptr ? shape.steps : inputs.lengths[b];
      if (s >= length) return -1;
      return options.reverse ? length - 1 - s : s;
    };
    const auto wx_at = [&](int64_t b) {
      return wx.data() + (at(b) * shape.batch + b) * width;
    };
    if (gru) {
      for (int64_t b = 0; b < shape.batch; ++b) {
        if (at(b) < 0) continue;
        step.GruGates(wx_at(b), rh.data() + b * first, h + b * n,
                      gates.data() + b * first, reset.data() + b * n);
      }
      r_last->Multiply(pool, shape.batch,
                       options.linear_before_reset ? h : reset.data(),
                       last.data());
    }
    pool.ParallelFor(shape.batch, [&](int64_t b, int) {
      if (at(b) < 0) return;
      T* own = h + b * n;
      switch (options.cell) {
        case RecurrentCell::kRnn:
          step.Rnn(wx_at(b), rh.data() + b * first, own);
          break;
        case RecurrentCell::kGru:
          step.Gru(wx_at(b), last.data() + b * n, gates.data() + b * first,
                   own);
          break;
        case RecurrentCell::kLstm:
          step.Lstm(wx_at(b), rh.data() + b * first, own, c + b * n);
          break;
      }
      std::copy(own, own + n, y + (at(b) * shape.batch + b) * n);
    });
  }
}

template void Recurrent<float>(ThreadPool&, const RecurrentShape&,
                               const RecurrentOptions&,
                               const RecurrentInputs<float>&, float*, float*,
                               float*);
template void Recurrent<double>(ThreadPool&, const RecurrentShape&,
                                const RecurrentOptions&,
                                const RecurrentInputs<double>&, double*,
                                double*, double*);

}  // namespace hone
