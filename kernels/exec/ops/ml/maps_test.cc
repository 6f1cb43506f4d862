#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/map/map.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/text/parse_model.h"
#include "kernels/exec/plan.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

using ::testing::HasSubstr;

std::vector<std::string> Elements(const Tensor& tensor) {
  if (tensor.dtype() == DType::kString) return tensor.Strings();
  std::vector<std::string> texts;
  for (int64_t i = 0; i < tensor.size(); ++i) {
    const auto at = static_cast<size_t>(i);
    texts.push_back(tensor.dtype() == DType::kF32
                        ? absl::StrCat(tensor.Values<float>()[at])
                    : tensor.dtype() == DType::kF64
                        ? absl::StrCat(tensor.Values<double>()[at])
                        : absl::StrCat(tensor.Values<int64_t>()[at]));
  }
  return texts;
}

// "[{a: 1, b: 2}, {...}]" of a sequence of maps, "float32[1, 2] 3 4".
std::string Show(const Value& value) {
  if (value.kind() == Value::Kind::kMap) {
    const std::vector<std::string> keys = Elements(value.map_keys());
    const std::vector<std::string> values =
        Elements(value.map_values().tensor());
    std::vector<std::string> pairs;
    for (size_t i = 0; i < keys.size(); ++i) {
      pairs.push_back(absl::StrCat(keys[i], ": ", values[i]));
    }
    return absl::StrCat("{", absl::StrJoin(pairs, ", "), "}");
  }
  if (value.kind() == Value::Kind::kSequence) {
    std::vector<std::string> items;
    for (const Value& item : value.sequence()) items.push_back(Show(item));
    return absl::StrCat("[", absl::StrJoin(items, ", "), "]");
  }
  return absl::StrCat(DTypeName(value.tensor().dtype()),
                      DimsToString(value.tensor().dims()), " ",
                      absl::StrJoin(Elements(value.tensor()), " "));
}

absl::StatusOr<std::string> RunModel(const std::string& text,
                                     const std::vector<Value>& inputs,
                                     bool reference) {
  HONE_ASSIGN_OR_RETURN(
      const Model model,
      ParseModel("<ir_version: 10, opset_import: [\"ai.onnx.ml\": 3, \"\": "
                 "17]>\n" +
                 text));
  CompileOptions options;
  options.reference = reference;
  HONE_ASSIGN_OR_RETURN(const std::shared_ptr<const Plan> plan,
                        Compile(model, options));
  Workspace workspace;
  ThreadPool pool(2);
  RunOptions run;
  run.pool = &pool;
  HONE_ASSIGN_OR_RETURN(const std::vector<Value> values,
                        plan->Run(workspace, inputs, run));
  return Show(values[0]);
}

// What the model gives, or its error's message; the same both ways.
std::string Outcome(const std::string& text, const std::vector<Value>& inputs) {
  std::vector<std::string> outcomes;
  for (const bool reference : {false, true}) {
    const auto shown = RunModel(text, inputs, reference);
    outcomes.push_back(shown.ok() ? *shown
                                  : std::string(shown.status().message()));
  }
  EXPECT_EQ(outcomes[0], outcomes[1]);
  return outcomes[0];
}

// y = OP<attributes>(x).
std::string Net(const std::string& input, const std::string& output,
                const std::string& node) {
  const size_t brace = node.find('<');
  return absl::StrCat("net (", input, " x) => (", output,
                      " y) { [it] y = ai.onnx.ml.", node.substr(0, brace),
                      brace == std::string::npos ? "" : node.substr(brace),
                      "(x) }");
}

Value Rows(Dims dims, std::vector<float> values) {
  return Value(
      Tensor::FromVector<float>(std::move(dims), absl::MakeConstSpan(values)));
}

Value ByNumber(std::vector<int64_t> keys, std::vector<float> values) {
  const Dims dims = {static_cast<int64_t>(keys.size())};
  return *MakeMap(
      Tensor::FromVector<int64_t>(dims, absl::MakeConstSpan(keys)),
      Value(Tensor::FromVector<float>(dims, absl::MakeConstSpan(values))));
}

