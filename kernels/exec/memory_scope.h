// How many bytes the plans of a node's subgraphs may take of their plan's
// limit.
#ifndef HONE_KERNELS_EXEC_MEMORY_SCOPE_H_
#define HONE_KERNELS_EXEC_MEMORY_SCOPE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace hone {

// The bytes left to what this thread runs until the scope ends; 0: no limit.
class MemoryScope {
 public:
  explicit MemoryScope(uint64_t left);
  ~MemoryScope();
  MemoryScope(const MemoryScope&) = delete;
  MemoryScope& operator=(const MemoryScope&) = delete;

  static uint64_t Left();
  // ResourceExhausted, naming the node, when `bytes` are more than what is
  // left.
  static absl::Status Allow(absl::string_view label, uint64_t bytes);

 private:
  const uint64_t outer_;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_MEMORY_SCOPE_H_
