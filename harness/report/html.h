// HTML in which nothing can be run but the scripts that are named: every text
// is escaped, and the page's policy allows these scripts alone, by their hash.
#ifndef HONE_HARNESS_REPORT_HTML_H_
#define HONE_HARNESS_REPORT_HTML_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "harness/json/json.h"

namespace hone::harness {

// & < > " ' become entities; control characters other than line breaks and tabs
// become U+FFFD.
std::string Escape(absl::string_view text);

// A whole page: head with its style (light and dark), title, body. Nothing in
// it asks the network for anything. `body` is HTML. `data` (JSON text without
// '<') becomes the element #study that the scripts read; they run in their
// order behind the body. Without scripts nothing runs at all.
std::string Page(absl::string_view title, absl::string_view body,
                 absl::string_view data = "",
                 const std::vector<absl::string_view>& scripts = {});

// Cells are HTML. Columns in `numeric` are aligned at the right. `marked` is
// the row that stands out, -1 for none. `trials` are the rows' data-trial, for
// scripts.
std::string Table(const std::vector<std::string>& heads,
                  const std::vector<std::vector<std::string>>& rows,
                  const std::vector<bool>& numeric, int marked = -1,
                  const std::vector<int64_t>& trials = {});

// A list of names and values; the values are texts and are escaped.
std::string Facts(
    const std::vector<std::pair<std::string, std::string>>& facts);

// A string as it is, anything else as JSON.
std::string PlainText(const Json& value);

// The table of "nodes": what was done to each, or why nothing was.
std::string NodesTable(const Json& nodes);

}  // namespace hone::harness

#endif  // HONE_HARNESS_REPORT_HTML_H_
