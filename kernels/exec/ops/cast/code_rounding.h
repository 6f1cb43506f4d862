// How Cast and CastLike round floats to types that C++ lacks.
#ifndef HONE_KERNELS_EXEC_OPS_CAST_CODE_ROUNDING_H_
#define HONE_KERNELS_EXEC_OPS_CAST_CODE_ROUNDING_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "kernels/cpu/float_types/float_types.h"
#include "kernels/exec/ops/adapter/narrow_types.h"

namespace hone {

// The attributes `saturate` and `round_mode`, which is of float8e8m0 alone.
struct CodeRounding {
  bool saturate = true;
  PowerRounding power = PowerRounding::kUp;

  // InvalidArgument: an attribute of another kind, an unknown round_mode.
  static absl::StatusOr<CodeRounding> Of(const Node& node);

  uint8_t Encode(const NarrowType& type, float value) const;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_CAST_CODE_ROUNDING_H_
