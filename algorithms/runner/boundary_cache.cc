#include "algorithms/runner/boundary_cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/error/error.h"

namespace hone {
namespace {

absl::Status FileError(absl::string_view what, int error) {
  const auto code = error == ENOSPC || error == EDQUOT
                        ? absl::StatusCode::kResourceExhausted
                        : absl::StatusCode::kUnavailable;
  return MakeError(code, absl::StrCat(what, ": ", strerror(error)), {});
}

absl::StatusOr<int> MakeFile() {
  const char* const folder = getenv("TMPDIR");
  std::string path = absl::StrCat(
      folder == nullptr || *folder == '\0' ? "/tmp" : folder, "/honeXXXXXX");
  const int file = mkstemp(path.data());
  if (file < 0) {
    return WithFile(
        FileError("no temporary file for values between layers", errno), path);
  }
  unlink(path.c_str());
  return file;
}

bool CanSpill(const Value& value) {
  return value.is_tensor() && value.tensor().dtype() != DType::kString;
}

}  // namespace

BoundaryCache::~BoundaryCache() {
  const MutexLock lock(&mutex_);
  if (file_ >= 0) close(file_);
}

absl::Status BoundaryCache::Spill(Entry* entry) {
  if (file_ < 0) {
    HONE_ASSIGN_OR_RETURN(file_, MakeFile());
  }
  auto& free = free_[entry->bytes];
  if (free.empty()) {
    entry->offset = end_;
    end_ += entry->bytes;
  } else {
    entry->offset = free.back();
    free.pop_back();
  }
  const auto bytes = entry->value.tensor().bytes();
  for (uint64_t done = 0; done < entry->bytes;) {
    const ssize_t wrote =
        pwrite(file_, bytes.data() + done, entry->bytes - done,
               static_cast<off_t>(entry->offset + done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return FileError("writing values between layers", errno);
    done += static_cast<uint64_t>(wrote);
  }
  entry->spilled = true;
  entry->value = Value();
  return absl::OkStatus();
}

void BoundaryCache::Release(const Entry& entry) {
  if (entry.spilled) {
    free_[entry.bytes].push_back(entry.offset);
  } else {
    memory_ -= entry.bytes;
  }
}

absl::Status BoundaryCache::Put(absl::string_view name, uint64_t sample,
                                Value value) {
  const MutexLock lock(&mutex_);
  auto& samples = entries_[std::string(name)];
  const auto old = samples.find(sample);
  if (old != samples.end()) {
    Release(old->second);
    samples.erase(old);
  }
  Entry entry;
  if (CanSpill(value)) {
    entry.dtype = value.tensor().dtype();
    entry.dims = value.tensor().dims();
    entry.bytes = value.tensor().bytes().size();
  }
  entry.value = std::move(value);
  if (entry.bytes > 0 && memory_ + entry.bytes > limit_) {
    HONE_RETURN_IF_ERROR(Spill(&entry));
  } else {
    memory_ += entry.bytes;
  }
  samples.emplace(sample, std::move(entry));
  return absl::OkStatus();
}

absl::StatusOr<Value> BoundaryCache::Get(absl::string_view name,
                                         uint64_t sample) const {
  Entry entry;
  int file = -1;
  {
    const MutexLock lock(&mutex_);
    const auto samples = entries_.find(std::string(name));
    if (samples == entries_.end() || samples->second.count(sample) == 0) {
      return MakeError(absl::StatusCode::kNotFound,
                       "no such value is kept between layers",
                       {.found = absl::StrCat(name, " of sample ", sample)});
    }
    entry = samples->second.at(sample);
    file = file_;
  }
  if (!entry.spilled) return entry.value;
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(Tensor tensor,
                        Tensor::Allocate(entry.dtype, entry.dims, &bytes));
  for (uint64_t done = 0; done < entry.bytes;) {
    const ssize_t got = pread(file, bytes.data() + done, entry.bytes - done,
                              static_cast<off_t>(entry.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      return FileError("reading values between layers", got < 0 ? errno : EIO);
    }
    done += static_cast<uint64_t>(got);
  }
  return Value(std::move(tensor));
}

bool BoundaryCache::Has(absl::string_view name, uint64_t sample) const {
  const MutexLock lock(&mutex_);
  const auto samples = entries_.find(std::string(name));
  return samples != entries_.end() && samples->second.count(sample) > 0;
}

void BoundaryCache::Drop(absl::string_view name) {
  const MutexLock lock(&mutex_);
  const auto samples = entries_.find(std::string(name));
  if (samples == entries_.end()) return;
  for (const auto& [sample, entry] : samples->second) Release(entry);
  entries_.erase(samples);
}

uint64_t BoundaryCache::memory_bytes() const {
  const MutexLock lock(&mutex_);
  return memory_;
}

uint64_t BoundaryCache::file_bytes() const {
  const MutexLock lock(&mutex_);
  return end_;
}

}  // namespace hone
