// Operators of ai.onnx.ml and ai.onnx.preview.training.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/views/attributes.h"

namespace hone {
namespace {

// Entries of a list attribute, of whichever kind; 0 when it is absent.
int64_t CountOfAttribute(const Node& node, absl::string_view name) {
  const Attribute* attribute = node.FindAttribute(name);
  if (attribute == nullptr) return 0;
  size_t count = 0;
  if (const auto* ints = std::get_if<std::vector<int64_t>>(&attribute->data)) {
    count = ints->size();
  } else if (const auto* strings =
                 std::get_if<std::vector<std::string>>(&attribute->data)) {
    count = strings->size();
  } else if (const auto* floats =
                 std::get_if<std::vector<float>>(&attribute->data)) {
    count = floats->size();
  } else if (const auto* tensor = std::get_if<Tensor>(&attribute->data)) {
    return tensor->size();
  }
  return static_cast<int64_t>(count);
}

// Rows of the input: a vector is one row.
Dim RowsOf(const InferInput& in) {
  const Shape* x = InputShape(in, 0);
  if (x == nullptr) return Dim::Unknown();
  return x->size() < 2 ? Dim::Of(1) : (*x)[0];
}

absl::Status InferFloats(const InferInput& in, InferOutput* out) {
  SetOutput(out, 0, DType::kF32, CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

absl::Status InferExtractor(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 1));
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  if (y.has_value()) {
    const Shape* columns = InputShape(in, 1);
    y->back() =
        columns == nullptr ? Dim() : ProductOf(*columns, 0, columns->size());
    if (y->size() == 1) y->insert(y->begin(), Dim::Of(1));
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

// Strings become numbers and numbers strings.
absl::Status InferCategories(const InferInput& in, InferOutput* out) {
  const DType x = InputDType(in, 0);
  const DType y = x == DType::kString      ? DType::kS64
                  : x == DType::kUndefined ? DType::kUndefined
                                           : DType::kString;
  SetOutput(out, 0, y, CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

absl::Status InferLabels(const InferInput& in, InferOutput* out) {
  const Node& node = *in.node;
  if (node.FindAttribute("classes_strings") != nullptr) {
    return InferCategories(in, out);
  }
  DType dtype = DType::kUndefined;
  if (const Attribute* values = node.FindAttribute("values_tensor")) {
    const auto* tensor = std::get_if<Tensor>(&values->data);
    if (tensor != nullptr) dtype = tensor->dtype();
  } else if (CountOfAttribute(node, "values_strings") > 0) {
    dtype = DType::kString;
  } else if (CountOfAttribute(node, "values_int64s") > 0) {
    dtype = DType::kS64;
  } else if (CountOfAttribute(node, "values_floats") > 0) {
    dtype = DType::kF32;
  }
  SetOutput(out, 0, dtype, CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

// [n, sum of the inputs' columns].
absl::Status InferFeatures(const InferInput& in, InferOutput* out) {
  Dim columns = Dim::Of(0);
  for (const int64_t width : in.node->IntsAttribute("inputdimensions")) {
    columns = AddDims(columns, width >= 0 ? Dim::Of(width) : Dim::Unknown());
  }
  SetOutput(out, 0, DType::kF32, Shape{RowsOf(in), std::move(columns)});
  return absl::OkStatus();
}

// Labels [n] and scores [n, ?].
absl::Status InferClassifier(const InferInput& in, InferOutput* out) {
  const bool names = CountOfAttribute(*in.node, "classlabels_strings") > 0;
  SetOutput(out, 0, names ? DType::kString : DType::kS64, Shape{RowsOf(in)});
  SetOutput(out, 1, DType::kF32, Shape{RowsOf(in), Dim::Unknown()});
  return absl::OkStatus();
}

// [n, targets]. TreeEnsemble keeps the input's type.
absl::Status InferRegressor(const InferInput& in, InferOutput* out) {
  const Node& node = *in.node;
  const int64_t targets = node.IntAttribute(
      node.op_type == "LinearRegressor" ? "targets" : "n_targets", 1);
  SetOutput(out, 0,
            node.op_type == "TreeEnsemble" ? InputDType(in, 0) : DType::kF32,
            Shape{RowsOf(in), targets > 0 ? Dim::Of(targets) : Dim()});
  return absl::OkStatus();
}

// One axis more: the categories.
absl::Status InferOneHot(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  if (y.has_value()) {
    const int64_t ints = CountOfAttribute(*in.node, "cats_int64s");
    y->push_back(
        Dim::Of(ints > 0 ? ints : CountOfAttribute(*in.node, "cats_strings")));
  }
  SetOutput(out, 0, DType::kF32, std::move(y));
  return absl::OkStatus();
}

// The input as a map; null when its type is unknown. InvalidArgument: another
// type.
absl::StatusOr<const Type*> InputMap(const InferInput& in) {
  if (in.inputs.empty() || in.inputs[0].kind == Type::Kind::kUnknown) {
    return nullptr;
  }
  if (in.inputs[0].kind != Type::Kind::kMap) {
    return NodeError(*in.node, "the input", "a map", in.inputs[0].ToString());
  }
  return &in.inputs[0];
}

// [1, extent] of what cast_to says; as many values as the map has, or max_map.
absl::Status InferCastMap(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(InputMap(in).status());
  const Node& node = *in.node;
  const std::string to = node.StringAttribute("cast_to", "TO_FLOAT");
  const int64_t most = node.IntAttribute("max_map", 1);
  const bool sparse = node.StringAttribute("map_form", "DENSE") == "SPARSE";
  SetOutput(out, 0,
            to == "TO_STRING"  ? DType::kString
            : to == "TO_INT64" ? DType::kS64
                               : DType::kF32,
            Shape{Dim::Of(1), sparse && most > 0 ? Dim::Of(most) : Dim()});
  return absl::OkStatus();
}

// [1, words] of the map's values.
absl::Status InferDictVectorizer(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const Type* const map, InputMap(in));
  const int64_t words = CountOfAttribute(*in.node, "string_vocabulary") +
                        CountOfAttribute(*in.node, "int64_vocabulary");
  const bool known = map != nullptr && map->element != nullptr;
  SetOutput(out, 0, known ? map->element->dtype : DType::kUndefined,
            Shape{Dim::Of(1), Dim::Of(words)});
  return absl::OkStatus();
}

// A map of each row's numbers by class.
absl::Status InferZipMap(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 1, 2));
  const bool names = CountOfAttribute(*in.node, "classlabels_strings") > 0;
  out->types[0] = Type::SequenceOf(Type::MapOf(
      names ? DType::kString : DType::kS64, Type::OfTensor(DType::kF32)));
  return absl::OkStatus();
}

// Inputs: rate, step, then groups of k tensors, X, G and the states; outputs:
// X and the states.
absl::Status InferOptimizer(const InferInput& in, InferOutput* out) {
  const size_t groups = in.node->op_type == "Adam" ? 4 : 3;
  const size_t tensors = in.inputs.size() - 2;
  if (in.inputs.size() < 2 + groups || tensors % groups != 0 ||
      out->types.size() != tensors / groups * (groups - 1)) {
    return NodeError(*in.node, "inputs and outputs",
                     "rate, step, and groups of equal length");
  }
  for (size_t i = 0; i < out->types.size(); ++i) {
    out->types[i] = in.inputs[2 + i % (tensors / groups)];
  }
  return absl::OkStatus();
}

constexpr AttributeInfo kBinarizer1Attributes[] = {
    {"threshold", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kCastMap1Attributes[] = {
    {"cast_to", Attribute::Kind::kString},
    {"map_form", Attribute::Kind::kString},
    {"max_map", Attribute::Kind::kInt},
};
constexpr AttributeInfo kCategoryMapper1Attributes[] = {
    {"cats_int64s", Attribute::Kind::kInts},
    {"cats_strings", Attribute::Kind::kStrings},
    {"default_int64", Attribute::Kind::kInt},
    {"default_string", Attribute::Kind::kString},
};
constexpr AttributeInfo kDictVectorizer1Attributes[] = {
    {"int64_vocabulary", Attribute::Kind::kInts},
    {"string_vocabulary", Attribute::Kind::kStrings},
};
constexpr AttributeInfo kFeatureVectorizer1Attributes[] = {
    {"inputdimensions", Attribute::Kind::kInts},
};
constexpr AttributeInfo kImputer1Attributes[] = {
    {"imputed_value_floats", Attribute::Kind::kFloats},
    {"imputed_value_int64s", Attribute::Kind::kInts},
    {"replaced_value_float", Attribute::Kind::kFloat},
    {"replaced_value_int64", Attribute::Kind::kInt},
};
constexpr AttributeInfo kLabelEncoder1Attributes[] = {
    {"classes_strings", Attribute::Kind::kStrings},
    {"default_int64", Attribute::Kind::kInt},
    {"default_string", Attribute::Kind::kString},
};
constexpr AttributeInfo kLabelEncoder2Attributes[] = {
    {"default_float", Attribute::Kind::kFloat},
    {"default_int64", Attribute::Kind::kInt},
    {"default_string", Attribute::Kind::kString},
    {"keys_floats", Attribute::Kind::kFloats},
    {"keys_int64s", Attribute::Kind::kInts},
    {"keys_strings", Attribute::Kind::kStrings},
    {"values_floats", Attribute::Kind::kFloats},
    {"values_int64s", Attribute::Kind::kInts},
    {"values_strings", Attribute::Kind::kStrings},
};
constexpr AttributeInfo kLabelEncoder4Attributes[] = {
    {"default_float", Attribute::Kind::kFloat},
    {"default_int64", Attribute::Kind::kInt},
    {"default_string", Attribute::Kind::kString},
    {"default_tensor", Attribute::Kind::kTensor},
    {"keys_floats", Attribute::Kind::kFloats},
    {"keys_int64s", Attribute::Kind::kInts},
    {"keys_strings", Attribute::Kind::kStrings},
    {"keys_tensor", Attribute::Kind::kTensor},
    {"values_floats", Attribute::Kind::kFloats},
    {"values_int64s", Attribute::Kind::kInts},
    {"values_strings", Attribute::Kind::kStrings},
    {"values_tensor", Attribute::Kind::kTensor},
};
constexpr AttributeInfo kLinearClassifier1Attributes[] = {
    {"classlabels_ints", Attribute::Kind::kInts},
    {"classlabels_strings", Attribute::Kind::kStrings},
    {"coefficients", Attribute::Kind::kFloats, true},
    {"intercepts", Attribute::Kind::kFloats},
    {"multi_class", Attribute::Kind::kInt},
    {"post_transform", Attribute::Kind::kString},
};
constexpr AttributeInfo kLinearRegressor1Attributes[] = {
    {"coefficients", Attribute::Kind::kFloats},
    {"intercepts", Attribute::Kind::kFloats},
    {"post_transform", Attribute::Kind::kString},
    {"targets", Attribute::Kind::kInt},
};
constexpr AttributeInfo kNormalizer1Attributes[] = {
    {"norm", Attribute::Kind::kString},
};
constexpr AttributeInfo kOneHotEncoder1Attributes[] = {
    {"cats_int64s", Attribute::Kind::kInts},
    {"cats_strings", Attribute::Kind::kStrings},
    {"zeros", Attribute::Kind::kInt},
};
constexpr AttributeInfo kSVMClassifier1Attributes[] = {
    {"classlabels_ints", Attribute::Kind::kInts},
    {"classlabels_strings", Attribute::Kind::kStrings},
    {"coefficients", Attribute::Kind::kFloats},
    {"kernel_params", Attribute::Kind::kFloats},
    {"kernel_type", Attribute::Kind::kString},
    {"post_transform", Attribute::Kind::kString},
    {"prob_a", Attribute::Kind::kFloats},
    {"prob_b", Attribute::Kind::kFloats},
    {"rho", Attribute::Kind::kFloats},
    {"support_vectors", Attribute::Kind::kFloats},
    {"vectors_per_class", Attribute::Kind::kInts},
};
constexpr AttributeInfo kSVMRegressor1Attributes[] = {
    {"coefficients", Attribute::Kind::kFloats},
    {"kernel_params", Attribute::Kind::kFloats},
    {"kernel_type", Attribute::Kind::kString},
    {"n_supports", Attribute::Kind::kInt},
    {"one_class", Attribute::Kind::kInt},
    {"post_transform", Attribute::Kind::kString},
    {"rho", Attribute::Kind::kFloats},
    {"support_vectors", Attribute::Kind::kFloats},
};
constexpr AttributeInfo kScaler1Attributes[] = {
    {"offset", Attribute::Kind::kFloats},
    {"scale", Attribute::Kind::kFloats},
};
constexpr AttributeInfo kTreeEnsemble5Attributes[] = {
    {"aggregate_function", Attribute::Kind::kInt},
    {"leaf_targetids", Attribute::Kind::kInts, true},
    {"leaf_weights", Attribute::Kind::kTensor, true},
    {"membership_values", Attribute::Kind::kTensor},
    {"n_targets", Attribute::Kind::kInt},
    {"nodes_falseleafs", Attribute::Kind::kInts, true},
    {"nodes_falsenodeids", Attribute::Kind::kInts, true},
    {"nodes_featureids", Attribute::Kind::kInts, true},
    {"nodes_hitrates", Attribute::Kind::kTensor},
    {"nodes_missing_value_tracks_true", Attribute::Kind::kInts},
    {"nodes_modes", Attribute::Kind::kTensor, true},
    {"nodes_splits", Attribute::Kind::kTensor, true},
    {"nodes_trueleafs", Attribute::Kind::kInts, true},
    {"nodes_truenodeids", Attribute::Kind::kInts, true},
    {"post_transform", Attribute::Kind::kInt},
    {"tree_roots", Attribute::Kind::kInts, true},
};
constexpr AttributeInfo kTreeEnsembleClassifier1Attributes[] = {
    {"base_values", Attribute::Kind::kFloats},
    {"class_ids", Attribute::Kind::kInts},
    {"class_nodeids", Attribute::Kind::kInts},
    {"class_treeids", Attribute::Kind::kInts},
    {"class_weights", Attribute::Kind::kFloats},
    {"classlabels_int64s", Attribute::Kind::kInts},
    {"classlabels_strings", Attribute::Kind::kStrings},
    {"nodes_falsenodeids", Attribute::Kind::kInts},
    {"nodes_featureids", Attribute::Kind::kInts},
    {"nodes_hitrates", Attribute::Kind::kFloats},
    {"nodes_missing_value_tracks_true", Attribute::Kind::kInts},
    {"nodes_modes", Attribute::Kind::kStrings},
    {"nodes_nodeids", Attribute::Kind::kInts},
    {"nodes_treeids", Attribute::Kind::kInts},
    {"nodes_truenodeids", Attribute::Kind::kInts},
    {"nodes_values", Attribute::Kind::kFloats},
    {"post_transform", Attribute::Kind::kString},
};
constexpr AttributeInfo kTreeEnsembleClassifier3Attributes[] = {
    {"base_values", Attribute::Kind::kFloats},
    {"base_values_as_tensor", Attribute::Kind::kTensor},
    {"class_ids", Attribute::Kind::kInts},
    {"class_nodeids", Attribute::Kind::kInts},
    {"class_treeids", Attribute::Kind::kInts},
    {"class_weights", Attribute::Kind::kFloats},
    {"class_weights_as_tensor", Attribute::Kind::kTensor},
    {"classlabels_int64s", Attribute::Kind::kInts},
    {"classlabels_strings", Attribute::Kind::kStrings},
    {"nodes_falsenodeids", Attribute::Kind::kInts},
    {"nodes_featureids", Attribute::Kind::kInts},
    {"nodes_hitrates", Attribute::Kind::kFloats},
    {"nodes_hitrates_as_tensor", Attribute::Kind::kTensor},
    {"nodes_missing_value_tracks_true", Attribute::Kind::kInts},
    {"nodes_modes", Attribute::Kind::kStrings},
    {"nodes_nodeids", Attribute::Kind::kInts},
    {"nodes_treeids", Attribute::Kind::kInts},
    {"nodes_truenodeids", Attribute::Kind::kInts},
    {"nodes_values", Attribute::Kind::kFloats},
    {"nodes_values_as_tensor", Attribute::Kind::kTensor},
    {"post_transform", Attribute::Kind::kString},
};
constexpr AttributeInfo kTreeEnsembleRegressor1Attributes[] = {
    {"aggregate_function", Attribute::Kind::kString},
    {"base_values", Attribute::Kind::kFloats},
    {"n_targets", Attribute::Kind::kInt},
    {"nodes_falsenodeids", Attribute::Kind::kInts},
    {"nodes_featureids", Attribute::Kind::kInts},
    {"nodes_hitrates", Attribute::Kind::kFloats},
    {"nodes_missing_value_tracks_true", Attribute::Kind::kInts},
    {"nodes_modes", Attribute::Kind::kStrings},
    {"nodes_nodeids", Attribute::Kind::kInts},
    {"nodes_treeids", Attribute::Kind::kInts},
    {"nodes_truenodeids", Attribute::Kind::kInts},
    {"nodes_values", Attribute::Kind::kFloats},
    {"post_transform", Attribute::Kind::kString},
    {"target_ids", Attribute::Kind::kInts},
    {"target_nodeids", Attribute::Kind::kInts},
    {"target_treeids", Attribute::Kind::kInts},
    {"target_weights", Attribute::Kind::kFloats},
};
constexpr AttributeInfo kTreeEnsembleRegressor3Attributes[] = {
    {"aggregate_function", Attribute::Kind::kString},
    {"base_values", Attribute::Kind::kFloats},
    {"base_values_as_tensor", Attribute::Kind::kTensor},
    {"n_targets", Attribute::Kind::kInt},
    {"nodes_falsenodeids", Attribute::Kind::kInts},
    {"nodes_featureids", Attribute::Kind::kInts},
    {"nodes_hitrates", Attribute::Kind::kFloats},
    {"nodes_hitrates_as_tensor", Attribute::Kind::kTensor},
    {"nodes_missing_value_tracks_true", Attribute::Kind::kInts},
    {"nodes_modes", Attribute::Kind::kStrings},
    {"nodes_nodeids", Attribute::Kind::kInts},
    {"nodes_treeids", Attribute::Kind::kInts},
    {"nodes_truenodeids", Attribute::Kind::kInts},
    {"nodes_values", Attribute::Kind::kFloats},
    {"nodes_values_as_tensor", Attribute::Kind::kTensor},
    {"post_transform", Attribute::Kind::kString},
    {"target_ids", Attribute::Kind::kInts},
    {"target_nodeids", Attribute::Kind::kInts},
    {"target_treeids", Attribute::Kind::kInts},
    {"target_weights", Attribute::Kind::kFloats},
    {"target_weights_as_tensor", Attribute::Kind::kTensor},
};
constexpr AttributeInfo kZipMap1Attributes[] = {
    {"classlabels_int64s", Attribute::Kind::kInts},
    {"classlabels_strings", Attribute::Kind::kStrings},
};
constexpr AttributeInfo kAdagrad1Attributes[] = {
    {"decay_factor", Attribute::Kind::kFloat},
    {"epsilon", Attribute::Kind::kFloat},
    {"norm_coefficient", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kAdam1Attributes[] = {
    {"alpha", Attribute::Kind::kFloat},
    {"beta", Attribute::Kind::kFloat},
    {"epsilon", Attribute::Kind::kFloat},
    {"norm_coefficient", Attribute::Kind::kFloat},
    {"norm_coefficient_post", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kGradient1Attributes[] = {
    {"xs", Attribute::Kind::kStrings, true},
    {"y", Attribute::Kind::kString, true},
    {"zs", Attribute::Kind::kStrings},
};
constexpr AttributeInfo kMomentum1Attributes[] = {
    {"alpha", Attribute::Kind::kFloat, true},
    {"beta", Attribute::Kind::kFloat, true},
    {"mode", Attribute::Kind::kString, true},
    {"norm_coefficient", Attribute::Kind::kFloat, true},
};

constexpr OpInfo kOps[] = {
    {"ai.onnx.ml", "ArrayFeatureExtractor", 1, 2, 2, 1, 1, {}, InferExtractor},
    {"ai.onnx.ml", "Binarizer", 1, 1, 1, 1, 1, kBinarizer1Attributes,
     InferSame},
    {"ai.onnx.ml", "CastMap", 1, 1, 1, 1, 1, kCastMap1Attributes, InferCastMap},
    {"ai.onnx.ml", "CategoryMapper", 1, 1, 1, 1, 1, kCategoryMapper1Attributes,
     InferCategories},
    {"ai.onnx.ml", "DictVectorizer", 1, 1, 1, 1, 1, kDictVectorizer1Attributes,
     InferDictVectorizer},
    {"ai.onnx.ml", "FeatureVectorizer", 1, 1, kVariadic, 1, 1,
     kFeatureVectorizer1Attributes, InferFeatures},
    {"ai.onnx.ml", "Imputer", 1, 1, 1, 1, 1, kImputer1Attributes, InferSame},
    {"ai.onnx.ml", "LabelEncoder", 1, 1, 1, 1, 1, kLabelEncoder1Attributes,
     InferLabels},
    {"ai.onnx.ml", "LabelEncoder", 2, 1, 1, 1, 1, kLabelEncoder2Attributes,
     InferLabels},
    {"ai.onnx.ml", "LabelEncoder", 4, 1, 1, 1, 1, kLabelEncoder4Attributes,
     InferLabels},
    {"ai.onnx.ml", "LinearClassifier", 1, 1, 1, 2, 2,
     kLinearClassifier1Attributes, InferClassifier},
    {"ai.onnx.ml", "LinearRegressor", 1, 1, 1, 1, 1,
     kLinearRegressor1Attributes, InferRegressor},
    {"ai.onnx.ml", "Normalizer", 1, 1, 1, 1, 1, kNormalizer1Attributes,
     InferFloats},
    {"ai.onnx.ml", "OneHotEncoder", 1, 1, 1, 1, 1, kOneHotEncoder1Attributes,
     InferOneHot},
    {"ai.onnx.ml", "SVMClassifier", 1, 1, 1, 2, 2, kSVMClassifier1Attributes,
     InferClassifier},
    {"ai.onnx.ml", "SVMRegressor", 1, 1, 1, 1, 1, kSVMRegressor1Attributes,
     InferRegressor},
    {"ai.onnx.ml", "Scaler", 1, 1, 1, 1, 1, kScaler1Attributes, InferFloats},
    {"ai.onnx.ml", "TreeEnsemble", 5, 1, 1, 1, 1, kTreeEnsemble5Attributes,
     InferRegressor},
    {"ai.onnx.ml", "TreeEnsembleClassifier", 1, 1, 1, 2, 2,
     kTreeEnsembleClassifier1Attributes, InferClassifier},
    {"ai.onnx.ml", "TreeEnsembleClassifier", 3, 1, 1, 2, 2,
     kTreeEnsembleClassifier3Attributes, InferClassifier},
    {"ai.onnx.ml", "TreeEnsembleRegressor", 1, 1, 1, 1, 1,
     kTreeEnsembleRegressor1Attributes, InferRegressor},
    {"ai.onnx.ml", "TreeEnsembleRegressor", 3, 1, 1, 1, 1,
     kTreeEnsembleRegressor3Attributes, InferRegressor},
    {"ai.onnx.ml", "ZipMap", 1, 1, 1, 1, 1, kZipMap1Attributes, InferZipMap},
    {"ai.onnx.preview.training", "Adagrad", 1, 3, kVariadic, 1, kVariadic,
     kAdagrad1Attributes, InferOptimizer},
    {"ai.onnx.preview.training", "Adam", 1, 3, kVariadic, 1, kVariadic,
     kAdam1Attributes, InferOptimizer},
    {"ai.onnx.preview.training", "Gradient", 1, 1, kVariadic, 1, kVariadic,
     kGradient1Attributes},
    {"ai.onnx.preview.training", "Momentum", 1, 3, kVariadic, 1, kVariadic,
     kMomentum1Attributes, InferOptimizer},
};

}  // namespace

absl::Span<const OpInfo> MlOps() { return kOps; }

}  // namespace hone
