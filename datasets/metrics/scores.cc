#include "datasets/metrics/scores.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"

namespace hone::datasets {

int64_t Scores::Best(int64_t position) const {
  const absl::Span<const double> scores = At(position);
  return std::max_element(scores.begin(), scores.end()) - scores.begin();
}

absl::Status BadSample(absl::string_view sample, absl::string_view what,
                       absl::string_view expected, absl::string_view found) {
  return BadData(sample, what, expected, found);
}

absl::StatusOr<std::vector<double>> Numbers(absl::string_view sample,
                                            absl::string_view what,
                                            const Array& array) {
  absl::StatusOr<std::vector<double>> values = ToDoubles(array);
  if (!values.ok()) return BadSample(sample, what, "numbers", array.dtype);
  for (size_t i = 0; i < values->size(); ++i) {
    if (std::isnan((*values)[i])) {
      return BadSample(sample, what, "numbers",
                       absl::StrCat("NaN at element ", i));
    }
  }
  return values;
}

absl::StatusOr<Scores> ClassScores(absl::string_view sample,
                                   absl::Span<const Array> outputs) {
  if (outputs.empty()) return BadSample(sample, "the model has no output");
  const Array& array = outputs[0];
  const int axis = array.rank() >= 4 ? 1 : array.rank() - 1;
  if (axis < 0 || array.shape[axis] < 2 || array.size() == 0) {
    return BadSample(sample, "class scores",
                     "two or more classes on the last axis (axis 1 of images)",
                     absl::StrCat(array.dtype, ShapeToString(array.shape)));
  }
  absl::StatusOr<std::vector<double>> values =
      Numbers(sample, "class scores", array);
  if (!values.ok()) return values.status();
  Scores scores;
  scores.classes = array.shape[axis];
  scores.positions = array.size() / scores.classes;
  if (axis == array.rank() - 1) {
    scores.values = *std::move(values);
    return scores;
  }
  int64_t inner = 1;
  for (int a = axis + 1; a < array.rank(); ++a) inner *= array.shape[a];
  scores.values.resize(values->size());
  for (int64_t p = 0; p < scores.positions; ++p) {
    for (int64_t c = 0; c < scores.classes; ++c) {
      scores.values[p * scores.classes + c] =
          (*values)[(p / inner * scores.classes + c) * inner + p % inner];
    }
  }
  return scores;
}

absl::StatusOr<std::vector<int64_t>> Labels(absl::string_view sample,
                                            absl::Span<const Array> expected,
                                            int64_t positions,
                                            int64_t classes) {
  if (expected.size() != 1) {
    return BadSample(sample, "label", "one array",
                     expected.empty() ? "none" : absl::StrCat(expected.size()));
  }
  if (expected[0].size() != positions) {
    return BadSample(
        sample, "label", absl::StrCat(positions, " numbers"),
        absl::StrCat(expected[0].dtype, ShapeToString(expected[0].shape)));
  }
  absl::StatusOr<std::vector<double>> values =
      Numbers(sample, "label", expected[0]);
  if (!values.ok()) return values.status();
  std::vector<int64_t> labels;
  for (const double value : *values) {
    if (!(value >= 0 && value < static_cast<double>(classes)) ||
        value != std::floor(value)) {
      return BadSample(sample, "label",
                       absl::StrCat("a whole number below ", classes),
                       absl::StrCat(value));
    }
    labels.push_back(static_cast<int64_t>(value));
  }
  return labels;
}

bool IsClasses(const Array& array) {
  return array.rank() <= 1 &&
         (array.dtype == "int64" || array.dtype == "string");
}

absl::StatusOr<int64_t> EqualClasses(absl::string_view sample,
                                     const Array& classes,
                                     const Array& expected) {
  const auto describe = [](const Array& array) {
    return absl::StrCat(array.dtype, ShapeToString(array.shape));
  };
  if (classes.size() == 0) return BadSample(sample, "classes", "some", "none");
  const bool strings = classes.dtype == "string";
  if (classes.size() != expected.size() ||
      strings != (expected.dtype == "string")) {
    return BadSample(sample, "label", describe(classes), describe(expected));
  }
  int64_t equal = 0;
  if (strings) {
    for (size_t i = 0; i < classes.strings.size(); ++i) {
      equal += classes.strings[i] == expected.strings[i];
    }
    return equal;
  }
  const absl::StatusOr<std::vector<double>> ours =
      Numbers(sample, "class", classes);
  if (!ours.ok()) return ours.status();
  const absl::StatusOr<std::vector<double>> theirs =
      Numbers(sample, "label", expected);
  if (!theirs.ok()) return theirs.status();
  for (size_t i = 0; i < ours->size(); ++i) {
    equal += (*ours)[i] == (*theirs)[i];
  }
  return equal;
}

absl::Status NoSamples() {
  return absl::FailedPreconditionError("no sample was added to the metric");
}

}  // namespace hone::datasets
