// Reads ONNX models, opset 7 to the newest.
//
//   HONE_ASSIGN_OR_RETURN(Model model, ReadModel("model.onnx"));
//
// The file is mapped and weights are views into it: reading takes memory for
// the graph's structure, not for its weights. Nodes come in the file's order;
// nothing is checked that concerns more than one message (see
// ir/graph/validate.h). Everything in the file survives a WriteModel, fields
// that Hone does not know included; where data is stored (typed or raw, inline
// or external) may change.
#ifndef HONE_IR_ONNX_READ_MODEL_H_
#define HONE_IR_ONNX_READ_MODEL_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"

namespace hone {

// NotFound, PermissionDenied: the file or a data file beside it.
// InvalidArgument: not a model, cut off, or hostile; the message names the
// file, the node or value, what was expected and what was found.
absl::StatusOr<Model> ReadModel(const std::string& path);

// Tensors view `bytes`, which `owner` keeps alive; a null owner means that the
// bytes outlive the model. External data is looked up in `folder`; when that is
// empty, a model with external data is an error.
absl::StatusOr<Model> ReadModelFromBytes(absl::string_view bytes,
                                         std::shared_ptr<const void> owner,
                                         const std::string& folder = "");

}  // namespace hone

#endif  // HONE_IR_ONNX_READ_MODEL_H_
