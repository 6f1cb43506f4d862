// What `--data SPEC` means.
//
//   a.npz                             arrays by input name
//   folder of .npy                    the same
//   idx:IMAGES[.gz],LABELS[.gz]       the MNIST family (labels may be left out)
//   folder of pictures                class subfolders, or labels.csv
//   folder with test_data_set_*       ONNX's backend tests
//   random:N                          invented, by the model's signature
//   d.yaml, d.yml                     `data: SPEC` and preprocessing keys
//
// Any may end in @a:b (samples a to b-1; either may be left out).
#ifndef HONE_DATASETS_SPEC_SPEC_H_
#define HONE_DATASETS_SPEC_SPEC_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "datasets/dataset/dataset.h"
#include "datasets/preprocess/preprocess.h"
#include "datasets/sources/random.h"

namespace hone::datasets {

struct OpenOptions {
  Preprocessing preprocessing;            // set keys win over those of a d.yaml
  std::vector<InputSignature> signature;  // for random:N
  uint64_t seed = 0;                      // for random:N
};

// NotFound: no such file. InvalidArgument: it is not what its form says; the
// message names the file (and line), what was expected and found.
// Unimplemented: a form that is documented but not read yet.
absl::StatusOr<std::shared_ptr<const Dataset>> Open(absl::string_view spec,
                                                    const OpenOptions& options);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_SPEC_SPEC_H_
