#include "kernels/opencl/context/program_cache.h"

#include <unistd.h>
#include <xxhash.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace hone::opencl {
namespace {

constexpr absl::string_view kMagic = "hone-opencl-program-1\n";

std::string HashOf(absl::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return absl::StrCat(absl::Hex(hash.high64, absl::kZeroPad16),
                      absl::Hex(hash.low64, absl::kZeroPad16));
}

}  // namespace

std::string DefaultCacheFolder() {
  if (const char* const cache = std::getenv("XDG_CACHE_HOME");
      cache != nullptr && cache[0] == '/') {
    return absl::StrCat(cache, "/hone/opencl");
  }
  if (const char* const home = std::getenv("HOME");
      home != nullptr && home[0] == '/') {
    return absl::StrCat(home, "/.cache/hone/opencl");
  }
  return "";
}

std::string ProgramCache::PathOf(const std::string& key) const {
  return absl::StrCat(folder_, "/", HashOf(key), ".program");
}

std::optional<std::string> ProgramCache::Load(const std::string& key) const {
  if (folder_.empty()) return std::nullopt;
  std::ifstream file(PathOf(key), std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  const std::string entry = text.str();
  const size_t head = kMagic.size() + 32;  // and the hash in hexadecimal
  if (entry.size() <= head ||
      absl::string_view(entry).substr(0, kMagic.size()) != kMagic) {
    return std::nullopt;
  }
  std::string binary = entry.substr(head);
  if (entry.substr(kMagic.size(), 32) != HashOf(binary)) return std::nullopt;
  return binary;
}

void ProgramCache::Store(const std::string& key,
                         const std::string& binary) const {
  if (folder_.empty()) return;
  static std::atomic<uint64_t> count{0};
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  const std::string path = PathOf(key);
  const std::string unfinished =
      absl::StrCat(path, ".", getpid(), ".", count.fetch_add(1));
  {
    std::ofstream file(unfinished, std::ios::binary);
    file << kMagic << HashOf(binary) << binary;
    file.close();
    if (!file) {
      std::filesystem::remove(unfinished, error);
      return;
    }
  }
  std::filesystem::rename(unfinished, path, error);
  if (error) std::filesystem::remove(unfinished, error);
}

}  // namespace hone::opencl
