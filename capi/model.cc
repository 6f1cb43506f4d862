#include "capi/model.h"

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "capi/context.h"
#include "capi/error.h"
#include "capi/options.h"
#include "capi/text.h"
#include "ir/error/error.h"
#include "ir/graph/sort.h"
#include "ir/graph/validate.h"
#include "ir/onnx/read_model.h"
#include "ir/onnx/write_model.h"
#include "ir/type/type.h"

using hone::capi::Guard;
using hone::capi::Misuse;
using hone::capi::ValueDescription;

namespace hone::capi {
namespace {

ValueDescription Describe(const ValueInfo& info) {
  ValueDescription d;
  d.name = info.name;
  d.type = info.type.ToString();
  if (!info.type.is_tensor()) return d;
  d.dtype = static_cast<hone_dtype>(info.type.dtype);
  if (!info.type.shape.has_value()) return d;
  d.rank = static_cast<int32_t>(info.type.shape->size());
  for (const Dim& dim : *info.type.shape) {
    d.dims.push_back(dim.known() ? dim.value : -1);
    d.symbols.push_back(dim.symbolic() ? dim.symbol : "");
  }
  return d;
}

// Once the descriptions stay where they are.
void PointAtSymbols(std::vector<ValueDescription>* all) {
  for (ValueDescription& d : *all) {
    for (const std::string& symbol : d.symbols) {
      d.symbol_pointers.push_back(symbol.c_str());
    }
  }
}

absl::Status Fill(const std::vector<ValueDescription>& all, size_t index,
                  hone_value_info* out) {
  // Callers of before version 6 have no room for the type.
  constexpr size_t kLeast = offsetof(hone_value_info, type);
  if (out->struct_size < kLeast) {
    return Misuse("struct_size", "out", absl::StrCat(kLeast),
                  absl::StrCat(out->struct_size));
  }
  if (index >= all.size()) {
    return Misuse("out of range", "index", absl::StrCat("below ", all.size()),
                  absl::StrCat(index));
  }
  const ValueDescription& d = all[index];
  out->name = d.name.c_str();
  out->dtype = d.dtype;
  out->rank = d.rank;
  out->dims = d.dims.data();
  out->symbols = d.symbol_pointers.data();
  if (out->struct_size >= sizeof(hone_value_info)) out->type = d.type.c_str();
  return absl::OkStatus();
}

absl::StatusOr<WriteOptions> SaveOptions(const hone_options* options) {
  HONE_RETURN_IF_ERROR(CheckVerb(options, "save"));
  WriteOptions write;
  const std::string external = GetString(options, "external_data");
  if (external == "always") write.external = WriteOptions::External::kAlways;
  if (external == "never") write.external = WriteOptions::External::kNever;
  return write;
}

}  // namespace

std::vector<const ValueInfo*> RunInputs(const Graph& graph) {
  absl::flat_hash_set<absl::string_view> initializers;
  for (const Initializer& initializer : graph.initializers) {
    initializers.insert(initializer.name);
  }
  std::vector<const ValueInfo*> inputs;
  for (const ValueInfo& info : graph.inputs) {
    if (!initializers.contains(info.name)) inputs.push_back(&info);
  }
  return inputs;
}

absl::StatusOr<hone_model*> NewModel(Model model) {
  HONE_RETURN_IF_ERROR(SortTopologically(&model));
  HONE_RETURN_IF_ERROR(Validate(model));
  auto made = std::make_unique<hone_model>();
  made->model = std::move(model);
  for (const ValueInfo* info : RunInputs(made->model.graph)) {
    made->inputs.push_back(Describe(*info));
  }
  for (const ValueInfo& info : made->model.graph.outputs) {
    made->outputs.push_back(Describe(info));
  }
  PointAtSymbols(&made->inputs);
  PointAtSymbols(&made->outputs);
  return made.release();
}

}  // namespace hone::capi

hone_error* hone_model_load(const hone_context* context, const char* path,
                            hone_model** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(path);
  return Guard([&]() -> absl::Status {
    HONE_ASSIGN_OR_RETURN(hone::Model model, hone::ReadModel(path));
    absl::StatusOr<hone_model*> made = hone::capi::NewModel(std::move(model));
    if (!made.ok()) return hone::WithFile(made.status(), path);
    *out = *made;
    hone::capi::Log(context, HONE_LOG_DEBUG,
                    absl::StrCat("read ", path, ": ",
                                 (*out)->model.graph.nodes.size(), " nodes"));
    return absl::OkStatus();
  });
}

hone_error* hone_model_from_bytes(const hone_context* context, const void* data,
                                  size_t bytes, const char* folder,
                                  hone_model** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  if (bytes > 0) HONE_REQUIRE(data);
  return Guard([&]() -> absl::Status {
    const auto copy = std::make_shared<const std::string>(
        static_cast<const char*>(data), bytes);
    HONE_ASSIGN_OR_RETURN(
        hone::Model model,
        hone::ReadModelFromBytes(*copy, copy, folder == nullptr ? "" : folder));
    HONE_ASSIGN_OR_RETURN(*out, hone::capi::NewModel(std::move(model)));
    hone::capi::Log(context, HONE_LOG_DEBUG,
                    absl::StrCat("read a model of ", bytes, " bytes"));
    return absl::OkStatus();
  });
}

hone_error* hone_model_save(const hone_model* model, const char* path,
                            const hone_options* options) {
  HONE_REQUIRE(model);
  HONE_REQUIRE(path);
  return Guard([&]() -> absl::Status {
    HONE_ASSIGN_OR_RETURN(const hone::WriteOptions write,
                          hone::capi::SaveOptions(options));
    return hone::capi::OfWriting(hone::WriteModel(model->model, path, write));
  });
}

hone_error* hone_model_to_bytes(const hone_model* model, hone_text** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(model);
  return Guard([&]() -> absl::Status {
    HONE_ASSIGN_OR_RETURN(std::string bytes,
                          hone::WriteModelToBytes(model->model));
    *out = hone::capi::NewText(std::move(bytes));
    return absl::OkStatus();
  });
}

void hone_model_free(hone_model* model) { delete model; }

size_t hone_model_input_count(const hone_model* model) {
  return model == nullptr ? 0 : model->inputs.size();
}

hone_error* hone_model_input(const hone_model* model, size_t index,
                             hone_value_info* out) {
  HONE_REQUIRE(model);
  HONE_REQUIRE(out);
  return Guard([&] { return hone::capi::Fill(model->inputs, index, out); });
}

size_t hone_model_output_count(const hone_model* model) {
  return model == nullptr ? 0 : model->outputs.size();
}

hone_error* hone_model_output(const hone_model* model, size_t index,
                              hone_value_info* out) {
  HONE_REQUIRE(model);
  HONE_REQUIRE(out);
  return Guard([&] { return hone::capi::Fill(model->outputs, index, out); });
}

const char* hone_model_metadata(const hone_model* model, const char* key) {
  if (model == nullptr || key == nullptr) return nullptr;
  return hone::capi::GuardOr(
      static_cast<const char*>(nullptr), [&]() -> const char* {
        const auto found = model->model.metadata.find(key);
        return found == model->model.metadata.end() ? nullptr
                                                    : found->second.c_str();
      });
}
