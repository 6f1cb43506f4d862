// Every rule of ir/autodiff against finite differences of what the kernels
// compute, through ONNX's Gradient operator.
#include "kernels/exec/expand/gradient.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "ir/autodiff/autodiff.h"
#include "ir/elements/elements.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/text/parse_model.h"
#include "kernels/exec/expand/gradient_cases.h"
#include "kernels/exec/ops/testing/text_case.h"
#include "kernels/exec/plan.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

constexpr char kHeader[] =
    "<ir_version: 10, opset_import: [\"\": 24, "
    "\"ai.onnx.preview.training\": 1]>\n";

struct Variable {
  std::string name;
  std::string type;  // as declared
  Tensor value;
};

// "x: float64[2] random(1)", or with extents of its own after "=".
Variable ParseVariable(const std::string& text) {
  const size_t colon = text.find(": ");
  const size_t equal = text.find(" = ");
  Variable variable;
  variable.name = text.substr(0, colon);
  const std::string value = text.substr(
      equal == std::string::npos ? colon + 2 : equal + 3, std::string::npos);
  const size_t end = equal == std::string::npos ? text.find("] ") + 1 : equal;
  variable.type = text.substr(colon + 2, end - colon - 2);
  const absl::StatusOr<Tensor> tensor = ParseTensor(value);
  EXPECT_TRUE(tensor.ok()) << text << ": " << tensor.status();
  if (tensor.ok()) variable.value = *tensor;
  return variable;
}

// loss = sum(y sin y) of what the body computes as y; then the gradients.
std::string ModelText(const std::vector<Variable>& variables,
                      const std::string& body, bool gradients) {
  std::vector<std::string> inputs, names, outputs = {"? loss"};
  for (const Variable& v : variables) {
    inputs.push_back(absl::StrCat(v.type, " ", v.name));
    names.push_back(v.name);
    if (gradients) outputs.push_back(absl::StrCat("? d", v.name));
  }
  std::string text =
      absl::StrCat(kHeader, "net (", absl::StrJoin(inputs, ", "), ") => (",
                   absl::StrJoin(outputs, ", "), ") {\n", body,
                   "\n bent = Sin(y)\n each = Mul(y, bent)\n"
                   " loss = ReduceSum<keepdims = 0>(each)\n");
  if (gradients) {
    absl::StrAppend(&text, " d", absl::StrJoin(names, ", d"),
                    " = ai.onnx.preview.training.Gradient<xs = [\"",
                    absl::StrJoin(names, "\", \""), "\"], y = \"loss\">(",
                    absl::StrJoin(names, ", "), ")\n");
  }
  return text + "}";
}

absl::StatusOr<std::vector<Value>> Run(const Plan& plan,
                                       const std::vector<Variable>& variables) {
  Workspace workspace;
  ThreadPool pool(1);
  RunOptions options;
  options.pool = &pool;
  std::vector<Value> inputs;
  for (const Variable& v : variables) inputs.emplace_back(v.value);
  return plan.Run(workspace, inputs, options);
}

// `tensor` with `step` added to one element.
Tensor Moved(const Tensor& tensor, int64_t element, double step) {
  absl::Span<std::byte> bytes;
  Tensor moved = *Tensor::Allocate(tensor.dtype(), tensor.dims(), &bytes);
  for (int64_t i = 0; i < tensor.size(); ++i) {
    SetReal(tensor.dtype(), RealElement(tensor, i) + (i == element ? step : 0),
            i, bytes);
  }
  return moved;
}

void ExpectGradients(const GradientCase& c) {
  SCOPED_TRACE(absl::StrCat(c.op_type, ": ", c.body));
  std::vector<Variable> variables;
  for (const char* text : c.variables) {
    variables.push_back(ParseVariable(text));
  }
  const auto forward = ParseModel(ModelText(variables, c.body, false));
  const auto whole = ParseModel(ModelText(variables, c.body, true));
  ASSERT_TRUE(forward.ok()) << forward.status();
  ASSERT_TRUE(whole.ok()) << whole.status();
  const auto forward_plan = Compile(*forward, {});
  const auto plan = Compile(*whole, {});
  ASSERT_TRUE(forward_plan.ok()) << forward_plan.status();
  ASSERT_TRUE(plan.ok()) << plan.status();
  const auto found = Run(**plan, variables);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), variables.size() + 1);
  for (size_t v = 0; v < variables.size(); ++v) {
    const Tensor own = variables[v].value;
    const Tensor& gradient = (*found)[v + 1].tensor();
    ASSERT_EQ(gradient.dims(), own.dims()) << variables[v].name;
    ASSERT_EQ(gradient.dtype(), own.dtype()) << variables[v].name;
    const bool wide = own.dtype() == DType::kF64;
    const double step = wide ? 1e-5 : 2e-3;
    for (int64_t i = 0; i < own.size(); ++i) {
      double sums[2];
      for (const int side : {0, 1}) {
        variables[v].value = Moved(own, i, side == 0 ? -step : step);
        const auto moved = Run(**forward_plan, variables);
        ASSERT_TRUE(moved.ok()) << moved.status();
        sums[side] = RealElement((*moved)[0].tensor(), 0);
      }
      variables[v].value = own;
      const double slope = (sums[1] - sums[0]) / (2 * step);
      ASSERT_NEAR(RealElement(gradient, i), slope,
                  (wide ? 1e-6 : 2e-2) * std::max(1.0, std::fabs(slope)))
          << "d" << variables[v].name << "[" << i << "]";
    }
  }
}

