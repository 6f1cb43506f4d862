#include "ir/onnx/read_model.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/onnx/carried.h"
#include "ir/onnx/external_data.h"
#include "ir/onnx/fields.h"
#include "ir/onnx/mapped_file.h"
#include "ir/onnx/read_graph.h"
#include "ir/onnx/tensor_proto.h"
#include "ir/onnx/wire.h"

namespace hone {
namespace {

absl::StatusOr<Model> ReadModelProto(absl::string_view message,
                                     ReadContext* context) {
  namespace keys = fields::model;
  Model model;
  model.ir_version = 0;
  MapReader<std::string> metadata;
  MapReader<int64_t> opsets;
  bool has_graph = false;
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    switch (field.key) {
      case keys::kIrVersion:
        KeepInt(field, &model.ir_version, &model.raw);
        break;
      case keys::kProducerName:
        KeepString(field, &model.producer_name, &model.raw);
        break;
      case keys::kProducerVersion:
        KeepString(field, &model.producer_version, &model.raw);
        break;
      case keys::kDomain:
        KeepString(field, &model.domain, &model.raw);
        break;
      case keys::kModelVersion:
        KeepInt(field, &model.model_version, &model.raw);
        break;
      case keys::kDoc:
        KeepString(field, &model.doc, &model.raw);
        break;
      case keys::kGraph:
        has_graph = true;
        HONE_RETURN_IF_ERROR(
            ReadGraphProto(field.bytes, 0, context, &model.graph));
        break;
      case keys::kOpsetImport:
        HONE_RETURN_IF_ERROR(opsets.Add(field.bytes, &model.opsets));
        break;
      case keys::kMetadata:
        HONE_RETURN_IF_ERROR(metadata.Add(field.bytes, &model.metadata));
        break;
      case keys::kFunctions: {
        HONE_ASSIGN_OR_RETURN(Function function,
                              ReadFunctionProto(field.bytes, context));
        model.functions.push_back(std::move(function));
        break;
      }
      default:
        model.raw.append(field.whole.data(), field.whole.size());
    }
  }
  HONE_RETURN_IF_ERROR(reader.status());
  if (!has_graph) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "not an ONNX model",
        {.expected = "a graph",
         .found = absl::StrCat(message.size(), " bytes without one")});
  }
  metadata.Finish(keys::kMetadata, &model.raw);
  opsets.Finish(keys::kOpsetImport, &model.raw);
  return model;
}

}  // namespace

absl::StatusOr<Model> ReadModel(const std::string& path) {
  HONE_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file,
                        MappedFile::Open(path));
  const absl::string_view bytes = file->bytes();
  ReadContext context{std::move(file), ExternalDataReader(path)};
  absl::StatusOr<Model> model = ReadModelProto(bytes, &context);
  if (!model.ok()) return WithFile(model.status(), path);
  return model;
}

absl::StatusOr<Model> ReadModelFromBytes(absl::string_view bytes,
                                         std::shared_ptr<const void> owner,
                                         const std::string& folder) {
  ReadContext context{
      std::move(owner),
      ExternalDataReader(folder.empty() ? "" : absl::StrCat(folder, "/"))};
  return ReadModelProto(bytes, &context);
}

}  // namespace hone
