#include "harness/report/plot.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/cli/quantities.h"
#include "harness/report/html.h"

namespace hone::harness {
namespace {

constexpr double kWidth = 860, kHeight = 400;
constexpr double kLeft = 64, kRight = 20, kTop = 16, kBottom = 44;

struct Scale {
  double low, high, from, to;
  double operator()(double value) const {
    return from + (value - low) / (high - low) * (to - from);
  }
};

bool Finite(const Mark& mark) {
  return std::isfinite(mark.size) && std::isfinite(mark.value) &&
         std::isfinite(mark.low) && std::isfinite(mark.high);
}

std::string Line(const char* style, double x1, double y1, double x2,
                 double y2) {
  return absl::StrFormat(
      "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
      style, x1, y1, x2, y2);
}

std::string Text(double x, double y, const char* anchor, const char* style,
                 const std::string& text) {
  return absl::StrFormat(
      "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
      style, x, y, anchor, Escape(text));
}

}  // namespace

std::vector<double> Ticks(double low, double high, int count) {
  const double rough = (high - low) / std::max(1, count);
  if (!(rough > 0) || !std::isfinite(rough)) return {low};
  const double magnitude = std::pow(10, std::floor(std::log10(rough)));
  double step = magnitude * 10;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (magnitude * factor >= rough * 0.999) {
      step = magnitude * factor;
      break;
    }
  }
  std::vector<double> out;
  for (double k = std::ceil(low / step - 1e-9);
       k * step <= high + step * 1e-9 && out.size() < 50; ++k) {
    out.push_back(k * step);
  }
  return out;
}

std::string ParetoPlot(const std::vector<Mark>& all,
                       const std::string& metric) {
  std::vector<Mark> marks;
  std::copy_if(all.begin(), all.end(), std::back_inserter(marks), Finite);
  if (marks.empty()) return "<p class=\"dim\">Nothing was measured yet.</p>\n";
  double low = marks[0].low, high = marks[0].high, size = 1;
  for (const Mark& mark : marks) {
    low = std::min(low, mark.low);
    high = std::max(high, mark.high);
    size = std::max(size, mark.size);
  }
  const double margin = std::max((high - low) * 0.05, 1e-9);
  const Scale x{0, size * 1.08, kLeft, kWidth - kRight};
  const Scale y{low - margin, high + margin, kHeight - kBottom, kTop};
  std::string out = absl::StrFormat(
      "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s against "
      "file size\">\n",
      kWidth, kHeight, Escape(metric));
  const std::vector<double> levels = Ticks(y.low, y.high, 6);
  const double step = levels.size() > 1 ? levels[1] - levels[0] : 1;
  const int digits =
      std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
  for (const double tick : levels) {
    out += Line("axis", kLeft, y(tick), kWidth - kRight, y(tick));
    out += Text(kLeft - 8, y(tick) + 4, "end", "dim",
                absl::StrFormat("%.*f", digits, tick));
  }
  for (const double tick : Ticks(0, x.high, 6)) {
    out += Line("axis", x(tick), kHeight - kBottom, x(tick),
                kHeight - kBottom + 5);
    out +=
        Text(x(tick), kHeight - kBottom + 20, "middle", "dim", BytesText(tick));
  }
  out += Text(kLeft, kHeight - 6, "start", "dim",
              absl::StrCat("file size; ", metric, " with 95 % intervals"));
  std::string path;
  for (const Mark& mark : marks) {
    if (!mark.on_front) continue;
    absl::StrAppendFormat(&path, "%s%.1f,%.1f", path.empty() ? "" : " ",
                          x(mark.size), y(mark.value));
  }
  absl::StrAppend(&out, "<polyline class=\"front\" points=\"", path, "\"/>\n");
  for (const Mark& mark : marks) {
    const double cx = x(mark.size), cy = y(mark.value);
    out += Line("bar", cx, y(mark.low), cx, y(mark.high));
    absl::StrAppendFormat(
        &out,
        "<circle class=\"point%s%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"><title>"
        "%s: %.4f, %s</title></circle>\n",
        mark.on_front ? " pareto" : "", mark.is_float ? " float" : "", cx, cy,
        Escape(mark.name), mark.value, BytesText(mark.size));
    if (mark.on_front || mark.is_float) {
      const bool right = cx < kWidth * 0.7;
      out += Text(cx + (right ? 9 : -9), cy + 4, right ? "start" : "end", "",
                  mark.name);
    }
  }
  return out + "</svg>\n";
}

std::string LayerPlot(const std::vector<Bar>& all, const std::string& what) {
  std::vector<Bar> bars;
  double most = 1, least = 0;
  for (const Bar& bar : all) {
    if (!std::isfinite(bar.db) || std::fabs(bar.db) >= 200) continue;
    bars.push_back(bar);
    most = std::max(most, bar.db);
    least = std::min(least, bar.db);
  }
  if (bars.empty()) return "";
  constexpr double kBarsHeight = 220;
  const Scale y{least, most * 1.05, kBarsHeight - 20, kTop};
  const double step =
      (kWidth - kLeft - kRight) / static_cast<double>(bars.size());
  std::string out = absl::StrFormat(
      "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">\n",
      kWidth, kBarsHeight, Escape(what));
  for (const double tick : Ticks(y.low, y.high, 5)) {
    out += Line("axis", kLeft, y(tick), kWidth - kRight, y(tick));
    out += Text(kLeft - 8, y(tick) + 4, "end", "dim",
                absl::StrFormat("%.0f dB", tick));
  }
  for (size_t i = 0; i < bars.size(); ++i) {
    const double top = y(std::max(0.0, bars[i].db));
    const double height = std::fabs(y(0) - y(bars[i].db));
    absl::StrAppendFormat(
        &out,
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
        "height=\"%.1f\"><title>%s: %.1f dB</title></rect>\n",
        bars[i].quantized ? "made" : "kept",
        kLeft + step * static_cast<double>(i), top, std::max(0.5, step * 0.85),
        std::max(0.5, height), Escape(bars[i].name), bars[i].db);
  }
  return out + "</svg>\n";
}

}  // namespace hone::harness
