// Values as DLPack's managed tensors, without copying.
#include <dlpack/dlpack.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "capi/context.h"
#include "capi/error.h"
#include "capi/value.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"

using hone::Dims;
using hone::DType;
using hone::Tensor;
using hone::capi::Guard;
using hone::capi::Misuse;

namespace hone::capi {
namespace {

constexpr uint8_t kBoolCode = 6;  // DLPack 0.8's kDLBool

struct DTypeRow {
  DType dtype;
  uint8_t code;
  uint8_t bits;
};
constexpr DTypeRow kDTypes[] = {
    {DType::kF16, kDLFloat, 16},     {DType::kF32, kDLFloat, 32},
    {DType::kF64, kDLFloat, 64},     {DType::kBF16, kDLBfloat, 16},
    {DType::kS8, kDLInt, 8},         {DType::kS16, kDLInt, 16},
    {DType::kS32, kDLInt, 32},       {DType::kS64, kDLInt, 64},
    {DType::kU8, kDLUInt, 8},        {DType::kU16, kDLUInt, 16},
    {DType::kU32, kDLUInt, 32},      {DType::kU64, kDLUInt, 64},
    {DType::kBool, kBoolCode, 8},    {DType::kC64, kDLComplex, 64},
    {DType::kC128, kDLComplex, 128},
};

absl::StatusOr<DType> FromDl(const DLDataType& type) {
  for (const DTypeRow& row : kDTypes) {
    if (row.code == type.code && row.bits == type.bits && type.lanes == 1) {
      return row.dtype;
    }
  }
  return Misuse("DLPack type without an ONNX type", "tensor", "",
                absl::StrCat("code ", type.code, ", ", type.bits, " bits, ",
                             type.lanes, " lanes"));
}

// Axes of extent 1 may have any stride.
bool IsCompact(const DLTensor& tensor) {
  if (tensor.strides == nullptr) return true;
  int64_t step = 1;
  for (int a = tensor.ndim; a-- > 0;) {
    if (tensor.shape[a] == 0) return true;
    if (tensor.shape[a] != 1 && tensor.strides[a] != step) return false;
    step *= tensor.shape[a];
  }
  return true;
}

// What hone_value_to_dlpack hands out, and what keeps it alive.
struct Exported {
  DLManagedTensor managed = {};
  Tensor tensor;
  Dims dims;
};

void DeleteExported(DLManagedTensor* self) {
  delete static_cast<Exported*>(self->manager_ctx);
}

void DeleteImported(void* user) {
  DLManagedTensor* const managed = static_cast<DLManagedTensor*>(user);
  if (managed->deleter != nullptr) managed->deleter(managed);
}

}  // namespace
}  // namespace hone::capi

hone_error* hone_value_from_dlpack(DLManagedTensor* tensor, hone_value** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(tensor);
  return Guard([&]() -> absl::Status {
    const DLTensor& dl = tensor->dl_tensor;
    if (dl.device.device_type != kDLCPU) {
      return Misuse("device of the tensor", "tensor", "CPU (1)",
                    absl::StrCat(static_cast<int>(dl.device.device_type)));
    }
    HONE_ASSIGN_OR_RETURN(const DType dtype, hone::capi::FromDl(dl.dtype));
    HONE_ASSIGN_OR_RETURN(const Dims dims,
                          hone::capi::ReadDims(dl.ndim, dl.shape));
    const std::optional<size_t> bytes =
        hone::PackedBytes(dtype, *hone::ElementCount(dims));
    if (!bytes.has_value()) {
      return Misuse("too many elements", "tensor");
    }
    if (!hone::capi::IsCompact(dl)) {
      return Misuse("strides of the tensor", "tensor",
                    "row-major without gaps");
    }
    if (*bytes > 0 && dl.data == nullptr) {
      return hone::capi::NullArgument("tensor->dl_tensor.data");
    }
    auto value = std::make_unique<hone_value>(hone::Value());
    HONE_ASSIGN_OR_RETURN(
        const Tensor view,
        Tensor::View(
            dtype, dims,
            absl::MakeConstSpan(
                static_cast<const std::byte*>(dl.data) + dl.byte_offset,
                *bytes),
            hone::capi::OwnUser(tensor, hone::capi::DeleteImported)));
    value->value = view.Aligned();
    *out = value.release();
    return absl::OkStatus();
  });
}

hone_error* hone_value_to_dlpack(const hone_value* value,
                                 DLManagedTensor** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(value);
  return Guard([&]() -> absl::Status {
    if (!value->value.is_tensor()) {
      return Misuse("kind of the value", "value", "a tensor");
    }
    auto exported = std::make_unique<hone::capi::Exported>();
    exported->tensor = value->value.tensor();
    exported->dims = exported->tensor.dims();
    DLTensor& dl = exported->managed.dl_tensor;
    for (const auto& row : hone::capi::kDTypes) {
      if (row.dtype != exported->tensor.dtype()) continue;
      dl.dtype = {row.code, row.bits, 1};
    }
    if (dl.dtype.lanes == 0) {
      return hone::capi::WithCode(
          hone::MakeError(
              absl::StatusCode::kUnimplemented, "DLPack has no such dtype",
              {"", "", "",
               std::string(hone::DTypeName(exported->tensor.dtype()))}),
          HONE_ERROR_UNSUPPORTED);
    }
    dl.data = const_cast<std::byte*>(exported->tensor.bytes().data());
    dl.device = {kDLCPU, 0};
    dl.ndim = exported->tensor.rank();
    dl.shape = exported->dims.data();
    exported->managed.manager_ctx = exported.get();
    exported->managed.deleter = hone::capi::DeleteExported;
    *out = &exported.release()->managed;
    return absl::OkStatus();
  });
}
