#include "kernels/exec/fusion/fusion.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "kernels/exec/fusion/blocks/channel_blocks.h"
#include "kernels/exec/fusion/fusions.h"
#include "kernels/exec/fusion/integer/integer.h"

namespace hone {

absl::Span<const Fusion> AllFusions() {
  static constexpr Fusion kFusions[] = {
      {"integer", FuseInteger, true},
      {"identity", RemoveIdentity},
      {"quantize_dequantize", FuseQuantizeDequantize},
      {"conv_batch_norm", FuseConvBatchNorm},
      {"hard_swish", FuseHardSwish},
      {"silu", FuseSilu},
      {"gelu", FuseGelu},
      {"conv_bias", FuseConvBias},
      {"conv_add", FuseConvAdd},
      {"matmul_bias", FuseMatMulBias},
      {"conv_activation", FuseConvActivation},
      {"matmul_activation", FuseMatMulActivation},
      {"channel_blocks", PutChannelsInBlocks},
  };
  return kFusions;
}

absl::Status Fuse(FusionGraph& graph, const std::vector<std::string>& no_fuse,
                  bool early) {
  std::string names = "all";
  for (const Fusion& fusion : AllFusions()) {
    absl::StrAppend(&names, ", ", fusion.name);
  }
  bool none = false;
  for (const std::string& name : no_fuse) {
    none |= name == "all";
    const bool known =
        name == "all" ||
        std::any_of(AllFusions().begin(), AllFusions().end(),
                    [&](const Fusion& f) { return f.name == name; });
    if (!known) {
      return absl::InvalidArgumentError(
          absl::StrCat("no fusion is named ", name, ": expected ", names));
    }
  }
  if (none) return absl::OkStatus();
  for (const Fusion& fusion : AllFusions()) {
    if (fusion.early == early && std::find(no_fuse.begin(), no_fuse.end(),
                                           fusion.name) == no_fuse.end()) {
      fusion.apply(graph);
    }
  }
  return absl::OkStatus();
}

}  // namespace hone
