// The rules, by family. A name says which operators a rule is for where that
// is not plain from it.
#ifndef HONE_IR_AUTODIFF_RULES_H_
#define HONE_IR_AUTODIFF_RULES_H_

#include "absl/status/status.h"
#include "ir/autodiff/gradient_maker.h"

namespace hone {

// unary.cc: y = f(x), every element by itself.
absl::Status GradientOfUnary(GradientMaker& make);
absl::Status GradientOfCast(GradientMaker& make);  // CastLike
absl::Status GradientOfClip(GradientMaker& make);
absl::Status GradientOfDropout(GradientMaker& make);
absl::Status GradientOfPRelu(GradientMaker& make);

// binary.cc: operands broadcast.
absl::Status GradientOfAdd(GradientMaker& make);  // Sum
absl::Status GradientOfSub(GradientMaker& make);
absl::Status GradientOfMul(GradientMaker& make);
absl::Status GradientOfDiv(GradientMaker& make);
absl::Status GradientOfPow(GradientMaker& make);
absl::Status GradientOfMean(GradientMaker& make);
absl::Status GradientOfExtreme(GradientMaker& make);  // Max, Min
absl::Status GradientOfWhere(GradientMaker& make);

// matrix.cc
absl::Status GradientOfMatMul(GradientMaker& make);
absl::Status GradientOfGemm(GradientMaker& make);

// reduce.cc: reductions, softmaxes.
absl::Status GradientOfReduce(GradientMaker& make);
absl::Status GradientOfSoftmax(GradientMaker& make);
absl::Status GradientOfLogSoftmax(GradientMaker& make);

// normalization.cc
absl::Status GradientOfBatchNormalization(GradientMaker& make);
absl::Status GradientOfInstanceNormalization(GradientMaker& make);
// RMSNormalization
absl::Status GradientOfLayerNormalization(GradientMaker& make);

// move.cc: elements change places.
absl::Status GradientOfReshape(GradientMaker& make);  // Flatten, Squeeze, ...
absl::Status GradientOfTranspose(GradientMaker& make);
absl::Status GradientOfExpand(GradientMaker& make);
absl::Status GradientOfConcat(GradientMaker& make);
absl::Status GradientOfSplit(GradientMaker& make);
// Slice, Gather, Pad, Tile, ...: each output element is one of the input, or
// none.
absl::Status GradientOfMovement(GradientMaker& make);
absl::Status GradientOfMaxPool(GradientMaker& make);
absl::Status GradientOfScatterElements(GradientMaker& make);
absl::Status GradientOfTrilu(GradientMaker& make);

// window.cc: convolutions and averages.
absl::Status GradientOfConv(GradientMaker& make);
absl::Status GradientOfConvTranspose(GradientMaker& make);
absl::Status GradientOfAveragePool(GradientMaker& make);

// loss.cc: NegativeLogLikelihoodLoss, SoftmaxCrossEntropyLoss.
absl::Status GradientOfLoss(GradientMaker& make);

}  // namespace hone

#endif  // HONE_IR_AUTODIFF_RULES_H_
