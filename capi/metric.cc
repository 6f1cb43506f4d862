#include "capi/metric.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "capi/error.h"

using hone::capi::Guard;
using hone::capi::Misuse;

hone_error* hone_metric_new(const hone_metric_callbacks* callbacks,
                            hone_metric** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(callbacks);
  HONE_REQUIRE(callbacks->name);
  HONE_REQUIRE(callbacks->update);
  HONE_REQUIRE(callbacks->result);
  return Guard([&]() -> absl::Status {
    if (callbacks->struct_size < sizeof(hone_metric_callbacks)) {
      return Misuse("struct_size", "callbacks",
                    absl::StrCat(sizeof(hone_metric_callbacks)),
                    absl::StrCat(callbacks->struct_size));
    }
    if (*callbacks->name == '\0') {
      return Misuse("empty", "callbacks->name", "a name");
    }
    auto metric = std::make_unique<hone_metric>();
    metric->callbacks = *callbacks;
    metric->name = callbacks->name;
    metric->user = hone::capi::OwnUser(callbacks->user, callbacks->destroy);
    *out = metric.release();
    return absl::OkStatus();
  });
}

void hone_metric_free(hone_metric* metric) { delete metric; }
