// Inference of long graphs, in nodes per second. The goal: 10,000 nodes in well
// under 100 ms.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "ir/graph/graph.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

// Residual blocks of five nodes over a symbolic batch.
Model Chain(int64_t nodes) {
  std::string text =
      "g (float32[N, 8, 16, 16] x0) => (? y) {"
      "w = constant float32[8, 8, 3, 3] fill(0) s = constant float32[8] "
      "fill(1)";
  for (int64_t i = 0; i < nodes / 5; ++i) {
    absl::StrAppend(&text, "c", i, " = Conv<pads = [1, 1, 1, 1]>(x", i, ", w)",
                    " b", i, " = BatchNormalization(c", i, ", s, s, s, s)",
                    " r", i, " = Relu(b", i, ") a", i, " = Add(r", i, ", x", i,
                    ") x", i + 1, " = Clip(a", i, ")");
  }
  return *ParseModel(absl::StrCat(text, "}"));
}

void BM_InferShapes(benchmark::State& state) {
  const Model model = Chain(state.range(0));
  for (auto _ : state) {
    const auto types = InferShapes(model, {});
    if (!types.ok()) state.SkipWithError("inference failed");
    benchmark::DoNotOptimize(types);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_InferShapes)->Arg(100)->Arg(10000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hone
