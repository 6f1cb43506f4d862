// From decoded pixels to a model's input.
//
//   Preprocessing p;
//   SetKey("resize", "256", &p); SetKey("crop", "224", &p);
//   SetKey("mean", "123.7,116.3,103.5", &p); SetKey("scale", "58.4", &p);
//   absl::StatusOr<Array> input = Preprocess(image, p);   // float32
//   [3,224,224]
//
// In this order: color; resize (antialiased bilinear as Pillow's BILINEAR:
// triangle filter, widened by the factor when it shrinks, rounded to whole
// levels); center crop (torchvision's offsets, round((size - crop) / 2));
// y = (x - mean[c]) / scale[c] with x in 0..255; dtype; layout.
#ifndef HONE_DATASETS_PREPROCESS_PREPROCESS_H_
#define HONE_DATASETS_PREPROCESS_PREPROCESS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "datasets/array/array.h"
#include "datasets/image/image.h"

namespace hone::datasets {

// Every key may be unset; then the comment's default holds.
struct Preprocessing {
  // One number: the shorter side; two: height and width. Default: as it is.
  std::vector<int> resize;
  std::vector<int> crop;              // One number: a square. Default: no crop.
  std::optional<std::string> color;   // rgb, bgr, gray. Default: rgb for files,
                                      // as they are for IDX.
  std::optional<std::string> layout;  // nchw (default), nhwc
  std::vector<double> mean;   // one, or one per channel, in pixel levels. 0.
  std::vector<double> scale;  // likewise; not 0. Default: 1.
  std::optional<std::string> dtype;   // float32 (default), float64, float16,
                                      // uint8, int8: rounded to even, saturated
  std::optional<std::string> labels;  // of images: a CSV file of (file, class);
                                      // of arrays: the name of the target
  std::optional<std::string> split;   // a subfolder of the data: train, val
};

struct PreprocessingKey {
  const char* name;
  const char* help;
};
// The keys in the order of the struct, for flags and their help.
absl::Span<const PreprocessingKey> PreprocessingKeys();

// Sets a key from text as on the command line ("256", "224x224" or "224,224",
// "123.7,116.3,103.5"). InvalidArgument names the key and what it accepts; an
// unknown key names all of them.
absl::Status SetKey(absl::string_view key, absl::string_view text,
                    Preprocessing* out);

// `over` where it is set, else `base`.
Preprocessing Merge(const Preprocessing& base, const Preprocessing& over);

// What decides the pixels (all but labels and split) in one canonical line.
std::string CanonicalText(const Preprocessing& preprocessing);
// True when a key that only images understand is set.
bool SetsImageKeys(const Preprocessing& preprocessing);

// One sample without a batch axis: [C, H, W], or [H, W, C] for nhwc.
// InvalidArgument: a crop larger than the image, mean or scale of another
// number of channels.
absl::StatusOr<Array> Preprocess(const Image& image,
                                 const Preprocessing& preprocessing);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_PREPROCESS_PREPROCESS_H_
