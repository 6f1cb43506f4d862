#include "ir/map/map.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/elements/elements.h"
#include "ir/error/error.h"

namespace hone {
namespace {

absl::Status BadMap(absl::string_view what, std::string expected,
                    std::string found) {
  return MakeError(
      absl::StatusCode::kInvalidArgument, what,
      {.expected = std::move(expected), .found = std::move(found)});
}

bool HasWholeBytes(DType dtype) {
  const int bits = BitsPerElement(dtype);
  return bits > 0 && bits % 8 == 0;
}

std::string KeyText(const Tensor& keys, size_t i) {
  return keys.dtype() == DType::kString
             ? keys.Strings()[i]
             : absl::StrCat(IntegerElement(keys, static_cast<int64_t>(i)));
}

// Whether integer a of the keys' type comes before b.
bool Before(DType dtype, int64_t a, int64_t b) {
  return dtype == DType::kU64
             ? static_cast<uint64_t>(a) < static_cast<uint64_t>(b)
             : a < b;
}

// order[i]: which key is the i-th.
std::vector<size_t> OrderOf(const Tensor& keys) {
  std::vector<size_t> order(static_cast<size_t>(keys.size()));
  std::iota(order.begin(), order.end(), size_t{0});
  if (keys.dtype() == DType::kString) {
    const std::vector<std::string>& strings = keys.Strings();
    std::sort(order.begin(), order.end(),
              [&](size_t a, size_t b) { return strings[a] < strings[b]; });
    return order;
  }
  std::vector<int64_t> numbers;
  for (int64_t i = 0; i < keys.size(); ++i) {
    numbers.push_back(IntegerElement(keys, i));
  }
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return Before(keys.dtype(), numbers[a], numbers[b]);
  });
  return order;
}

// Elements of a vector in another order. Requires strings or whole bytes.
absl::StatusOr<Tensor> Reordered(const Tensor& from,
                                 const std::vector<size_t>& order) {
  if (from.dtype() == DType::kString) {
    std::vector<std::string> strings;
    for (const size_t i : order) strings.push_back(from.Strings()[i]);
    return Tensor::FromStrings(from.dims(), std::move(strings));
  }
  const size_t width = static_cast<size_t>(BitsPerElement(from.dtype())) / 8;
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(Tensor to,
                        Tensor::Allocate(from.dtype(), from.dims(), &bytes));
  for (size_t i = 0; i < order.size(); ++i) {
    std::memcpy(bytes.data() + i * width,
                from.bytes().data() + order[i] * width, width);
  }
  return to;
}

// The tensor that scalars of one type make; nullopt when they are something
// else.
absl::StatusOr<std::optional<Tensor>> Joined(const std::vector<Value>& values) {
  if (values.empty() || !values[0].is_tensor()) return std::nullopt;
  const DType dtype = values[0].tensor().dtype();
  if (dtype != DType::kString && !HasWholeBytes(dtype)) return std::nullopt;
  for (const Value& value : values) {
    if (!value.is_tensor() || value.tensor().rank() != 0 ||
        value.tensor().dtype() != dtype) {
      return std::nullopt;
    }
  }
  const Dims dims = {static_cast<int64_t>(values.size())};
  if (dtype == DType::kString) {
    std::vector<std::string> strings;
    for (const Value& value : values) {
      strings.push_back(value.tensor().Strings()[0]);
    }
    return Tensor::FromStrings(dims, std::move(strings));
  }
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(Tensor joined, Tensor::Allocate(dtype, dims, &bytes));
  size_t at = 0;
  for (const Value& value : values) {
    const absl::Span<const std::byte> scalar = value.tensor().bytes();
    std::memcpy(bytes.data() + at, scalar.data(), scalar.size());
    at += scalar.size();
  }
  return joined;
}

absl::StatusOr<Value> InOrder(Value values, const std::vector<size_t>& order) {
  const std::string expected = absl::StrCat(order.size(), " of them");
  if (values.kind() == Value::Kind::kSequence) {
    if (values.sequence().size() != order.size()) {
      return BadMap("values of a map", expected,
                    absl::StrCat(values.sequence().size()));
    }
    std::vector<Value> sorted;
    for (const size_t i : order) sorted.push_back(values.sequence()[i]);
    HONE_ASSIGN_OR_RETURN(std::optional<Tensor> joined, Joined(sorted));
    if (joined.has_value()) return Value(*std::move(joined));
    return Value::Sequence(std::move(sorted));
  }
  if (!values.is_tensor()) {
    return BadMap("values of a map", "a tensor or a sequence", "another value");
  }
  const Tensor& tensor = values.tensor();
  if (tensor.rank() != 1 ||
      tensor.size() != static_cast<int64_t>(order.size()) ||
      (tensor.dtype() != DType::kString && !HasWholeBytes(tensor.dtype()))) {
    return BadMap(
        "values of a map",
        absl::StrCat("[", order.size(), "] of strings or whole bytes"),
        absl::StrCat(DTypeName(tensor.dtype()), DimsToString(tensor.dims())));
  }
  HONE_ASSIGN_OR_RETURN(Tensor sorted, Reordered(tensor, order));
  return Value(std::move(sorted));
}

}  // namespace

bool IsMapKey(DType dtype) {
  return dtype == DType::kString ||
         (HasIntegerElements(dtype) && dtype != DType::kBool &&
          HasWholeBytes(dtype));
}

absl::StatusOr<Value> MakeMap(const Tensor& keys, Value values) {
  if (!IsMapKey(keys.dtype()) || keys.rank() != 1) {
    return BadMap(
        "keys of a map", "a vector of integers or strings",
        absl::StrCat(DTypeName(keys.dtype()), DimsToString(keys.dims())));
  }
  const std::vector<size_t> order = OrderOf(keys);
  HONE_ASSIGN_OR_RETURN(Value sorted_values, InOrder(std::move(values), order));
  HONE_ASSIGN_OR_RETURN(Tensor sorted, Reordered(keys, order));
  for (size_t i = 1; i < order.size(); ++i) {
    const std::string key = KeyText(sorted, i);
    if (key == KeyText(sorted, i - 1)) {
      return BadMap("a key of a map", "once", absl::StrCat(key, " twice"));
    }
  }
  return Value::Map(std::move(sorted), std::move(sorted_values));
}

int64_t FindKey(const Value& map, int64_t key) {
  const Tensor& keys = map.map_keys();
  if (keys.dtype() == DType::kString) return -1;
  int64_t low = 0, high = keys.size();
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (Before(keys.dtype(), IntegerElement(keys, middle), key)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < keys.size() && IntegerElement(keys, low) == key ? low : -1;
}

int64_t FindKey(const Value& map, absl::string_view key) {
  const Tensor& keys = map.map_keys();
  if (keys.dtype() != DType::kString) return -1;
  const std::vector<std::string>& strings = keys.Strings();
  const auto found =
      std::lower_bound(strings.begin(), strings.end(), key,
                       [](const std::string& a, absl::string_view b) {
                         return absl::string_view(a) < b;
                       });
  return found != strings.end() && *found == key ? found - strings.begin() : -1;
}

}  // namespace hone
