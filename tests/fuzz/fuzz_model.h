// What every file goes through, whatever its bytes: reading, validation, shape
// inference, compilation, writing.
#ifndef HONE_TESTS_FUZZ_FUZZ_MODEL_H_
#define HONE_TESTS_FUZZ_FUZZ_MODEL_H_

#include "absl/strings/string_view.h"

namespace hone {

// Aborts when a model that was read and written is not read back as the same;
// everything else must merely not crash, leak, or take memory that the bytes
// do not account for.
void FuzzModel(absl::string_view bytes);

}  // namespace hone

#endif  // HONE_TESTS_FUZZ_FUZZ_MODEL_H_
