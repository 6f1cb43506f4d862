// Counts of the elements of a float array in bins of a power of two's width,
// anchored at zero.
//
//   std::vector<uint64_t> counts(kHistogramBins);
//   CountBins(x, n, HistogramExponent(-3.0f, 5.0f), counts.data());
//
// Bin i counts the elements of [(i - 1024) w, (i - 1023) w), w = 2^exponent.
// Every count is exact and the same on every instruction set.
#ifndef HONE_KERNELS_CPU_HISTOGRAM_HISTOGRAM_H_
#define HONE_KERNELS_CPU_HISTOGRAM_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>

namespace hone {

inline constexpr int kHistogramBins = 2048;
// The narrowest bins: 2^-60.
inline constexpr int kHistogramMinExponent = -60;

// The least exponent, not below kHistogramMinExponent, whose bins cover every
// float of [least, greatest]. Requires finite least <= greatest.
int HistogramExponent(float least, float greatest);

// Adds to counts [kHistogramBins]. Every finite element of x lies within the
// bins: -1024 w <= x < 1024 w; exponent >= kHistogramMinExponent. NaN and
// infinities are left out; returns how many there were.
uint64_t CountBins(const float* x, size_t n, int exponent, uint64_t* counts);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_HISTOGRAM_HISTOGRAM_H_
