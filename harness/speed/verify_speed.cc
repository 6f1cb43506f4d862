#include "harness/speed/verify_speed.h"

#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/bench/command_contender.h"
#include "harness/bench/contender.h"
#include "harness/bench/rounds.h"
#include "harness/bench/start_contender.h"
#include "harness/error/error.h"
#include "harness/speed/region_search.h"

namespace hone::harness {
namespace {

constexpr int kLeastLayers = 6;  // of a stretch
constexpr int64_t kTrialRounds = 16;
constexpr int64_t kFinalRounds = 40;
constexpr double kTurnMs = 10;

// Operators that compute, as against those that move or clamp.
bool Computes(const std::string& op) {
  static const auto& ops = *new std::set<std::string>{
      "Add",    "Concat",      "Conv",      "Gemm",   "GlobalAveragePool",
      "Mul",    "HardSigmoid", "HardSwish", "MatMul", "LeakyRelu",
      "Sigmoid"};
  return ops.count(op) > 0;
}

struct Layer {
  std::string name;
  std::string kind;
};

class Verifier {
 public:
  explicit Verifier(const SpeedSettings& settings) : settings_(settings) {}

  absl::StatusOr<SpeedResult> Verify() {
    HARNESS_ASSIGN_OR_RETURN(
        folder_, InputFolder::Make(*settings_.signature, *settings_.samples));
    HARNESS_RETURN_IF_ERROR(FindLayers());
    std::vector<std::string> kinds;
    for (const Layer& layer : layers_) kinds.push_back(layer.kind);
    HARNESS_ASSIGN_OR_RETURN(
        const SpeedSearch search,
        SearchRegions(GroupsOf(kinds, kLeastLayers), layers_.size(),
                      settings_.most_measurements,
                      [&](const InFloat& candidate, const InFloat& best) {
                        return Measure(candidate, best);
                      }));
    return Conclude(search);
  }

 private:
  absl::Status FindLayers() {
    TextPtr text;
    HARNESS_RETURN_IF_ERROR(FromHone(hone_model_inspect(
        settings_.context, settings_.model, nullptr, Out(&text))));
    const Json inspected = ParseJson(ToString(text.get()));
    std::set<std::string> depthwise;
    std::map<std::string, int> times;
    for (const Json& node : inspected.value("nodes", Json::array())) {
      const std::string name = node.value("name", std::string());
      ++times[name];
      if (node.value("depthwise", false)) depthwise.insert(name);
    }
    HARNESS_ASSIGN_OR_RETURN(QuantizedCandidate all, settings_.quantize({}));
    for (const Json& row : all.nodes) {
      const std::string name = row.value("name", std::string());
      const std::string op = row.value("op", std::string());
      if (row.value("done", std::string()) != "quantized" || !Computes(op) ||
          times[name] != 1) {
        continue;
      }
      layers_.push_back(
          {name, depthwise.count(name) > 0 ? op + ", depthwise" : op});
    }
    return absl::OkStatus();
  }

  std::vector<std::string> NamesOf(const InFloat& in_float) const {
    std::vector<std::string> names;
    for (size_t i = 0; i < in_float.size(); ++i) {
      if (in_float[i]) names.push_back(layers_[i].name);
    }
    return names;
  }

  absl::StatusOr<std::unique_ptr<Contender>> Start(const std::string& path,
                                                   const hone_model* model) {
    return StartContender(
        {settings_.context, settings_.samples, settings_.command,
         folder_->path(), settings_.interrupted, settings_.warn},
        path, model);
  }

  // Keeps the best candidate's process, which the next one is measured beside.
  absl::StatusOr<Contender*> ContenderOf(const InFloat& in_float) {
    const auto found = running_.find(in_float);
    if (found != running_.end()) return found->second.contender.get();
    HARNESS_ASSIGN_OR_RETURN(QuantizedCandidate candidate,
                             settings_.quantize(NamesOf(in_float)));
    const std::string path =
        absl::StrCat(folder_->path(), "/candidate-", ++candidates_, ".onnx");
    HARNESS_RETURN_IF_ERROR(FromHone(
        hone_model_save(candidate.model.get(), path.c_str(), nullptr)));
    Running running;
    HARNESS_ASSIGN_OR_RETURN(running.contender,
                             Start(path, candidate.model.get()));
    running.model = std::move(candidate.model);
    return running_.emplace(in_float, std::move(running))
        .first->second.contender.get();
  }

