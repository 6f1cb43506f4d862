// hone report STORE -o report.html
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/report/study_page.h"
#include "harness/store/store.h"
#include "harness/sweep/summary.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {

absl::StatusOr<VerbSpec> ReportSpecification() {
  VerbSpec verb;
  verb.positionals = {
      {"STORE", "a sweep's folder, or the study.sqlite in it", true}};
  verb.options = {MakeOption("output", "FILE", "the page [STORE/report.html]",
                             "Report", "o")};
  verb.examples = {"hone report sweep-out",
                   "hone report sweep-out/study.sqlite -o report.html"};
  return verb;
}

absl::StatusOr<Outcome> RunReport(Environment& environment) {
  std::string path = environment.arguments.positional(0);
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) path += "/study.sqlite";
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const std::string base = folder.empty() ? "." : folder;
  HARNESS_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store,
                           Store::OpenExisting(path));
  HARNESS_ASSIGN_OR_RETURN(const Summary summary, Summarize(*store, {}));
  const std::string page =
      environment.arguments.Text("output", base + "/report.html");
  HARNESS_RETURN_IF_ERROR(WriteFile(page, StudyPage(summary)));
  Outcome outcome;
  outcome.json = {{"store", path}};
  outcome.json.update(SummaryJson(summary, base));
  outcome.json["report"] = page;
  outcome.text =
      absl::StrCat(SummaryTable(summary), "\nreport      ", page, "\n");
  return outcome;
}

}  // namespace hone::harness
