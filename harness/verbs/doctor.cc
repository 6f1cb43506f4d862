// hone doctor
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/cli/quantities.h"
#include "harness/error/error.h"
#include "harness/machine/machine.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {
namespace {

std::string TextOf(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object() && value.contains("device")) {
    return absl::StrCat(value.value("device", ""), " ", value.value("name", ""),
                        " (", value.value("kind", ""), ", ",
                        value.value("platform", ""), ", ",
                        BytesText(value.value("memory_bytes", 0.0)), ")");
  }
  if (!value.is_array()) return ToText(value);
  std::string out;
  for (const Json& item : value) {
    absl::StrAppend(&out, out.empty() ? "" : ", ", TextOf(item));
  }
  return out.empty() ? "none" : out;
}

}  // namespace

absl::StatusOr<VerbSpec> DoctorSpecification() {
  VerbSpec verb;
  verb.details = "Exits with 1 when a part of the self-test fails.";
  verb.examples = {"hone doctor", "hone doctor --json"};
  return verb;
}

absl::StatusOr<Outcome> RunDoctor(Environment& environment) {
  TextPtr text;
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_doctor(environment.context, Out(&text))));
  Outcome outcome;
  outcome.json = ParseJson(ToString(text.get()));
  if (!outcome.json.is_object()) {
    return MakeFailure(
        {"internal", "hone_doctor gave no JSON object", "", "", "", ""});
  }
  outcome.json["instruction_set"] = InstructionSet();
  for (const auto& [key, value] : outcome.json.items()) {
    if (key == "self_test") continue;
    absl::StrAppendFormat(&outcome.text, "%-16s %s\n", key,
                          key == "memory_bytes" && value.is_number()
                              ? BytesText(value.get<double>())
                              : TextOf(value));
  }
  for (const Json& test : outcome.json.value("self_test", Json::array())) {
    const bool ok = test.value("ok", false);
    outcome.met = outcome.met && ok;
    absl::StrAppendFormat(&outcome.text, "self-test        %-4s %s  %s\n",
                          ok ? "ok" : "FAIL", test.value("name", std::string()),
                          test.value("detail", std::string()));
  }
  return outcome;
}

}  // namespace hone::harness
