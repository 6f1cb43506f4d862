#include "kernels/exec/packed_cache.h"

#include "absl/strings/str_cat.h"

namespace hone {

PackedCache::PackedCache(size_t byte_budget) : byte_budget_(byte_budget) {}

const std::shared_ptr<PackedCache>& PackedCache::Process() {
  static const auto* const cache = new std::shared_ptr<PackedCache>(
      std::make_shared<PackedCache>(size_t{256} << 20));
  return *cache;
}

std::string PackedCache::Key(const Tensor& weights, absl::string_view packing) {
  return absl::StrCat(weights.ContentHash(), " ", packing);
}

std::shared_ptr<const void> PackedCache::Find(const std::string& key) {
  MutexLock lock(&mutex_);
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->data;
}

std::shared_ptr<const void> PackedCache::Insert(
    const std::string& key, std::shared_ptr<const void> data, size_t bytes) {
  MutexLock lock(&mutex_);
  const auto found = index_.find(key);
  if (found != index_.end()) return found->second->data;
  entries_.push_front({key, data, bytes});
  index_[key] = entries_.begin();
  bytes_ += bytes;
  Evict();
  return data;
}

void PackedCache::Evict() {
  size_t unused = 0;
  for (auto it = entries_.begin(); it != entries_.end();) {
    // Only the cache can add a holder of an entry that it alone holds, and it
    // does so under this lock.
    if (it->data.use_count() > 1) {
      ++it;
      continue;
    }
    unused += it->bytes;
    if (unused <= byte_budget_) {
      ++it;
      continue;
    }
    bytes_ -= it->bytes;
    index_.erase(it->key);
    it = entries_.erase(it);
  }
}

size_t PackedCache::bytes() const {
  MutexLock lock(&mutex_);
  return bytes_;
}

size_t PackedCache::entries() const {
  MutexLock lock(&mutex_);
  return entries_.size();
}

}  // namespace hone
