#include "kernels/exec/ops/cast/code_rounding.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/views/attributes.h"

namespace hone {

absl::StatusOr<CodeRounding> CodeRounding::Of(const Node& node) {
  static constexpr absl::string_view kPowers[] = {"up", "down", "nearest"};
  AttributeReader read(node);
  CodeRounding rounding;
  rounding.saturate = read.Bool("saturate", true);
  rounding.power = static_cast<PowerRounding>(
      read.Choice("round_mode", "up", absl::MakeConstSpan(kPowers)));
  HONE_RETURN_IF_ERROR(read.Finish(true).status());
  return rounding;
}

uint8_t CodeRounding::Encode(const NarrowType& type, float value) const {
  return type.is_float && type.format == SmallFloat::kE8M0
             ? EncodePowerOfTwo(value, power, saturate)
             : type.Encode(value, saturate);
}

}  // namespace hone
