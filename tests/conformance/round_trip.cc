// Reads each named model or value, validates it and writes it again; the judge
// in Python (compare.py) decides whether it is the same.
//
//   round_trip < LIST
//
// A line of LIST is "model IN OUT", "external IN OUT" (all data goes to a data
// file), or "tensor|sequence|optional IN OUT" for a .pb value; tabs between.
// Prints one line for each that fails, with its reason; exits with 1 then.
#include <iostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/graph/validate.h"
#include "ir/onnx/read_model.h"
#include "ir/onnx/value_proto.h"
#include "ir/onnx/write_model.h"

namespace hone {
namespace {

absl::Status RoundTripModel(const std::string& in, const std::string& out,
                            bool external) {
  HONE_ASSIGN_OR_RETURN(const Model model, ReadModel(in));
  HONE_RETURN_IF_ERROR(Validate(model));
  WriteOptions options;
  if (external) {
    options.external = WriteOptions::External::kAlways;
    options.external_min_bytes = 0;
  }
  return WriteModel(model, out, options);
}

absl::Status RoundTrip(const std::string& line) {
  const std::vector<std::string> parts = absl::StrSplit(line, '\t');
  if (parts.size() != 3) return absl::InvalidArgumentError(line);
  if (parts[0] == "model" || parts[0] == "external") {
    return RoundTripModel(parts[1], parts[2], parts[0] == "external");
  }
  ValueKind kind = ValueKind::kTensor;
  if (parts[0] == "sequence") kind = ValueKind::kSequence;
  if (parts[0] == "optional") kind = ValueKind::kOptional;
  if (parts[0] == "map") kind = ValueKind::kMap;
  HONE_ASSIGN_OR_RETURN(const NamedValue value, ReadValueFile(parts[1], kind));
  return WriteValueFile(value, kind, parts[2]);
}

}  // namespace
}  // namespace hone

int main() {
  bool failed = false;
  for (std::string line; std::getline(std::cin, line);) {
    const absl::Status status = hone::RoundTrip(line);
    if (status.ok()) continue;
    failed = true;
    std::cout << line << '\t' << status.message() << '\n';
  }
  return failed ? 1 : 0;
}
