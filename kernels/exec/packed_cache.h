// Weights in the layout that a kernel wants, shared by every Plan that packs
// the same tensor the same way.
//
//   std::shared_ptr<const Packed> p = cache->GetOrPack<Packed>(
//       weights, "conv.winograd.8", [&] { return Pack(weights); });
//
// A hundred candidate graphs that differ in one layer pack one layer. An entry
// is kept while a Plan holds it, and after that as long as the byte budget
// lasts, the longest unused leaving first.
#ifndef HONE_KERNELS_EXEC_PACKED_CACHE_H_
#define HONE_KERNELS_EXEC_PACKED_CACHE_H_

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ir/tensor/tensor.h"
#include "kernels/threads/mutex.h"

namespace hone {

class PackedCache {
 public:
  // `byte_budget` bounds what is kept for nobody; entries in use may exceed it.
  explicit PackedCache(size_t byte_budget);

  // The one that Plans share when CompileOptions names none: 256 MB.
  static const std::shared_ptr<PackedCache>& Process();

  // The packing of `weights` named `packing` (kernel, layout, every parameter
  // that pack() depends on), made by pack() -> std::shared_ptr<const T> when it
  // is not here. T needs `size_t bytes() const`. Thread-safe; pack() runs
  // without a lock, so two threads may both pack and one result is dropped.
  template <typename T, typename Pack>
  std::shared_ptr<const T> GetOrPack(const Tensor& weights,
                                     absl::string_view packing,
                                     const Pack& pack) {
    const std::string key = Key(weights, packing);
    if (std::shared_ptr<const void> found = Find(key)) {
      return std::static_pointer_cast<const T>(found);
    }
    std::shared_ptr<const T> made = pack();
    const size_t bytes = made->bytes();
    return std::static_pointer_cast<const T>(
        Insert(key, std::move(made), bytes));
  }

  size_t bytes() const;  // of all entries
  size_t entries() const;

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const void> data;
    size_t bytes = 0;
  };

  static std::string Key(const Tensor& weights, absl::string_view packing);
  std::shared_ptr<const void> Find(const std::string& key);
  // The entry already there, if another thread was first.
  std::shared_ptr<const void> Insert(const std::string& key,
                                     std::shared_ptr<const void> data,
                                     size_t bytes);
  void Evict() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t byte_budget_;
  mutable Mutex mutex_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // last used first
  absl::flat_hash_map<std::string, std::list<Entry>::iterator> index_
      ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

// What a kernel does that may have no cache: packs, or asks `cache`.
template <typename T, typename Pack>
std::shared_ptr<const T> PackOnce(PackedCache* cache, const Tensor& weights,
                                  absl::string_view packing, const Pack& pack) {
  if (cache == nullptr) return pack();
  return cache->GetOrPack<T>(weights, packing, pack);
}

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_PACKED_CACHE_H_
