// Recognises x * Clip(x + 3, 0, 6) / 6 in the forms that exporters write, and
// x * HardSigmoid(x) with alpha 1/6 and beta 1/2, and puts one HardSwish (opset
// 14) there.
//
// The division may come before or after the product, as Div by 6 or Mul by 1/6.
// Not touched: a part that something else reads, or models below opset 14.
#ifndef HONE_ALGORITHMS_FOLD_FOLD_HARD_SWISH_H_
#define HONE_ALGORITHMS_FOLD_FOLD_HARD_SWISH_H_

#include "ir/graph/graph.h"
#include "ir/report/report.h"

namespace hone {

// One row, done = "folded", for every node that went away.
Report FoldHardSwish(Model* model);

}  // namespace hone

#endif  // HONE_ALGORITHMS_FOLD_FOLD_HARD_SWISH_H_
