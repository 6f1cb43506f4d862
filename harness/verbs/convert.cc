// hone convert MODEL -o OUT --dtype f16|bf16
#include "absl/strings/str_cat.h"
#include "harness/data/flags.h"
#include "harness/error/error.h"
#include "harness/verbs/rewriting.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {
namespace {

// --dtype is what floats become here, not what the data are.
constexpr char kTaken[] = "dtype";

}  // namespace

absl::StatusOr<VerbSpec> ConvertSpecification() {
  VerbSpec verb;
  verb.details =
      "Writes the model with float16 or bfloat16 weights and arithmetic. "
      "Inputs and outputs stay float32 unless --keep-io-types=false; operators "
      "that ONNX does not define for the type, --float-ops, ignored nodes, and "
      "nodes whose values exceed float16's range on the checked samples stay "
      "float32 between Casts. Both models run on invented samples (or "
      "--data): the difference is printed, and nothing is written when an "
      "output is not "
      "finite any more. ONNX Runtime's CPU computes float16 (mostly by "
      "converting to float32), but has next to no bfloat16 kernels.";
  verb.positionals = {{"MODEL", "an ONNX file in float32", true}};
  constexpr char kGroup[] = "Conversion";
  verb.options = {
      MakeOption("output", "FILE", "the ONNX file to write", kGroup, "o"),
      MakeOption("data", "SPEC", "samples to check with [invented ones]",
                 kGroup)};
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> table,
                           AbiOptions("convert", kGroup));
  AppendOptions(table, &verb.options);
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> save,
                           AbiOptions("save", kGroup));
  AppendOptions(save, &verb.options);
  AppendOptions(DataOptions(kTaken), &verb.options);
  verb.examples = {
      "hone convert datasets/models/fashion_mobilenet.onnx -o half.onnx "
      "--data idx:train-images-idx3-ubyte.gz --scale 255 --check 100",
      "hone convert datasets/models/fashion_mobilenet.onnx -o half.onnx "
      "--dtype bf16 --ignored-types Gemm --max-error 0.1"};
  return verb;
}

absl::StatusOr<Outcome> RunConvert(Environment& environment) {
  HARNESS_ASSIGN_OR_RETURN(Outcome outcome, RunRewrite(environment, "convert",
                                                       hone_convert, kTaken));
  absl::StrAppend(&outcome.text, "nodes: ", CountsText(outcome.json["nodes"]),
                  "\n");
  return outcome;
}

}  // namespace hone::harness
