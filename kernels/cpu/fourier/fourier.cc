#include "kernels/cpu/fourier/fourier.h"

#include <cmath>
#include <utility>

namespace hone {
namespace {

constexpr double kPi = 3.14159265358979323846;

std::complex<double> Turn(double fraction) {
  return {std::cos(2 * kPi * fraction), -std::sin(2 * kPi * fraction)};
}

}  // namespace

Fourier::Fourier(size_t length) : length_(length) {
  while (power_ < length) power_ *= 2;
  const bool exact = power_ == length || length < 2;
  if (!exact) {
    while (power_ < 2 * length - 1) power_ *= 2;
  }
  for (size_t k = 0; k < power_ / 2; ++k) {
    turns_.push_back(
        Turn(static_cast<double>(k) / static_cast<double>(power_)));
  }
  if (exact) return;
  chirp_wave_.assign(power_, 0);
  for (size_t k = 0; k < length; ++k) {
    // k^2 modulo the period, so that the angle keeps its digits.
    const size_t square = k * k % (2 * length);
    chirp_.push_back(
        Turn(static_cast<double>(square) / static_cast<double>(2 * length)));
    chirp_wave_[k] = std::conj(chirp_[k]);
    if (k > 0) chirp_wave_[power_ - k] = std::conj(chirp_[k]);
  }
  Halving(chirp_wave_);
}

void Fourier::Halving(Signal& signal) const {
  for (size_t i = 1, j = 0; i < power_; ++i) {
    size_t bit = power_ / 2;
    for (; (j & bit) != 0; bit /= 2) j ^= bit;
    j |= bit;
    if (i < j) std::swap(signal[i], signal[j]);
  }
  for (size_t half = 1; half < power_; half *= 2) {
    const size_t step = power_ / (2 * half);
    for (size_t first = 0; first < power_; first += 2 * half) {
      for (size_t k = 0; k < half; ++k) {
        const std::complex<double> a = signal[first + k];
        const std::complex<double> b = signal[first + half + k];
        const std::complex<double> w = turns_[k * step];
        const std::complex<double> turned(
            b.real() * w.real() - b.imag() * w.imag(),
            b.real() * w.imag() + b.imag() * w.real());
        signal[first + k] = a + turned;
        signal[first + half + k] = a - turned;
      }
    }
  }
}

void Fourier::Forward(Signal& signal) const {
  if (chirp_.empty()) {
    Halving(signal);
    return;
  }
  Signal wave(power_);
  for (size_t k = 0; k < length_; ++k) wave[k] = signal[k] * chirp_[k];
  Halving(wave);
  for (size_t k = 0; k < power_; ++k) wave[k] *= chirp_wave_[k];
  // The inverse transform, by conjugates.
  for (auto& value : wave) value = std::conj(value);
  Halving(wave);
  for (size_t k = 0; k < length_; ++k) {
    signal[k] = std::conj(wave[k]) / static_cast<double>(power_) * chirp_[k];
  }
}

void Fourier::Run(bool inverse, Signal& signal) const {
  if (length_ < 2) return;
  if (!inverse) {
    Forward(signal);
    return;
  }
  for (auto& value : signal) value = std::conj(value);
  Forward(signal);
  for (auto& value : signal) {
    value = std::conj(value) / static_cast<double>(length_);
  }
}

}  // namespace hone
