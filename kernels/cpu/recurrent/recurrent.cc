#include "kernels/cpu/recurrent/recurrent.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <new>

#include "kernels/cpu/gemm/gemm.h"
#include "kernels/cpu/gemm/pack.h"

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

// Products with one matrix [columns, depth] transposed, packed once.
template <typename T>
class Weights {
 public:
  Weights(ThreadPool&, const T* w, int64_t columns, int64_t depth)
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
  Weights(ThreadPool& pool, const float* w, int64_t columns, int64_t depth)
      : packed_({w, 1, depth}, depth, columns),
        columns_(columns),
        scratch_(static_cast<std::byte*>(::operator new(
                     GemmScratchBytes(pool.threads()), std::align_val_t{64})),
                 Free) {}

  void Multiply(ThreadPool& pool, int64_t m, const float* a, float* c) {
    Gemm(m, {a, packed_.depth(), 1}, 1, packed_, {}, c, columns_,
         scratch_.get(), pool);
  }

 private:
  static void Free(std::byte* p) { ::operator delete(p, std::align_val_t{64}); }

  const PackedColumns packed_;
  const int64_t columns_;
  const std::unique_ptr<std::byte[], void (*)(std::byte*)> scratch_;
};

// One step of one sample. wx: W x + b [gates * hidden]; rh: R H alike.
template <typename T>
class Step {
 public:
  Step(const RecurrentOptions& options, const RecurrentInputs<T>& inputs,
       int64_t hidden)
      : options_(options), inputs_(inputs), n_(hidden) {}

  void Rnn(const T* wx, const T* rh, T* h) const {
    for (int64_t j = 0; j < n_; ++j) h[j] = Gate(0, wx[j] + rh[j]);
  }

  // The gates z and r, into their places; reset gets r H.
  void GruGates(const T* wx, const T* rh, const T* h, T* gates,
                T* reset) const {
    for (int64_t j = 0; j < 2 * n_; ++j) gates[j] = Gate(0, wx[j] + rh[j]);
    for (int64_t j = 0; j < n_; ++j) reset[j] = gates[n_ + j] * h[j];
  }
  // rh: R (r H), or R H before the reset.
  void Gru(const T* wx, const T* rh, const T* gates, T* h) const {
    const T* r_bias = inputs_.bias == nullptr ? nullptr : inputs_.bias + 5 * n_;
    for (int64_t j = 0; j < n_; ++j) {
      T from_h = rh[j];
      if (options_.linear_before_reset) {
        if (r_bias != nullptr) from_h += r_bias[j];
        from_h *= gates[n_ + j];
      }
      const T next = Gate(1, wx[2 * n_ + j] + from_h);
      h[j] = (1 - gates[j]) * next + gates[j] * h[j];
    }
  }

  void Lstm(const T* wx, const T* rh, T* h, T* c) const {
    const T* p = inputs_.peepholes;
    for (int64_t j = 0; j < n_; ++j) {
      const auto sum = [&](int64_t gate) {
        return wx[gate * n_ + j] + rh[gate * n_ + j];
      };
      const auto peep = [&](int64_t gate) {
        return p == nullptr ? T{0} : p[gate * n_ + j] * c[j];
      };
      const T in = Gate(0, sum(0) + peep(0));
      const T forget =
          options_.input_forget ? 1 - in : Gate(0, sum(2) + peep(2));
      c[j] = forget * c[j] + in * Gate(1, sum(3));
      h[j] = Gate(0, sum(1) + peep(1)) * Apply(options_.activations[2], c[j]);
    }
  }

 private:
  T Gate(int which, T x) const {
    if (options_.clip.has_value()) {
      const T clip = static_cast<T>(*options_.clip);
      x = std::min(std::max(x, -clip), clip);
    }
    return Apply(options_.activations[which], x);
  }

  const RecurrentOptions& options_;
  const RecurrentInputs<T>& inputs_;
  const int64_t n_;
};

int64_t GatesOf(RecurrentCell cell) {
  return cell == RecurrentCell::kRnn ? 1 : cell == RecurrentCell::kGru ? 3 : 4;
}

}  // namespace

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
  Weights<T>(pool, inputs.w, width, shape.input)
      .Multiply(pool, shape.steps * shape.batch, inputs.x, wx.data());
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
  Weights<T> r(pool, inputs.r, first, n);
  Weights<T> r_last(pool, inputs.r + first * n, gru ? n : 0, n);
  const auto rows = static_cast<size_t>(shape.batch);
  const auto hidden = static_cast<size_t>(n);
  std::vector<T> rh(rows * static_cast<size_t>(first));
  std::vector<T> gates(gru ? rh.size() : 0);
  std::vector<T> reset(gru ? rows * hidden : 0), last(reset.size());
  const Step<T> step(options, inputs, n);
  for (int64_t s = 0; s < shape.steps; ++s) {
    r.Multiply(pool, shape.batch, h, rh.data());
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
      r_last.Multiply(pool, shape.batch,
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
