// Calibration statistics of a graph's values, and the file they are kept in.
//
//   HONE_ASSIGN_OR_RETURN(Statistics all, Statistics::Load("shard1.stats"));
//   HONE_ASSIGN_OR_RETURN(Statistics more, Statistics::Load("shard2.stats"));
//   HONE_RETURN_IF_ERROR(all.Merge(more));
//
// Every value's statistics carry the content hash of the subgraph that produces
// it (see value_hash.h), so they serve any graph in which that value is
// computed in the same way; data_identity() names the data and its
// preprocessing.
#ifndef HONE_ALGORITHMS_STATISTICS_STATISTICS_H_
#define HONE_ALGORITHMS_STATISTICS_STATISTICS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "algorithms/statistics/value_statistics.h"

namespace hone {

class Statistics {
 public:
  struct Entry {
    std::string hash;  // of the producing subgraph, 32 hexadecimal digits
    ValueStatistics statistics;
  };

  // Null when nothing is known of that value.
  const ValueStatistics* Find(absl::string_view value) const;
  const std::map<std::string, Entry>& values() const { return values_; }
  void Set(absl::string_view value, std::string hash,
           ValueStatistics statistics);

  // Names the data and preprocessing; "" when the source cannot name them.
  const std::string& data_identity() const { return data_identity_; }
  void set_data_identity(absl::string_view identity);
  // Indices of the samples seen, ascending.
  const std::vector<uint64_t>& samples() const { return samples_; }
  void set_samples(std::vector<uint64_t> samples);

  // Adds a shard: the same values of the same subgraphs over other samples of
  // the same data. InvalidArgument: a sample is in both, a value's hash
  // differs, or the data differ.
  absl::Status Merge(const Statistics& other);

  // Text that starts with "HONESTAT" and a version, then little-endian fields;
  // ends with an XXH3 checksum. The same statistics give the same bytes.
  std::string Serialize() const;
  // InvalidArgument: not such bytes, truncated, of a later version, or damaged.
  static absl::StatusOr<Statistics> Parse(absl::string_view bytes);
  // Written to a temporary file and renamed.
  absl::Status Save(const std::string& path) const;
  static absl::StatusOr<Statistics> Load(const std::string& path);

 private:
  std::string data_identity_;
  std::vector<uint64_t> samples_;
  std::map<std::string, Entry> values_;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_STATISTICS_STATISTICS_H_
