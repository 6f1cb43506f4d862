// HTML in which nothing can be run: every text is escaped.
#ifndef HONE_HARNESS_REPORT_HTML_H_
#define HONE_HARNESS_REPORT_HTML_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "harness/json/json.h"

namespace hone::harness {

// & < > " ' become entities; control characters other than line breaks and tabs
// become U+FFFD.
std::string Escape(absl::string_view text);

// A whole page: head with its style (light and dark), title, body. Nothing in
// it asks the network for anything. `body` is HTML.
std::string Page(absl::string_view title, absl::string_view body);

// Cells are HTML. Columns in `numeric` are aligned at the right. `marked` is
// the row that stands out, -1 for none.
std::string Table(const std::vector<std::string>& heads,
                  const std::vector<std::vector<std::string>>& rows,
                  const std::vector<bool>& numeric, int marked = -1);

// A list of names and values; the values are texts and are escaped.
std::string Facts(
    const std::vector<std::pair<std::string, std::string>>& facts);

// A string as it is, anything else as JSON.
std::string PlainText(const Json& value);

// The table of "nodes": what was done to each, or why nothing was.
std::string NodesTable(const Json& nodes);

}  // namespace hone::harness

#endif  // HONE_HARNESS_REPORT_HTML_H_
