#include "harness/store/store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "harness/error/error.h"
#include "harness/machine/machine.h"

namespace hone::harness {
namespace {

double Now() { return absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()); }

constexpr char kMeasurementColumns[] =
    "role, metric, value, low, high, samples, engine, machine, "
    "instruction_set, threads, wall_s";

Measurement ReadMeasurement(const Statement& row, int first) {
  Measurement m;
  m.role = row.Text(first);
  m.metric = row.Text(first + 1);
  m.value = row.Double(first + 2);
  m.low = row.Double(first + 3);
  m.high = row.Double(first + 4);
  m.samples = row.Int(first + 5);
  m.engine = row.Text(first + 6);
  m.machine = row.Text(first + 7);
  m.instruction_set = row.Text(first + 8);
  m.threads = row.Int(first + 9);
  m.wall_s = row.Double(first + 10);
  return m;
}

}  // namespace

const Measurement* FindMeasurement(const Trial& trial, const std::string& role,
                                   const std::string& metric) {
  for (const Measurement& m : trial.measurements) {
    if (m.role == role && m.metric == metric) return &m;
  }
  return nullptr;
}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& path) {
  return OpenImpl(path, true);
}

absl::StatusOr<std::unique_ptr<Store>> Store::OpenExisting(
    const std::string& path) {
  return OpenImpl(path, false);
}

absl::StatusOr<std::unique_ptr<Store>> Store::OpenImpl(const std::string& path,
                                                       bool create) {
  auto store = std::make_unique<Store>();
  HARNESS_ASSIGN_OR_RETURN(store->database_, Database::Open(path, create));
  HARNESS_RETURN_IF_ERROR(store->CheckSchema(create));
  return store;
}

absl::Status Store::Begin(const Json& definition,
                          const std::vector<NewTrial>& trials) {
  Transaction transaction(*database_);
  HARNESS_RETURN_IF_ERROR(transaction.Begin());
  Statement find(*database_, "SELECT definition FROM study");
  HARNESS_ASSIGN_OR_RETURN(const bool there, find.Step());
  if (there) {
    const Json known = ParseJson(find.Text(0));
    if (CanonicalText(known) != CanonicalText(definition)) {
      return InputError(
          path(),
          absl::StrCat("this study was started differently, and its trials "
                       "cannot be mixed with others: ",
                       absl::StrJoin(Differences(known, definition), "; ")),
          "the same settings, or another output folder (-o)");
    }
    return absl::OkStatus();
  }
  HARNESS_RETURN_IF_ERROR(
      Statement(*database_,
                "INSERT INTO study(id, definition, hone_version, created_at) "
                "VALUES (1, ?, ?, ?)")
          .Bind(1, ToText(definition))
          .Bind(2, definition.value("hone_version", std::string()))
          .Bind(3, Now())
          .Run());
  int64_t id = 0;
  for (const NewTrial& trial : trials) {
    HARNESS_RETURN_IF_ERROR(Insert(id++, trial));
  }
  return transaction.Commit();
}

absl::StatusOr<Json> Store::Definition() {
  Statement find(*database_, "SELECT definition FROM study");
  HARNESS_ASSIGN_OR_RETURN(const bool there, find.Step());
  if (!there) {
    return InputError(path(), "the study has not begun", "a sweep that ran");
  }
  return ParseJson(find.Text(0));
}

absl::StatusOr<std::optional<Claim>> Store::ClaimNext(
    const std::string& owner) {
  Transaction transaction(*database_);
  HARNESS_RETURN_IF_ERROR(transaction.Begin());
  std::optional<Claim> claim;
  {
    Statement find(*database_,
                   "SELECT id, attempt, fence, label, config, state, owner, "
                   "lease_until FROM trial WHERE state IN ('pending', "
                   "'running') ORDER BY id");
    while (!claim.has_value()) {
      HARNESS_ASSIGN_OR_RETURN(const bool row, find.Step());
      if (!row) break;
      if (find.Text(5) == "running" && find.Double(7) > Now() &&
          MayBeAlive(find.Text(6))) {
        continue;
      }
      claim = Claim{find.Int(0), find.Int(1) + 1, find.Int(2) + 1, find.Text(3),
                    find.Text(4)};
    }
  }
  if (!claim.has_value()) return claim;
  HARNESS_RETURN_IF_ERROR(
      Statement(*database_,
                "UPDATE trial SET state = 'running', attempt = ?, fence = ?, "
                "owner = ?, lease_until = ? WHERE id = ?")
          .Bind(1, claim->attempt)
          .Bind(2, claim->fence)
          .Bind(3, owner)
          .Bind(4, Now() + kLeaseSeconds)
          .Bind(5, claim->trial)
          .Run());
  HARNESS_RETURN_IF_ERROR(transaction.Commit());
  return claim;
}

