// What becomes of the scores of a classifier or regressor.
#ifndef HONE_KERNELS_EXEC_OPS_ML_POST_TRANSFORM_H_
#define HONE_KERNELS_EXEC_OPS_ML_POST_TRANSFORM_H_

#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"

namespace hone {

enum class PostTransform { kNone, kSoftmax, kLogistic, kSoftmaxZero, kProbit };

// Of the attribute of that name. InvalidArgument: another word.
absl::StatusOr<PostTransform> PostTransformOf(const Node& node);

// How the one score of a classifier of two classes becomes two.
enum class SecondScore {
  kNone,        // it does not
  kComplement,  // 1 - s, s
  kNegative,    // -s, s
};

// Scores of one row. Of a single one only kProbit is taken, unless a second is
// added: ONNX says nothing, ONNX Runtime does so. With a second, kLogistic
// gives logistic(-s), logistic(s) either way. kSoftmaxZero leaves zeros
// out of the softmax; kProbit: sqrt(2) erfinv(2 s - 1), by Winitzki's
// approximation of erfinv, NaN outside [0, 1].
void ApplyPostTransform(PostTransform transform, SecondScore second,
                        std::vector<double>* scores);

double Logistic(double x);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ML_POST_TRANSFORM_H_
