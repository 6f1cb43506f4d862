// One pass applied to a model in text form, for tests.
#ifndef HONE_IR_SIMPLIFY_APPLY_PASS_H_
#define HONE_IR_SIMPLIFY_APPLY_PASS_H_

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/graph/validate.h"
#include "ir/report/report.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/simplify/graph_edit.h"
#include "ir/simplify/passes.h"
#include "ir/text/parse_model.h"

namespace hone {

struct Done {
  Model model;
  Report rows;
  std::string ops;  // the nodes' types in order
};

// The model after one pass and the removal of dead nodes.
inline Done Apply(SimplifyFn pass, const std::string& text) {
  const auto parsed = ParseModel(text);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  Done done;
  done.model = *parsed;
  InferOptions infer;
  infer.for_rewriting = true;
  const auto types = InferShapes(done.model, infer);
  EXPECT_TRUE(types.ok()) << types.status();
  NameAllocator names(done.model.graph);
  GraphEdit::Surroundings surroundings;
  surroundings.model = &done.model;
  surroundings.types = &*types;
  surroundings.names = &names;
  surroundings.rows = &done.rows;
  GraphEdit edit(surroundings, &done.model.graph);
  edit.BeginPass("pass");
  pass(edit);
  edit.Finish();
  EXPECT_TRUE(Validate(done.model).ok()) << Validate(done.model);
  std::vector<std::string> ops;
  for (const Node& node : done.model.graph.nodes) ops.push_back(node.op_type);
  done.ops = absl::StrJoin(ops, " ");
  return done;
}

}  // namespace hone

#endif  // HONE_IR_SIMPLIFY_APPLY_PASS_H_
