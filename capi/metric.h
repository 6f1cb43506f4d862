// hone_metric: a figure of merit by callback.
#ifndef HONE_CAPI_METRIC_H_
#define HONE_CAPI_METRIC_H_

#include <string>

#include "capi/context.h"
#include "capi/hone.h"

struct hone_metric {
  hone_metric_callbacks callbacks = {};
  hone::capi::User user;
  std::string name;
  bool used = false;  // one evaluation long
};

#endif  // HONE_CAPI_METRIC_H_
