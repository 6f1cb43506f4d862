#include "harness/sweep/accuracy_search.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/json/json.h"
#include "harness/sweep/layer_ranking.h"

namespace hone::harness {
namespace {

constexpr size_t kBases = 2;
constexpr size_t kAtOnce = 2;
// Layers that are tried in integers again.
constexpr size_t kMostReturned = 8;

struct Base {
  const Trial* trial = nullptr;
  WorstDrop worst;
  std::vector<RankedLayer> ranking;
};

// A configuration that leaves layers in float.
struct Found {
  const Base* base = nullptr;
  const Trial* trial = nullptr;
  std::vector<RankedLayer> in_float;
};

std::string Layers(size_t n) {
  return n == 1 ? "1 layer" : absl::StrCat(n, " layers");
}

class Search {
 public:
  Search(const std::vector<Trial>& trials, const AccuracyGoal& goal,
         const SensitivityOf& sensitivity)
      : trials_(trials), goal_(goal), sensitivity_(sensitivity) {
    for (const Trial& trial : trials) by_config_.emplace(trial.config, &trial);
  }

  absl::StatusOr<NextTrials> Run() {
    std::vector<Base> bases = FindBases();
    if (bases.empty()) {
      next_.verdict = "no configuration with every layer quantized was made";
      return std::move(next_);
    }
    if (bases[0].worst.excess <= 0) {
      next_.verdict =
          absl::StrCat("within the bound with every layer quantized: trial ",
                       bases[0].trial->id);
      return std::move(next_);
    }
    for (Base& base : bases) {
      const absl::StatusOr<Json> found =
          sensitivity_(FullyQuantized(base.trial->config));
      if (!found.ok()) return found.status();
      base.ranking = RankBySensitivity(*found);
      // All layers in float are no quantized model.
      if (base.ranking.size() < 2) continue;
      if (!(best_.trial == nullptr ? Gallop(base) : Challenge(base))) {
        return Proposals();
      }
    }
    if (best_.trial != nullptr && !GiveBack()) return Proposals();
    next_.verdict = Verdict();
    return std::move(next_);
  }

 private:
  // Fully quantized and measured, the nearest to the bound first.
  std::vector<Base> FindBases() const {
    std::vector<Base> bases;
    for (size_t i = 1; i < trials_.size(); ++i) {
      const Trial& trial = trials_[i];
      if (trial.state != "done" || !trial.artifact.has_value() ||
          FullyQuantized(trial.config) != trial.config) {
        continue;
      }
      const std::optional<WorstDrop> worst =
          WorstDropOf(trial, trials_[0], goal_.bounds);
      if (worst.has_value()) bases.push_back({&trial, *worst, {}});
    }
    std::sort(bases.begin(), bases.end(), [](const Base& a, const Base& b) {
      const int64_t left = a.trial->artifact->size_bytes;
      const int64_t right = b.trial->artifact->size_bytes;
      if (a.worst.excess != b.worst.excess) {
        return a.worst.excess < b.worst.excess;
      }
      return left != right ? left < right : a.trial->id < b.trial->id;
    });
    std::set<std::string> files;
    std::vector<Base> out;
    for (Base& base : bases) {
      if (out.size() == kBases) break;
      if (files.insert(base.trial->artifact->sha256).second) {
        out.push_back(std::move(base));
      }
    }
    return out;
  }

  // What came of leaving these layers in float: null, and the trial is
  // proposed, when it has not been tried.
  const Trial* Try(const Base& base, const std::vector<RankedLayer>& in_float,
                   const std::string& why) {
    Json config = ParseJson(base.trial->config);
    std::vector<std::string> names = goal_.ignored;
    for (std::string& name : NamesInGraphOrder(in_float)) {
      names.push_back(std::move(name));
    }
    config["ignored_names"] = names;
    // Folding may have made a layer that the file does not name.
    config["ignored_validate"] = false;
    const std::string text = CanonicalText(config);
    const auto found = by_config_.find(text);
    if (found != by_config_.end()) return found->second;
    next_.trials.push_back(
        {absl::StrCat(base.trial->label, ", ", in_float.size(), " of ",
                      base.ranking.size(), " layers in float"),
         text, why});
    return nullptr;
  }

  const Trial* TryHead(const Base& base, size_t count, const std::string& why) {
    const std::vector<RankedLayer> head(base.ranking.begin(),
                                        base.ranking.begin() + count);
    return Try(base, head,
               absl::StrCat(why,
                            "; in float, with the share of the outputs' error "
                            "that goes with each alone: ",
                            NamesAndGains(head)));
  }

  bool Within(const Trial* trial) const {
    return trial->state == "done" && IsWithin(*trial, trials_[0], goal_.bounds);
  }

  void Take(const Base& base, size_t count, const Trial* trial) {
    best_ = {&base, trial,
             std::vector<RankedLayer>(base.ranking.begin(),
                                      base.ranking.begin() + count)};
  }

