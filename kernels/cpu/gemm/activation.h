// The function that a convolution or a product applies to its results before
// they leave the registers.
//
//   Activation relu = Activation::Clamp(0, infinity);
//   y = Activate(relu, x);
//
// Formulas are ONNX's:
//   kNone         x
//   kClamp        min(max(x, a), b); NaN stays NaN
//   kLeakyRelu    x < 0 ? a * x : x
//   kHardSigmoid  max(0, min(1, a * x + b))
//   kHardSwish    x * max(0, min(1, x / 6 + 1/2))
//   kSigmoid      1 / (1 + exp(-x))
//   kSilu         x / (1 + exp(-x))
//   kGelu         x / 2 (1 + erf(x / sqrt 2))
//   kTanh         tanh(x)
#ifndef HONE_KERNELS_CPU_GEMM_ACTIVATION_H_
#define HONE_KERNELS_CPU_GEMM_ACTIVATION_H_

#include <cmath>
#include <cstdint>

namespace hone {

struct Activation {
  enum class Kind : uint8_t {
    kNone,
    kClamp,
    kLeakyRelu,
    kHardSigmoid,
    kHardSwish,
    kSigmoid,
    kSilu,
    kGelu,
    kTanh,
  };

  static Activation Clamp(float low, float high) {
    return {Kind::kClamp, low, high};
  }
  // What the tiles do themselves; the other kinds take a second look at y.
  bool in_tile() const { return kind == Kind::kNone || kind == Kind::kClamp; }

  Kind kind = Kind::kNone;
  float a = 0;
  float b = 0;
};

// The definition, one element.
inline float Activate(const Activation& f, float x) {
  switch (f.kind) {
    case Activation::Kind::kNone:
      return x;
    case Activation::Kind::kClamp:
      if (x < f.a) x = f.a;
      return x > f.b ? f.b : x;
    case Activation::Kind::kLeakyRelu:
      return x < 0 ? f.a * x : x;
    case Activation::Kind::kHardSigmoid: {
      const float y = f.a * x + f.b;
      return y < 0 ? 0 : (y > 1 ? 1 : y);
    }
    case Activation::Kind::kHardSwish: {
      const float y = x * (1.0f / 6) + 0.5f;
      return x * (y < 0 ? 0 : (y > 1 ? 1 : y));
    }
    case Activation::Kind::kSigmoid:
      return 1 / (1 + std::exp(-x));
    case Activation::Kind::kSilu:
      return x / (1 + std::exp(-x));
    case Activation::Kind::kGelu:
      return x * (0.5f + 0.5f * std::erf(x * 0.70710678f));
    case Activation::Kind::kTanh:
      return std::tanh(x);
  }
  return x;
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_GEMM_ACTIVATION_H_