Value TextByNumber(std::vector<int64_t> keys, std::vector<std::string> values) {
  const Dims dims = {static_cast<int64_t>(keys.size())};
  return *MakeMap(Tensor::FromVector<int64_t>(dims, absl::MakeConstSpan(keys)),
                  Value(Tensor::FromStrings(dims, std::move(values))));
}

TEST(ZipMap, MapsFollowTheirKeys) {
  const Value x = Rows({2, 3}, {0, 1, 2, 3, 4, 5});
  const std::string ints =
      Net("float32[n, 3]", "sequence(map(int64, float32[]))",
          "ZipMap<classlabels_int64s = [5, -3, 1]>");
  EXPECT_EQ(Outcome(ints, {x}), "[{-3: 1, 1: 2, 5: 0}, {-3: 4, 1: 5, 5: 3}]");
  EXPECT_EQ(Outcome(ints, {Rows({0, 3}, {})}), "[]");
  EXPECT_EQ(Outcome(Net("float32[n, 3]", "sequence(map(string, float32[]))",
                        R"(ZipMap<classlabels_strings = ["z", "", "m"]>)"),
                    {x}),
            "[{: 1, m: 2, z: 0}, {: 4, m: 5, z: 3}]");
}

TEST(ZipMap, AVectorIsOneRowAndTheLastOfTwoLabelsCounts) {
  EXPECT_EQ(Outcome(Net("float32[2]", "sequence(map(int64, float32[]))",
                        "ZipMap<classlabels_int64s = [4, 2]>"),
                    {Rows({2}, {0.5f, 0.25f})}),
            "[{2: 0.25, 4: 0.5}]");
  EXPECT_EQ(Outcome(Net("float32[n, 3]", "sequence(map(int64, float32[]))",
                        "ZipMap<classlabels_int64s = [5, 5, 1]>"),
                    {Rows({1, 3}, {1, 2, 3})}),
            "[{1: 3, 5: 2}]");
}

TEST(ZipMap, OfConstantsAndInTheMiddle) {
  EXPECT_EQ(Outcome(R"(net () => (sequence(map(int64, float32[])) y) {
      x = constant float32[1, 2] {1, 2}
      y = ai.onnx.ml.ZipMap<classlabels_int64s = [0, 1]>(x)
    })",
                    {}),
            "[{0: 1, 1: 2}]");
  EXPECT_EQ(Outcome(R"(net (float32[n, 2] x) => (float32[1, 2] y) {
      at = constant int64[] {1}
      z = ai.onnx.ml.ZipMap<classlabels_int64s = [7, 3]>(x)
      row = SequenceAt(z, at)
      y = ai.onnx.ml.CastMap(row)
    })",
                    {Rows({2, 2}, {1, 2, 3, 4})}),
            "float32[1, 2] 4 3");
}

TEST(ZipMap, RefusesOtherLabelsAndColumns) {
  const auto outcome = [](const std::string& type, const Value& x,
                          const std::string& attributes) {
    return Outcome(
        Net(type, "sequence(map(int64, float32[]))", "ZipMap" + attributes),
        {x});
  };
  const Value x = Rows({1, 2}, {1, 2});
  const std::string both = "classlabels_strings and classlabels_int64s";
  EXPECT_EQ(outcome("float32[1, 2]", x, ""),
            "node it: " + both + ": expected one of the two, found none");
  EXPECT_EQ(outcome("float32[1, 2]", x,
                    R"(<classlabels_int64s = [0, 1],
                        classlabels_strings = ["a", "b"]>)"),
            "node it: " + both + ": expected one of the two, found both");
  EXPECT_THAT(outcome("float32[...]", x, "<classlabels_int64s = [0, 1, 2]>"),
              HasSubstr("node it: extents of the input: expected [n, 3], as "
                        "many columns as class labels, found [1, 2]"));
  EXPECT_THAT(outcome("float32[...]", Rows({1, 1, 2}, {1, 2}),
                      "<classlabels_int64s = [0, 1]>"),
              HasSubstr("node it"));
  EXPECT_THAT(
      outcome("float32[...]", Rows({}, {1}), "<classlabels_int64s = [0]>"),
      HasSubstr("node it"));
  EXPECT_THAT(
      outcome("float64[1, 1]", Value(Tensor::FromVector<double>({1, 1}, {1.0})),
              "<classlabels_int64s = [0]>"),
      HasSubstr("node it: type of the input: expected float32, found "
                "float64"));
}

