#include "ir/simplify/passes.h"

namespace hone {

absl::Span<const Simplification> AllSimplifications() {
  static constexpr Simplification kAll[] = {
      {"no_ops", RemoveNoOps},
      {"constant_if", InlineConstantIf},
      {"extents", SimplifyExtents},
      {"movement", MergeMovement},
      {"gemm", FuseGemm},
      {"pad", FusePad},
      {"zero_states", DropZeroStates},
      {"duplicates", MergeDuplicates},
      {"dead", RemoveDead},
  };
  return kAll;
}

}  // namespace hone
