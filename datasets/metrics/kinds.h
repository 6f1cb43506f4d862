// The metrics themselves; MakeMetric picks one by its name.
#ifndef HONE_DATASETS_METRICS_KINDS_H_
#define HONE_DATASETS_METRICS_KINDS_H_

#include <memory>

#include "datasets/metrics/metric.h"

namespace hone::datasets {

// Share of positions whose label is among the k highest scores; of equal scores
// the first class wins. For k = 1 the output may be classes (int64 or strings
// on one axis) instead of scores. Interval: Wilson's with one position a
// sample, else normal over samples (positions of one sample are not
// independent).
std::unique_ptr<Metric> MakeTopK(int k);

// Share of positions whose highest score is the reference's, or whose class is
// where the output is classes. First outputs only.
std::unique_ptr<Metric> MakeAgreement();

// 10 log10(sum reference^2 / sum (output - reference)^2) over all samples and
// numeric outputs, in dB, at most kMaxSqnrDb; interval by the delta method.
inline constexpr double kMaxSqnrDb = 200;
std::unique_ptr<Metric> MakeSqnr();

// Mean over samples of the cosine between all outputs and the reference's; two
// zero vectors have 1, one alone 0.
std::unique_ptr<Metric> MakeCosine();

// Mean over samples of the mean squared (absolute) difference of the first
// output and the target. Normal interval.
std::unique_ptr<Metric> MakeMse();
std::unique_ptr<Metric> MakeMae();

// F1 of class 1 with two classes, else the unweighted mean over the classes
// that occur as label or prediction. Interval: percentile bootstrap over
// positions, 1,000 draws of a fixed seed.
std::unique_ptr<Metric> MakeF1();

// Area under the ROC curve for labels 0 and 1; the score is a single output, or
// the second of two less the first. Interval: Hanley and McNeil 1982.
std::unique_ptr<Metric> MakeAuc();

// Spearman's rank correlation of the first output and the target, ties ranked
// by their mean. Interval: Fisher's z with Fieller's variance 1.06 / (n - 3).
std::unique_ptr<Metric> MakeSpearman();

}  // namespace hone::datasets

#endif  // HONE_DATASETS_METRICS_KINDS_H_
