// The expansions, by family.
#ifndef HONE_KERNELS_EXEC_EXPAND_EXPANSIONS_H_
#define HONE_KERNELS_EXEC_EXPAND_EXPANSIONS_H_

#include "absl/status/status.h"
#include "ir/rewrite/node_maker.h"

namespace hone {

// quantized.cc: com.microsoft's operators on integers with scales beside them.
absl::Status ExpandQLinearBinary(NodeMaker& make);  // Add, Mul
absl::Status ExpandQLinearUnary(NodeMaker& make);   // Sigmoid, LeakyRelu
absl::Status ExpandQLinearSoftmax(NodeMaker& make);
absl::Status ExpandQLinearConcat(NodeMaker& make);
absl::Status ExpandQLinearWhere(NodeMaker& make);
absl::Status ExpandQLinearReduceMean(NodeMaker& make);
// AveragePool, GlobalAveragePool, Conv, NhwcMaxPool: channels may be last.
absl::Status ExpandQLinearPool(NodeMaker& make);
absl::Status ExpandQLinearConv(NodeMaker& make);
absl::Status ExpandNhwcMaxPool(NodeMaker& make);

// products.cc
absl::Status ExpandQGemm(NodeMaker& make);
absl::Status ExpandDynamicQuantizeMatMul(NodeMaker& make);
absl::Status ExpandFusedMatMul(NodeMaker& make);  // and TransposeMatMul
absl::Status ExpandFusedGemm(NodeMaker& make);
absl::Status ExpandNhwcFusedConv(NodeMaker& make);

// transformer.cc
absl::Status ExpandAttention(NodeMaker& make);  // and QAttention
absl::Status ExpandEmbedLayerNormalization(NodeMaker& make);
absl::Status ExpandQEmbedLayerNormalization(NodeMaker& make);
absl::Status ExpandBiasSoftmax(NodeMaker& make);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_EXPAND_EXPANSIONS_H_
