#include "algorithms/evaluation/evaluate.h"

#include <memory>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "ir/error/error.h"
#include "kernels/exec/plan.h"

namespace hone {

absl::StatusOr<Evaluation> Evaluate(const Model& model, const Model* reference,
                                    SampleSource& source, Runner& runner,
                                    const ConsumeOutputs& consume) {
  if (reference != nullptr &&
      reference->graph.outputs.size() != model.graph.outputs.size()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "model and reference differ in their number of outputs",
                     {.expected = absl::StrCat(reference->graph.outputs.size()),
                      .found = absl::StrCat(model.graph.outputs.size())});
  }
  const absl::Time start = absl::Now();
  const double inference_before = runner.inference_seconds();
  std::vector<std::shared_ptr<const Plan>> plans;
  CompileOptions compile;
  compile.accelerator = runner.options().accelerator;
  HONE_ASSIGN_OR_RETURN(std::shared_ptr<const Plan> plan,
                        Compile(model, compile));
  plans.push_back(std::move(plan));
  if (reference != nullptr) {
    HONE_ASSIGN_OR_RETURN(std::shared_ptr<const Plan> other,
                          Compile(*reference, compile));
    plans.push_back(std::move(other));
  }
  std::vector<uint64_t> samples(source.size());
  std::iota(samples.begin(), samples.end(), uint64_t{0});
  HONE_RETURN_IF_ERROR(runner.Run(
      plans, source, samples, "evaluate", [&](const SampleOutputs& sample) {
        return consume(sample.index, sample.outputs[0],
                       reference == nullptr ? absl::Span<const Value>()
                                            : sample.outputs[1]);
      }));
  Evaluation evaluation;
  evaluation.samples = samples.size();
  evaluation.wall_seconds = absl::ToDoubleSeconds(absl::Now() - start);
  evaluation.inference_seconds = runner.inference_seconds() - inference_before;
  return evaluation;
}

}  // namespace hone
