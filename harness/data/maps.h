// Maps of the C ABI (what a classifier's ZipMap gives) as people read them and
// as metrics take them.
#ifndef HONE_HARNESS_DATA_MAPS_H_
#define HONE_HARNESS_DATA_MAPS_H_

#include <string>

#include "absl/status/statusor.h"
#include "capi/hone.h"
#include "datasets/array/array.h"
#include "harness/data/signature.h"
#include "harness/json/json.h"

namespace hone::harness {

// Whether the port gives a map or a sequence of maps.
bool GivesMaps(const Port& port);

// {"0": 0.25, "1": 0.75} of a map from any keys to scalars, in the order of the
// keys; an array of them of a sequence. float32 has the fewest digits that read
// back the same; NaN and infinities, which JSON has no numbers for, are "NaN",
// "Infinity" and "-Infinity". `what` is for messages. Unsupported: another
// value.
absl::StatusOr<Json> MapsToJson(const hone_value* value,
                                const std::string& what);

// [maps, keys]: the values of each map, in the order of the keys. Unsupported:
// no sequence of maps to scalars of one type. Bad input: maps of different
// keys.
absl::StatusOr<datasets::Array> RowsOfMaps(const hone_value* value,
                                           const std::string& what);

}  // namespace hone::harness

#endif  // HONE_HARNESS_DATA_MAPS_H_
