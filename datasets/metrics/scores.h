// What metrics read out of a model's outputs.
#ifndef HONE_DATASETS_METRICS_SCORES_H_
#define HONE_DATASETS_METRICS_SCORES_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "datasets/array/array.h"

namespace hone::datasets {

// Class scores, positions x classes.
struct Scores {
  int64_t positions = 0;
  int64_t classes = 0;
  std::vector<double> values;  // [position * classes + class]

  absl::Span<const double> At(int64_t position) const {
    return absl::MakeConstSpan(values).subspan(position * classes, classes);
  }
  // The class of the highest score; of equals the first.
  int64_t Best(int64_t position) const;
};

// Every error names `sample`.
absl::Status BadSample(absl::string_view sample, absl::string_view what,
                       absl::string_view expected = "",
                       absl::string_view found = "");
// Numbers of outputs[0] without NaN; InvalidArgument otherwise.
absl::StatusOr<std::vector<double>> Numbers(absl::string_view sample,
                                            absl::string_view what,
                                            const Array& array);
// Scores of two or more classes in outputs[0].
absl::StatusOr<Scores> ClassScores(absl::string_view sample,
                                   absl::Span<const Array> outputs);
// Whole numbers in [0, classes), one per position, from expected[0].
absl::StatusOr<std::vector<int64_t>> Labels(absl::string_view sample,
                                            absl::Span<const Array> expected,
                                            int64_t positions, int64_t classes);
// Whether an output is classes, not scores: int64 or strings on at most one
// axis, as ai.onnx.ml's classifiers give them.
bool IsClasses(const Array& array);
// In how many positions the classes are those of `expected`. InvalidArgument:
// other extents, or strings beside numbers.
absl::StatusOr<int64_t> EqualClasses(absl::string_view sample,
                                     const Array& classes,
                                     const Array& expected);
// The error of a Result before the first Add.
absl::Status NoSamples();

}  // namespace hone::datasets

#endif  // HONE_DATASETS_METRICS_SCORES_H_
