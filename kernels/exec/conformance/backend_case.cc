#include "kernels/exec/conformance/backend_case.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/onnx/read_model.h"
#include "ir/onnx/value_proto.h"
#include "kernels/exec/conformance/compare.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> FoldersIn(const fs::path& folder) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_directory(error)) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

// ONNX's tests write bfloat16 data as uint16.
Value AsBFloat16(const Value& value) {
  if (!value.is_tensor() || value.tensor().dtype() != DType::kU16) return value;
  const Tensor& tensor = value.tensor();
  absl::StatusOr<Tensor> same =
      Tensor::View(DType::kBF16, tensor.dims(), tensor.bytes(), tensor.owner());
  return same.ok() ? Value(*std::move(same)) : value;
}

absl::StatusOr<std::vector<Value>> ReadValues(
    const fs::path& folder, const char* stem,
    const std::vector<ValueInfo>& infos) {
  std::vector<Value> values;
  for (size_t i = 0; i < infos.size(); ++i) {
    const fs::path path = folder / absl::StrCat(stem, "_", i, ".pb");
    if (!fs::exists(path)) break;
    HONE_ASSIGN_OR_RETURN(
        NamedValue value,
        ReadValueFile(path.string(), ValueKindOf(infos[i].type)));
    values.push_back(infos[i].type.dtype == DType::kBF16
                         ? AsBFloat16(value.value)
                         : std::move(value.value));
  }
  return values;
}

// tolerance.txt, "RELATIVE ABSOLUTE", where the case has one. Random numbers
// are those of ONNX's generator: what is expected of them is their kind.
Tolerance ToleranceOf(const fs::path& folder, const Model& model) {
  Tolerance tolerance;
  std::ifstream file(folder / "tolerance.txt");
  double relative = 0, absolute = 0;
  if (file >> relative >> absolute) {
    tolerance.relative = relative;
    tolerance.absolute = absolute;
  }
  for (const Node& node : model.graph.nodes) {
    if (node.Is("Bernoulli") || node.Is("RandomUniformLike")) {
      tolerance.values = false;
    }
  }
  return tolerance;
}

absl::Status RunDataSets(const fs::path& folder, const Plan& plan,
                         const Tolerance& tolerance, ThreadPool& pool) {
  int sets = 0;
  Workspace workspace;
  for (const fs::path& set : FoldersIn(folder)) {
    if (!absl::StartsWith(set.filename().string(), "test_data_set_")) continue;
    ++sets;
    HONE_ASSIGN_OR_RETURN(const std::vector<Value> inputs,
                          ReadValues(set, "input", plan.inputs()));
    HONE_ASSIGN_OR_RETURN(const std::vector<Value> expected,
                          ReadValues(set, "output", plan.outputs()));
    RunOptions run;
    run.pool = &pool;
    HONE_ASSIGN_OR_RETURN(const std::vector<Value> found,
                          plan.Run(workspace, inputs, run));
    for (size_t i = 0; i < expected.size(); ++i) {
      const absl::Status same = Compare(expected[i], found[i], tolerance);
      if (!same.ok()) {
        return absl::FailedPreconditionError(
            absl::StrCat("output ", i, ": ", same.message()));
      }
    }
  }
  if (sets == 0) return absl::NotFoundError("no test_data_set folder");
  return absl::OkStatus();
}

}  // namespace

std::vector<BackendCase> FindBackendCases(const std::string& root) {
  std::vector<BackendCase> cases;
  for (const fs::path& suite : FoldersIn(root)) {
    if (fs::exists(suite / "model.onnx")) {
      cases.push_back({"", suite.filename().string(), suite.string()});
      continue;
    }
    for (const fs::path& folder : FoldersIn(suite)) {
      if (!fs::exists(folder / "model.onnx")) continue;
      cases.push_back({suite.filename().string(), folder.filename().string(),
                       folder.string()});
    }
  }
  return cases;
}

std::map<std::string, std::string> ReadGaps(const std::string& path) {
  std::map<std::string, std::string> gaps;
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#') continue;
    const size_t space = line.find(' ');
    if (space == std::string::npos) {
      gaps[line];
    } else {
      gaps[line.substr(0, space)] = line.substr(space + 1);
    }
  }
  return gaps;
}

CaseResult RunBackendCase(const BackendCase& backend_case,
                          const CompileOptions& options, ThreadPool& pool) {
  CaseResult result;
  const fs::path folder = backend_case.folder;
  const auto finish = [&](const absl::Status& status) {
    result.message = std::string(status.message());
    result.outcome = status.ok() ? CaseResult::Outcome::kPassed
                     : absl::IsUnimplemented(status)
                         ? CaseResult::Outcome::kUnsupported
                         : CaseResult::Outcome::kFailed;
    return result;
  };
  const absl::StatusOr<Model> model =
      ReadModel((folder / "model.onnx").string());
  if (!model.ok()) return finish(model.status());
  std::set<std::string> operators;
  for (const Node& node : model->graph.nodes) operators.insert(node.op_type);
  result.operators.assign(operators.begin(), operators.end());
  const absl::StatusOr<std::shared_ptr<const Plan>> plan =
      Compile(*model, options);
  if (!plan.ok()) return finish(plan.status());
  if (options.accelerator != nullptr) {
    result.operators.clear();
    for (const auto& [type, count] : (*plan)->placement().device_operators) {
      result.operators.push_back(type);
    }
    if (result.operators.empty()) {
      return finish(absl::UnimplementedError("no step on the accelerator"));
    }
  }
  return finish(RunDataSets(folder, **plan, ToleranceOf(folder, *model), pool));
}

}  // namespace hone