  // False: trials were proposed, and their results are needed.
  bool Gallop(const Base& base) {
    const size_t most = base.ranking.size() - 1;
    std::vector<size_t> counts;
    for (size_t count = 1; count < most; count *= 2) counts.push_back(count);
    counts.push_back(most);
    size_t failed = 0;
    for (size_t i = 0; i < counts.size(); i += kAtOnce) {
      const std::string why =
          failed == 0
              ? absl::StrCat(
                    "trial ", base.trial->id,
                    ", with every layer quantized: ", ToString(base.worst))
              : absl::StrCat(Layers(failed), " of trial ", base.trial->id,
                             "'s ranking in float are too few");
      const size_t end = std::min(counts.size(), i + kAtOnce);
      std::vector<const Trial*> results;
      for (size_t j = i; j < end; ++j) {
        results.push_back(TryHead(base, counts[j], why));
      }
      if (!next_.trials.empty()) return false;
      for (size_t j = i; j < end; ++j) {
        if (Within(results[j - i])) {
          Take(base, counts[j], results[j - i]);
          return Narrow(base, failed, counts[j]);
        }
        failed = counts[j];
      }
    }
    return true;
  }

  // Between a head that is too short and one that is not.
  bool Narrow(const Base& base, size_t failed, size_t met) {
    while (met - failed > 1) {
      const size_t gap = met - failed;
      std::vector<size_t> counts = {failed + std::max<size_t>(1, gap / 3)};
      if (gap > 2) counts.push_back(failed + std::max<size_t>(2, 2 * gap / 3));
      const std::string why =
          absl::StrCat("between ", failed, " and ", Layers(met), " of trial ",
                       base.trial->id, "'s ranking in float");
      std::vector<const Trial*> results;
      for (const size_t count : counts) {
        results.push_back(TryHead(base, count, why));
      }
      if (!next_.trials.empty()) return false;
      for (size_t i = 0; i < counts.size(); ++i) {
        if (Within(results[i])) {
          met = counts[i];
          Take(base, met, results[i]);
          break;
        }
        failed = counts[i];
      }
    }
    return true;
  }

  // Whether another configuration gets by with fewer layers in float.
  bool Challenge(const Base& base) {
    const size_t fewer =
        std::min(best_.in_float.size(), base.ranking.size()) - 1;
    if (fewer == 0) return true;
    const Trial* trial = TryHead(base, fewer,
                                 absl::StrCat("trial ", base.trial->id,
                                              ", the next best, with fewer "
                                              "layers in float than trial ",
                                              best_.trial->id));
    if (trial == nullptr) return false;
    if (!Within(trial)) return true;
    Take(base, fewer, trial);
    return Narrow(base, 0, fewer);
  }

  // Layers of the head that the bound can do without, the dearest first.
  bool GiveBack() {
    std::vector<RankedLayer> dearest = best_.in_float;
    std::sort(dearest.begin(), dearest.end(),
              [](const RankedLayer& a, const RankedLayer& b) {
                if (a.macs != b.macs) return a.macs > b.macs;
                return a.score != b.score ? a.score < b.score
                                          : a.place > b.place;
              });
    if (dearest.size() > kMostReturned) dearest.resize(kMostReturned);
    for (const RankedLayer& layer : dearest) {
      if (best_.in_float.size() < 2) break;
      std::vector<RankedLayer> rest;
      for (const RankedLayer& other : best_.in_float) {
        if (other.place != layer.place) rest.push_back(other);
      }
      const Trial* trial = Try(
          *best_.base, rest,
          absl::StrFormat("trial %d is within the bound; whether %s, with "
                          "%.1f %% of the multiply-accumulates, can go back "
                          "into integers",
                          best_.trial->id, layer.name, 100 * layer.macs));
      if (trial == nullptr) return false;
      if (Within(trial)) best_ = {best_.base, trial, std::move(rest)};
    }
    return true;
  }

  NextTrials Proposals() {
    if (goal_.most_trials > 0) {
      const int64_t left =
          goal_.most_trials - static_cast<int64_t>(trials_.size()) + 1;
      const size_t most = static_cast<size_t>(std::max<int64_t>(0, left));
      if (next_.trials.size() > most) next_.trials.resize(most);
      if (most == 0) {
        next_.verdict =
            absl::StrCat("the ", goal_.most_trials,
                         " trials are used up; so far: ", Verdict());
      }
    }
    return std::move(next_);
  }

  std::string Verdict() const {
    if (best_.trial != nullptr) {
      return absl::StrCat("within the bound with ", best_.in_float.size(),
                          " of ", best_.base->ranking.size(),
                          " layers in float: trial ", best_.trial->id, " (",
                          SomeNames(best_.in_float), ")");
    }
    const Trial* closest = nullptr;
    WorstDrop least;
    for (size_t i = 1; i < trials_.size(); ++i) {
      if (trials_[i].state != "done") continue;
      const std::optional<WorstDrop> worst =
          WorstDropOf(trials_[i], trials_[0], goal_.bounds);
      if (!worst.has_value() ||
          (closest != nullptr && worst->excess >= least.excess)) {
        continue;
      }
      closest = &trials_[i];
      least = *worst;
    }
    if (closest == nullptr) return "nothing was measured";
    return absl::StrCat(
        least.excess <= 0 ? "within the bound: trial "
                          : "not within the bound; closest came trial ",
        closest->id, " (", closest->label, "): ", ToString(least));
  }

  const std::vector<Trial>& trials_;
  const AccuracyGoal& goal_;
  const SensitivityOf& sensitivity_;
  std::map<std::string, const Trial*> by_config_;
  Found best_;
  NextTrials next_;
};

}  // namespace

absl::StatusOr<NextTrials> ProposeTrials(const std::vector<Trial>& trials,
                                         const AccuracyGoal& goal,
                                         const SensitivityOf& sensitivity) {
  return Search(trials, goal, sensitivity).Run();
}

}  // namespace hone::harness
