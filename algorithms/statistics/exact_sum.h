// A sum of doubles without rounding, so that its value does not depend on the
// order of the terms or on how they were divided among threads and shards.
//
// The terms are added as integers of 2^-256 units in a 576-bit two's complement
// number; bits of a term below 2^-256 are cut off, each term alone. Room for
// magnitudes up to 2^192 and 2^64 terms and more.
#ifndef HONE_ALGORITHMS_STATISTICS_EXACT_SUM_H_
#define HONE_ALGORITHMS_STATISTICS_EXACT_SUM_H_

#include <array>
#include <cstdint>

namespace hone {

class ExactSum {
 public:
  static constexpr int kWords = 9;

  // Requires a finite term with |term| < 2^192.
  void Add(double term);
  void Add(const ExactSum& other);
  // The nearest double, up to one unit in its last place.
  double Value() const;

  const std::array<uint64_t, kWords>& words() const { return words_; }
  static ExactSum FromWords(const std::array<uint64_t, kWords>& words);

 private:
  std::array<uint64_t, kWords> words_ = {};  // least significant first
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_STATISTICS_EXACT_SUM_H_
