#include "tests/fuzz/fuzz_model.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/graph/sort.h"
#include "ir/graph/validate.h"
#include "ir/onnx/read_model.h"
#include "ir/onnx/value_proto.h"
#include "ir/onnx/write_model.h"
#include "ir/shape_inference/shape_inference.h"
#include "kernels/exec/plan.h"

namespace hone {
namespace {

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// What was written once is read, and written again byte for byte.
void CheckRoundTrip(const Model& model) {
  const absl::StatusOr<std::string> once = WriteModelToBytes(model);
  if (!once.ok()) return;
  const absl::StatusOr<Model> again = ReadModelFromBytes(*once, nullptr);
  if (!again.ok()) Fail("a model that was written cannot be read");
  const absl::StatusOr<std::string> twice = WriteModelToBytes(*again);
  if (!twice.ok() || *twice != *once) Fail("a second writing differs");
}

void FuzzValue(absl::string_view bytes, ValueKind kind) {
  const absl::StatusOr<NamedValue> value = ReadValue(bytes, nullptr, kind);
  if (!value.ok()) return;
  const absl::StatusOr<std::string> once = WriteValue(*value, kind);
  if (!once.ok()) Fail("a value that was read cannot be written");
  if (!ReadValue(*once, nullptr, kind).ok()) {
    Fail("a value that was written cannot be read");
  }
}

}  // namespace

void FuzzModel(absl::string_view bytes) {
  absl::StatusOr<Model> model = ReadModelFromBytes(bytes, nullptr);
  if (!model.ok()) {
    FuzzValue(bytes, ValueKind::kTensor);
    FuzzValue(bytes, ValueKind::kSequence);
    FuzzValue(bytes, ValueKind::kOptional);
    FuzzValue(bytes, ValueKind::kMap);
    return;
  }
  CheckRoundTrip(*model);
  if (!SortTopologically(&*model).ok()) return;
  if (!Validate(*model).ok()) return;
  InferShapes(*model, {}).IgnoreError();
  Compile(*model, {}).IgnoreError();
}

}  // namespace hone
