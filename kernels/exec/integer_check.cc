// Whether the integer kernels equal the simulation on every layer of models.
//
//   bazel run //kernels/exec:integer_check -- MODEL.onnx...
//
// Inputs are random; symbolic extents are 1. Prints for each model the integer
// operators of its plan, the values compared, and those that differ; exits 1
// when one does.
#include <cstdio>

#include "ir/onnx/read_model.h"
#include "kernels/exec/testing/simulation.h"

int main(int argc, char** argv) {
  bool same = argc > 1;
  for (int i = 1; i < argc; ++i) {
    const auto model = hone::ReadModel(argv[i]);
    if (!model.ok()) {
      std::fprintf(stderr, "%s\n", model.status().ToString().c_str());
      return 3;
    }
    const auto check =
        hone::CompareWithSimulation(*model, hone::SimulationInputs(*model, 1));
    if (!check.ok()) {
      std::fprintf(stderr, "%s: %s\n", argv[i],
                   check.status().ToString().c_str());
      return 3;
    }
    std::printf("%s: %d integer operators, %d values compared, %zu differ\n",
                argv[i], check->operators, check->values,
                check->different.size());
    for (const std::string& name : check->different) {
      std::printf("  %s\n", name.c_str());
    }
    same = same && check->different.empty();
  }
  return same ? 0 : 1;
}
