#include "kernels/exec/ops/attention/group_query_options.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/element_types.h"

namespace hone {
namespace {

// One scale for a cache, or one for each head and element: its size tells.
bool ReadQuantized(AttributeReader* read, absl::string_view name) {
  static constexpr absl::string_view kTypes[] = {"NONE", "PER_TENSOR",
                                                 "PER_CHANNEL"};
  return read->Choice(name, "NONE", absl::MakeConstSpan(kTypes)) != 0;
}

}  // namespace

absl::StatusOr<GroupQueryOptions> GroupQueryOptions::Of(
    const KernelSpec& spec) {
  const Node& node = *spec.node;
  AttributeReader read(node);
  GroupQueryOptions options;
  const int64_t most = int64_t{1} << 31;
  options.heads = read.IntIn("num_heads", 0, 1, most);
  options.kv_heads = read.IntIn("kv_num_heads", 0, 1, most);
  options.scale = read.Float("scale", 0);
  options.softcap = read.Float("softcap", 0);
  options.window = read.IntIn("local_window_size", -1, -1, most);
  options.sliding = read.Bool("sliding_window_cache", false);
  options.rotary = read.Bool("do_rotary", false);
  options.interleaved = read.Bool("rotary_interleaved", false);
  options.smooth = read.Int("smooth_softmax", 0) == 1;
  options.causal = read.Bool("causal", true);
  options.shown = read.IntIn("qk_output", 0, 0, 2);
  options.norm_epsilon = read.Float("qk_norm_epsilon", 1e-6f);
  const int64_t bits = read.IntIn("kv_cache_bit_width", 0, 0, 8);
  if (ReadQuantized(&read, "k_quant_type")) options.key_bits = bits;
  if (ReadQuantized(&read, "v_quant_type")) options.value_bits = bits;
  const bool quantized = ReadQuantized(&read, "k_quant_type") ||
                         ReadQuantized(&read, "v_quant_type");
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  if (options.heads < 1 || options.kv_heads < 1 ||
      options.heads % options.kv_heads != 0) {
    return NodeError(node, "num_heads", "a multiple of kv_num_heads");
  }
  if (!options.causal && options.window != -1) {
    return NodeError(node, "local_window_size", "-1 unless causal",
                     absl::StrCat(options.window));
  }
  if (options.sliding && options.window < 1) {
    return NodeError(node, "local_window_size",
                     "at least 1 with sliding_window_cache",
                     absl::StrCat(options.window));
  }
  if ((options.shown != 0) != !node.Output(kScoresOutput).empty()) {
    return NodeError(node, "qk_output", "1 or 2 with output_qk, 0 without");
  }
  if (quantized && bits != 4 && bits != 8) {
    return NodeError(node, "kv_cache_bit_width", "4 or 8", absl::StrCat(bits));
  }
  if ((options.sliding || quantized) && node.Input(kPastKey).empty()) {
    return NodeError(node, "past key and value",
                     "given, as the type and capacity of the caches", "none");
  }
  if (node.Input(kQueryNorm).empty() != node.Input(kKeyNorm).empty()) {
    return NodeError(node, "q_norm_weight and k_norm_weight", "both or none");
  }
  if (options.sliding && options.shown != 0) {
    return UnimplementedError(spec, "scores beside caches that slide");
  }
  return options;
}

}  // namespace hone
