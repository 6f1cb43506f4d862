#include "harness/cli/help.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace hone::harness {
namespace {

constexpr size_t kHelpColumn = 30;

std::string Row(const Option& option) {
  std::string left = "  ";
  if (!option.letter.empty()) absl::StrAppend(&left, "-", option.letter, ", ");
  absl::StrAppend(&left, FlagOf(option.key));
  if (option.type != OptionType::kFlag) {
    absl::StrAppend(&left, " ", option.value_name);
  }
  if (left.size() + 2 > kHelpColumn) {
    absl::StrAppend(&left, "\n", std::string(kHelpColumn, ' '));
  } else {
    left.resize(kHelpColumn, ' ');
  }
  return absl::StrCat(
      left, Wrap(option.help, kHelpColumn, 80).substr(kHelpColumn), "\n");
}

}  // namespace

std::string Wrap(absl::string_view text, size_t indent, size_t width) {
  const std::string blanks(indent, ' ');
  std::string out = blanks;
  size_t column = indent;
  for (absl::string_view word :
       absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    if (column > indent && column + 1 + word.size() > width) {
      absl::StrAppend(&out, "\n", blanks);
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out.append(word.data(), word.size());
    column += word.size();
  }
  return out;
}

std::string HelpOf(const VerbSpec& verb) {
  std::string out = absl::StrCat("hone ", verb.name);
  for (const Positional& positional : verb.positionals) {
    const bool open = !positional.required;
    absl::StrAppend(&out, " ", open ? "[" : "", positional.name,
                    positional.repeated ? "..." : "", open ? "]" : "");
  }
  absl::StrAppend(&out, " [options]\n", Wrap(verb.summary, 2), "\n");
  if (!verb.details.empty()) {
    absl::StrAppend(&out, "\n", Wrap(verb.details, 2), "\n");
  }
  if (!verb.positionals.empty()) out += "\n";
  for (const Positional& positional : verb.positionals) {
    Option row;
    std::string left = absl::StrCat("  ", positional.name);
    left.resize(std::max(kHelpColumn, left.size() + 2), ' ');
    absl::StrAppend(&out, left,
                    Wrap(positional.help, kHelpColumn, 80).substr(kHelpColumn),
                    "\n");
  }
  std::vector<std::string> groups;
  for (const Option& option : verb.options) {
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) {
      groups.push_back(option.group);
    }
  }
  for (const std::string& group : groups) {
    absl::StrAppend(&out, "\n", group, "\n");
    for (const Option& option : verb.options) {
      if (option.group == group) out += Row(option);
    }
  }
  absl::StrAppend(&out, "\nExamples\n");
  for (const std::string& example : verb.examples) {
    absl::StrAppend(&out, "  ", example, "\n");
  }
  return out;
}

std::string Overview(const std::vector<VerbSpec>& verbs) {
  std::string out =
      "hone VERB MODEL [options]\n"
      "  Makes trained ONNX models smaller and faster, and measures what that\n"
      "  costs on your own data.\n\nVerbs\n";
  for (const VerbSpec& verb : verbs) {
    std::string left = absl::StrCat("  ", verb.name);
    left.resize(14, ' ');
    absl::StrAppend(&out, left, Wrap(verb.summary, 14).substr(14), "\n");
  }
  absl::StrAppend(
      &out,
      "\n`hone VERB --help` lists a verb's options with examples; `hone help "
      "options`\nlists every option of the library; `hone --version`.\n\n"
      "Exit codes: 0 done; 1 done, but a stated bound was not met; 2 usage;\n"
      "3 bad input; 4 refused for a stated limit; 130 interrupted, run again "
      "to go on.\n");
  return out;
}

}  // namespace hone::harness
