#include "algorithms/accuracy_control/prefix_runs.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "algorithms/runner/cached_source.h"
#include "algorithms/statistics/value_hash.h"
#include "algorithms/subgraph/extract.h"
#include "algorithms/subgraph/segments.h"
#include "ir/error/error.h"
#include "ir/shape_inference/shape_inference.h"
#include "kernels/exec/plan.h"

namespace hone {
namespace {

constexpr uint64_t kFileFactor = 4;

using Names = std::vector<std::string>;

// Values that cross just before node `at`, in order of name.
Names CrossingBefore(const Graph& graph, int at) {
  Names names;
  for (const auto& [name, life] : Lifetimes(graph)) {
    if (life.made < at && life.last >= at) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

uint64_t BytesOf(absl::Span<const Value> values) {
  uint64_t bytes = 0;
  for (const Value& value : values) {
    if (value.is_tensor()) bytes += value.tensor().bytes().size();
  }
  return bytes;
}

}  // namespace

PrefixRuns::PrefixRuns(SampleSource& source, std::vector<uint64_t> samples,
                       Runner& runner, uint64_t cache_bytes)
    : source_(source),
      samples_(std::move(samples)),
      runner_(runner),
      most_bytes_(cache_bytes * (1 + kFileFactor)),
      cache_(cache_bytes) {}

void PrefixRuns::Forget(const Cut& cut) {
  absl::flat_hash_set<std::string> used;
  for (const Cut& other : cuts_) {
    if (&other != &cut) used.insert(other.hashes.begin(), other.hashes.end());
  }
  for (const std::string& hash : cut.hashes) {
    if (!used.contains(hash)) cache_.Drop(hash);
  }
}

absl::Status PrefixRuns::Go(const Model& model, int keep_before, bool outputs,
                            absl::Span<const uint64_t> samples,
                            const char* stage, Consume consume) {
  HONE_ASSIGN_OR_RETURN(const InferredTypes types, InferShapes(model, {}));
  const auto hashes = HashValues(model);
  absl::flat_hash_map<std::string, std::string> by_hash;
  const auto lives = Lifetimes(model.graph);
  for (const auto& [name, life] : lives) by_hash[hashes.at(name)] = name;

  Names wanted;
  if (outputs) {
    for (const ValueInfo& output : model.graph.outputs) {
      wanted.push_back(output.name);
    }
  }
  const size_t output_count = wanted.size();
  Names kept;
  if (keep_before > 0) kept = CrossingBefore(model.graph, keep_before);
  wanted.insert(wanted.end(), kept.begin(), kept.end());

  // From the graph's inputs, or from the kept cut that leaves least to run.
  Names inputs;
  for (const ValueInfo& input : model.graph.inputs) {
    if (lives.contains(input.name)) inputs.push_back(input.name);
  }
  HONE_ASSIGN_OR_RETURN(Model part,
                        ExtractSubgraph(model, types, inputs, wanted));
  const size_t whole = part.graph.nodes.size();
  Names keys;  // of the inputs in the cache; none: from the source
  for (const Cut& cut : cuts_) {
    if (cut.samples_left > 0) continue;
    Names names, cut_keys;
    for (const std::string& hash : cut.hashes) {
      const auto found = by_hash.find(hash);
      if (found == by_hash.end()) continue;
      names.push_back(found->second);
      cut_keys.push_back(hash);
    }
    if (names.empty()) continue;
    absl::StatusOr<Model> rest = ExtractSubgraph(model, types, names, wanted);
    if (!rest.ok() || rest->graph.nodes.size() >= part.graph.nodes.size()) {
      continue;
    }
    part = *std::move(rest);
    keys = std::move(cut_keys);
  }
  nodes_run_ += static_cast<int64_t>(part.graph.nodes.size());
  nodes_reused_ += static_cast<int64_t>(whole - part.graph.nodes.size());

  Cut* filling = nullptr;
  if (!kept.empty()) {
    Names cut_hashes;
    for (const std::string& name : kept) cut_hashes.push_back(hashes.at(name));
    for (Cut& cut : cuts_) {
      if (cut.hashes == cut_hashes) filling = &cut;
    }
    if (filling != nullptr && filling->samples_left == 0) {
      filling = nullptr;  // kept already
      kept.clear();
    } else if (filling == nullptr) {
      if (cuts_.size() >= kMostCuts) {
        // The cut that this run begins at goes last.
        auto victim = cuts_.begin();
        if (victim->hashes == keys && cuts_.size() > 1) ++victim;
        const Cut gone = *victim;
        cuts_.erase(victim);
        Forget(gone);
      }
      cuts_.push_back({cut_hashes, samples_.size()});
      filling = &cuts_.back();
    }
  }

  HONE_ASSIGN_OR_RETURN(const std::shared_ptr<const Plan> plan,
                        Compile(part, {}));
  CachedSource cached(cache_, keys, source_.size());
  SampleSource& source = keys.empty() ? source_ : cached;
  bool fits = true;
  HONE_RETURN_IF_ERROR(runner_.Run(
      {&plan, 1}, source, samples, stage,
      [&](const SampleOutputs& sample) -> absl::Status {
        const absl::Span<const Value> all = sample.outputs[0];
        const auto crossing = all.subspan(output_count);
        if (filling != nullptr && fits &&
            BytesOf(crossing) * samples_.size() > most_bytes_ / kMostCuts) {
          fits = false;
        }
        if (filling != nullptr && fits) {
          for (size_t i = 0; i < kept.size(); ++i) {
            HONE_RETURN_IF_ERROR(
                cache_.Put(filling->hashes[i], sample.index, crossing[i]));
          }
          --filling->samples_left;
        }
        return outputs ? consume(sample.index, all.first(output_count))
                       : absl::OkStatus();
      }));
  if (filling != nullptr && !fits) {
    const Cut gone = *filling;
    cuts_.erase(std::find_if(cuts_.begin(), cuts_.end(),
                             [&](const Cut& cut) { return &cut == filling; }));
    Forget(gone);
  }
  return absl::OkStatus();
}

absl::Status PrefixRuns::Run(const Model& model, int keep_before,
                             absl::Span<const uint64_t> samples,
                             const char* stage, Consume consume) {
  return Go(model, keep_before, true, samples, stage, consume);
}

absl::Status PrefixRuns::Advance(const Model& model, int keep_before,
                                 const char* stage) {
  if (keep_before <= 0 || CrossingBefore(model.graph, keep_before).empty()) {
    return absl::OkStatus();
  }
  return Go(model, keep_before, false, samples_, stage,
            [](uint64_t, absl::Span<const Value>) { return absl::OkStatus(); });
}

}  // namespace hone
