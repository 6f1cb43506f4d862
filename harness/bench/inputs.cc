#include "harness/bench/inputs.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "datasets/array/array.h"
#include "datasets/spec/spec.h"
#include "harness/cli/nearest.h"
#include "harness/data/values.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

bool IsFloat(const std::string& dtype) {
  return absl::StartsWith(dtype, "float") || dtype == "bfloat16";
}

absl::Status Contradiction(const Port& port,
                           const std::vector<int64_t>& shape) {
  return UsageError(absl::StrCat(
      "--shape ", port.name, "=", absl::StrJoin(shape, "x"),
      ": does not fit the model's input: expected ", ToString(port)));
}

// Checks the given extents of inputs, and what symbols are by them.
absl::Status Settle(const Signature& signature, const Shapes& shapes,
                    std::map<std::string, int64_t>* symbols) {
  for (const Port& port : signature.inputs) {
    for (const std::string& symbol : port.symbols) {
      const auto given = shapes.find(symbol);
      if (symbol.empty() || given == shapes.end()) continue;
      if (given->second.size() == 1) (*symbols)[symbol] = given->second[0];
    }
  }
  for (const Port& port : signature.inputs) {
    const auto given = shapes.find(port.name);
    if (given == shapes.end() || port.rank < 0) continue;
    const std::vector<int64_t>& shape = given->second;
    if (shape.size() != port.dims.size()) return Contradiction(port, shape);
    for (size_t i = 0; i < shape.size(); ++i) {
      if (port.dims[i] >= 0 && port.dims[i] != shape[i]) {
        return Contradiction(port, shape);
      }
      if (port.dims[i] >= 0 || port.symbols[i].empty()) continue;
      const auto [known, added] = symbols->emplace(port.symbols[i], shape[i]);
      if (!added && known->second != shape[i]) {
        return UsageError(absl::StrCat(
            "--shape ", port.name, "=", absl::StrJoin(shape, "x"), ": ",
            port.symbols[i], " is ", known->second, " by another input"));
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ValuePtr> Invent(const Port& port,
                                const std::vector<int64_t>& shape,
                                uint64_t seed) {
  const std::string dtype = hone_dtype_name(port.dtype);
  if (port.dtype == HONE_DTYPE_UNDEFINED ||
      (dtype != "string" && datasets::ElementBytes(dtype) == 0)) {
    return MakeFailure(
        {"unsupported",
         absl::StrCat("no sample can be invented for input ", port.name, " (",
                      ToString(port), "): give one as --data SPEC"),
         "", "", "", ToString(port)});
  }
  datasets::Array array;
  if (IsFloat(dtype)) {
    datasets::OpenOptions options;
    options.seed = seed;
    options.signature.push_back({port.name, dtype, shape});
    HARNESS_ASSIGN_OR_RETURN(
        const std::shared_ptr<const datasets::Dataset> random,
        datasets::Open("random:1", options));
    HARNESS_ASSIGN_OR_RETURN(const datasets::Sample sample, random->Get(0));
    return ValueOf(sample.inputs[0].array);
  }
  if (dtype == "string") {
    const auto count = datasets::ElementCount(shape);
    if (!count.has_value() || *count > (int64_t{1} << 24)) {
      return UsageError(absl::StrCat("--shape ", port.name, ": too large"));
    }
    array.dtype = dtype;
    array.shape = shape;
    array.strings.resize(static_cast<size_t>(*count));
    return ValueOf(array);
  }
  absl::Span<std::byte> zeros;
  HARNESS_ASSIGN_OR_RETURN(array, datasets::Allocate(dtype, shape, &zeros));
  return ValueOf(array);
}

}  // namespace

absl::StatusOr<Shapes> ParseShapes(const std::vector<std::string>& items,
                                   const std::vector<Signature>& models) {
  std::set<std::string> known;
  for (const Signature& model : models) {
    for (const Port& port : model.inputs) {
      known.insert(port.name);
      known.insert(port.symbols.begin(), port.symbols.end());
    }
  }
  known.erase("");
  Shapes shapes;
  for (const std::string& item : items) {
    // A name may hold '=' or ':' itself; extents never do.
    const size_t equals = item.rfind('=');
    const std::string name = item.substr(0, equals);
    std::vector<int64_t> shape;
    bool good = equals != std::string::npos && !name.empty();
    const std::string extents = good ? item.substr(equals + 1) : "";
    for (const absl::string_view part : absl::StrSplit(extents, 'x')) {
      int64_t extent = 0;
      if (extents.empty()) break;
      good = good && absl::SimpleAtoi(part, &extent) && extent >= 0;
      shape.push_back(extent);
    }
    if (!good) {
      return UsageError(absl::StrCat(
          "--shape: expected NAME=EXTENTS such as x=1x3x224x224, found '", item,
          "'"));
    }
    if (known.count(name) == 0) {
      return UsageError(absl::StrCat(
          "--shape ", item, ": no input or symbolic dimension '", name,
          "'; the nearest is ",
          Nearest(name, std::vector<std::string>(known.begin(), known.end()))));
    }
    shapes[name] = std::move(shape);
  }
  return shapes;
}

absl::StatusOr<std::vector<std::vector<int64_t>>> ExtentsOf(
    const Signature& signature, const Shapes& shapes) {
  std::map<std::string, int64_t> symbols;
  HARNESS_RETURN_IF_ERROR(Settle(signature, shapes, &symbols));
  std::vector<std::vector<int64_t>> out;
  for (const Port& port : signature.inputs) {
    const auto given = shapes.find(port.name);
    if (given != shapes.end()) {
      out.push_back(given->second);
      continue;
    }
    if (port.rank < 0 && port.dtype != HONE_DTYPE_UNDEFINED) {
      return UsageError(absl::StrCat("the rank of input ", port.name,
                                     " is unknown: give --shape ", port.name,
                                     "=EXTENTS, or --data"));
    }
    std::vector<int64_t> shape = port.dims;
    for (size_t i = 0; i < shape.size(); ++i) {
      if (shape[i] >= 0) continue;
      const auto known = symbols.find(port.symbols[i]);
      shape[i] = known == symbols.end() ? 1 : known->second;
    }
    out.push_back(std::move(shape));
  }
  return out;
}

absl::StatusOr<BenchSample> InventSample(const Signature& signature,
                                         const Shapes& shapes, uint64_t seed) {
  HARNESS_ASSIGN_OR_RETURN(const std::vector<std::vector<int64_t>> extents,
                           ExtentsOf(signature, shapes));
  BenchSample sample;
  for (size_t k = 0; k < extents.size(); ++k) {
    HARNESS_ASSIGN_OR_RETURN(ValuePtr value,
                             Invent(signature.inputs[k], extents[k], seed));
    sample.push_back(std::move(value));
  }
  return sample;
}

absl::StatusOr<std::vector<BenchSample>> TakeSamples(const BoundData& data,
                                                     int64_t most) {
  std::vector<BenchSample> samples;
  for (int64_t i = 0; i < std::min(most, data.items()); ++i) {
    HARNESS_ASSIGN_OR_RETURN(BoundData::Item item, data.Get(i));
    samples.push_back(std::move(item.inputs));
  }
  return samples;
}

}  // namespace hone::harness