TEST(Gradient, EqualsFiniteDifferences) {
  for (const GradientCase& c : AllGradientCases()) {
    ASSERT_NO_THROW(ExpectGradients(c)) << c.op_type << c.body;
  }
}

TEST(Gradient, EveryRuleHasACase) {
  std::set<std::string> tested;
  for (const GradientCase& c : AllGradientCases()) tested.insert(c.op_type);
  std::string last;
  for (const GradientRule& rule : AllGradientRules()) {
    EXPECT_LT(last, rule.op_type);
    last = std::string(rule.op_type);
    EXPECT_EQ(FindGradientRule("", rule.op_type), &rule);
    EXPECT_EQ(tested.erase(last), 1u) << last;
  }
  EXPECT_TRUE(tested.empty()) << *tested.begin();
}

constexpr char kNet[] = "net () => (? d) {\n";

std::string Text(const std::string& body) {
  return absl::StrCat(kHeader, kNet, body, "\n}");
}

// y = x^3: d = 3 x^2, dd = 6 x.
TEST(Gradient, OfAGradient) {
  ExpectOutputs(Text(R"(  x = constant float32[2] {2, 3}
    three = constant float32[] {3}
    y = Pow(x, three)
    first = ai.onnx.preview.training.Gradient<xs = ["x"], y = "y">(x)
    d = ai.onnx.preview.training.Gradient<xs = ["x"], y = "first">(x))"),
                {"float32[2] {12, 18}"}, 1e-5);
}

TEST(Gradient, AtOtherValues) {
  ExpectOutputs(Text(R"(  x = constant float32[2] {2, 3}
    z = constant float32[] {10}
    other = constant float32[2] {5, 7}
    one = constant float32[] {1}
    square = Mul(x, x)
    y = Mul(square, z)
    d = ai.onnx.preview.training.Gradient<xs = ["x"], zs = ["z"], y = "y">(
        other, one))"),
                {"float32[2] {10, 14}"});
}

TEST(Gradient, StopsAtIndependentValues) {
  // h is a variable of its own: what made it from x does not count.
  ExpectOutputs(Text(R"(  x = constant float32[2] {2, 3}
    h = Mul(x, x)
    y = Add(h, x)
    dx, d = ai.onnx.preview.training.Gradient<xs = ["x", "h"], y = "y">(x, h))"),
                {"float32[2] {1, 1}"});
  ExpectOutputs(absl::StrCat(kHeader, R"(net () => (? dx, ? du) {
    x = constant float32[2] {2, 3}
    u = constant float32[1, 2] {2, 3}
    h = Mul(x, x)
    y = Add(h, x)
    dx, du = ai.onnx.preview.training.Gradient<xs = ["x", "u"], zs = ["h"],
        y = "y">(x, u, h)
  })"),
                {"float32[2] {1, 1}", "float32[1, 2] {0, 0}"});
}

TEST(Gradient, FlowsPastNoStep) {
  for (const char* op : {"Floor", "Ceil", "Round", "Sign"}) {
    ExpectOutputs(Text(absl::StrCat(R"(  x = constant float32[2] {1.2, -2.7}
      step = )",
                                    op, R"((x)
      y = Mul(step, x)
      ones = ai.onnx.preview.training.Gradient<xs = ["x"], y = "y">(x)
      d = Sub(ones, step))")),
                  {"float32[2] {0, 0}"});
  }
}

TEST(Gradient, OfAnOldModel) {
  ExpectOutputs(
      "<ir_version: 7, opset_import: [\"\": 12, "
      "\"ai.onnx.preview.training\": 1]>\n"
      R"(net () => (float32[3] d) {
    x = constant float32[2, 3] {1, 2, 3, 4, 5, 6}
    b = constant float32[3] {1, 1, 1}
    d = ai.onnx.preview.training.Gradient<xs = ["b"], zs = ["x"], y = "y">(b, x)
    y = Mul(x, b)
  })",
      {"float32[3] {5, 7, 9}"});
}

TEST(Gradient, SaysWhatItCannotDo) {
  ExpectFailure(Text(R"(  x = constant float32[2] {2, 3}
    [odd] y = CumSum(x, axis)
    axis = constant int64[] {0}
    d = ai.onnx.preview.training.Gradient<xs = ["x"], y = "y">(x))"),
                "node odd: CumSum: no rule for its gradient");
  ExpectFailure(Text(R"(  x = constant float32[2] {2, 3}
    [g] d = ai.onnx.preview.training.Gradient<xs = ["x"], y = "nothing">(x))"),
                "node g: gradient: the graph has no value \"nothing\"");
  ExpectFailure(Text(R"(  x = constant float32[2] {2, 3}
    y = Mul(x, x)
    [g] d = ai.onnx.preview.training.Gradient<xs = ["x"], y = "y">(x, y))"),
                "node g");
}

}  // namespace
}  // namespace hone
