// Subgraphs, sequences and optionals.
#include "absl/types/span.h"
#include "ir/ops/control_infer.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"

namespace hone {
namespace {

constexpr AttributeInfo kConcatFromSequenceAttributes[] = {
    {"axis", Attribute::Kind::kInt, true},
    {"new_axis", Attribute::Kind::kInt},
};
constexpr AttributeInfo kIfAttributes[] = {
    {"else_branch", Attribute::Kind::kGraph, true},
    {"then_branch", Attribute::Kind::kGraph, true},
};
constexpr AttributeInfo kLoop1Attributes[] = {
    {"body", Attribute::Kind::kGraph, true},
};
constexpr AttributeInfo kOptionalAttributes[] = {
    {"type", Attribute::Kind::kTypeProto},
};
constexpr AttributeInfo kScan8Attributes[] = {
    {"body", Attribute::Kind::kGraph, true},
    {"directions", Attribute::Kind::kInts},
    {"num_scan_inputs", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kScan9Attributes[] = {
    {"body", Attribute::Kind::kGraph, true},
    {"num_scan_inputs", Attribute::Kind::kInt, true},
    {"scan_input_axes", Attribute::Kind::kInts},
    {"scan_input_directions", Attribute::Kind::kInts},
    {"scan_output_axes", Attribute::Kind::kInts},
    {"scan_output_directions", Attribute::Kind::kInts},
};
constexpr AttributeInfo kSequenceEmptyAttributes[] = {
    {"dtype", Attribute::Kind::kInt},
};
constexpr AttributeInfo kSplitToSequenceAttributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"keepdims", Attribute::Kind::kInt},
};

constexpr OpInfo kOps[] = {
    {"", "ConcatFromSequence", 11, 1, 1, 1, 1, kConcatFromSequenceAttributes,
     InferConcatFromSequence},
    {"", "If", 1, 1, 1, 1, kVariadic, kIfAttributes, InferIf},
    {"", "Loop", 1, 3, kVariadic, 1, kVariadic, kLoop1Attributes, InferLoop},
    {"", "Loop", 11, 2, kVariadic, 1, kVariadic, kLoop1Attributes, InferLoop},
    {"", "Optional", 15, 0, 1, 1, 1, kOptionalAttributes, InferOptional},
    {"", "OptionalGetElement", 15, 1, 1, 1, 1, {}, InferElement},
    {"", "OptionalHasElement", 15, 1, 1, 1, 1, {}, InferOptionalHasElement},
    {"", "OptionalHasElement", 18, 0, 1, 1, 1, {}, InferOptionalHasElement},
    {"", "Scan", 8, 2, kVariadic, 1, kVariadic, kScan8Attributes, InferScan},
    {"", "Scan", 9, 1, kVariadic, 1, kVariadic, kScan9Attributes, InferScan},
    {"", "SequenceAt", 11, 2, 2, 1, 1, {}, InferElement},
    {"",
     "SequenceConstruct",
     11,
     1,
     kVariadic,
     1,
     1,
     {},
     InferSequenceConstruct},
    {"", "SequenceEmpty", 11, 0, 0, 1, 1, kSequenceEmptyAttributes,
     InferSequenceEmpty},
    {"", "SequenceErase", 11, 1, 2, 1, 1, {}, InferSame},
    {"", "SequenceInsert", 11, 2, 3, 1, 1, {}, InferSequenceInsert},
    {"", "SequenceLength", 11, 1, 1, 1, 1, {}, InferSequenceLength},
    {"", "SequenceMap", 17, 1, kVariadic, 1, kVariadic, kLoop1Attributes},
    {"", "SplitToSequence", 11, 1, 2, 1, 1, kSplitToSequenceAttributes,
     InferSplitToSequence},
};

}  // namespace

absl::Span<const OpInfo> ControlOps() { return kOps; }

}  // namespace hone
