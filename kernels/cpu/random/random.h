// Random numbers that are the same on every machine: the Mersenne Twister.
//
//   RandomNumbers random(7);
//   double u = random.Uniform();  // in [0, 1)
//
// The numbers of a seed are those of NumPy's RandomState, whose outcomes ONNX's
// tests of training quote. Source: Matsumoto and Nishimura 1998.
#ifndef HONE_KERNELS_CPU_RANDOM_RANDOM_H_
#define HONE_KERNELS_CPU_RANDOM_RANDOM_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace hone {

class RandomNumbers {
 public:
  explicit RandomNumbers(uint32_t seed);

  uint32_t Bits();   // 32 of them
  double Uniform();  // in [0, 1), 53 random bits
  // Mean 0, deviation 1, by the polar method of Marsaglia.
  double Normal();

 private:
  static constexpr size_t kWords = 624;
  void Refill();

  std::array<uint32_t, kWords> state_;
  size_t next_ = kWords;
  bool has_spare_ = false;
  double spare_ = 0;
};

}  // namespace hone

#endif  // HONE_KERNELS_CPU_RANDOM_RANDOM_H_
