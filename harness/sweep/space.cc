#include "harness/sweep/space.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "harness/cli/nearest.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

constexpr int64_t kMaxCombinations = 1000000;

struct Choice {
  std::string label;
  Json options;
};
struct Dimension {
  std::vector<Choice> choices;
};
struct Grid {
  std::vector<Dimension> dimensions;
  int64_t size = 1;
};

std::string TextOf(const Json& value) {
  return value.is_string() ? value.get<std::string>() : ToText(value);
}

// {"names": [...], "types": [...], "patterns": [...]} becomes the options of
// the same meaning.
absl::StatusOr<Choice> OwnIgnored(const Json& value, const std::string& file) {
  Choice choice;
  std::vector<std::string> labels;
  for (const auto& [key, list] : value.items()) {
    if (key != "names" && key != "types" && key != "patterns") {
      return InputError(file,
                        absl::StrCat("search.ignored: no such key '", key, "'"),
                        "names, types or patterns");
    }
    if (!list.is_array()) {
      return InputError(file, absl::StrCat("search.ignored.", key), "a list",
                        ToText(list));
    }
    choice.options["ignored_" + key] = list;
    for (const Json& item : list) labels.push_back(TextOf(item));
  }
  choice.label = absl::StrCat("ignored=", absl::StrJoin(labels, "+"));
  return choice;
}

absl::StatusOr<Choice> IgnoredChoice(const Json& value,
                                     const std::vector<Layer>& layers,
                                     const std::string& file) {
  if (value.is_object()) return OwnIgnored(value, file);
  const std::string name = value.is_null() ? "none" : TextOf(value);
  const auto names = ResolveIgnored(name, layers);
  if (!names.ok()) {
    Failure failure = FailureOf(names.status());
    failure.message = absl::StrCat(file, ": search.", failure.message);
    failure.file = file;
    return MakeFailure(failure);
  }
  Choice choice;
  choice.label = absl::StrCat("ignored=", name);
  choice.options = Json::object();
  if (!names->empty()) choice.options["ignored_names"] = *names;
  return choice;
}

absl::StatusOr<Grid> ReadGrid(const Json& search,
                              const std::vector<std::string>& keys,
                              const std::vector<Layer>& layers,
                              const std::string& file) {
  if (!search.is_object()) {
    return InputError(file, "search", "keys with lists of values",
                      ToText(search));
  }
  std::vector<std::string> names = keys;
  names.push_back("ignored");
  Grid grid;
  for (const auto& [key, given] : search.items()) {
    if (std::find(names.begin(), names.end(), key) == names.end()) {
      return InputError(
          file, absl::StrCat("search: no such key '", key, "'"),
          absl::StrCat("'", Nearest(key, names), "' is the nearest"));
    }
    const Json values = given.is_array() ? given : Json::array({given});
    if (values.empty()) {
      return InputError(file, absl::StrCat("search.", key),
                        "at least one value", "an empty list");
    }
    Dimension dimension;
    for (const Json& value : values) {
      Choice choice;
      if (key == "ignored") {
        HARNESS_ASSIGN_OR_RETURN(choice, IgnoredChoice(value, layers, file));
      } else {
        choice.label = absl::StrCat(key, "=", TextOf(value));
        choice.options[key] = value;
      }
      dimension.choices.push_back(std::move(choice));
    }
    grid.size *= static_cast<int64_t>(dimension.choices.size());
    if (grid.size > kMaxCombinations) {
      return InputError(file, "search: too many combinations",
                        absl::StrCat("at most ", kMaxCombinations));
    }
    grid.dimensions.push_back(std::move(dimension));
  }
  return grid;
}

// Combination `index`; the last dimension changes fastest.
TrialConfig ConfigAt(const Grid& grid, int64_t index) {
  std::vector<const Choice*> picked(grid.dimensions.size());
  for (size_t d = grid.dimensions.size(); d-- > 0;) {
    const std::vector<Choice>& choices = grid.dimensions[d].choices;
    const int64_t n = static_cast<int64_t>(choices.size());
    picked[d] = &choices[static_cast<size_t>(index % n)];
    index /= n;
  }
  TrialConfig config;
  config.options = Json::object();
  std::vector<std::string> labels;
  for (const Choice* choice : picked) {
    if (choice->label != "ignored=none") labels.push_back(choice->label);
    config.options.update(choice->options);
  }
  config.label = labels.empty() ? "defaults" : absl::StrJoin(labels, ", ");
  return config;
}

