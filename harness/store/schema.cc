// The tables of a study, and how those of older versions become them.
#include "absl/strings/str_cat.h"
#include "harness/error/error.h"
#include "harness/store/store.h"

namespace hone::harness {
namespace {

// "Hone" in ASCII: tells our files from other programs' SQLite files.
constexpr int64_t kApplication = 0x486f6e65;

constexpr char kSchema[] = R"sql(
CREATE TABLE study(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  definition TEXT NOT NULL,
  hone_version TEXT NOT NULL,
  created_at REAL NOT NULL,
  graph TEXT);
CREATE TABLE artifact(
  sha256 TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  size_bytes INTEGER NOT NULL);
CREATE TABLE trial(
  id INTEGER PRIMARY KEY,
  label TEXT NOT NULL,
  config TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'running', 'done', 'failed')),
  attempt INTEGER NOT NULL DEFAULT 0,
  owner TEXT,
  lease_until REAL,
  fence INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  artifact TEXT REFERENCES artifact(sha256),
  detail TEXT,
  reason TEXT);
)sql";

constexpr char kMeasurement[] = R"sql(
CREATE TABLE measurement(
  trial INTEGER NOT NULL REFERENCES trial(id),
  role TEXT NOT NULL CHECK (role IN ('eval', 'test', 'latency')),
  metric TEXT NOT NULL,
  value REAL, low REAL, high REAL,
  samples INTEGER NOT NULL,
  engine TEXT NOT NULL,
  machine TEXT NOT NULL,
  instruction_set TEXT NOT NULL,
  threads INTEGER NOT NULL,
  wall_s REAL NOT NULL,
  measured_at REAL NOT NULL,
  PRIMARY KEY (trial, role, metric));
CREATE TABLE comparison(
  artifact TEXT PRIMARY KEY REFERENCES artifact(sha256),
  detail TEXT NOT NULL);
)sql";

constexpr char kSensitivity[] = R"sql(
CREATE TABLE sensitivity(
  config TEXT PRIMARY KEY,
  detail TEXT NOT NULL);
)sql";

// Version 1 knew neither latencies nor comparisons. SQLite cannot change a
// CHECK, so the table is made anew.
std::string FromVersion1() {
  return absl::StrCat(
      "ALTER TABLE measurement RENAME TO measurement_1;", kMeasurement,
      "INSERT INTO measurement SELECT * FROM measurement_1;"
      "DROP TABLE measurement_1; ALTER TABLE study ADD COLUMN graph TEXT;");
}

// Version 2 knew no search that decides by what it saw.
std::string FromVersion2() {
  return absl::StrCat("ALTER TABLE trial ADD COLUMN reason TEXT;",
                      kSensitivity);
}

}  // namespace

absl::Status Store::CheckSchema(bool create) {
  Transaction transaction(*database_);
  HARNESS_RETURN_IF_ERROR(transaction.Begin());
  HARNESS_ASSIGN_OR_RETURN(const int64_t version,
                           database_->Pragma("user_version"));
  HARNESS_ASSIGN_OR_RETURN(const int64_t application,
                           database_->Pragma("application_id"));
  HARNESS_ASSIGN_OR_RETURN(const int64_t pages,
                           database_->Pragma("schema_version"));
  // A file without any table, such as an interrupted first start leaves.
  const bool empty = version == 0 && application == 0 && pages == 0;
  if (empty && create) {
    HARNESS_RETURN_IF_ERROR(database_->Execute(absl::StrCat(
        kSchema, kMeasurement, kSensitivity, "PRAGMA user_version = ",
        kSchemaVersion, "; PRAGMA application_id = ", kApplication, ";")));
    return transaction.Commit();
  }
  if (application != kApplication) {
    return InputError(path(), "not a study", "a SQLite file written by hone",
                      empty ? "an empty one" : "another program's");
  }
  if (version > kSchemaVersion) {
    return InputError(path(), "the study was written by a newer hone",
                      absl::StrCat("schema version ", kSchemaVersion),
                      absl::StrCat(version));
  }
  if (version < kSchemaVersion) {
    HARNESS_RETURN_IF_ERROR(database_->Execute(
        absl::StrCat(version == 1 ? FromVersion1() : "", FromVersion2(),
                     "PRAGMA user_version = ", kSchemaVersion, ";")));
  }
  return transaction.Commit();
}

}  // namespace hone::harness
