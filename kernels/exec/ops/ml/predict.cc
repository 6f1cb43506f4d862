#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/adapter/strings.h"
#include "kernels/exec/ops/ml/ml.h"
#include "kernels/exec/ops/ml/post_transform.h"
#include "kernels/exec/ops/ml/row_model.h"

namespace hone {
namespace {

struct Labels {
  std::vector<std::string> strings;
  std::vector<int64_t> ints;  // used when there are no strings
  size_t size() const { return strings.empty() ? ints.size() : strings.size(); }
};

absl::StatusOr<Labels> LabelsOf(const Node& node) {
  Labels labels;
  HONE_ASSIGN_OR_RETURN(labels.strings,
                        StringsAttribute(node, "classlabels_strings"));
  labels.ints = node.IntsAttribute(absl::StartsWith(node.op_type, "Tree")
                                       ? "classlabels_int64s"
                                       : "classlabels_ints");
  return labels;
}

// What one row gives after the other.
struct Predictor {
  std::shared_ptr<const RowModel> model;
  PostTransform transform = PostTransform::kNone;
  Node node;
  std::string label;

  static absl::StatusOr<Predictor> Of(const Node& node, size_t classes) {
    Predictor p;
    absl::StatusOr<std::unique_ptr<RowModel>> model =
        absl::StartsWith(node.op_type, "Linear")
            ? MakeLinearModel(node, classes)
        : absl::StartsWith(node.op_type, "SVM") ? MakeSvmModel(node, classes)
                                                : MakeTreeModel(node, classes);
    if (!model.ok()) return model.status();
    p.model = *std::move(model);
    HONE_ASSIGN_OR_RETURN(p.transform, PostTransformOf(node));
    p.node = node;
    p.label = NodeLabel(node);
    return p;
  }

  // The class of each row, and its scores one after the other.
  absl::Status Run(const KernelContext& context, std::vector<size_t>* classes,
                   std::vector<double>* scores) const {
    HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
    const Dims& dims = context.inputs[0].dims;
    const int64_t columns = dims.empty() ? 1 : dims.back();
    if (dims.size() > 2 || columns < static_cast<int64_t>(model->features()) ||
        columns < 1) {
      return NodeError(node, "extents of the input",
                       absl::StrCat("[n, ", model->features(), "]"),
                       DimsToString(dims));
    }
    HONE_ASSIGN_OR_RETURN(const std::vector<double> x,
                          ReadNumbers(label, context.inputs[0]));
    const int64_t rows = context.inputs[0].size / columns;
    std::vector<RowScores> all(static_cast<size_t>(rows));
    // Each row by itself: the same for any number of threads.
    std::vector<char> found(all.size());
    context.pool->ParallelFor(rows, [&](int64_t r, int) {
      const auto at = static_cast<size_t>(r);
      found[at] = model->Run(x.data() + r * columns, &all[at]) ? 1 : 0;
      ApplyPostTransform(transform, all[at].second, &all[at].scores);
    });
    if (std::count(found.begin(), found.end(), 0) > 0) {
      return NodeError(node, "a tree", "no circle");
    }
    for (const RowScores& row : all) {
      classes->push_back(row.label);
      scores->insert(scores->end(), row.scores.begin(), row.scores.end());
    }
    return absl::OkStatus();
  }
};

absl::StatusOr<Tensor> Scores(const std::string& label,
                              const std::vector<double>& scores, size_t rows) {
  const auto n = static_cast<int64_t>(rows);
  const int64_t columns = n == 0 ? 0 : static_cast<int64_t>(scores.size()) / n;
  return TensorOfNumbers(label, DType::kF32, {n, columns}, scores);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeClassifier(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(Labels labels, LabelsOf(*spec.node));
  HONE_ASSIGN_OR_RETURN(Predictor predictor,
                        Predictor::Of(*spec.node, labels.size()));
  return MakeFunctionKernel(
      {"classifier", false, true},
      [labels = std::move(labels), predictor = std::move(predictor)](
          const KernelContext& context) -> absl::Status {
        std::vector<size_t> classes;
        std::vector<double> scores;
        HONE_RETURN_IF_ERROR(predictor.Run(context, &classes, &scores));
        HONE_ASSIGN_OR_RETURN(Tensor z,
                              Scores(predictor.label, scores, classes.size()));
        if (context.results.size() > 1) context.results[1] = std::move(z);
        const Dims dims = {static_cast<int64_t>(classes.size())};
        if (!labels.strings.empty()) {
          std::vector<std::string> names;
          for (const size_t c : classes) {
            names.push_back(c < labels.strings.size() ? labels.strings[c]
                                                      : absl::StrCat(c));
          }
          context.results[0] = Tensor::FromStrings(dims, std::move(names));
          return absl::OkStatus();
        }
        std::vector<int64_t> numbers;
        for (const size_t c : classes) {
          numbers.push_back(c < labels.ints.size() ? labels.ints[c]
                                                   : static_cast<int64_t>(c));
        }
        context.results[0] =
            Tensor::FromVector<int64_t>(dims, absl::MakeConstSpan(numbers));
        return absl::OkStatus();
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeRegressor(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(Predictor predictor, Predictor::Of(*spec.node, 0));
  return MakeFunctionKernel(
      {"regressor", false, true},
      [predictor =
           std::move(predictor)](const KernelContext& context) -> absl::Status {
        std::vector<size_t> classes;
        std::vector<double> scores;
        HONE_RETURN_IF_ERROR(predictor.Run(context, &classes, &scores));
        HONE_ASSIGN_OR_RETURN(Tensor y,
                              Scores(predictor.label, scores, classes.size()));
        context.results[0] = std::move(y);
        return absl::OkStatus();
      });
}

}  // namespace hone
