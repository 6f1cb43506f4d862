// One output of every item of a run, gathered into a file.
//
//   OutputFile file(port);
//   HARNESS_RETURN_IF_ERROR(file.Add(value, join));   // for each item
//   HARNESS_RETURN_IF_ERROR(file.Write(folder, join));
#ifndef HONE_HARNESS_VERBS_OUTPUT_FILE_H_
#define HONE_HARNESS_VERBS_OUTPUT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "capi/hone.h"
#include "harness/data/signature.h"
#include "harness/json/json.h"

namespace hone::harness {

// Tensors become NAME.npy, maps and sequences of maps NAME.json, a list; '/' is
// written '_'. With `join` the items follow one another along their first axis,
// else each is an entry.
class OutputFile {
 public:
  explicit OutputFile(Port port) : port_(std::move(port)) {}

  // Unsupported: another value, or one that differs from those before in dtype
  // or extents.
  absl::Status Add(const hone_value* value, bool join);
  // The path of the file.
  absl::StatusOr<std::string> Write(const std::string& folder, bool join) const;

 private:
  absl::Status AddMaps(const hone_value* value, bool join);

  Port port_;
  int64_t count_ = 0;
  // Of tensors.
  std::string dtype_;
  std::vector<int64_t> shape_;
  std::vector<std::byte> bytes_;
  std::vector<std::string> strings_;
  // Of maps.
  Json maps_ = Json::array();
};

}  // namespace hone::harness

#endif  // HONE_HARNESS_VERBS_OUTPUT_FILE_H_
