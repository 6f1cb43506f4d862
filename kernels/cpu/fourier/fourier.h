// Discrete Fourier transforms of any length, in float64.
//
//   Fourier transform(400);
//   transform.Run(/*inverse=*/false, signal);  // std::vector<std::complex>
//
// X[k] = sum x[n] e^(-2 pi i k n / N); the inverse has +, and divides by N.
// Powers of two by Cooley and Tukey's halving, others as a convolution of a
// power of two (Bluestein 1970): O(N log N).
#ifndef HONE_KERNELS_CPU_FOURIER_FOURIER_H_
#define HONE_KERNELS_CPU_FOURIER_FOURIER_H_

#include <complex>
#include <cstddef>
#include <vector>

namespace hone {

class Fourier {
 public:
  using Signal = std::vector<std::complex<double>>;

  explicit Fourier(size_t length);
  size_t length() const { return length_; }
  // In place. Requires signal.size() == length(). Thread-safe.
  void Run(bool inverse, Signal& signal) const;

 private:
  void Forward(Signal& signal) const;
  void Halving(Signal& signal) const;  // of power_ elements

  size_t length_;
  size_t power_ = 1;   // length_, or at least 2 * length_ - 1
  Signal turns_;       // e^(-2 pi i k / power_), k < power_ / 2
  Signal chirp_;       // e^(-pi i k^2 / length_); empty for a power of two
  Signal chirp_wave_;  // transform of its conjugate, both ways around zero
};

}  // namespace hone

#endif  // HONE_KERNELS_CPU_FOURIER_FOURIER_H_
