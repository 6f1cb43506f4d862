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
  bool optional = false;                    // a sample may lack it
  std::string type = {};  // "sequence(map(int64, float32[...]))", "?"
};

struct Signature {
  std::vector<Port> inputs;
  std::vector<Port> outputs;
};

absl::StatusOr<Signature> SignatureOf(const hone_model* model);

// What a sample of a model with state has: each link is INPUT=OUTPUT, its input
// may be absent, the other inputs and outputs have a leading axis of steps.
// Usage: another form; whether the names are there, the engine says.
absl::StatusOr<Signature> SequenceSignature(
    Signature signature, const std::vector<std::string>& state);

// "float32 [batch, 1, 28, 28]"; the type of what is no tensor.
std::string ToString(const Port& port);

// HONE_DTYPE_UNDEFINED for a name that is no dtype's.
hone_dtype DtypeOf(const std::string& name);

}  // namespace hone::harness

#endif  // HONE_HARNESS_DATA_SIGNATURE_H_