  absl::StatusOr<SpeedRatio> Measure(const InFloat& candidate,
                                     const InFloat& best) {
    for (auto it = running_.begin(); it != running_.end();) {
      it = it->first == best ? std::next(it) : running_.erase(it);
    }
    HARNESS_ASSIGN_OR_RETURN(Contender * first, ContenderOf(best));
    HARNESS_ASSIGN_OR_RETURN(Contender * second, ContenderOf(candidate));
    if (settings_.progress) settings_.progress("verify speed", ++measured_);
    RoundOptions options;
    options.rounds = kTrialRounds;
    options.turn_ms = kTurnMs;
    options.samples = static_cast<int64_t>(settings_.samples->size());
    HARNESS_ASSIGN_OR_RETURN(const RoundsResult result,
                             RunRounds({first, second}, options));
    const Timing& timing = result.timings[1];
    return SpeedRatio{timing.ratio.value, timing.verdict == Verdict::kFaster};
  }

  absl::StatusOr<SpeedResult> Conclude(const SpeedSearch& search) {
    SpeedResult out;
    out.in_float = NamesOf(search.best);
    HARNESS_ASSIGN_OR_RETURN(Contender * chosen, ContenderOf(search.best));
    HARNESS_ASSIGN_OR_RETURN(const std::unique_ptr<Contender> reference,
                             Start(settings_.model_path, settings_.model));
    RoundOptions options;
    options.rounds = kFinalRounds;
    options.turn_ms = kTurnMs;
    options.samples = static_cast<int64_t>(settings_.samples->size());
    HARNESS_ASSIGN_OR_RETURN(const RoundsResult result,
                             RunRounds({reference.get(), chosen}, options));
    const Timing& timing = result.timings[1];
    out.faster = timing.verdict == Verdict::kFaster;
    Json decisions = Json::array();
    for (const SpeedDecision& decision : search.decisions) {
      decisions.push_back({{"group", decision.group},
                           {"to", decision.to_float ? "float" : "int8"},
                           {"ratio", decision.ratio},
                           {"kept", decision.kept}});
    }
    out.json = {
        {"engine", reference->engine()}, {"ratio", timing.ratio.value},
        {"ratio_low", timing.ratio.low}, {"ratio_high", timing.ratio.high},
        {"faster", out.faster},          {"conclusive", result.conclusive},
        {"layers", layers_.size()},      {"in_float", out.in_float},
        {"decisions", decisions}};
    out.text = absl::StrFormat(
        "verify-speed: %.2f [%.2f, %.2f] of the float model's time in %s; %d "
        "of %d layers left in float for it, %d measurements\n",
        timing.ratio.value, timing.ratio.low, timing.ratio.high,
        reference->engine(), out.in_float.size(), layers_.size(),
        search.decisions.size());
    if (!out.faster) {
      absl::StrAppend(&out.text,
                      "verify-speed: the result is NOT FASTER than "
                      "the float model",
                      timing.verdict == Verdict::kUnclear
                          ? " as far as this noisy machine can tell\n"
                          : " there\n");
    }
    return out;
  }

  struct Running {
    ModelPtr model;
    std::unique_ptr<Contender> contender;
  };

  const SpeedSettings& settings_;
  std::unique_ptr<InputFolder> folder_;
  std::vector<Layer> layers_;
  std::map<InFloat, Running> running_;
  int candidates_ = 0;
  int measured_ = 0;
};

}  // namespace

absl::StatusOr<SpeedResult> VerifySpeed(const SpeedSettings& settings) {
  return Verifier(settings).Verify();
}

}  // namespace hone::harness
