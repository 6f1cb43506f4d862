// libFuzzer's entry.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/fuzz_model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hone::FuzzModel({reinterpret_cast<const char*>(data), size});
  return 0;
}
