// Values that a model hands from one run to the next: a recurrent network's
// state, a decoder's keys and values. With them a sample is a sequence of
// steps.
//
//   HONE_ASSIGN_OR_RETURN(const StateLoop loop,
//                         StateLoop::Of(*plan, {{"state", "state_out"}}));
//   HONE_ASSIGN_OR_RETURN(std::vector<Value> outputs,
//                         loop.Run(*plan, workspace, inputs, options));
#ifndef HONE_ALGORITHMS_RUNNER_STATE_H_
#define HONE_ALGORITHMS_RUNNER_STATE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/tensor/value.h"
#include "kernels/exec/plan.h"

namespace hone {

// `input` of a step is `output` of the step before.
struct StateLink {
  std::string input;
  std::string output;
};

// "INPUT=OUTPUT" each. InvalidArgument: another form.
absl::StatusOr<std::vector<StateLink>> ParseStateLinks(
    absl::Span<const std::string> texts);

// Of one plan, or of another one with the same inputs and outputs.
class StateLoop {
 public:
  // No links: every sample is one run, as it is. NotFound: no such input or
  // output. InvalidArgument: one of them is linked twice, the two are tensors
  // of different types, or no input is left that counts the steps.
  static absl::StatusOr<StateLoop> Of(const Plan& plan,
                                      absl::Span<const StateLink> links);

  // Whether this input may be absent (Value()) from a sample.
  bool links(absl::string_view input) const;

  // Inputs and outputs in the plan's order. An input without a link has a
  // leading axis [steps, ...] of equal length in all of them; so has an output
  // without a link. A linked input is the first step's; absent, it is zeros,
  // whose free extents are those that other inputs give the same symbol, else
  // 1, or 0 where the output's symbol differs (past and total length: a cache
  // that grows). A linked output is the last step's. InvalidArgument: inputs
  // differ in steps or have none, or an output's extents change.
  absl::StatusOr<std::vector<Value>> Run(const Plan& plan, Workspace& workspace,
                                         absl::Span<const Value> inputs,
                                         const RunOptions& options) const;

 private:
  struct Link {
    int input;
    int output;
  };
  const Link* OfInput(int input) const;
  const Link* OfOutput(int output) const;
  absl::StatusOr<Value> Initial(const Plan& plan, const Link& link,
                                absl::Span<const Value> inputs) const;

  std::vector<Link> links_;
  std::vector<std::string> names_;  // of linked inputs
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_RUNNER_STATE_H_
