#include "algorithms/statistics/statistics.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "algorithms/statistics/wire.h"
#include "ir/error/error.h"
#include "ir/onnx/atomic_file.h"
#include "ir/onnx/mapped_file.h"

namespace hone {
namespace {

constexpr absl::string_view kMagic = "HONESTAT";
constexpr uint32_t kVersion = 1;

absl::Status Damaged(absl::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("statistics are damaged: ", what), {});
}

void WriteRange(const RangeStatistics& range, WireWriter* out) {
  out->Float(range.min);
  out->Float(range.max);
  out->U64(range.count);
  for (const uint64_t word : range.sum.words()) out->U64(word);
}

RangeStatistics ReadRange(WireReader* in) {
  RangeStatistics range;
  range.min = in->Float();
  range.max = in->Float();
  range.count = in->U64();
  std::array<uint64_t, ExactSum::kWords> words;
  for (uint64_t& word : words) word = in->U64();
  range.sum = ExactSum::FromWords(words);
  return range;
}

void WriteValue(const ValueStatistics& value, WireWriter* out) {
  out->U32(value.kinds);
  WriteRange(value.range, out);
  out->U64(value.nan_count);
  out->U64(value.inf_count);
  out->U64(value.samples.size());
  for (const SampleRange& sample : value.samples) {
    out->U64(sample.sample);
    out->Float(sample.min);
    out->Float(sample.max);
  }
  out->U64(value.channels.size());
  for (const RangeStatistics& channel : value.channels) {
    WriteRange(channel, out);
  }
  out->U32(static_cast<uint32_t>(value.histogram.exponent()));
  out->U64(value.histogram.counts().size());
  for (const uint64_t count : value.histogram.counts()) out->U64(count);
}

ValueStatistics ReadValue(WireReader* in) {
  ValueStatistics value;
  value.kinds = in->U32();
  value.range = ReadRange(in);
  value.nan_count = in->U64();
  value.inf_count = in->U64();
  value.samples.resize(in->Count(16));
  for (SampleRange& sample : value.samples) {
    sample.sample = in->U64();
    sample.min = in->Float();
    sample.max = in->Float();
  }
  value.channels.resize(in->Count(16 + 8 * ExactSum::kWords));
  for (RangeStatistics& channel : value.channels) channel = ReadRange(in);
  const int exponent = static_cast<int32_t>(in->U32());
  std::vector<uint64_t> counts(in->Count(8));
  for (uint64_t& count : counts) count = in->U64();
  if (!counts.empty() &&
      (counts.size() != Histogram::kBins ||
       exponent < Histogram::kMinExponent || exponent > 128)) {
    in->Fail();
  } else if (!counts.empty()) {
    value.histogram = Histogram::FromCounts(exponent, std::move(counts));
  }
  return value;
}

}  // namespace

const ValueStatistics* Statistics::Find(absl::string_view value) const {
  const auto found = values_.find(std::string(value));
  return found == values_.end() ? nullptr : &found->second.statistics;
}

void Statistics::Set(absl::string_view value, std::string hash,
                     ValueStatistics statistics) {
  values_[std::string(value)] = {std::move(hash), std::move(statistics)};
}

void Statistics::set_data_identity(absl::string_view identity) {
  data_identity_ = std::string(identity);
}

void Statistics::set_samples(std::vector<uint64_t> samples) {
  samples_ = std::move(samples);
}

absl::Status Statistics::Merge(const Statistics& other) {
  if (data_identity_ != other.data_identity_) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "statistics of different data",
        {.expected = data_identity_, .found = other.data_identity_});
  }
  std::vector<uint64_t> samples;
  std::merge(samples_.begin(), samples_.end(), other.samples_.begin(),
             other.samples_.end(), std::back_inserter(samples));
  const auto twice = std::adjacent_find(samples.begin(), samples.end());
  if (twice != samples.end()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     absl::StrCat("sample ", *twice, " is in both shards"), {});
  }
  Statistics merged = *this;
  for (auto& [name, entry] : merged.values_) {
    const auto theirs = other.values_.find(name);
    if (theirs == other.values_.end() || theirs->second.hash != entry.hash) {
      return MakeError(
          absl::StatusCode::kInvalidArgument, "shards of different models",
          {.node = name,
           .expected = entry.hash,
           .found = theirs == other.values_.end() ? "no such value"
                                                  : theirs->second.hash});
    }
    HONE_RETURN_IF_ERROR(
        WithNode(entry.statistics.Merge(theirs->second.statistics), name));
  }
  if (merged.values_.size() != other.values_.size()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "shards of different models",
                     {.expected = absl::StrCat(values_.size(), " values"),
                      .found = absl::StrCat(other.values_.size())});
  }
  merged.samples_ = std::move(samples);
  *this = std::move(merged);
  return absl::OkStatus();
}

std::string Statistics::Serialize() const {
  WireWriter out;
  out.Bytes(kMagic);
  out.U32(kVersion);
  out.Text(data_identity_);
  out.U64(samples_.size());
  for (const uint64_t sample : samples_) out.U64(sample);
  out.U64(values_.size());
  for (const auto& [name, entry] : values_) {
    out.Text(name);
    out.Text(entry.hash);
    WriteValue(entry.statistics, &out);
  }
  out.U64(XXH3_64bits(out.bytes().data(), out.bytes().size()));
  return out.Take();
}

absl::StatusOr<Statistics> Statistics::Parse(absl::string_view bytes) {
  constexpr size_t kChecksum = 8;
  if (bytes.size() < kMagic.size() + 4 + kChecksum ||
      bytes.substr(0, kMagic.size()) != kMagic) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "not a file of statistics",
                     {.expected = std::string(kMagic),
                      .found = absl::StrCat(bytes.size(), " other bytes")});
  }
  const absl::string_view body = bytes.substr(0, bytes.size() - kChecksum);
  WireReader checksum(bytes.substr(body.size()));
  if (checksum.U64() != XXH3_64bits(body.data(), body.size())) {
    return Damaged("the checksum does not fit (truncated?)");
  }
  WireReader in(body.substr(kMagic.size()));
  const uint32_t version = in.U32();
  if (version != kVersion) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "statistics of an unknown version",
        {.expected = absl::StrCat(kVersion), .found = absl::StrCat(version)});
  }
  Statistics statistics;
  statistics.data_identity_ = in.Text();
  statistics.samples_.resize(in.Count(8));
  for (uint64_t& sample : statistics.samples_) sample = in.U64();
  const uint64_t count = in.U64();
  for (uint64_t i = 0; i < count && in.ok(); ++i) {
    std::string name = in.Text();
    std::string hash = in.Text();
    statistics.Set(name, std::move(hash), ReadValue(&in));
  }
  if (!in.ok() || !in.done()) return Damaged("a field has a wrong length");
  return statistics;
}

absl::Status Statistics::Save(const std::string& path) const {
  HONE_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  HONE_RETURN_IF_ERROR(file.Append(Serialize()));
  return file.Commit();
}

absl::StatusOr<Statistics> Statistics::Load(const std::string& path) {
  HONE_ASSIGN_OR_RETURN(const auto file, MappedFile::Open(path));
  absl::StatusOr<Statistics> statistics = Parse(file->bytes());
  if (!statistics.ok()) return WithFile(statistics.status(), path);
  return statistics;
}

}  // namespace hone
