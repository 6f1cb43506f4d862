#include "kernels/exec/ops/adapter/stand_ins.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/type/type.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/strings.h"

namespace hone {
namespace {

constexpr absl::string_view kMovements[] = {"CenterCropPad",
                                            "Compress",
                                            "Concat",
                                            "DepthToSpace",
                                            "Expand",
                                            "Gather",
                                            "GatherElements",
                                            "GatherND",
                                            "OneHot",
                                            "Pad",
                                            "ReverseSequence",
                                            "Scatter",
                                            "ScatterElements",
                                            "ScatterND",
                                            "Slice",
                                            "SpaceToDepth",
                                            "Split",
                                            "TensorScatter",
                                            "Tile",
                                            "Transpose",
                                            "Trilu",
                                            "Where"};

// Whether the node's outputs hold nothing but its inputs' elements, and zeros.
bool OnlyMoves(const Node& node) {
  if (!node.domain.empty()) return false;
  if (node.op_type == "Resize") {
    return node.StringAttribute("mode", "nearest") == "nearest" &&
           node.StringAttribute("coordinate_transformation_mode", "") !=
               "tf_crop_and_resize";
  }
  const auto* const end = std::end(kMovements);
  return std::find(std::begin(kMovements), end, node.op_type) != end;
}

// kUndefined for a type that needs none.
DType StandInOf(DType dtype) {
  if (dtype == DType::kString) return DType::kS64;
  const int bits = BitsPerElement(dtype);
  return bits > 0 && bits < 8 ? DType::kU8 : DType::kUndefined;
}

bool NeedsOne(DType dtype) { return StandInOf(dtype) != DType::kUndefined; }

template <typename View>
std::vector<View> Replaced(absl::Span<const View> views) {
  std::vector<View> out(views.begin(), views.end());
  for (View& view : out) {
    if (NeedsOne(view.dtype)) view.dtype = StandInOf(view.dtype);
  }
  return out;
}

// Element i of a packed array.
uint8_t Unpacked(const uint8_t* packed, int bits, int64_t i) {
  const int64_t at = i * bits, shift = at % 8;
  int stream = packed[at / 8];
  if (shift + bits > 8) stream |= packed[at / 8 + 1] << 8;
  return static_cast<uint8_t>((stream >> shift) & ((1 << bits) - 1));
}

class StandInKernel : public Kernel {
 public:
  StandInKernel(Node node, DType dtype, std::unique_ptr<Kernel> kernel)
      : node_(std::move(node)), dtype_(dtype), kernel_(std::move(kernel)) {}

  absl::string_view name() const override { return kernel_->name(); }
  bool allocates_outputs() const override { return true; }
  bool wants_values() const override { return true; }
  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> outputs,
                      int threads) const override {
    return kernel_->ScratchBytes(Replaced(inputs), Replaced(outputs), threads);
  }

