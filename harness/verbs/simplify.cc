// hone simplify MODEL -o OUT
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/data/flags.h"
#include "harness/error/error.h"
#include "harness/verbs/rewriting.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {

absl::StatusOr<VerbSpec> SimplifySpecification() {
  VerbSpec verb;
  verb.details =
      "Writes a smaller graph of standard operators that computes the same: "
      "constants and extents are computed ahead, BatchNormalization, Mul, Add, "
      "Pad and Transpose fold into Conv and Gemm, movements merge, what does "
      "nothing and duplicates go, in subgraphs too; types of all values are "
      "written. Both models run on invented samples (or --data), and nothing "
      "is written when they differ. Exit code 1: written, but that could not "
      "be checked.";
  verb.positionals = {{"MODEL", "an ONNX file", true}};
  constexpr char kGroup[] = "Simplification";
  verb.options = {
      MakeOption("output", "FILE", "the ONNX file to write", kGroup, "o"),
      MakeOption("data", "SPEC", "samples to check with [invented ones]",
                 kGroup)};
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> table,
                           AbiOptions("simplify", kGroup));
  AppendOptions(table, &verb.options);
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> save,
                           AbiOptions("save", kGroup));
  AppendOptions(save, &verb.options);
  AppendOptions(DataOptions(), &verb.options);
  verb.examples = {
      "hone simplify datasets/models/fashion_mobilenet.onnx -o simple.onnx",
      "hone simplify datasets/models/fashion_mobilenet.onnx -o simple.onnx "
      "--skip linear --check 8 --report rewrites.html"};
  return verb;
}

absl::StatusOr<Outcome> RunSimplify(Environment& environment) {
  HARNESS_ASSIGN_OR_RETURN(Outcome outcome,
                           RunRewrite(environment, "simplify", hone_simplify));
  const int64_t before = outcome.json.value("nodes_before", int64_t{0});
  const int64_t after = outcome.json.value("nodes_after", int64_t{0});
  absl::StrAppendFormat(&outcome.text, "%d nodes, %d before%s%s\n", after,
                        before, outcome.json["nodes"].empty() ? "" : ": ",
                        CountsText(outcome.json["nodes"]));
  return outcome;
}

}  // namespace hone::harness
