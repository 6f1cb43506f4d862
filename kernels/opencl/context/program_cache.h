// Built programs on disk, so that a second start compiles nothing.
//
//   const ProgramCache cache(DefaultCacheFolder());
//   if (auto binary = cache.Load(key)) ... else cache.Store(key, built);
//
// One file an entry, named by the 128-bit XXH3 hash of its key; it holds the
// hash of its contents, and one that does not match is no entry. Written to
// another name and renamed, so readers see a whole entry or none. An entry
// that cannot be written is left out: a cache is never a reason to fail.
#ifndef HONE_KERNELS_OPENCL_CONTEXT_PROGRAM_CACHE_H_
#define HONE_KERNELS_OPENCL_CONTEXT_PROGRAM_CACHE_H_

#include <optional>
#include <string>

namespace hone::opencl {

// $XDG_CACHE_HOME/hone/opencl, or ~/.cache/hone/opencl; "" where neither is
// known: then nothing is cached.
std::string DefaultCacheFolder();

class ProgramCache {
 public:
  explicit ProgramCache(std::string folder) : folder_(std::move(folder)) {}

  // nullopt: no entry, or a damaged one.
  std::optional<std::string> Load(const std::string& key) const;
  void Store(const std::string& key, const std::string& binary) const;
  // Where the entry is or would be.
  std::string PathOf(const std::string& key) const;

 private:
  const std::string folder_;  // "": no cache
};

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_CONTEXT_PROGRAM_CACHE_H_
