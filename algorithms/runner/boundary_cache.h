// Values between two segments of a graph, sample by sample, in bounded memory:
// what passes the limit goes to a temporary file that has no name.
//
//   BoundaryCache cache(256 << 20);
//   HONE_RETURN_IF_ERROR(cache.Put("conv1", sample, value));
//   HONE_ASSIGN_OR_RETURN(Value value, cache.Get("conv1", sample));
//   cache.Drop("conv1");   // of every sample
//
// Thread-safe.
#ifndef HONE_ALGORITHMS_RUNNER_BOUNDARY_CACHE_H_
#define HONE_ALGORITHMS_RUNNER_BOUNDARY_CACHE_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/tensor/value.h"
#include "kernels/threads/mutex.h"

namespace hone {

class BoundaryCache {
 public:
  // memory_limit: bytes of tensors kept in memory; 0 keeps none.
  explicit BoundaryCache(uint64_t memory_limit) : limit_(memory_limit) {}
  ~BoundaryCache();
  BoundaryCache(const BoundaryCache&) = delete;
  BoundaryCache& operator=(const BoundaryCache&) = delete;

  // Replaces an earlier value. Strings, sequences and optionals stay in memory,
  // over the limit too. ResourceExhausted: the disk is full. Unavailable: no
  // temporary file can be made (in TMPDIR, else /tmp).
  absl::Status Put(absl::string_view name, uint64_t sample, Value value);
  // NotFound: there is none.
  absl::StatusOr<Value> Get(absl::string_view name, uint64_t sample) const;
  bool Has(absl::string_view name, uint64_t sample) const;
  void Drop(absl::string_view name);

  uint64_t memory_bytes() const;  // of tensors in memory now
  uint64_t file_bytes() const;    // the file's greatest size so far

 private:
  struct Entry {
    Value value;  // in memory; else:
    bool spilled = false;
    DType dtype = DType::kUndefined;
    Dims dims;
    uint64_t offset = 0;
    uint64_t bytes = 0;
  };

  absl::Status Spill(Entry* entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Release(const Entry& entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const uint64_t limit_;
  mutable Mutex mutex_;
  std::map<std::string, std::map<uint64_t, Entry>> entries_
      ABSL_GUARDED_BY(mutex_);
  uint64_t memory_ ABSL_GUARDED_BY(mutex_) = 0;
  int file_ ABSL_GUARDED_BY(mutex_) = -1;
  uint64_t end_ ABSL_GUARDED_BY(mutex_) = 0;
  // Places in the file that are free again, by their size.
  std::map<uint64_t, std::vector<uint64_t>> free_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_RUNNER_BOUNDARY_CACHE_H_
