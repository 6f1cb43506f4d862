// Which bias correction: see bias_correction.h.
#ifndef HONE_ALGORITHMS_BIAS_CORRECTION_METHOD_H_
#define HONE_ALGORITHMS_BIAS_CORRECTION_METHOD_H_

namespace hone {

enum class BiasCorrection { kNone, kFast, kFull };

}  // namespace hone

#endif  // HONE_ALGORITHMS_BIAS_CORRECTION_METHOD_H_
