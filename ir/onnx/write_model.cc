#include "ir/onnx/write_model.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"
#include "ir/onnx/atomic_file.h"
#include "ir/onnx/carried.h"
#include "ir/onnx/external_data.h"
#include "ir/onnx/fields.h"
#include "ir/onnx/wire.h"
#include "ir/onnx/write_graph.h"

namespace hone {
namespace {

WireWriter WriteModelProto(const Model& model, ExternalDataLayout* external) {
  namespace keys = fields::model;
  WireWriter out;
  std::string raw = model.raw;
  WireWriter opsets;
  WriteMap(keys::kOpsetImport, model.opsets, &raw, &opsets);
  WireWriter metadata;
  WriteMap(keys::kMetadata, model.metadata, &raw, &metadata);
  out.Raw(raw);
  if (model.ir_version != 0) {
    out.Varint(keys::kIrVersion, static_cast<uint64_t>(model.ir_version));
  }
  out.Append(opsets);
  const auto text = [&out](uint32_t key, const std::string& value) {
    if (!value.empty()) out.Bytes(key, value);
  };
  text(keys::kProducerName, model.producer_name);
  text(keys::kProducerVersion, model.producer_version);
  text(keys::kDomain, model.domain);
  if (model.model_version != 0) {
    out.Varint(keys::kModelVersion, static_cast<uint64_t>(model.model_version));
  }
  text(keys::kDoc, model.doc);
  out.Append(metadata);
  for (const Function& function : model.functions) {
    WireWriter message;
    WriteFunctionProto(function, external, &message);
    out.Message(keys::kFunctions, message);
  }
  WireWriter graph;
  WriteGraphProto(model.graph, external, &graph);
  out.Message(keys::kGraph, graph);
  return out;
}

absl::Status TooLarge(uint64_t size) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "the model is too large for one file",
                   {.expected = absl::StrCat("at most ", kLargestModelFile,
                                             " bytes, or external data"),
                    .found = absl::StrCat(size)});
}

absl::Status WriteData(const ExternalDataLayout& layout, AtomicFile* file) {
  for (const ExternalDataLayout::Piece& piece : layout.pieces()) {
    HONE_RETURN_IF_ERROR(file->PadTo(piece.offset));
    HONE_RETURN_IF_ERROR(file->Append(piece.bytes));
  }
  return file->Flush();
}

absl::Status WriteMessage(const WireWriter& message, AtomicFile* file) {
  HONE_RETURN_IF_ERROR(message.ForEachPiece(
      [file](absl::string_view piece) { return file->Append(piece); }));
  return file->Flush();
}

}  // namespace

absl::Status WriteModel(const Model& model, const std::string& path,
                        const WriteOptions& options) {
  using External = WriteOptions::External;
  std::optional<ExternalDataLayout> layout;
  WireWriter message;
  if (options.external != External::kAlways) {
    message = WriteModelProto(model, nullptr);
  }
  const bool fits = message.size() <= options.inline_limit &&
                    message.size() <= kLargestModelFile;
  if (options.external == External::kAlways ||
      (options.external == External::kAuto && !fits)) {
    const size_t slash = path.rfind('/');
    const size_t name = slash == std::string::npos ? 0 : slash + 1;
    const std::string location = options.external_file.empty()
                                     ? path.substr(name) + ".data"
                                     : options.external_file;
    if (location.find('/') != std::string::npos || location == "." ||
        location == ".." || location == path.substr(name)) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "bad name of a data file",
                       {.file = path,
                        .expected = "a plain file name other than the model's",
                        .found = absl::StrCat("\"", location, "\"")});
    }
    layout.emplace(location, options.external_min_bytes);
    message = WriteModelProto(model, &*layout);
  }
  if (message.size() > kLargestModelFile) {
    return WithFile(TooLarge(message.size()), path);
  }
  HONE_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  if (!layout.has_value() || layout->pieces().empty()) {
    HONE_RETURN_IF_ERROR(WriteMessage(message, &file));
    return file.Commit();
  }
  const size_t slash = path.rfind('/');
  HONE_ASSIGN_OR_RETURN(
      AtomicFile data,
      AtomicFile::Create(
          slash == std::string::npos
              ? layout->location()
              : absl::StrCat(path.substr(0, slash + 1), layout->location())));
  HONE_RETURN_IF_ERROR(WriteData(*layout, &data));
  HONE_RETURN_IF_ERROR(WriteMessage(message, &file));
  HONE_RETURN_IF_ERROR(data.Commit());
  return file.Commit();
}

uint64_t ModelByteSize(const Model& model) {
  return WriteModelProto(model, nullptr).size();
}

absl::StatusOr<std::string> WriteModelToBytes(const Model& model) {
  const WireWriter message = WriteModelProto(model, nullptr);
  if (message.size() > kLargestModelFile) return TooLarge(message.size());
  return message.ToString();
}

}  // namespace hone
