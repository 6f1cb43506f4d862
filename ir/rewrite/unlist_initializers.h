// Initializers that old files list among the graph's inputs.
#ifndef HONE_IR_REWRITE_UNLIST_INITIALIZERS_H_
#define HONE_IR_REWRITE_UNLIST_INITIALIZERS_H_

#include "ir/graph/graph.h"

namespace hone {

// Before IR version 4 every initializer is listed as an input too, a default
// that nobody replaces: the list is dropped and the model becomes of version 4.
// From version 4 on, one that is listed may be replaced, and stays.
void UnlistInitializers(Model* model);

}  // namespace hone

#endif  // HONE_IR_REWRITE_UNLIST_INITIALIZERS_H_
