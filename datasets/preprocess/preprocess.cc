#include "datasets/preprocess/preprocess.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "datasets/error/error.h"

namespace hone::datasets {
namespace {

constexpr PreprocessingKey kKeys[] = {
    {"resize", "shorter side (256), or height x width (224x224)"},
    {"crop", "center crop: side (224), or height x width"},
    {"color", "rgb, bgr or gray"},
    {"layout", "nchw or nhwc"},
    {"mean", "subtracted, in levels of 0 to 255: one, or one per channel"},
    {"scale", "divides after the mean: one, or one per channel"},
    {"dtype", "float32, float64, float16, uint8 or int8"},
    {"labels", "images: a CSV file of (file, class); arrays: target's name"},
    {"split", "subfolder of the data, such as train or val"},
};

absl::Status BadKey(absl::string_view key, absl::string_view expected,
                    absl::string_view text) {
  return BadData("", absl::StrCat("preprocessing key ", key), expected, text);
}

absl::Status SetExtents(absl::string_view key, absl::string_view text,
                        std::vector<int>* out) {
  std::vector<int> extents;
  for (const absl::string_view part :
       absl::StrSplit(text, absl::ByAnyChar("x,"))) {
    int extent = 0;
    if (!absl::SimpleAtoi(part, &extent) || extent < 1 || extent > 32768 ||
        extents.size() == 2) {
      return BadKey(key, "a number, or height x width, 1 to 32768", text);
    }
    extents.push_back(extent);
  }
  *out = std::move(extents);
  return absl::OkStatus();
}

absl::Status SetNumbers(absl::string_view key, absl::string_view text,
                        bool zero, std::vector<double>* out) {
  std::vector<double> numbers;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    double number = 0;
    if (!absl::SimpleAtod(part, &number) || !std::isfinite(number) ||
        (!zero && number == 0)) {
      return BadKey(key,
                    zero ? "finite numbers separated by commas"
                         : "finite numbers other than 0 separated by commas",
                    text);
    }
    numbers.push_back(number);
  }
  *out = std::move(numbers);
  return absl::OkStatus();
}

absl::Status SetChoice(absl::string_view key, absl::string_view text,
                       std::initializer_list<absl::string_view> choices,
                       std::optional<std::string>* out) {
  if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
    return BadKey(key, absl::StrJoin(choices, ", "), text);
  }
  *out = std::string(text);
  return absl::OkStatus();
}

template <typename T>
void Take(const T& over, T* out) {
  if constexpr (std::is_same_v<T, std::optional<std::string>>) {
    if (over.has_value()) *out = over;
  } else {
    if (!over.empty()) *out = over;
  }
}

// Stores y as dtype T, integers rounded to even and saturated.
template <typename T>
T Narrow(float y) {
  if constexpr (std::is_floating_point_v<T>) return static_cast<T>(y);
  const float low = std::numeric_limits<T>::min();
  const float high = std::numeric_limits<T>::max();
  return static_cast<T>(std::min(high, std::max(low, std::nearbyint(y))));
}
struct Half {
  uint16_t bits;
};
template <>
Half Narrow<Half>(float y) {
  return {HalfFromFloat(y)};
}

template <typename T>
void Fill(const Image& image, const std::vector<double>& mean,
          const std::vector<double>& scale, bool nhwc, std::byte* bytes) {
  T* const out = reinterpret_cast<T*>(bytes);
  const size_t channels = static_cast<size_t>(image.channels);
  const size_t count = image.pixels.size() / channels;
  for (size_t c = 0; c < channels; ++c) {
    // 256 levels: every y is computed once.
    T table[256];
    for (int level = 0; level < 256; ++level) {
      table[level] =
          Narrow<T>(static_cast<float>((level - mean[c]) / scale[c]));
    }
    T* to = nhwc ? out + c : out + c * count;
    const size_t stride = nhwc ? channels : 1;
    for (size_t i = 0; i < count; ++i, to += stride) {
      *to = table[image.pixels[i * channels + c]];
    }
  }
}

absl::StatusOr<std::vector<double>> PerChannel(absl::string_view key,
                                               const std::vector<double>& given,
                                               double otherwise, int channels) {
  if (given.empty()) return std::vector<double>(channels, otherwise);
  if (given.size() == 1) return std::vector<double>(channels, given[0]);
  if (given.size() == static_cast<size_t>(channels)) return given;
  return BadKey(key, absl::StrCat("1 or ", channels, " numbers"),
                absl::StrCat(given.size(), " numbers"));
}

Image Resized(const Image& image, const std::vector<int>& resize) {
  if (resize.size() == 2) return Resize(image, resize[1], resize[0]);
  // The longer side is cut to a whole number, as torchvision does.
  const int shorter = std::min(image.width, image.height);
  const auto scaled = [&](int side) {
    return static_cast<int>(int64_t{resize[0]} * side / shorter);
  };
  return Resize(image, scaled(image.width), scaled(image.height));
}

}  // namespace

