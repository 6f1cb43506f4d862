// Folds what follows a Conv, ConvTranspose or Gemm channel by channel into its
// weights:
//   BatchNormalization (inference)        a = gamma / sqrt(var + epsilon),
//                                         b = beta - a * mean
//   Mul, Div, Add, Sub with a constant that is a scalar or one per channel
// chains of them too. W' = a W, bias' = a bias + b, in double arithmetic.
//
// Not folded: a node whose input has another reader or is a graph output, and
// weights that are no constants.
#ifndef HONE_ALGORITHMS_FOLD_FOLD_AFTER_LINEAR_H_
#define HONE_ALGORITHMS_FOLD_FOLD_AFTER_LINEAR_H_

#include "ir/graph/graph.h"
#include "ir/report/report.h"

namespace hone {

// One row, done = "folded", for every node that went away; and one, done =
// "float", for every BatchNormalization that stays, with the reason.
Report FoldAfterLinear(Model* model);

}  // namespace hone

#endif  // HONE_ALGORITHMS_FOLD_FOLD_AFTER_LINEAR_H_
