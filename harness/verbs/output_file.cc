#include "harness/verbs/output_file.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "datasets/array/array.h"
#include "datasets/npy/npy.h"
#include "harness/data/maps.h"
#include "harness/data/values.h"
#include "harness/error/error.h"
#include "harness/files/files.h"

namespace hone::harness {

absl::Status OutputFile::AddMaps(const hone_value* value, bool join) {
  HARNESS_ASSIGN_OR_RETURN(
      Json maps, MapsToJson(value, absl::StrCat("output ", port_.name,
                                                " (--format pb writes every "
                                                "kind)")));
  if (join && maps.is_array()) {
    for (Json& map : maps) maps_.push_back(std::move(map));
  } else {
    maps_.push_back(std::move(maps));
  }
  return absl::OkStatus();
}

absl::Status OutputFile::Add(const hone_value* value, bool join) {
  if (GivesMaps(port_)) return AddMaps(value, join);
  HARNESS_ASSIGN_OR_RETURN(
      datasets::Array array,
      ArrayOf(value, absl::StrCat("output ", port_.name,
                                  " (--format pb writes every kind)")));
  if (count_ == 0) {
    dtype_ = array.dtype;
    shape_ = array.shape;
  } else if (array.dtype != dtype_ || array.shape != shape_) {
    return MakeFailure(
        {"unsupported",
         absl::StrCat("output ", port_.name, " differs between samples (",
                      datasets::ShapeToString(shape_), " and ",
                      datasets::ShapeToString(array.shape),
                      ") and cannot be stacked; --format pb writes it"),
         "", "", datasets::ShapeToString(shape_),
         datasets::ShapeToString(array.shape)});
  }
  for (const std::string& text : array.strings) strings_.push_back(text);
  bytes_.insert(bytes_.end(), array.bytes.begin(), array.bytes.end());
  ++count_;
  return absl::OkStatus();
}

absl::StatusOr<std::string> OutputFile::Write(const std::string& folder,
                                              bool join) const {
  const std::string stem =
      absl::StrCat(folder, "/", absl::StrReplaceAll(port_.name, {{"/", "_"}}));
  if (GivesMaps(port_)) {
    // One entry a line.
    std::vector<std::string> lines;
    for (const Json& entry : maps_) lines.push_back(ToText(entry));
    const std::string path = stem + ".json";
    HARNESS_RETURN_IF_ERROR(WriteFile(
        path, absl::StrCat("[", absl::StrJoin(lines, ",\n "), "]\n")));
    return path;
  }
  datasets::Array all;
  all.dtype = dtype_;
  all.shape = shape_;
  if (join && !shape_.empty()) {
    all.shape[0] *= count_;
  } else {
    all.shape.insert(all.shape.begin(), count_);
  }
  all.bytes = bytes_;
  all.strings = strings_;
  const std::string path = stem + ".npy";
  HARNESS_RETURN_IF_ERROR(datasets::WriteNpy(path, all));
  return path;
}

}  // namespace hone::harness
