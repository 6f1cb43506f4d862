#include "kernels/exec/ops/image/image.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "datasets/image/image.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/function_kernel.h"

namespace hone {
namespace {

struct Signature {
  absl::string_view begin;
  absl::string_view name;
};

// The formats of the standard that nothing here decodes; "" for all others.
absl::string_view MissingFormat(absl::string_view bytes) {
  using absl::string_view;
  static constexpr Signature kSignatures[] = {
      {string_view("\0\0\0\x0cjP  ", 8), "JPEG 2000"},
      {string_view("\xff\x4f\xff\x51", 4), "JPEG 2000"},
      {string_view("II*\0", 4), "TIFF"},
      {string_view("MM\0*", 4), "TIFF"},
  };
  for (const Signature& signature : kSignatures) {
    if (absl::StartsWith(bytes, signature.begin)) return signature.name;
  }
  const bool webp = absl::StartsWith(bytes, "RIFF") && bytes.size() >= 12 &&
                    bytes.substr(8, 4) == "WEBP";
  return webp ? "WebP" : "";
}

absl::Status Decode(const std::string& color, const Node& node,
                    const KernelContext& context) {
  const TensorView& file = context.inputs[0];
  const absl::Span<const std::byte> bytes(file.As<std::byte>(),
                                          static_cast<size_t>(file.size));
  const absl::string_view missing =
      MissingFormat({file.As<char>(), static_cast<size_t>(file.size)});
  if (!missing.empty()) {
    return MakeError(absl::StatusCode::kUnimplemented, "picture's format",
                     {.node = node.name,
                      .expected = "BMP, JPEG, PNG or PNM",
                      .found = std::string(missing)});
  }
  datasets::Image image;
  image.channels = color == "gray" ? 1 : 3;
  auto decoded = datasets::DecodeImage(bytes, node.name);
  if (decoded.ok()) image = datasets::ConvertColor(*decoded, color);
  context.results[0] =
      Tensor::FromVector<uint8_t>({image.height, image.width, image.channels},
                                  absl::MakeConstSpan(image.pixels));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeImageDecoder(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const std::string format = read.String("pixel_format", "RGB");
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  const std::string color = format == "RGB"         ? "rgb"
                            : format == "BGR"       ? "bgr"
                            : format == "Grayscale" ? "gray"
                                                    : "";
  if (color.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "pixel_format",
                     {.node = spec.node->name,
                      .expected = "RGB, BGR or Grayscale",
                      .found = format});
  }
  return MakeFunctionKernel(
      {"image_decoder", false, true, false},
      [color, node = *spec.node](const KernelContext& context) {
        return Decode(color, node, context);
      });
}

}  // namespace hone
