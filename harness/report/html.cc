#include "harness/report/html.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "harness/files/files.h"

namespace hone::harness {
namespace {

constexpr char kStyle[] = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#5b6570;
--line:#d9dee3;--mark:#e8f2ff;--accent:#0b62c4;--soft:#9db8d6}
@media(prefers-color-scheme:dark){:root{--bg:#14171a;--fg:#e4e8ec;
--dim:#9aa5b1;--line:#333a41;--mark:#1c2c40;--accent:#6cb1ff;--soft:#4d6a8a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:70rem;padding:1.5rem 1rem 4rem;background:var(--bg);
color:var(--fg);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 .5rem}
h2{font-size:1.1rem;margin:2.2rem 0 .6rem}
p{margin:.4rem 0}
.dim{color:var(--dim)}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);
vertical-align:top}
th{color:var(--dim);font-weight:600;white-space:nowrap}
td.n,th.n{text-align:right;white-space:nowrap}
tr.mark td{background:var(--mark)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:0}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);
padding:.7rem;border-radius:4px}
svg{max-width:100%;height:auto;display:block}
svg text{fill:var(--fg);font:12px system-ui,sans-serif}
svg .dim{fill:var(--dim)}
svg .axis{stroke:var(--line)}
svg .bar{stroke:var(--soft);stroke-width:1.5}
svg .front{stroke:var(--accent);stroke-width:1.5;fill:none}
svg .point{fill:var(--bg);stroke:var(--soft);stroke-width:2}
svg .pareto{fill:var(--accent);stroke:var(--accent)}
svg .float{fill:var(--fg);stroke:var(--fg)}
svg .kept{fill:var(--soft)}svg .made{fill:var(--accent)}
h3{font-size:1rem;margin:0 0 .5rem}
.moving{display:none}
.js .moving{display:block}
.js .static{display:none}
.js tr[data-trial]{cursor:pointer}
.chart{position:relative;height:24rem}
.low{height:14rem}
#axis label{margin-right:1.2rem}
#details{border:1px solid var(--line);border-radius:4px;padding:.8rem 1rem;
margin:1rem 0}
#map{display:flex;flex-wrap:wrap;gap:3px;margin:.6rem 0}
.cell{width:18px;height:18px;border-radius:3px;border:2px solid transparent}
.cell.kept{border-color:var(--dim)}
)css";

}  // namespace

std::string Escape(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default: {
        const unsigned char u = static_cast<unsigned char>(c);
        const bool control = (u < 0x20 && c != '\n' && c != '\t') || u == 0x7f;
        if (control) {
          out += "\xef\xbf\xbd";
        } else {
          out += c;
        }
      }
    }
  }
  return out;
}

std::string Page(absl::string_view title, absl::string_view body,
                 absl::string_view data,
                 const std::vector<absl::string_view>& scripts) {
  std::string allowed, elements;
  if (!data.empty()) {
    absl::StrAppend(&elements,
                    "<script type=\"application/json\" id=\"study\">", data,
                    "</script>\n");
  }
  for (const absl::string_view script : scripts) {
    absl::StrAppend(
        &allowed, allowed.empty() ? "; script-src" : "", " 'sha256-",
        absl::Base64Escape(absl::HexStringToBytes(Sha256(script))), "'");
    absl::StrAppend(&elements, "<script>", script, "</script>\n");
  }
  return absl::StrCat(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      // Even a text that slipped through could load or run nothing.
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; style-src 'unsafe-inline'",
      allowed,
      "\">\n<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>",
      Escape(title), "</title>\n<style>", kStyle, "</style></head>\n<body>\n",
      body, "\n", elements, "</body></html>\n");
}

std::string Table(const std::vector<std::string>& heads,
                  const std::vector<std::vector<std::string>>& rows,
                  const std::vector<bool>& numeric, int marked,
                  const std::vector<int64_t>& trials) {
  const auto open = [&](const char* tag, size_t column) {
    const bool n = column < numeric.size() && numeric[column];
    return absl::StrCat("<", tag, n ? " class=\"n\">" : ">");
  };
  std::string out = "<div class=\"wide\"><table><thead><tr>";
  for (size_t i = 0; i < heads.size(); ++i) {
    absl::StrAppend(&out, open("th", i), Escape(heads[i]), "</th>");
  }
  out += "</tr></thead><tbody>\n";
  for (size_t r = 0; r < rows.size(); ++r) {
    out += "<tr";
    if (static_cast<int>(r) == marked) out += " class=\"mark\"";
    if (r < trials.size())
      absl::StrAppend(&out, " data-trial=\"", trials[r], "\"");
    out += ">";
    for (size_t i = 0; i < rows[r].size(); ++i) {
      absl::StrAppend(&out, open("td", i), rows[r][i], "</td>");
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string Facts(
    const std::vector<std::pair<std::string, std::string>>& facts) {
  std::string out = "<dl>";
  for (const auto& [name, value] : facts) {
    absl::StrAppend(&out, "<dt>", Escape(name), "</dt><dd>", Escape(value),
                    "</dd>\n");
  }
  return out + "</dl>\n";
}

std::string PlainText(const Json& value) {
  return value.is_string() ? value.get<std::string>() : ToText(value);
}

std::string NodesTable(const Json& nodes) {
  std::vector<std::string> heads = {"node", "operator", "done", "why"};
  std::vector<std::string> keys = {"name", "op", "done", "why"};
  // Other members that any row has are columns of their own.
  for (const Json& node : nodes) {
    for (const auto& item : node.items()) {
      if (std::find(keys.begin(), keys.end(), item.key()) == keys.end() &&
          keys.size() < 8) {
        keys.push_back(item.key());
        heads.push_back(item.key());
      }
    }
  }
  std::vector<std::vector<std::string>> rows;
  for (const Json& node : nodes) {
    std::vector<std::string> row;
    for (const std::string& key : keys) {
      row.push_back(node.contains(key) && !node[key].is_null()
                        ? Escape(PlainText(node[key]))
                        : "");
    }
    rows.push_back(std::move(row));
  }
  return Table(heads, rows, {});
}

}  // namespace hone::harness
