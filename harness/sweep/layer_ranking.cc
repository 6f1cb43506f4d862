#include "harness/sweep/layer_ranking.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace hone::harness {
namespace {

constexpr size_t kMostNames = 8;

template <typename TextOf>
std::string List(const std::vector<RankedLayer>& layers, TextOf text_of) {
  std::vector<std::string> texts;
  for (const RankedLayer& layer : layers) {
    if (texts.size() == kMostNames) break;
    texts.push_back(text_of(layer));
  }
  std::string text = absl::StrJoin(texts, ", ");
  if (layers.size() > texts.size()) {
    absl::StrAppend(&text, " and ", layers.size() - texts.size(), " more");
  }
  return text;
}

}  // namespace

std::vector<RankedLayer> RankBySensitivity(const Json& sensitivity) {
  const Json layers = sensitivity.value("layers", Json::array());
  const double error = sensitivity.value("output_error", 0.0);
  double all_macs = 0;
  for (const Json& layer : layers) all_macs += layer.value("macs", 0.0);
  std::vector<RankedLayer> ranking;
  for (const Json& layer : layers) {
    RankedLayer one;
    one.name = layer.value("name", "");
    one.place = ranking.size();
    one.gain = error > 0 ? 1 - layer.value("without", 0.0) / error : 0;
    one.macs = all_macs > 0 ? layer.value("macs", 0.0) / all_macs : 0;
    one.score = one.gain / (1 / static_cast<double>(layers.size()) + one.macs);
    ranking.push_back(std::move(one));
  }
  std::sort(ranking.begin(), ranking.end(),
            [](const RankedLayer& a, const RankedLayer& b) {
              return a.score != b.score ? a.score > b.score : a.place < b.place;
            });
  return ranking;
}

std::vector<std::string> NamesInGraphOrder(std::vector<RankedLayer> layers) {
  std::sort(layers.begin(), layers.end(),
            [](const RankedLayer& a, const RankedLayer& b) {
              return a.place < b.place;
            });
  std::vector<std::string> names;
  for (RankedLayer& layer : layers) names.push_back(std::move(layer.name));
  return names;
}

std::string SomeNames(const std::vector<RankedLayer>& layers) {
  return List(layers, [](const RankedLayer& layer) { return layer.name; });
}

std::string NamesAndGains(const std::vector<RankedLayer>& layers) {
  return List(layers, [](const RankedLayer& layer) {
    return absl::StrFormat("%s %.0f %%", layer.name, 100 * layer.gain);
  });
}

}  // namespace hone::harness
