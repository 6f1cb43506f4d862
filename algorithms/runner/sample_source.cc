#include "algorithms/runner/sample_source.h"

namespace hone {
namespace {

// One step of SplitMix64 (Steele, Lea, Flood 2014): a well-mixed function of
// its argument, the same on every platform.
uint64_t Mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

std::vector<uint64_t> SpreadSamples(uint64_t total, uint64_t count,
                                    uint64_t seed) {
  if (count > total) count = total;
  std::vector<uint64_t> samples;
  samples.reserve(count);
  // Stretch k is [floor(k * total / count), floor((k + 1) * total / count)).
  const auto start = [&](uint64_t k) {
    return static_cast<uint64_t>(static_cast<unsigned __int128>(k) * total /
                                 count);
  };
  for (uint64_t k = 0; k < count; ++k) {
    const uint64_t begin = start(k);
    samples.push_back(begin + Mix(Mix(seed) + k) % (start(k + 1) - begin));
  }
  return samples;
}

}  // namespace hone
