#include <fmt/core.h>
#include <racecourse/scenarios/measure/bars.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace racecourse::measure {
namespace {

// In SVG's units; the width scales with the page.
constexpr int kWidth = 640, kLeft = 110, kRight = 80, kBar = 26, kGap = 12, kHead = 56, kPanelHead = 34, kAxis = 40;
constexpr int kPlot = kWidth - kLeft - kRight;
// Distinct also for those who see few colours, and in print: they differ in lightness.
constexpr std::string_view kColours[] = {"#8d99ae", "#2a6f97", "#e09f3e"};

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '&':
        safe += "&amp;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

double longest(const Panel& panel) {
  double most = 0;
  for (const Bar& bar : panel.bars) most = std::max(most, bar.ms);
  return most;
}

double shortest(const Panel& panel) {
  double least = longest(panel);
  for (const Bar& bar : panel.bars) least = std::min(least, bar.ms);
  return least;
}

// 1, 2 or 5 times a power of ten, so that at most five fit.
double tick_distance(double most) {
  if (most <= 0) return 1;
  const double power = std::pow(10, std::floor(std::log10(most / 5)));
  for (const int factor : {1, 2, 5}) {
    if (most / (factor * power) <= 5) return factor * power;
  }
  return 10 * power;
}

int height(const Panel& panel) { return kPanelHead + static_cast<int>(panel.bars.size()) * (kBar + kGap) + kAxis; }

std::string label(int x, int y, std::string_view anchor, std::string_view style, std::string_view words) {
  return fmt::format("  <text x=\"{}\" y=\"{}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor, style, escaped(words));
}

std::string panel_svg(const Panel& panel, int top) {
  const double distance = tick_distance(longest(panel));
  const double scale = std::max(longest(panel), distance);  // ms for the whole width
  const auto x_of = [&](double ms) { return kLeft + static_cast<int>(std::lround(ms / scale * kPlot)); };
  const int first = top + kPanelHead, end = first + static_cast<int>(panel.bars.size()) * (kBar + kGap);

  std::string out = label(kLeft, top + 20, "start", " font-weight=\"bold\"", panel.title);
  for (int i = 0; i * distance <= scale; i++) {
    const double ms = i * distance;
    out += fmt::format("  <line x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{2}\" stroke=\"#dddddd\"/>\n", x_of(ms),
                       first - 6, end);
    out += label(x_of(ms), end + 16, "middle", " font-size=\"12\" fill=\"#666666\"", fmt::format("{:g} ms", ms));
  }
  for (std::size_t i = 0; i < panel.bars.size(); i++) {
    const Bar& bar = panel.bars[i];
    const int y = first + static_cast<int>(i) * (kBar + kGap), middle = y + kBar / 2 + 5;
    out += fmt::format(
        "  <rect class=\"bar\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"><title>{}, {}: {:.1f} "
        "ms</title></rect>\n",
        kLeft, y, x_of(bar.ms) - kLeft, kBar, kColours[i % std::size(kColours)], escaped(panel.title),
        escaped(bar.name), bar.ms);
    out += label(kLeft - 8, middle, "end", "", bar.name);
    out += label(x_of(bar.ms) + 6, middle, "start", "", fmt::format("{:.1f}", bar.ms));
  }
  return out;
}

}  // namespace

std::string svg(const std::string& title, const std::vector<Panel>& panels) {
  int whole = kHead;
  for (const Panel& panel : panels) whole += height(panel);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "font-family=\"sans-serif\" font-size=\"14\" fill=\"#222222\">\n  <title>{2}</title>\n"
      "  <rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
      kWidth, whole, escaped(title));
  out += label(kWidth / 2, 30, "middle", " font-size=\"16\"", title);
  int top = kHead;
  for (const Panel& panel : panels) {
    out += panel_svg(panel, top);
    top += height(panel);
  }
  return out + "</svg>\n";
}

std::string text(const std::string& title, const std::vector<Panel>& panels) {
  constexpr double kColumns = 50;
  std::string out = title + "\n";
  for (const Panel& panel : panels) {
    out += "\n" + panel.title + "\n";
    const double most = std::max(longest(panel), 1e-9), least = shortest(panel);
    std::size_t width = 0;
    for (const Bar& bar : panel.bars) width = std::max(width, bar.name.size());
    for (const Bar& bar : panel.bars) {
      const auto columns = static_cast<std::size_t>(std::lround(bar.ms / most * kColumns));
      const std::string ratio = least > 0 ? fmt::format("{:.1f} x", bar.ms / least) : "-";
      out += fmt::format("  {:<{}} {:>9.1f} ms {:>8}  {}\n", bar.name, width, bar.ms, ratio, std::string(columns, '#'));
    }
  }
  return out;
}

}  // namespace racecourse::measure
