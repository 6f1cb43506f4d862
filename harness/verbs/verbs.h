// Every verb of this version. To add one: a file beside these with its
// Specification and Run, and a line in verbs.cc.
#ifndef HONE_HARNESS_VERBS_VERBS_H_
#define HONE_HARNESS_VERBS_VERBS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/cli/option.h"
#include "harness/verbs/verb.h"

namespace hone::harness {

struct Verb {
  const char* name;
  const char* summary;
  // Options are made when the verb is used: the command starts faster.
  absl::StatusOr<VerbSpec> (*specification)();
  absl::StatusOr<Outcome> (*run)(Environment& environment);
};

const std::vector<Verb>& Verbs();
// Verbs that are documented for later versions.
const std::vector<std::string>& LaterVerbs();

absl::StatusOr<VerbSpec> InspectSpecification();
absl::StatusOr<Outcome> RunInspect(Environment& environment);
absl::StatusOr<VerbSpec> RunSpecification();
absl::StatusOr<Outcome> RunRun(Environment& environment);
absl::StatusOr<VerbSpec> EvalSpecification();
absl::StatusOr<Outcome> RunEval(Environment& environment);
absl::StatusOr<VerbSpec> BenchSpecification();
absl::StatusOr<Outcome> RunBench(Environment& environment);
absl::StatusOr<VerbSpec> CompareSpecification();
absl::StatusOr<Outcome> RunCompare(Environment& environment);
absl::StatusOr<VerbSpec> QuantizeSpecification();
absl::StatusOr<Outcome> RunQuantize(Environment& environment);
absl::StatusOr<VerbSpec> StatisticsSpecification();
absl::StatusOr<Outcome> RunStatistics(Environment& environment);
absl::StatusOr<VerbSpec> SimplifySpecification();
absl::StatusOr<Outcome> RunSimplify(Environment& environment);
absl::StatusOr<VerbSpec> ConvertSpecification();
absl::StatusOr<Outcome> RunConvert(Environment& environment);
absl::StatusOr<VerbSpec> SweepSpecification();
absl::StatusOr<Outcome> RunSweepVerb(Environment& environment);
absl::StatusOr<VerbSpec> ReportSpecification();
absl::StatusOr<Outcome> RunReport(Environment& environment);
absl::StatusOr<VerbSpec> DoctorSpecification();
absl::StatusOr<Outcome> RunDoctor(Environment& environment);

}  // namespace hone::harness

#endif  // HONE_HARNESS_VERBS_VERBS_H_
