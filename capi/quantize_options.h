// hone_options as post-training quantization's options.
#ifndef HONE_CAPI_QUANTIZE_OPTIONS_H_
#define HONE_CAPI_QUANTIZE_OPTIONS_H_

#include "absl/status/statusor.h"
#include "algorithms/quantization/post_training_options.h"
#include "capi/hone.h"

namespace hone::capi {

// INVALID_ARGUMENT: a key that is not one of quantize's, or values that do not
// go together.
absl::StatusOr<PostTrainingOptions> QuantizeOptions(
    const hone_options* options);

}  // namespace hone::capi

#endif  // HONE_CAPI_QUANTIZE_OPTIONS_H_
