// Regular expressions, matched against whole strings in linear time.
//
//   absl::StatusOr<Regex> regex = Regex::Parse("(\\w+)@[a-z.]{2,}");
//   regex->FullMatch("me@x.org") == true
//
// A subset of RE2's syntax over bytes: literals, ., [a-z], [^a-z], \d \D \w \W
// \s \S, \n \t \r \f \v, \b \B, ^ $, ( ) and (?: ), |, and * + ? {m} {m,}
// {m,n} with an optional ? that changes nothing for a whole match. A byte of
// a longer UTF-8 character counts as a character. Simulates the automaton
// (Thompson 1968): no string takes longer than its length times the
// expression's.
#ifndef HONE_KERNELS_CPU_TEXT_REGEX_H_
#define HONE_KERNELS_CPU_TEXT_REGEX_H_

#include <bitset>
#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hone {

class Regex {
 public:
  // InvalidArgument: malformed, or larger than some 100,000 steps.
  // Unimplemented: other syntax.
  static absl::StatusOr<Regex> Parse(absl::string_view pattern);
  bool FullMatch(absl::string_view text) const;

 private:
  friend class RegexParser;
  enum class Op { kSet, kSplit, kBegin, kEnd, kWord, kNotWord, kAccept };
  struct Step {
    Op op = Op::kAccept;
    std::bitset<256> set;        // kSet
    size_t next = 0, other = 0;  // kSplit has both
  };
  void Follow(size_t step, absl::string_view text, size_t at,
              std::vector<size_t>* states, std::vector<size_t>* seen) const;

  std::vector<Step> steps_;
  size_t first_ = 0;
};

}  // namespace hone

#endif  // HONE_KERNELS_CPU_TEXT_REGEX_H_