absl::Span<const PreprocessingKey> PreprocessingKeys() { return kKeys; }

absl::Status SetKey(absl::string_view key, absl::string_view text,
                    Preprocessing* out) {
  if (key == "resize") return SetExtents(key, text, &out->resize);
  if (key == "crop") return SetExtents(key, text, &out->crop);
  if (key == "mean") return SetNumbers(key, text, true, &out->mean);
  if (key == "scale") return SetNumbers(key, text, false, &out->scale);
  if (key == "color") {
    return SetChoice(key, text, {"rgb", "bgr", "gray"}, &out->color);
  }
  if (key == "layout") {
    return SetChoice(key, text, {"nchw", "nhwc"}, &out->layout);
  }
  if (key == "dtype") {
    return SetChoice(key, text,
                     {"float32", "float64", "float16", "uint8", "int8"},
                     &out->dtype);
  }
  if (key == "labels" || key == "split") {
    if (text.empty()) return BadKey(key, "a name", "nothing");
    (key == "labels" ? out->labels : out->split) = std::string(text);
    return absl::OkStatus();
  }
  return BadKey(
      key,
      absl::StrCat("one of ", absl::StrJoin(kKeys, ", ",
                                            [](std::string* to, const auto& k) {
                                              to->append(k.name);
                                            })),
      "an unknown key");
}

Preprocessing Merge(const Preprocessing& base, const Preprocessing& over) {
  Preprocessing merged = base;
  Take(over.resize, &merged.resize);
  Take(over.crop, &merged.crop);
  Take(over.color, &merged.color);
  Take(over.layout, &merged.layout);
  Take(over.mean, &merged.mean);
  Take(over.scale, &merged.scale);
  Take(over.dtype, &merged.dtype);
  Take(over.labels, &merged.labels);
  Take(over.split, &merged.split);
  return merged;
}

std::string CanonicalText(const Preprocessing& p) {
  const auto numbers = [](const std::vector<double>& values) {
    return absl::StrJoin(values, ",", [](std::string* to, double value) {
      absl::StrAppendFormat(to, "%.17g", value);
    });
  };
  return absl::StrCat(
      "resize=", absl::StrJoin(p.resize, "x"),
      " crop=", absl::StrJoin(p.crop, "x"), " color=", p.color.value_or(""),
      " layout=", p.layout.value_or(""), " mean=", numbers(p.mean),
      " scale=", numbers(p.scale), " dtype=", p.dtype.value_or(""));
}

bool SetsImageKeys(const Preprocessing& p) {
  return CanonicalText(p) != CanonicalText({});
}

absl::StatusOr<Array> Preprocess(const Image& original,
                                 const Preprocessing& p) {
  Image image =
      p.color.has_value() ? ConvertColor(original, *p.color) : original;
  if (!p.resize.empty()) {
    // A sliver would grow out of all proportion: only its shorter side is
    // given.
    const int64_t ratio = std::max(image.width, image.height) /
                          std::min(image.width, image.height);
    if (p.resize.size() == 1 && ratio * p.resize[0] > 65536) {
      return BadKey("resize", "pictures that are not slivers",
                    absl::StrCat(image.height, "x", image.width));
    }
    image = Resized(image, p.resize);
  }
  if (!p.crop.empty()) {
    const int height = p.crop[0], width = p.crop.back();
    if (height > image.height || width > image.width) {
      return BadKey("crop",
                    absl::StrCat("at most ", image.height, "x", image.width),
                    absl::StrCat(height, "x", width));
    }
    // Python's round, to even, as torchvision's center_crop.
    const auto offset = [](int room) {
      return static_cast<int>(std::nearbyint(room / 2.0));
    };
    image = Crop(image, offset(image.width - width),
                 offset(image.height - height), width, height);
  }
  absl::StatusOr<std::vector<double>> mean =
      PerChannel("mean", p.mean, 0, image.channels);
  if (!mean.ok()) return mean.status();
  absl::StatusOr<std::vector<double>> scale =
      PerChannel("scale", p.scale, 1, image.channels);
  if (!scale.ok()) return scale.status();
  const bool nhwc = p.layout.value_or("nchw") == "nhwc";
  const std::string dtype = p.dtype.value_or("float32");
  std::vector<int64_t> shape = {image.height, image.width};
  shape.insert(nhwc ? shape.end() : shape.begin(), image.channels);
  absl::Span<std::byte> bytes;
  absl::StatusOr<Array> array = Allocate(dtype, std::move(shape), &bytes);
  if (!array.ok()) return array.status();
  const auto fill = [&](auto zero) {
    Fill<decltype(zero)>(image, *mean, *scale, nhwc, bytes.data());
  };
  if (dtype == "float32") fill(float{});
  if (dtype == "float64") fill(double{});
  if (dtype == "float16") fill(Half{});
  if (dtype == "uint8") fill(uint8_t{});
  if (dtype == "int8") fill(int8_t{});
  return array;
}

}  // namespace hone::datasets
