// Parses types and tensors of the text form (see parse_model.h).
#ifndef HONE_IR_TEXT_PARSE_VALUE_H_
#define HONE_IR_TEXT_PARSE_VALUE_H_

#include "absl/status/statusor.h"
#include "ir/tensor/tensor.h"
#include "ir/text/token_stream.h"
#include "ir/type/type.h"

namespace hone {

absl::StatusOr<Type> ParseTypeFrom(TokenStream* in);
absl::StatusOr<Tensor> ParseTensorFrom(TokenStream* in);

}  // namespace hone

#endif  // HONE_IR_TEXT_PARSE_VALUE_H_
