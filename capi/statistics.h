// hone_statistics: what calibration saw.
#ifndef HONE_CAPI_STATISTICS_H_
#define HONE_CAPI_STATISTICS_H_

#include "algorithms/statistics/statistics.h"
#include "capi/hone.h"

struct hone_statistics {
  hone::Statistics statistics;
};

#endif  // HONE_CAPI_STATISTICS_H_
