// Arrays of data sets as values of the C ABI, and back, without copies where
// memory allows.
#ifndef HONE_HARNESS_DATA_VALUES_H_
#define HONE_HARNESS_DATA_VALUES_H_

#include <string>

#include "absl/status/statusor.h"
#include "capi/hone.h"
#include "datasets/array/array.h"
#include "datasets/dataset/dataset.h"
#include "harness/abi/handles.h"
#include "harness/data/signature.h"

namespace hone::harness {

// The value keeps the array's memory alive.
absl::StatusOr<ValuePtr> ValueOf(const datasets::Array& array);

// A view: the value must outlive it. Unimplemented: no tensor, or a dtype that
// arrays do not have. `what` is for messages.
absl::StatusOr<datasets::Array> ArrayOf(const hone_value* value,
                                        const std::string& what);

// Parses ONNX test data of the port's kind; of an unknown kind a sequence or an
// optional.
absl::StatusOr<ValuePtr> ValueOf(const datasets::ValueProto& proto,
                                 const Port& port);

}  // namespace hone::harness

#endif  // HONE_HARNESS_DATA_VALUES_H_
