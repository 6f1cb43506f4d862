// What a model takes and gives.
#ifndef HONE_HARNESS_DATA_SIGNATURE_H_
#define HONE_HARNESS_DATA_SIGNATURE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "capi/hone.h"

namespace hone::harness {

struct Port {
  std::string name;
  hone_dtype dtype = HONE_DTYPE_UNDEFINED;  // undefined: no tensor
  int32_t rank = -1;                        // -1: unknown
  std::vector<int64_t> dims;                // -1: not fixed
  std::vector<std::string> symbols;         // "" where there is none
};

struct Signature {
  std::vector<Port> inputs;
  std::vector<Port> outputs;
};

absl::StatusOr<Signature> SignatureOf(const hone_model* model);

// "float32 [batch, 1, 28, 28]".
std::string ToString(const Port& port);

// HONE_DTYPE_UNDEFINED for a name that is no dtype's.
hone_dtype DtypeOf(const std::string& name);

}  // namespace hone::harness

#endif  // HONE_HARNESS_DATA_SIGNATURE_H_