absl::Status Store::CheckFence(const Claim& claim) {
  if (database_->changes() == 1) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      path(), ": trial ", claim.trial,
      " was taken over by another process after its lease had ended"));
}

absl::Status Store::Renew(const Claim& claim) {
  HARNESS_RETURN_IF_ERROR(
      Statement(*database_,
                "UPDATE trial SET lease_until = ? WHERE id = ? AND fence = ? "
                "AND state = 'running'")
          .Bind(1, Now() + kLeaseSeconds)
          .Bind(2, claim.trial)
          .Bind(3, claim.fence)
          .Run());
  return CheckFence(claim);
}

absl::Status Store::Finish(const Claim& claim, const Artifact& artifact,
                           const std::string& detail,
                           const std::vector<Measurement>& measurements) {
  Transaction transaction(*database_);
  HARNESS_RETURN_IF_ERROR(transaction.Begin());
  HARNESS_RETURN_IF_ERROR(
      Statement(*database_,
                "INSERT OR IGNORE INTO artifact(sha256, path, size_bytes) "
                "VALUES (?, ?, ?)")
          .Bind(1, artifact.sha256)
          .Bind(2, artifact.path)
          .Bind(3, artifact.size_bytes)
          .Run());
  HARNESS_RETURN_IF_ERROR(
      Statement(*database_,
                "UPDATE trial SET state = 'done', artifact = ?, detail = ?, "
                "error = NULL, owner = NULL, lease_until = NULL WHERE id = ? "
                "AND fence = ? AND state = 'running'")
          .Bind(1, artifact.sha256)
          .Bind(2, detail)
          .Bind(3, claim.trial)
          .Bind(4, claim.fence)
          .Run());
  HARNESS_RETURN_IF_ERROR(CheckFence(claim));
  for (const Measurement& measurement : measurements) {
    HARNESS_RETURN_IF_ERROR(Insert(claim.trial, measurement));
  }
  return transaction.Commit();
}

absl::Status Store::Fail(const Claim& claim, const std::string& error) {
  HARNESS_RETURN_IF_ERROR(
      Statement(*database_,
                "UPDATE trial SET state = 'failed', error = ?, owner = NULL, "
                "lease_until = NULL WHERE id = ? AND fence = ? AND state = "
                "'running'")
          .Bind(1, error)
          .Bind(2, claim.trial)
          .Bind(3, claim.fence)
          .Run());
  return CheckFence(claim);
}

absl::Status Store::Release(const Claim& claim) {
  return Statement(*database_,
                   "UPDATE trial SET state = 'pending', owner = NULL, "
                   "lease_until = NULL WHERE id = ? AND fence = ? AND state = "
                   "'running'")
      .Bind(1, claim.trial)
      .Bind(2, claim.fence)
      .Run();
}

absl::Status Store::Insert(int64_t trial, const Measurement& m) {
  return Statement(*database_,
                   absl::StrCat("INSERT OR REPLACE INTO measurement(",
                                kMeasurementColumns,
                                ", trial, measured_at) VALUES (?, ?, ?, ?, ?, "
                                "?, ?, ?, ?, ?, ?, ?, ?)"))
      .Bind(1, m.role)
      .Bind(2, m.metric)
      .Bind(3, m.value)
      .Bind(4, m.low)
      .Bind(5, m.high)
      .Bind(6, m.samples)
      .Bind(7, m.engine)
      .Bind(8, m.machine)
      .Bind(9, m.instruction_set)
      .Bind(10, m.threads)
      .Bind(11, m.wall_s)
      .Bind(12, trial)
      .Bind(13, Now())
      .Run();
}

absl::Status Store::AddMeasurements(
    int64_t trial, const std::vector<Measurement>& measurements) {
  Transaction transaction(*database_);
  HARNESS_RETURN_IF_ERROR(transaction.Begin());
  for (const Measurement& measurement : measurements) {
    HARNESS_RETURN_IF_ERROR(Insert(trial, measurement));
  }
  return transaction.Commit();
}

absl::StatusOr<std::vector<Measurement>> Store::MeasurementsOf(
    const std::string& sha256, const std::string& role) {
  Statement find(*database_,
                 absl::StrCat("SELECT ", kMeasurementColumns,
                              " FROM measurement WHERE role = ?2 AND trial = "
                              "(SELECT min(t.id) FROM trial t JOIN "
                              "measurement m ON m.trial = t.id WHERE "
                              "t.artifact = ?1 AND t.state = 'done' AND "
                              "m.role = ?2) ORDER BY rowid"));
  find.Bind(1, sha256).Bind(2, role);
  std::vector<Measurement> out;
  while (true) {
    HARNESS_ASSIGN_OR_RETURN(const bool row, find.Step());
    if (!row) return out;
    out.push_back(ReadMeasurement(find, 0));
  }
}

