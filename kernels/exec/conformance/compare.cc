#include "kernels/exec/conformance/compare.h"

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "kernels/cpu/float_types/float_types.h"

namespace hone {
namespace {

absl::Status Different(const std::string& expected, const std::string& found) {
  return absl::FailedPreconditionError(
      absl::StrCat("expected ", expected, ", found ", found));
}

// The elements as float64; empty for types that are compared bit by bit.
std::vector<double> Numbers(const Tensor& tensor) {
  const Tensor t = tensor.Aligned();
  std::vector<double> numbers;
  switch (t.dtype()) {
    case DType::kF32:
      for (float x : t.Values<float>()) numbers.push_back(x);
      break;
    case DType::kF64:
      for (double x : t.Values<double>()) numbers.push_back(x);
      break;
    case DType::kF16:
    case DType::kBF16:
      for (int64_t i = 0; i < t.size(); ++i) {
        uint16_t bits = 0;
        std::memcpy(&bits, t.bytes().data() + 2 * i, 2);
        BFloat16 upper;
        upper.bits = bits;
        numbers.push_back(t.dtype() == DType::kF16 ? HalfToFloat(bits)
                                                   : float{upper});
      }
      break;
    default:
      break;
  }
  return numbers;
}

absl::Status CompareTensors(const Tensor& expected, const Tensor& found,
                            const Tolerance& tolerance) {
  const auto describe = [](const Tensor& t) {
    return absl::StrCat(DTypeName(t.dtype()), DimsToString(t.dims()));
  };
  if (expected.dtype() != found.dtype() || expected.dims() != found.dims()) {
    return Different(describe(expected), describe(found));
  }
  if (!tolerance.values) return absl::OkStatus();
  if (expected.dtype() == DType::kString) {
    for (int64_t i = 0; i < expected.size(); ++i) {
      if (expected.Strings()[i] != found.Strings()[i]) {
        return Different(expected.Strings()[i], found.Strings()[i]);
      }
    }
    return absl::OkStatus();
  }
  const std::vector<double> a = Numbers(expected);
  const std::vector<double> b = Numbers(found);
  if (a.empty()) {
    const auto x = expected.bytes();
    const auto y = found.bytes();
    for (size_t i = 0; i < x.size(); ++i) {
      if (x[i] == y[i]) continue;
      return Different(absl::StrCat("byte ", static_cast<int>(x[i]), " at ", i),
                       absl::StrCat(static_cast<int>(y[i])));
    }
    return absl::OkStatus();
  }
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) continue;
    const double allowed =
        tolerance.absolute + tolerance.relative * std::abs(a[i]);
    if (!(std::abs(a[i] - b[i]) <= allowed)) {
      return Different(absl::StrCat(a[i], " at ", i), absl::StrCat(b[i]));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Compare(const Value& expected, const Value& found,
                     const Tolerance& tolerance) {
  if (expected.kind() != found.kind()) {
    const auto name = [](const Value& v) {
      return v.is_tensor()                        ? "a tensor"
             : v.kind() == Value::Kind::kSequence ? "a sequence"
             : v.kind() == Value::Kind::kMap      ? "a map"
                                                  : "nothing";
    };
    return Different(name(expected), name(found));
  }
  if (expected.is_tensor()) {
    return CompareTensors(expected.tensor(), found.tensor(), tolerance);
  }
  if (expected.kind() == Value::Kind::kMap) {
    const absl::Status keys =
        CompareTensors(expected.map_keys(), found.map_keys(), tolerance);
    if (!keys.ok()) return keys;
    return Compare(expected.map_values(), found.map_values(), tolerance);
  }
  if (expected.kind() != Value::Kind::kSequence) return absl::OkStatus();
  const std::vector<Value>& a = expected.sequence();
  const std::vector<Value>& b = found.sequence();
  if (a.size() != b.size()) {
    return Different(absl::StrCat(a.size(), " values"), absl::StrCat(b.size()));
  }
  for (size_t i = 0; i < a.size(); ++i) {
    const absl::Status same = Compare(a[i], b[i], tolerance);
    if (!same.ok()) return same;
  }
  return absl::OkStatus();
}

}  // namespace hone
