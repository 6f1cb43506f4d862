// Operands broadcast to the output: what flows back to one is summed over what
// it was broadcast along.
#include <string>

#include "absl/status/status.h"
#include "ir/autodiff/gradient_maker.h"
#include "ir/autodiff/rules.h"

namespace hone {

absl::Status GradientOfAdd(GradientMaker& make) {
  for (size_t i = 0; i < make.node().inputs.size(); ++i) {
    make.GiveSummed(i, make.OutGradient(0));
  }
  return absl::OkStatus();
}

absl::Status GradientOfSub(GradientMaker& make) {
  make.GiveSummed(0, make.OutGradient(0));
  if (make.Wants(1)) {
    make.GiveSummed(1, make.Add("Neg", {make.OutGradient(0)}));
  }
  return absl::OkStatus();
}

absl::Status GradientOfMul(GradientMaker& make) {
  for (const size_t i : {0, 1}) {
    if (!make.Wants(i)) continue;
    make.GiveSummed(i, make.Mul(make.OutGradient(0), make.In(1 - i)));
  }
  return absl::OkStatus();
}

absl::Status GradientOfDiv(GradientMaker& make) {
  const std::string per = make.Add("Div", {make.OutGradient(0), make.In(1)});
  make.GiveSummed(0, per);
  if (make.Wants(1)) {
    make.GiveSummed(1, make.Add("Neg", {make.Mul(per, make.Out(0))}));
  }
  return absl::OkStatus();
}

// y = a^b: da = b a^(b - 1), db = y log a, 0 where a <= 0.
absl::Status GradientOfPow(GradientMaker& make) {
  const std::string dy = make.OutGradient(0);
  const std::string a = make.In(0);
  // The exponent may be of another type.
  const std::string b = make.Add("CastLike", {make.In(1), a});
  if (make.Wants(0)) {
    const std::string lower =
        make.Add("Pow", {a, make.Add("Sub", {b, make.Number(1)})});
    // 0, not 0 * inf, where the exponent is 0.
    const std::string none = make.Add("Equal", {b, make.Number(0)});
    make.GiveSummed(0, make.Add("Where", {none, make.Number(0),
                                          make.Mul(make.Mul(dy, b), lower)}));
  }
  if (make.Wants(1)) {
    const std::string positive = make.Add("Greater", {a, make.Number(0)});
    const std::string safe = make.Add("Where", {positive, a, make.Number(1)});
    const std::string slope = make.Mul(make.Out(0), make.Add("Log", {safe}));
    const std::string sum = make.SumTo(make.Mul(dy, slope), make.In(1));
    make.Give(1, make.Add("CastLike", {sum, make.In(1)}));
  }
  return absl::OkStatus();
}

absl::Status GradientOfMean(GradientMaker& make) {
  const size_t count = make.node().inputs.size();
  const std::string part =
      make.Scaled(make.OutGradient(0), 1 / static_cast<double>(count));
  for (size_t i = 0; i < count; ++i) make.GiveSummed(i, part);
  return absl::OkStatus();
}

absl::Status GradientOfExtreme(GradientMaker& make) {
  const size_t count = make.node().inputs.size();
  NodeMaker::Names hits;
  for (size_t i = 0; i < count; ++i) {
    const std::string equal = make.Add("Equal", {make.In(i), make.Out(0)});
    hits.push_back(make.Add("Where", {equal, make.Number(1), make.Number(0)}));
  }
  const std::string part =
      make.Add("Div", {make.OutGradient(0), make.Add("Sum", hits)});
  for (size_t i = 0; i < count; ++i) {
    if (make.Wants(i)) make.GiveSummed(i, make.Mul(part, hits[i]));
  }
  return absl::OkStatus();
}

absl::Status GradientOfWhere(GradientMaker& make) {
  const std::string dy = make.OutGradient(0);
  if (make.Wants(1)) make.GiveSummed(1, make.Masked(make.In(0), dy));
  if (make.Wants(2)) {
    make.GiveSummed(2, make.Add("Where", {make.In(0), make.Number(0), dy}));
  }
  return absl::OkStatus();
}

}  // namespace hone
