// ReduceMean over exactly the spatial axes (2 to the last) is
// GlobalAveragePool, which has an integer kernel where ReduceMean has none;
// with keepdims 0 a Squeeze follows.
#ifndef HONE_ALGORITHMS_FOLD_FOLD_SPATIAL_MEAN_H_
#define HONE_ALGORITHMS_FOLD_FOLD_SPATIAL_MEAN_H_

#include "ir/graph/graph.h"

namespace hone {

// Nodes keep their names. Not touched: an input of unknown rank, axes that are
// no constants, models below opset 13.
void FoldSpatialMean(Model* model);

}  // namespace hone

#endif  // HONE_ALGORITHMS_FOLD_FOLD_SPATIAL_MEAN_H_
