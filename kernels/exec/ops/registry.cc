#include "kernels/exec/ops/registry.h"

#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/conv/conv.h"
#include "kernels/exec/ops/gemm/gemm.h"
#include "kernels/exec/ops/matmul/matmul.h"

namespace hone {
namespace {

// Alphabetical. A family's factories are declared in its folder's header; add
// the #include above and the folder to //kernels/exec/ops:registry's deps.
const std::vector<KernelRegistration>& Table() {
  static const auto* const table = new std::vector<KernelRegistration>{
      {"", "Conv", MakeConv},
      {"", "Gemm", MakeGemm},
      {"", "MatMul", MakeMatMul},
      {"com.microsoft", "FusedConv", MakeConv},
      {"hone.internal", "FusedConv", MakeConv},
      {"hone.internal", "FusedGemm", MakeGemm},
      {"hone.internal", "FusedMatMul", MakeMatMul},
  };
  return *table;
}

}  // namespace

const KernelRegistration* FindKernel(absl::string_view domain,
                                     absl::string_view op_type) {
  using Key = std::pair<absl::string_view, absl::string_view>;
  static const auto* const index = [] {
    auto* map = new absl::flat_hash_map<Key, const KernelRegistration*>;
    for (const KernelRegistration& line : Table()) {
      map->emplace(Key(line.domain, line.op_type), &line);
    }
    return map;
  }();
  const auto found = index->find(Key(domain, op_type));
  return found == index->end() ? nullptr : found->second;
}

absl::Span<const KernelRegistration> AllKernels() { return Table(); }

}  // namespace hone