uint64_t SplitMix(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

absl::StatusOr<SearchMethod> MethodOf(const Json& name,
                                      const std::string& file) {
  const std::vector<std::string> methods = {"grid", "random", "accuracy"};
  const std::string text = TextOf(name);
  const auto found = std::find(methods.begin(), methods.end(), text);
  if (found == methods.end()) {
    return InputError(
        file, "search: no such method",
        absl::StrCat("'", Nearest(text, methods), "' is the nearest of ",
                     absl::StrJoin(methods, ", ")),
        text);
  }
  return static_cast<SearchMethod>(found - methods.begin());
}

// Everything that can be quantized is: where the accuracy search starts.
Json DefaultStart() {
  Json start = Json::array();
  for (const Json& grid : DefaultSearch()) {
    if (!grid.contains("ignored")) start.push_back(grid);
  }
  return start;
}

}  // namespace

absl::StatusOr<SearchPlan> ReadSearch(const Json& search,
                                      const std::string& method,
                                      const std::string& file) {
  SearchPlan plan;
  plan.grids = search;
  Json name = "grid";
  if (search.is_string()) {
    name = search;
    plan.grids = nullptr;
  } else if (search.is_object() && search.contains("method")) {
    name = search["method"];
    plan.grids.erase("method");
    if (plan.grids.empty()) plan.grids = nullptr;
  }
  if (!method.empty()) name = method;
  HARNESS_ASSIGN_OR_RETURN(plan.method,
                           MethodOf(name, method.empty() ? file : "--search"));
  if (plan.grids.is_null()) {
    plan.grids = plan.method == SearchMethod::kAccuracy ? DefaultStart()
                                                        : DefaultSearch();
  }
  return plan;
}

std::vector<int64_t> SampleBelow(int64_t n, int64_t count, uint64_t seed) {
  std::vector<int64_t> out;
  if (count >= n) {
    for (int64_t i = 0; i < n; ++i) out.push_back(i);
    return out;
  }
  // Floyd's method: `count` draws, every subset equally likely.
  std::set<int64_t> picked;
  uint64_t state = seed;
  for (int64_t j = n - count; j < n; ++j) {
    const int64_t t =
        static_cast<int64_t>(SplitMix(&state) % static_cast<uint64_t>(j + 1));
    if (!picked.insert(t).second) picked.insert(j);
  }
  return std::vector<int64_t>(picked.begin(), picked.end());
}

Json DefaultSearch() {
  return Json::array(
      {{{"preset", {"performance", "mixed"}},
        {"activations_range_estimator",
         {"mean_min_max", "min_max", "quantile", "mse"}}},
       {{"preset", {"mixed"}}, {"per_channel", {false}}},
       {{"preset", {"mixed"}},
        {"ignored", {"first_last", "depthwise", "squeeze_excite"}}}});
}

absl::StatusOr<Space> MakeSpace(const Json& search,
                                const std::vector<std::string>& keys,
                                const std::vector<Layer>& layers,
                                int64_t trials, uint64_t seed,
                                const std::string& file) {
  std::vector<Grid> grids;
  Space space;
  for (const Json& one : search.is_array() ? search : Json::array({search})) {
    HARNESS_ASSIGN_OR_RETURN(Grid grid, ReadGrid(one, keys, layers, file));
    space.combinations += grid.size;
    grids.push_back(std::move(grid));
  }
  if (grids.empty()) {
    return InputError(file, "search", "at least one grid", "an empty list");
  }
  if (space.combinations > kMaxCombinations) {
    return InputError(file, "search: too many combinations",
                      absl::StrCat("at most ", kMaxCombinations));
  }
  // Equal configurations are found before the sample is drawn, so that a
  // sample of n has n trials.
  std::vector<TrialConfig> all;
  std::map<std::string, std::string> seen;
  for (const Grid& grid : grids) {
    for (int64_t i = 0; i < grid.size; ++i) {
      TrialConfig config = ConfigAt(grid, i);
      const auto [it, fresh] =
          seen.emplace(CanonicalText(config.options), config.label);
      if (fresh) {
        all.push_back(std::move(config));
      } else {
        space.notes.push_back(absl::StrCat(
            config.label, ": the same for this model as ", it->second));
      }
    }
  }
  const int64_t n = static_cast<int64_t>(all.size());
  for (const int64_t i : SampleBelow(n, trials > 0 ? trials : n, seed)) {
    space.trials.push_back(std::move(all[static_cast<size_t>(i)]));
  }
  return space;
}

}  // namespace hone::harness