  absl::Status Run(const KernelContext& context) const override {
    Strings strings;
    std::vector<Tensor> made;  // keeps what the views look at
    std::vector<TensorView> inputs = Replaced(context.inputs);
    std::vector<Value> values(context.values.begin(), context.values.end());
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!NeedsOne(context.inputs[i].dtype)) continue;
      HONE_ASSIGN_OR_RETURN(Tensor stand_in, StandIn(context, i, &strings));
      inputs[i].data = stand_in.bytes().data();
      if (i < values.size()) values[i] = Value(stand_in);
      made.push_back(std::move(stand_in));
    }
    std::vector<MutableTensorView> outputs = Replaced(context.outputs);
    std::vector<Tensor> moved(outputs.size());
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (kernel_->allocates_outputs() || !NeedsOne(context.outputs[i].dtype)) {
        continue;
      }
      absl::Span<std::byte> bytes;
      HONE_ASSIGN_OR_RETURN(
          moved[i],
          Tensor::Allocate(outputs[i].dtype, outputs[i].dims, &bytes));
      outputs[i].data = bytes.data();
    }
    std::vector<Value> results(outputs.size());
    KernelContext inner = context;
    inner.inputs = inputs;
    inner.outputs = outputs;
    inner.values = values;
    inner.results = absl::MakeSpan(results);
    HONE_RETURN_IF_ERROR(kernel_->Run(inner));
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (kernel_->allocates_outputs()) {
        if (!results[i].is_tensor()) continue;
        moved[i] = results[i].tensor();
      }
      if (!moved[i].defined()) continue;
      HONE_ASSIGN_OR_RETURN(Tensor result, Followed(moved[i], strings));
      context.results[i] = Value(std::move(result));
    }
    return absl::OkStatus();
  }

 private:
  // By number; 0 is the empty one.
  struct Strings {
    const std::string empty;
    std::vector<const std::string*> all = {&empty};
    std::vector<Tensor> owners;
  };

  absl::StatusOr<Tensor> StandIn(const KernelContext& context, size_t i,
                                 Strings* strings) const {
    const TensorView& view = context.inputs[i];
    absl::Span<std::byte> bytes;
    HONE_ASSIGN_OR_RETURN(
        Tensor stand_in,
        Tensor::Allocate(StandInOf(view.dtype), view.dims, &bytes));
    if (view.dtype == DType::kString) {
      HONE_ASSIGN_OR_RETURN(Tensor tensor, StringInput(node_, context, i));
      auto* numbers = reinterpret_cast<int64_t*>(bytes.data());
      for (const std::string& string : tensor.Strings()) {
        *numbers++ = static_cast<int64_t>(strings->all.size());
        strings->all.push_back(&string);
      }
      strings->owners.push_back(std::move(tensor));
      return stand_in;
    }
    const int bits = BitsPerElement(view.dtype);
    for (int64_t k = 0; k < view.size; ++k) {
      bytes[static_cast<size_t>(k)] =
          std::byte{Unpacked(view.As<uint8_t>(), bits, k)};
    }
    return stand_in;
  }

  // The elements that the stand-ins stand for.
  absl::StatusOr<Tensor> Followed(const Tensor& moved,
                                  const Strings& strings) const {
    if (dtype_ == DType::kString) {
      std::vector<std::string> elements;
      for (const int64_t number : moved.Values<int64_t>()) {
        elements.push_back(*strings.all[static_cast<size_t>(number)]);
      }
      return Tensor::FromStrings(moved.dims(), std::move(elements));
    }
    absl::Span<std::byte> bytes;
    HONE_ASSIGN_OR_RETURN(Tensor packed,
                          Tensor::Allocate(dtype_, moved.dims(), &bytes));
    std::fill(bytes.begin(), bytes.end(), std::byte{0});
    const int bits = BitsPerElement(dtype_);
    const absl::Span<const uint8_t> from = moved.Values<uint8_t>();
    for (size_t k = 0; k < from.size(); ++k) {
      const size_t at = k * static_cast<size_t>(bits);
      const int placed = from[k] << (at % 8);
      bytes[at / 8] |= static_cast<std::byte>(placed);
      if (placed > 255)
        bytes[at / 8 + 1] |= static_cast<std::byte>(placed >> 8);
    }
    return packed;
  }

  const Node node_;
  const DType dtype_;
  const std::unique_ptr<Kernel> kernel_;
};

}  // namespace

bool NeedsStandIns(const KernelSpec& spec) {
  return OnlyMoves(*spec.node) &&
         std::any_of(spec.input_types.begin(), spec.input_types.end(),
                     [](const Type& type) { return NeedsOne(type.dtype); });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeWithStandIns(const KernelSpec& spec,
                                                         KernelFactory make) {
  const std::string reduction = spec.node->StringAttribute("reduction", "none");
  if (reduction != "none") {
    return UnimplementedError(spec, "reduction " + reduction + " of strings");
  }
  KernelSpec other = spec;
  DType dtype = DType::kUndefined;
  for (size_t i = 0; i < other.input_types.size(); ++i) {
    DType& type = other.input_types[i].dtype;
    if (!NeedsOne(type)) continue;
    dtype = type;
    type = StandInOf(type);
    if (i < other.constants.size()) other.constants[i] = nullptr;
  }
  for (Type& type : other.output_types) {
    if (NeedsOne(type.dtype)) type.dtype = StandInOf(type.dtype);
  }
  HONE_ASSIGN_OR_RETURN(std::unique_ptr<Kernel> kernel, make(other));
  return std::make_unique<StandInKernel>(*spec.node, dtype, std::move(kernel));
}

}  // namespace hone
