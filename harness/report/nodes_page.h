// The page of `--report FILE.html`: one verb's result.
#ifndef HONE_HARNESS_REPORT_NODES_PAGE_H_
#define HONE_HARNESS_REPORT_NODES_PAGE_H_

#include <string>

#include "harness/json/json.h"

namespace hone::harness {

// The members of `result` as facts, its "nodes" as a table.
std::string NodesPage(const std::string& title, const Json& result);

}  // namespace hone::harness

#endif  // HONE_HARNESS_REPORT_NODES_PAGE_H_
