// What a Workspace keeps between runs.
#ifndef HONE_KERNELS_EXEC_WORKSPACE_STATE_H_
#define HONE_KERNELS_EXEC_WORKSPACE_STATE_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/type/type.h"
#include "kernels/exec/layout.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/plan_state.h"

namespace hone {

struct WorkspaceState {
  struct Entry {
    uint64_t plan = 0;
    int threads = 0;
    std::vector<Type> input_types;
    std::shared_ptr<const Layout> layout;
  };

  // The layout for these extents, made when it is not one of the last few.
  absl::StatusOr<std::shared_ptr<const Layout>> LayoutFor(
      const PlanState& plan, absl::Span<const Type> input_types, int threads);

  // At least `bytes` of arena, 64-byte aligned; its contents are lost.
  absl::Status Reserve(size_t bytes);

  std::list<Entry> layouts;  // last used first
  std::shared_ptr<std::byte> arena;
  size_t arena_bytes = 0;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_WORKSPACE_STATE_H_