TEST(DictVectorizer, ValuesInTheOrderOfTheWords) {
  EXPECT_EQ(Outcome(Net("map(int64, float32[])", "float32[1, 3]",
                        "DictVectorizer<int64_vocabulary = [9, 5, 1]>"),
                    {ByNumber({1, 5, 8}, {1.5f, 2.5f, 3.5f})}),
            "float32[1, 3] 0 2.5 1.5");
  EXPECT_EQ(Outcome(Net("map(int64, string[])", "string[1, 2]",
                        "DictVectorizer<int64_vocabulary = [1, 2]>"),
                    {TextByNumber({1}, {"one"})}),
            "string[1, 2] one ");
  const Value counts =
      *MakeMap(Tensor::FromStrings({2}, {"c", "a"}),
               Value(Tensor::FromVector<int64_t>({2}, {8, 4})));
  EXPECT_EQ(
      Outcome(
          Net("map(string, int64[])", "int64[1, 5]",
              R"(DictVectorizer<string_vocabulary = ["a", "c", "b", "z", "a"]>)"),
          {counts}),
      "int64[1, 5] 4 8 0 0 4");
  const Value doubles = *MakeMap(Tensor::FromStrings({1}, {"b"}),
                                 Value(Tensor::FromVector<double>({1}, {2.5})));
  EXPECT_EQ(Outcome(Net("map(string, float64[])", "float64[1, 2]",
                        R"(DictVectorizer<string_vocabulary = ["a", "b"]>)"),
                    {doubles}),
            "float64[1, 2] 0 2.5");
}

TEST(DictVectorizer, OfNoKeys) {
  const Value empty =
      Value::Map(Tensor::FromStrings({0}, {}), Value::Sequence({}));
  const auto outcome = [&](const std::string& type) {
    return Outcome(
        Net(type, "? ", R"(DictVectorizer<string_vocabulary = ["a", "b"]>)"),
        {empty});
  };
  EXPECT_EQ(outcome("map(string, float32[])"), "float32[1, 2] 0 0");
  EXPECT_EQ(outcome("map(string, string[])"), "string[1, 2]  ");
  EXPECT_EQ(outcome("?"),
            "node it: the map: expected a declared type or some "
            "keys, found none");
}

TEST(DictVectorizer, RefusesOtherKeys) {
  const Value map = ByNumber({1}, std::vector<float>{1.5f});
  const auto outcome = [&](const std::string& attributes) {
    return Outcome(Net("map(int64, float32[])", "float32[1, 1]",
                       "DictVectorizer" + attributes),
                   {map});
  };
  EXPECT_EQ(outcome(R"(<string_vocabulary = ["1"]>)"),
            "node it: keys of the map: expected strings, found int64");
  EXPECT_EQ(outcome(""),
            "node it: string_vocabulary and int64_vocabulary: "
            "expected one of the two, found none");
  EXPECT_EQ(outcome(R"(<string_vocabulary = ["1"], int64_vocabulary = [1]>)"),
            "node it: string_vocabulary and int64_vocabulary: expected one of "
            "the two, found both");
  EXPECT_THAT(Outcome(Net("float32[1]", "float32[1, 1]",
                          "DictVectorizer<int64_vocabulary = [1]>"),
                      {Rows({1}, {1})}),
              HasSubstr("node it: the input: expected a map"));
}

