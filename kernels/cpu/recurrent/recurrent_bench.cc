// GFLOP/s of recurrent layers with packed weights. gemm_bench has the machine's
// limit; at batch 1 the weights are read anew in every step, and the limit is
// the memory they lie in.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/recurrent/recurrent.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

void Run(benchmark::State& state, RecurrentCell cell, int64_t batch) {
  const RecurrentShape shape = {32, batch, 128, state.range(0)};
  const int64_t gates = cell == RecurrentCell::kLstm ? 4 : 3;
  const auto floats = [](int64_t n) {
    return BenchFloats(static_cast<size_t>(n));
  };
  const std::vector<float> x = floats(shape.steps * batch * shape.input);
  const PackedGates w =
      PackedGates::OfW(cell, shape.hidden, shape.input,
                       floats(gates * shape.hidden * shape.input).data());
  const PackedGates r = PackedGates::OfR(
      cell, shape.hidden, floats(gates * shape.hidden * shape.hidden).data());
  RecurrentOptions options;
  options.cell = cell;
  options.activations[0].function = GateFunction::kSigmoid;
  RecurrentInputs<float> inputs;
  inputs.x = x.data();
  inputs.packed_w = &w;
  inputs.packed_r = &r;
  std::vector<float> h = floats(batch * shape.hidden), c = h;
  std::vector<float> y(static_cast<size_t>(shape.steps * batch * shape.hidden));
  ThreadPool pool(1);
  for (auto _ : state) {
    Recurrent(pool, shape, options, inputs, h.data(),
              cell == RecurrentCell::kLstm ? c.data() : nullptr, y.data());
    benchmark::ClobberMemory();
  }
  const int64_t products =
      shape.steps * batch * gates * shape.hidden * (shape.input + shape.hidden);
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * static_cast<double>(products),
                         benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK_CAPTURE(Run, lstm_batch_1, RecurrentCell::kLstm, 1)
    ->Arg(128)
    ->Arg(512);
BENCHMARK_CAPTURE(Run, lstm_batch_16, RecurrentCell::kLstm, 16)
    ->Arg(128)
    ->Arg(512);
BENCHMARK_CAPTURE(Run, gru_batch_1, RecurrentCell::kGru, 1)->Arg(128)->Arg(512);

}  // namespace
}  // namespace hone
