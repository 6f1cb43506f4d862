// The operator tables, one function per family, sorted by operator and version.
#ifndef HONE_IR_OPS_FAMILIES_H_
#define HONE_IR_OPS_FAMILIES_H_

#include "absl/types/span.h"
#include "ir/ops/op_info.h"

namespace hone {

absl::Span<const OpInfo> ConvOps();           // convolutions
absl::Span<const OpInfo> PoolOps();           // pools over windows and planes
absl::Span<const OpInfo> NormalizationOps();  // and softmaxes
absl::Span<const OpInfo> UnaryOps();          // one input, elementwise
absl::Span<const OpInfo> BinaryOps();         // broadcasting, elementwise
absl::Span<const OpInfo> MatrixOps();         // products of matrices
absl::Span<const OpInfo> ReduceOps();
absl::Span<const OpInfo> ReshapeOps();  // the same elements, other extents
absl::Span<const OpInfo> SelectOps();   // picks or places elements
absl::Span<const OpInfo> GenerateOps();
absl::Span<const OpInfo> QuantizeOps();
absl::Span<const OpInfo> RecurrentOps();
absl::Span<const OpInfo> ControlOps();  // subgraphs, sequences, optionals
absl::Span<const OpInfo> ImageOps();
absl::Span<const OpInfo> SignalOps();  // and text, losses, random numbers
absl::Span<const OpInfo> MlOps();      // and preview.training
absl::Span<const OpInfo> MicrosoftOps();
absl::Span<const OpInfo> MicrosoftQuantizedOps();

}  // namespace hone

#endif  // HONE_IR_OPS_FAMILIES_H_
