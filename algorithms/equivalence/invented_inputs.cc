#include "algorithms/equivalence/invented_inputs.h"

#include <random>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "ir/elements/elements.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

constexpr int64_t kMostElements = int64_t{1} << 28;

struct Extents {
  int64_t first;    // axis 0: a batch
  int64_t spatial;  // axes 2 and later of four or more
  int64_t other;
};
constexpr Extents kChoices[kInventedExtents] = {
    {2, 64, 8}, {1, 96, 5}, {1, 32, 1}, {1, 224, 16}, {1, 1, 1}, {1, 320, 48}};

using Symbols = absl::flat_hash_map<std::string, int64_t>;

absl::Status CannotInvent(const ValueInfo& input) {
  return MakeError(absl::StatusCode::kUnimplemented, "no input can be invented",
                   {.node = input.name,
                    .expected = "a tensor of known rank",
                    .found = input.type.ToString()});
}

absl::StatusOr<Dims> DimsOf(const ValueInfo& input, int choice,
                            Symbols* symbols) {
  if (!input.type.is_tensor() || !input.type.shape.has_value()) {
    return CannotInvent(input);
  }
  const Shape& shape = *input.type.shape;
  const Extents& extents = kChoices[choice];
  Dims dims;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i].known()) {
      dims.push_back(shape[i].value);
      continue;
    }
    const int64_t extent = i == 0                        ? extents.first
                           : shape.size() >= 4 && i >= 2 ? extents.spatial
                                                         : extents.other;
    dims.push_back(shape[i].symbolic()
                       ? symbols->emplace(shape[i].symbol, extent).first->second
                       : extent);
  }
  const std::optional<int64_t> count = ElementCount(dims);
  if (!count.has_value() || *count > kMostElements) return CannotInvent(input);
  return dims;
}

absl::StatusOr<Value> Invent(const ValueInfo& input, const Dims& dims,
                             uint64_t seed, std::mt19937_64* random) {
  const DType dtype = input.type.dtype;
  const int64_t count = *ElementCount(dims);
  if (dtype == DType::kString) {
    std::vector<std::string> strings;
    for (int64_t i = 0; i < count; ++i) {
      strings.push_back(((*random)() & 1) != 0 ? "b" : "a");
    }
    return Value(Tensor::FromStrings(dims, std::move(strings)));
  }
  const bool real = HasRealElements(dtype);
  if (!real && !HasIntegerElements(dtype)) return CannotInvent(input);
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(Tensor tensor, Tensor::Allocate(dtype, dims, &bytes));
  for (int64_t i = 0; i < count; ++i) {
    const uint64_t bits = (*random)();
    if (real) {
      const double unit = static_cast<double>(bits >> 40) / (1 << 24);
      SetReal(dtype, seed % 2 == 0 ? unit : 2 * unit - 1, i, bytes);
    } else {
      SetInteger(dtype, static_cast<int64_t>(bits >> 63), i, bytes);
    }
  }
  return Value(std::move(tensor));
}

}  // namespace

absl::StatusOr<std::vector<Value>> InventInputs(const Model& model,
                                                uint64_t seed, int choice) {
  absl::flat_hash_set<std::string> initializers;
  for (const Initializer& each : model.graph.initializers) {
    initializers.insert(each.name);
  }
  std::mt19937_64 random(seed);
  Symbols symbols;
  std::vector<Value> values;
  for (const ValueInfo& input : model.graph.inputs) {
    if (initializers.contains(input.name)) continue;
    HONE_ASSIGN_OR_RETURN(const Dims dims, DimsOf(input, choice, &symbols));
    HONE_ASSIGN_OR_RETURN(Value value, Invent(input, dims, seed, &random));
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace hone