TEST(CastMap, Dense) {
  const auto outcome = [](const std::string& to, const Value& x) {
    return Outcome(Net(x.map_values().tensor().dtype() == DType::kString
                           ? "map(int64, string[])"
                           : "map(int64, float32[])",
                       to == "TO_STRING"  ? "string[1, n]"
                       : to == "TO_INT64" ? "int64[1, n]"
                                          : "float32[1, n]",
                       "CastMap<cast_to = \"" + to + "\">"),
                   {x});
  };
  const Value numbers = ByNumber({3, -1, 0}, {-2.75f, 1e10f, 0.1f});
  EXPECT_EQ(outcome("TO_FLOAT", numbers), "float32[1, 3] 1e+10 0.1 -2.75");
  EXPECT_EQ(outcome("TO_INT64", numbers), "int64[1, 3] 10000000000 0 -2");
  EXPECT_EQ(outcome("TO_STRING", numbers),
            "string[1, 3] 10000000000.000000 0.100000 -2.750000");
  EXPECT_EQ(outcome("TO_INT64", ByNumber({0, 1}, {NAN, 1e30f})),
            "int64[1, 2] -9223372036854775808 -9223372036854775808");
  const Value texts = TextByNumber({2, 1}, {"15", "-3"});
  EXPECT_EQ(outcome("TO_FLOAT", texts), "float32[1, 2] -3 15");
  EXPECT_EQ(outcome("TO_INT64", texts), "int64[1, 2] -3 15");
  EXPECT_EQ(outcome("TO_STRING", texts), "string[1, 2] -3 15");
  EXPECT_EQ(outcome("TO_FLOAT", TextByNumber({1}, {"12x"})),
            "node it: a value of the map: expected a number, found 12x");
  EXPECT_EQ(outcome("TO_INT64", TextByNumber({1}, {"1.5"})),
            "node it: a value of the map: expected an integer, found 1.5");
}

TEST(CastMap, Sparse) {
  const auto outcome = [](const std::string& attributes, const Value& x) {
    return Outcome(Net("map(int64, float32[])", "float32[1, n]",
                       "CastMap<map_form = \"SPARSE\"" + attributes + ">"),
                   {x});
  };
  const Value map = ByNumber({0, 3}, {1.5f, 2.5f});
  EXPECT_EQ(outcome(", max_map = 5", map), "float32[1, 5] 1.5 0 0 2.5 0");
  EXPECT_EQ(outcome(", max_map = 2", map), "float32[1, 2] 1.5 0");
  EXPECT_EQ(outcome("", map), "float32[1, 1] 1.5");
  EXPECT_EQ(Outcome(Net("map(int64, float32[])", "string[1, 2]",
                        R"(CastMap<map_form = "SPARSE", max_map = 2,
                           cast_to = "TO_STRING">)"),
                    {map}),
            "string[1, 2] 1.500000 0.f");
  EXPECT_THAT(outcome(", max_map = 2", ByNumber({-1}, std::vector<float>{1})),
              HasSubstr("node it: a key of the map: expected at least 0 in a "
                        "sparse one, found -1"));
  EXPECT_THAT(outcome(", max_map = 0", map), HasSubstr("max_map"));
  EXPECT_THAT(outcome(", max_map = -2", map), HasSubstr("max_map"));
}

TEST(CastMap, RefusesOtherWords) {
  const auto outcome = [](const std::string& attributes) {
    return Outcome(
        Net("map(int64, float32[])", "float32[1, n]", "CastMap" + attributes),
        {ByNumber({0}, std::vector<float>{1})});
  };
  EXPECT_THAT(outcome(R"(<cast_to = "TO_DOUBLE">)"), HasSubstr("cast_to"));
  EXPECT_THAT(outcome(R"(<map_form = "dense">)"), HasSubstr("map_form"));
  EXPECT_EQ(
      Outcome(Net("map(string, float32[])", "float32[1, n]", "CastMap"),
              {*MakeMap(Tensor::FromStrings({1}, {"a"}), Rows({1}, {1}))}),
      "node it: keys of the map: expected integers, found string");
}

TEST(MapInputs, FitTheModel) {
  const std::string model =
      Net("map(int64, float32[])", "float32[1, n]", "CastMap");
  EXPECT_THAT(Outcome(model, {Rows({1}, {1})}),
              HasSubstr("expected map(int64, float32[]), found float32[1]"));
  EXPECT_THAT(Outcome(model, {TextByNumber({1}, {"a"})}),
              HasSubstr("found a map(int64, string)"));
  EXPECT_THAT(Outcome(model, {Value::Sequence({})}),
              HasSubstr("found a sequence"));
}

}  // namespace
}  // namespace hone
