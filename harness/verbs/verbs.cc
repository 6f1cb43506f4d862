#include "harness/verbs/verbs.h"

namespace hone::harness {

const std::vector<Verb>& Verbs() {
  static const std::vector<Verb>& verbs = *new std::vector<Verb>{
      {"inspect", "what a model consists of, and what could be done to it",
       InspectSpecification, RunInspect},
      {"run", "run a model over data and write its outputs", RunSpecification,
       RunRun},
      {"eval", "measure a model on labelled data, with confidence intervals",
       EvalSpecification, RunEval},
      {"quantize", "post-training quantization to 8 bits",
       QuantizeSpecification, RunQuantize},
      {"statistics", "collect calibration statistics for quantize",
       StatisticsSpecification, RunStatistics},
      {"bench", "time models side by side, in other runtimes too",
       BenchSpecification, RunBench},
      {"compare", "how far a model is from another, value by value",
       CompareSpecification, RunCompare},
      {"simplify", "a smaller graph that computes the same",
       SimplifySpecification, RunSimplify},
      {"convert", "float16 or bfloat16 instead of float32",
       ConvertSpecification, RunConvert},
      {"sweep", "try many quantizations, measure each, keep the best",
       SweepSpecification, RunSweepVerb},
      {"report", "write the page of a sweep", ReportSpecification, RunReport},
      {"doctor", "what this machine offers, with a self-test",
       DoctorSpecification, RunDoctor},
  };
  return verbs;
}

const std::vector<std::string>& LaterVerbs() {
  static const std::vector<std::string>& verbs = *new std::vector<std::string>{
      "compress", "prune", "train", "preprocess", "protect", "optimize"};
  return verbs;
}

}  // namespace hone::harness
