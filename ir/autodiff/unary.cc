// y = f(x) for every element by itself: dx = dy * f'(x).
#include <cmath>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ir/autodiff/gradient_maker.h"
#include "ir/autodiff/rules.h"

namespace hone {
namespace {

constexpr double kPi = 3.14159265358979323846;
// Selu's defaults, as ONNX writes them.
constexpr float kSeluAlpha = 1.67326319217681884765625f;
constexpr float kSeluGamma = 1.05070102214813232421875f;

// Writes formulas of one operator as nodes.
struct Formula {
  GradientMaker& make;
  const std::string x = make.In(0);
  const std::string y = make.Out(0);

  std::string Number(double value) const { return make.Number(value); }
  std::string Float(const char* attribute, float otherwise) const {
    return Number(make.node().FloatAttribute(attribute, otherwise));
  }
  std::string Do(const char* op, const std::string& a) const {
    return make.Add(op, {a});
  }
  std::string Do(const char* op, const std::string& a,
                 const std::string& b) const {
    return make.Add(op, {a, b});
  }
  std::string Add(const std::string& a, double b) const {
    return Do("Add", a, Number(b));
  }
  std::string Mul(const std::string& a, const std::string& b) const {
    return make.Mul(a, b);
  }
  std::string Inverse(const std::string& a) const {
    return Do("Reciprocal", a);
  }
  std::string Select(const std::string& condition, const std::string& a,
                     const std::string& b) const {
    return make.Add("Where", {condition, a, b});
  }
  // 1 - a
  std::string Rest(const std::string& a) const {
    return Do("Sub", Number(1), a);
  }
  // 1 where the condition holds, else 0.
  std::string One(const std::string& condition) const {
    return Select(condition, Number(1), Number(0));
  }
};

using F = const Formula&;

// x * sigmoid(x * slope) and its like: s + x * slope * s * (1 - s).
std::string SwishSlope(F f, const std::string& scaled) {
  const std::string s = f.Do("Sigmoid", scaled);
  return f.Do("Add", s, f.Mul(f.Mul(scaled, s), f.Rest(s)));
}

// Hendrycks and Gimpel, arXiv:1606.08415.
std::string GeluSlope(F f) {
  if (f.make.node().StringAttribute("approximate", "none") != "tanh") {
    const std::string cdf = f.make.Scaled(
        f.Add(f.Do("Erf", f.make.Scaled(f.x, std::sqrt(0.5))), 1), 0.5);
    const std::string density =
        f.make.Scaled(f.Do("Exp", f.make.Scaled(f.make.Square(f.x), -0.5)),
                      1 / std::sqrt(2 * kPi));
    return f.Do("Add", cdf, f.Mul(f.x, density));
  }
  // u = sqrt(2 / pi) (x + 0.044715 x^3), y = x (1 + tanh u) / 2.
  const double scale = std::sqrt(2 / kPi);
  const std::string square = f.make.Square(f.x);
  const std::string t =
      f.Do("Tanh",
           f.Mul(f.x, f.Add(f.make.Scaled(square, 0.044715 * scale), scale)));
  const std::string du =
      f.Add(f.make.Scaled(square, 3 * 0.044715 * scale), scale);
  const std::string bend = f.Mul(f.Mul(f.x, f.Rest(f.make.Square(t))), du);
  return f.make.Scaled(f.Do("Add", f.Add(t, 1), bend), 0.5);
}

// d softplus = sigmoid; y = x tanh(softplus(x)).
std::string MishSlope(F f) {
  const std::string t = f.Do("Tanh", f.Do("Softplus", f.x));
  const std::string bend =
      f.Mul(f.Mul(f.x, f.Do("Sigmoid", f.x)), f.Rest(f.make.Square(t)));
  return f.Do("Add", t, bend);
}

std::string HardSwishSlope(F f) {
  const std::string middle = f.Add(f.make.Scaled(f.x, 1.0 / 3), 0.5);
  return f.Select(
      f.Do("LessOrEqual", f.x, f.Number(-3)), f.Number(0),
      f.Select(f.Do("GreaterOrEqual", f.x, f.Number(3)), f.Number(1), middle));
}

struct Slope {
  absl::string_view op_type;
  std::string (*of)(F f);
};

// f'(x), from x or y, whichever is shorter.
constexpr Slope kSlopes[] = {
    {"Abs", [](F f) { return f.Do("Sign", f.x); }},
    {"Acos",
     [](F f) {
       return f.Do("Neg", f.Inverse(f.Do("Sqrt", f.Rest(f.make.Square(f.x)))));
     }},
    {"Acosh",
     [](F f) {
       return f.Inverse(f.Do("Sqrt", f.Add(f.make.Square(f.x), -1)));
     }},
    {"Asin",
     [](F f) { return f.Inverse(f.Do("Sqrt", f.Rest(f.make.Square(f.x)))); }},
    {"Asinh",
     [](F f) { return f.Inverse(f.Do("Sqrt", f.Add(f.make.Square(f.x), 1))); }},
    {"Atan", [](F f) { return f.Inverse(f.Add(f.make.Square(f.x), 1)); }},
    {"Atanh", [](F f) { return f.Inverse(f.Rest(f.make.Square(f.x))); }},
    {"Celu",
     [](F f) {
       return f.Do("Exp", f.Do("Div", f.Do("Min", f.x, f.Number(0)),
                               f.Float("alpha", 1)));
     }},
    {"Cos", [](F f) { return f.Do("Neg", f.Do("Sin", f.x)); }},
    {"Cosh", [](F f) { return f.Do("Sinh", f.x); }},
    {"Elu",
     [](F f) {
       return f.Select(f.Do("Less", f.x, f.Number(0)),
                       f.Do("Add", f.y, f.Float("alpha", 1)), f.Number(1));
     }},
    {"Erf",
     [](F f) {
       return f.make.Scaled(f.Do("Exp", f.Do("Neg", f.make.Square(f.x))),
                            2 / std::sqrt(kPi));
     }},
    {"Exp", [](F f) { return f.y; }},
    {"Gelu", GeluSlope},
    {"HardSigmoid",
     [](F f) {
       const std::string inside = f.Do("And", f.Do("Greater", f.y, f.Number(0)),
                                       f.Do("Less", f.y, f.Number(1)));
       return f.Select(inside, f.Float("alpha", 0.2f), f.Number(0));
     }},
    {"HardSwish", HardSwishSlope},
    {"LeakyRelu",
     [](F f) {
       return f.Select(f.Do("Less", f.x, f.Number(0)), f.Float("alpha", 0.01f),
                       f.Number(1));
     }},
    {"Log", [](F f) { return f.Inverse(f.x); }},
    {"Mish", MishSlope},
    {"Neg", [](F f) { return f.Number(-1); }},
    {"Reciprocal", [](F f) { return f.Do("Neg", f.make.Square(f.y)); }},
    {"Relu", [](F f) { return f.One(f.Do("Greater", f.x, f.Number(0))); }},
    {"Selu",
     [](F f) {
       const float gamma = f.make.node().FloatAttribute("gamma", kSeluGamma);
       const float alpha = f.make.node().FloatAttribute("alpha", kSeluAlpha);
       return f.Select(f.Do("Greater", f.x, f.Number(0)), f.Number(gamma),
                       f.Add(f.y, static_cast<double>(gamma) * alpha));
     }},
    {"Sigmoid", [](F f) { return f.Mul(f.y, f.Rest(f.y)); }},
    {"Sin", [](F f) { return f.Do("Cos", f.x); }},
    {"Sinh", [](F f) { return f.Do("Cosh", f.x); }},
    {"Softplus", [](F f) { return f.Do("Sigmoid", f.x); }},
    {"Softsign",
     [](F f) { return f.Inverse(f.make.Square(f.Add(f.Do("Abs", f.x), 1))); }},
    {"Sqrt", [](F f) { return f.Do("Div", f.Number(0.5), f.y); }},
    {"Swish",
     [](F f) { return SwishSlope(f, f.Mul(f.x, f.Float("alpha", 1))); }},
    {"Tan", [](F f) { return f.Add(f.make.Square(f.y), 1); }},
    {"Tanh", [](F f) { return f.Rest(f.make.Square(f.y)); }},
    {"ThresholdedRelu",
     [](F f) { return f.One(f.Do("Greater", f.x, f.Float("alpha", 1))); }},
};

}  // namespace

absl::Status GradientOfUnary(GradientMaker& make) {
  for (const Slope& slope : kSlopes) {
    if (slope.op_type != make.node().op_type) continue;
    make.Give(0, make.Mul(make.OutGradient(0), slope.of(Formula{make})));
    return absl::OkStatus();
  }
  return make.Unimplemented("no derivative");
}

absl::Status GradientOfCast(GradientMaker& make) {
  make.Give(0, make.Add("CastLike", {make.OutGradient(0), make.In(0)}));
  return absl::OkStatus();
}

absl::Status GradientOfClip(GradientMaker& make) {
  std::string gradient = make.OutGradient(0);
  const auto where = [&](size_t bound, const char* beyond) {
    if (make.In(bound).empty()) return;
    const std::string out = make.Add(beyond, {make.In(0), make.In(bound)});
    make.GiveSummed(bound, make.Masked(out, make.OutGradient(0)));
    gradient = make.Masked(make.Add("Not", {out}), gradient);
  };
  where(1, "Less");
  where(2, "Greater");
  make.Give(0, gradient);
  return absl::OkStatus();
}

absl::Status GradientOfDropout(GradientMaker& make) {
  if (!make.In(2).empty()) {
    return make.Unimplemented("gradient of a Dropout that may be training");
  }
  make.Give(0, make.OutGradient(0));
  return absl::OkStatus();
}

absl::Status GradientOfPRelu(GradientMaker& make) {
  const std::string dy = make.OutGradient(0);
  const std::string below = make.Add("Less", {make.In(0), make.Number(0)});
  make.Give(0, make.Add("Where", {below, make.Mul(dy, make.In(1)), dy}));
  make.GiveSummed(1, make.Masked(below, make.Mul(dy, make.In(0))));
  return absl::OkStatus();
}

}  // namespace hone
