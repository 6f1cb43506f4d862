#include "capi/option_table.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "ir/nearest/nearest.h"

namespace hone::capi {
namespace {

constexpr double kMost = 9007199254740992;  // 2^53: exact in JSON and double

constexpr OptionRow kRows[] = {
    {"preset", OptionType::kEnum, "default|performance|mixed", "default", 0, 0,
     "quantize",
     "performance: symmetric weights and activations, NNCF's default; mixed, "
     "the default here: asymmetric activations, as fast in every runtime but "
     "TensorRT, which gets symmetric ones"},
    {"target_device", OptionType::kEnum, "any|cpu|gpu|npu|cpu_spr", "any", 0, 0,
     "quantize", "whose hardware's rules decide what is quantized"},
    {"runtime", OptionType::kEnum, "onnxruntime|openvino|tensorrt",
     "onnxruntime", 0, 0, "quantize",
     "what quantized operators look like and where they stand"},
    {"model_type", OptionType::kEnum, "none|transformer", "none", 0, 0,
     "quantize",
     "NNCF's hint; attention's products, Softmax and normalizations stay in "
     "float either way"},
    {"subset_size", OptionType::kInt, "", "300", 1, kMost,
     "quantize|statistics",
     "calibration samples, drawn by seed and spread over the data"},
    {"seed", OptionType::kInt, "", "0", 0, kMost,
     "quantize|statistics|simplify|convert",
     "chooses the calibration samples, or invents those of a check"},
    {"shard", OptionType::kString, "", "", 0, 0, "statistics",
     "k/n: the k-th of n parts of the calibration samples, to be merged"},
    {"per_channel", OptionType::kBool, "", "true", 0, 0, "quantize",
     "a scale per output channel of every weight, not one per weight"},
    {"remedies", OptionType::kBool, "", "true", 0, 0, "quantize",
     "where the largest drop is passed, try the mixed preset, other range "
     "estimators and bias correction before layers are left in float"},
    {"overflow_fix", OptionType::kEnum, "disable|enable|first_layer",
     "first_layer", 0, 0, "quantize",
     "whose weights use half of the range, for CPUs whose 8-bit products "
     "saturate"},
    {"quantize_outputs", OptionType::kBool, "", "false", 0, 0, "quantize",
     "quantize the model's outputs too"},
    {"activations_range_estimator", OptionType::kEnum,
     "mean_min_max|min_max|median|quantile|mse", "mean_min_max", 0, 0,
     "quantize", "how activations' ranges follow from the samples"},
    {"quantile_outlier_prob", OptionType::kFloat, "", "0.0001", 1e-9, 0.49,
     "quantize", "share cut off at each end by the quantile estimator"},
    {"bias_correction", OptionType::kEnum, "none|fast|full", "none", 0, 0,
     "quantize",
     "move biases so that layers' mean outputs are the float model's; fast: "
     "each layer alone (NNCF's fast_bias_correction); full: in sequence, on "
     "inputs as the earlier quantized layers make them; undone where it hurts"},
    {"ignored_names", OptionType::kList, "", "", 0, 0, "quantize|convert",
     "nodes left in float, by name"},
    {"ignored_types", OptionType::kList, "", "", 0, 0, "quantize|convert",
     "nodes left in float, by operator"},
    {"ignored_patterns", OptionType::kList, "", "", 0, 0, "quantize|convert",
     "nodes left in float, by regular expression over their names"},
    {"ignored_validate", OptionType::kBool, "", "true", 0, 0,
     "quantize|convert",
     "an ignored name, operator or pattern that matches nothing is an error"},
    {"reference", OptionType::kBool, "", "false", 0, 0, "session",
     "run the plain definition of every operator, for comparisons"},
    {"state", OptionType::kList, "", "", 0, 0,
     "quantize|statistics|evaluate|session",
     "INPUT=OUTPUT: a step's output is the next step's input; a sample is then "
     "a sequence, the steps its arrays' first axis"},
    {"no_fuse", OptionType::kList, "", "", 0, 0, "session|inspect",
     "fusions left out of the plan, by name; all: every one"},
    {"outputs_only", OptionType::kBool, "", "false", 0, 0, "compare",
     "compare the models' outputs alone, which run fused as they are"},
    {"dtype", OptionType::kEnum, "f16|bf16", "f16", 0, 0, "convert",
     "the type that floats become"},
    {"keep_io_types", OptionType::kBool, "", "true", 0, 0, "convert",
     "inputs and outputs stay float32"},
    {"float_ops", OptionType::kList, "", "", 0, 0, "convert",
     "operators that stay float32, none for none [CumSum, DFT, "
     "MelWeightMatrix, NonMaxSuppression, Range, Resize, RoiAlign, STFT, "
     "TopK]"},
    {"overflow", OptionType::kEnum, "clamp|float", "clamp", 0, 0, "convert",
     "what becomes of constants beyond the type's range: the largest number, "
     "or their nodes stay float32"},
    {"max_error", OptionType::kFloat, "", "0", 0, 1e9, "convert",
     "refuse a result whose outputs differ by more than this share of their "
     "greatest magnitude; 0: any that is finite is accepted"},
    {"shape", OptionType::kList, "", "", 0, 0, "simplify",
     "NAME=1x3x224x224: fixed extents of an input, or NAME=1 of a symbolic "
     "extent"},
    {"skip", OptionType::kList, "", "", 0, 0, "simplify",
     "passes left out, by name: functions, constants, no_ops, constant_if, "
     "extents, movement, gemm, pad, zero_states, duplicates, dead, linear, "
     "hard_swish, value_info"},
    {"fold_limit", OptionType::kInt, "", "1048576", 0, kMost, "simplify",
     "bytes; a computed constant that is larger, and larger than what it is "
     "made of, stays a node"},
    {"check", OptionType::kInt, "", "3", 0, 1000000, "simplify|convert",
     "samples that both models are run on and compared; 0: none"},
    {"check_tolerance", OptionType::kFloat, "", "0.001", 0, 1e9, "simplify",
     "largest difference of an output, as a share of its greatest magnitude"},
    {"external_data", OptionType::kEnum, "auto|always|never", "auto", 0, 0,
     "save", "weights in a file beside the model; auto: above 2 GB"},
    {"plan", OptionType::kBool, "", "false", 0, 0, "inspect",
     "add the compiled plan"},
};

}  // namespace

absl::Span<const OptionRow> OptionTable() { return kRows; }

const OptionRow* FindOption(absl::string_view key) {
  for (const OptionRow& row : kRows) {
    if (key == row.key) return &row;
  }
  return nullptr;
}

bool HasWord(absl::string_view list, absl::string_view word) {
  for (const absl::string_view one : absl::StrSplit(list, '|')) {
    if (one == word) return true;
  }
  return false;
}

std::string NearestOption(absl::string_view key, absl::string_view verb) {
  std::vector<absl::string_view> keys;
  for (const OptionRow& row : kRows) {
    if (verb.empty() || HasWord(row.verbs, verb)) keys.push_back(row.key);
  }
  return std::string(NearestName(key, keys));
}

const char* OptionTypeName(OptionType type) {
  switch (type) {
    case OptionType::kBool:
      return "bool";
    case OptionType::kInt:
      return "int";
    case OptionType::kFloat:
      return "float";
    case OptionType::kString:
      return "string";
    case OptionType::kEnum:
      return "enum";
    case OptionType::kList:
      return "list";
  }
  return "";
}

}  // namespace hone::capi