absl::StatusOr<std::vector<Trial>> Store::Trials() {
  // One transaction: trials and measurements of the same moment.
  Transaction transaction(*database_);
  HARNESS_RETURN_IF_ERROR(transaction.Begin());
  std::vector<Trial> trials;
  {
    Statement find(*database_,
                   "SELECT id, label, config, state, attempt, error, detail, "
                   "sha256, path, size_bytes, reason FROM trial LEFT JOIN "
                   "artifact ON artifact = sha256 ORDER BY id");
    while (true) {
      HARNESS_ASSIGN_OR_RETURN(const bool row, find.Step());
      if (!row) break;
      Trial trial;
      trial.id = find.Int(0);
      trial.label = find.Text(1);
      trial.config = find.Text(2);
      trial.state = find.Text(3);
      trial.attempt = find.Int(4);
      trial.error = find.Text(5);
      trial.detail = find.Text(6);
      if (!find.IsNull(7)) {
        trial.artifact = Artifact{find.Text(7), find.Text(8), find.Int(9)};
      }
      trial.reason = find.Text(10);
      trials.push_back(std::move(trial));
    }
  }
  for (Trial& trial : trials) {
    Statement find(*database_,
                   absl::StrCat("SELECT ", kMeasurementColumns,
                                " FROM measurement WHERE trial = ? ORDER BY "
                                "rowid"));
    find.Bind(1, trial.id);
    while (true) {
      HARNESS_ASSIGN_OR_RETURN(const bool row, find.Step());
      if (!row) break;
      trial.measurements.push_back(ReadMeasurement(find, 0));
    }
  }
  return trials;
}

absl::StatusOr<int64_t> Store::Count(const std::string& state) {
  Statement find(*database_, "SELECT count(*) FROM trial WHERE state = ?");
  find.Bind(1, state);
  HARNESS_RETURN_IF_ERROR(find.Step().status());
  return find.Int(0);
}

absl::Status Store::Insert(int64_t id, const NewTrial& trial) {
  return Statement(*database_,
                   "INSERT INTO trial(id, label, config, reason) VALUES (?, "
                   "?, ?, ?)")
      .Bind(1, id)
      .Bind(2, trial.label)
      .Bind(3, trial.config)
      .Bind(4, trial.reason)
      .Run();
}

absl::StatusOr<bool> Store::Append(const std::vector<NewTrial>& trials,
                                   size_t seen) {
  Transaction transaction(*database_);
  HARNESS_RETURN_IF_ERROR(transaction.Begin());
  int64_t id = 0;
  {
    Statement find(*database_, "SELECT count(*) FROM trial");
    HARNESS_RETURN_IF_ERROR(find.Step().status());
    id = find.Int(0);
  }
  if (id != static_cast<int64_t>(seen)) return false;
  for (const NewTrial& trial : trials) {
    HARNESS_RETURN_IF_ERROR(Insert(id++, trial));
  }
  HARNESS_RETURN_IF_ERROR(transaction.Commit());
  return true;
}

absl::Status Store::SetGraph(const std::string& graph) {
  return Statement(*database_, "UPDATE study SET graph = ?")
      .Bind(1, graph)
      .Run();
}

absl::StatusOr<std::string> Store::Graph() {
  Statement find(*database_, "SELECT graph FROM study");
  HARNESS_ASSIGN_OR_RETURN(const bool there, find.Step());
  return there ? find.Text(0) : std::string();
}

absl::Status Store::SetComparison(const std::string& sha256,
                                  const std::string& comparison) {
  return Statement(*database_,
                   "INSERT OR REPLACE INTO comparison(artifact, detail) "
                   "VALUES (?, ?)")
      .Bind(1, sha256)
      .Bind(2, comparison)
      .Run();
}

absl::StatusOr<std::string> Store::ComparisonOf(const std::string& sha256) {
  Statement find(*database_,
                 "SELECT detail FROM comparison WHERE artifact = ?");
  find.Bind(1, sha256);
  HARNESS_ASSIGN_OR_RETURN(const bool there, find.Step());
  return there ? find.Text(0) : std::string();
}

absl::Status Store::SetSensitivity(const std::string& config,
                                   const std::string& sensitivity) {
  return Statement(*database_,
                   "INSERT OR REPLACE INTO sensitivity(config, detail) VALUES "
                   "(?, ?)")
      .Bind(1, config)
      .Bind(2, sensitivity)
      .Run();
}

absl::StatusOr<std::string> Store::SensitivityOf(const std::string& config) {
  Statement find(*database_, "SELECT detail FROM sensitivity WHERE config = ?");
  find.Bind(1, config);
  HARNESS_ASSIGN_OR_RETURN(const bool there, find.Step());
  return there ? find.Text(0) : std::string();
}

}  // namespace hone::harness
