// The self-contained page of a sweep.
#ifndef HONE_HARNESS_REPORT_STUDY_PAGE_H_
#define HONE_HARNESS_REPORT_STUDY_PAGE_H_

#include <string>

#include "harness/sweep/summary.h"

namespace hone::harness {

// What came out, the plot, every trial, what the best trial did to each node,
// and on what machine, data and recipe. Readable without scripts; asks the
// network for nothing.
std::string StudyPage(const Summary& summary);

}  // namespace hone::harness

#endif  // HONE_HARNESS_REPORT_STUDY_PAGE_H_
