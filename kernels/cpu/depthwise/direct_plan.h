// How depthwise_direct.cc walks over a plane without copying it.
//
// Applies when output rows are as long as input rows (stride 1), or half as
// long as even ones (stride 2). Then a whole plane is one run of floats, or of
// pairs of floats, and the input that output position j meets at a tap is at j
// plus an offset that is the same for the whole plane. Where that reaches past
// a row's end, into a neighbouring row or plane, a mask makes it zero.
#ifndef HONE_KERNELS_CPU_DEPTHWISE_DIRECT_PLAN_H_
#define HONE_KERNELS_CPU_DEPTHWISE_DIRECT_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/cpu/conv/conv_shape.h"

namespace hone {

class DirectPlan {
 public:
  // 3x3 and 5x5 kernels of the shapes above.
  static bool Applies(const ConvShape& shape);

  // For vectors of `lanes` floats, at most 16. Requires Applies(shape).
  DirectPlan(const ConvShape& shape, int64_t lanes);

  // One vector of outputs.
  struct Step {
    int32_t from;   // position of its first lane, without the tap's offset
    int32_t to;     // in the output plane
    int32_t masks;  // begin at masks()[this]
    // Of the taps: none is needed, one for each column of taps (all rows are
    // inside), or one for each tap.
    enum Kind : int32_t { kNone, kColumns, kTaps } kind;
  };

  // Steps in the order of `to`: what one stores past its own outputs, the next
  // overwrites.
  const std::vector<Step>& steps() const { return steps_; }
  // The first steps, whose vectors lie in the output plane with every lane.
  size_t whole_steps() const { return whole_steps_; }
  const std::vector<uint16_t>& masks() const { return masks_; }
  // One per tap, from position 0; into the odd half where odd(tap).
  const std::vector<int64_t>& offsets() const { return offsets_; }

  // With stride 2 the plane is first split: Half() floats of even columns from
  // Before() on, and as many of odd ones from Odd() + Before() on.
  int64_t Half() const { return half_; }
  int64_t Odd() const { return before_ + half_ + after_; }
  // Floats that steps may read before and after a plane or half a plane.
  int64_t Before() const { return before_; }
  int64_t After() const { return after_; }
  // Floats of a buffer for one plane.
  int64_t BufferSize() const { return split_ ? 2 * Odd() : Odd(); }
  bool split() const { return split_; }

 private:
  void AddStep(const ConvShape& s, int64_t from, int64_t to, int64_t row,
               int64_t column, int64_t lanes);

  bool split_;
  int64_t half_;  // floats of a plane, or of its even columns
  int64_t before_ = 0;
  int64_t after_ = 0;
  std::vector<Step> steps_;
  size_t whole_steps_ = 0;
  std::vector<uint16_t> masks_;
  std::vector<int64_t> offsets_;
};

}  // namespace hone

#endif  // HONE_KERNELS_CPU_DEPTHWISE_DIRECT_PLAN_H_
