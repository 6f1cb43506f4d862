// A POSIX extended regular expression over a node's name.
#ifndef HONE_ALGORITHMS_QUANTIZATION_PATTERN_H_
#define HONE_ALGORITHMS_QUANTIZATION_PATTERN_H_

#include <regex.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace hone {

class Pattern {
 public:
  // InvalidArgument: no regular expression; the message says why.
  static absl::StatusOr<Pattern> Of(const std::string& text);

  // The whole name matches.
  bool Matches(const std::string& name) const;

 private:
  Pattern() = default;

  std::shared_ptr<const regex_t> compiled_;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_PATTERN_H_
