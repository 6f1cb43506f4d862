// Latency of a model's plan, and where it goes.
//
//   bazel run //kernels/exec:plan_bench -- MODEL [THREADS [EXTENT [FOLDER
//   [TARGET]]]]
//
// Inputs are random; EXTENT (1) stands for every symbolic or unknown extent, or
// is a list of them in order: 1,48,192.
// Prints the least and the median of many runs in milliseconds, the arena, and
// the steps that take longest. With FOLDER, raw inputs are read from
// FOLDER/input_K.bin and raw outputs are written to FOLDER/output_K.bin, to be
// compared with a peer's; "-" is no folder. TARGET, "avx2" or "sse4", leaves
// out what is newer.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "hwy/highway.h"
#include "ir/onnx/read_model.h"
#include "kernels/exec/plan.h"

namespace hone {
namespace {

double Now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Value InputFor(const ValueInfo& info, const std::vector<int64_t>& extents,
               const std::string& file) {
  Dims dims;
  size_t open = 0;
  for (const Dim& dim : info.type.shape.value_or(Shape())) {
    dims.push_back(dim.known() ? dim.value
                               : extents[std::min(open++, extents.size() - 1)]);
  }
  absl::Span<std::byte> bytes;
  Tensor tensor = *Tensor::Allocate(info.type.dtype, dims, &bytes);
  std::ifstream in(file, std::ios::binary);
  if (in) {
    in.read(reinterpret_cast<char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  } else if (info.type.dtype == DType::kF32) {
    float* values = reinterpret_cast<float*>(bytes.data());
    uint32_t state = 1;
    for (int64_t i = 0; i < tensor.size(); ++i) {
      state = state * 1664525u + 1013904223u;
      values[i] = static_cast<float>(state >> 8) / (1 << 23) - 1;
    }
  }
  return tensor;
}

int Main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr,
                 "plan_bench MODEL [THREADS [EXTENT [FOLDER [TARGET]]]]\n");
    return 2;
  }
  const int threads = argc > 2 ? std::atoi(argv[2]) : 1;
  std::vector<int64_t> extents;
  std::stringstream list(argc > 3 ? argv[3] : "1");
  for (std::string extent; std::getline(list, extent, ',');) {
    extents.push_back(std::atoll(extent.c_str()));
  }
  const std::string folder =
      argc > 4 && std::string(argv[4]) != "-" ? std::string(argv[4]) + "/" : "";
  const std::string target = argc > 5 ? argv[5] : "";
  if (!target.empty()) {
    // Bits of better instruction sets are lower.
    const int64_t best = target == "sse4" ? HWY_SSE4 : HWY_AVX2;
    hwy::DisableTargets(best - 1);
  }
  const double start = Now();
  const auto model = ReadModel(argv[1]);
  if (!model.ok()) {
    std::fprintf(stderr, "%s\n", model.status().ToString().c_str());
    return 1;
  }
  const double read = Now();
  const auto plan = Compile(*model, {});
  if (!plan.ok()) {
    std::fprintf(stderr, "%s\n", plan.status().ToString().c_str());
    return 1;
  }
  const double compiled = Now();
  std::vector<Value> inputs;
  for (const ValueInfo& info : (*plan)->inputs()) {
    inputs.push_back(
        InputFor(info, extents,
                 folder + "input_" + std::to_string(inputs.size()) + ".bin"));
  }
  ThreadPool pool(threads);
  Workspace workspace;
  RunOptions run;
  run.pool = &pool;
  std::vector<double> times;
  const double end = Now() + 3;
  while (times.size() < 5 || (Now() < end && times.size() < 500)) {
    const double before = Now();
    const auto outputs = (*plan)->Run(workspace, inputs, run);
    times.push_back(Now() - before);
    if (!outputs.ok()) {
      std::fprintf(stderr, "%s\n", outputs.status().ToString().c_str());
      return 1;
    }
    if (times.size() == 1 && !folder.empty()) {
      for (size_t i = 0; i < outputs->size(); ++i) {
        if (!(*outputs)[i].is_tensor()) continue;
        const auto bytes = (*outputs)[i].tensor().bytes();
        std::ofstream(folder + "output_" + std::to_string(i) + ".bin",
                      std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
      }
    }
  }
  std::vector<double> warm(times.begin() + 1, times.end());
  std::sort(warm.begin(), warm.end());
  std::printf(
      "read %.1f ms, compile %.1f ms, first %.2f ms, least %.3f ms, "
      "median %.3f ms of %zu, %d threads, arena %.2f MB, packed %.2f MB\n",
      1e3 * (read - start), 1e3 * (compiled - read), 1e3 * times[0],
      1e3 * warm[0], 1e3 * warm[warm.size() / 2], warm.size(), threads,
      workspace.arena_bytes() / 1e6, (*plan)->packed_bytes() / 1e6);

  std::vector<StepTime> steps;
  workspace.profile = &steps;
  const int rounds = 5;
  for (int i = 0; i < rounds; ++i) {
    if (!(*plan)->Run(workspace, inputs, run).ok()) return 1;
  }
  std::map<std::string, double> by_kernel;
  std::map<std::string, double> by_step;
  for (const StepTime& step : steps) {
    by_kernel[step.op_type + " " + step.kernel] += step.seconds / rounds;
    by_step[step.node + " " + step.op_type] += step.seconds / rounds;
  }
  for (const auto& table : {by_kernel, by_step}) {
    std::vector<std::pair<double, std::string>> rows;
    for (const auto& [name, seconds] : table) rows.emplace_back(seconds, name);
    std::sort(rows.rbegin(), rows.rend());
    if (rows.size() > 15) rows.resize(15);
    for (const auto& [seconds, name] : rows) {
      std::printf("%9.3f ms  %s\n", 1e3 * seconds, name.c_str());
    }
    std::printf("\n");
  }
  return 0;
}

}  // namespace
}  // namespace hone

int main(int argc, char** argv) { return hone::Main(argc, argv); }
