#include <utility>

#include "ir/error/error.h"
#include "kernels/exec/buffer.h"
#include "kernels/exec/workspace_state.h"

namespace hone {
namespace {

constexpr size_t kMostLayouts = 4;

}  // namespace

Workspace::Workspace() : state_(std::make_unique<WorkspaceState>()) {}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

size_t Workspace::arena_bytes() const { return state_->arena_bytes; }

absl::StatusOr<std::shared_ptr<const Layout>> WorkspaceState::LayoutFor(
    const PlanState& plan, absl::Span<const Type> input_types, int threads) {
  for (auto it = layouts.begin(); it != layouts.end(); ++it) {
    if (it->plan == plan.id && it->threads == threads &&
        absl::MakeConstSpan(it->input_types) == input_types) {
      layouts.splice(layouts.begin(), layouts, it);
      return layouts.front().layout;
    }
  }
  HONE_ASSIGN_OR_RETURN(Layout made, MakeLayout(plan, input_types, threads));
  if (layouts.size() >= kMostLayouts) layouts.pop_back();
  layouts.push_front({plan.id,
                      threads,
                      {input_types.begin(), input_types.end()},
                      std::make_shared<const Layout>(std::move(made))});
  return layouts.front().layout;
}

absl::Status WorkspaceState::Reserve(size_t bytes) {
  if (bytes <= arena_bytes) return absl::OkStatus();
  arena.reset();
  arena_bytes = 0;
  HONE_ASSIGN_OR_RETURN(arena, NewBuffer(bytes));
  arena_bytes = bytes;
  return absl::OkStatus();
}

}  // namespace hone
