#include "harness/store/database.h"

#include <sys/stat.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

// Several processes share a study; one of them is done within this.
constexpr int kBusyMilliseconds = 30000;

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> Database::Open(
    const std::string& path, bool create) {
  struct stat info = {};
  if (!create && stat(path.c_str(), &info) != 0) {
    return IoError(path, "no study here", errno);
  }
  auto database = std::make_unique<Database>();
  database->path_ = path;
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
  const int result = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  database->db_.reset(raw);
  if (result != SQLITE_OK) return database->Error("cannot open the study");
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, kBusyMilliseconds);
  HARNESS_RETURN_IF_ERROR(database->UseWriteAheadLog());
  HARNESS_RETURN_IF_ERROR(database->Execute(
      "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"));
  return database;
}

absl::Status Database::UseWriteAheadLog() {
  const absl::Time deadline =
      absl::Now() + absl::Milliseconds(kBusyMilliseconds);
  while (true) {
    const absl::Status status = Execute("PRAGMA journal_mode = WAL");
    const bool busy = (sqlite3_errcode(db_.get()) & 0xff) == SQLITE_BUSY;
    if (!busy || absl::Now() > deadline) return status;
    absl::SleepFor(absl::Milliseconds(2));
  }
}

absl::Status Database::Execute(const std::string& sql) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) !=
      SQLITE_OK) {
    return Error("cannot use the study");
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Database::Pragma(const std::string& name) {
  Statement statement(*this, "PRAGMA " + name);
  HARNESS_ASSIGN_OR_RETURN(const bool row, statement.Step());
  return row ? statement.Int(0) : 0;
}

absl::Status Database::Error(const std::string& what) const {
  const int code = sqlite3_errcode(db_.get()) & 0xff;
  if (code == SQLITE_NOTADB) {
    return InputError(path_, "not a study", "a SQLite file written by hone",
                      "another kind of file");
  }
  if (code == SQLITE_CORRUPT) {
    return InputError(path_, "the study's file is damaged",
                      "a sound SQLite file", sqlite3_errmsg(db_.get()));
  }
  if (code == SQLITE_FULL) return IoError(path_, what, ENOSPC);
  return MakeFailure(
      {"io", absl::StrCat(path_, ": ", what, ": ", sqlite3_errmsg(db_.get())),
       path_, "", "", sqlite3_errmsg(db_.get())});
}

Statement::Statement(Database& database, const std::string& sql)
    : database_(database) {
  bad_ = sqlite3_prepare_v2(database.handle(), sql.c_str(), -1, &statement_,
                            nullptr);
}

Statement& Statement::Bind(int index, int64_t value) {
  if (bad_ == SQLITE_OK) bad_ = sqlite3_bind_int64(statement_, index, value);
  return *this;
}

Statement& Statement::Bind(int index, double value) {
  if (bad_ == SQLITE_OK) bad_ = sqlite3_bind_double(statement_, index, value);
  return *this;
}

Statement& Statement::Bind(int index, const std::string& value) {
  if (bad_ == SQLITE_OK) {
    bad_ = sqlite3_bind_text64(statement_, index, value.data(), value.size(),
                               SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  return *this;
}

Statement& Statement::Bind(int index, const char* value) {
  return Bind(index, std::string(value));
}

absl::StatusOr<bool> Statement::Step() {
  if (bad_ != SQLITE_OK) return database_.Error("cannot use the study");
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return database_.Error("cannot use the study");
}

absl::Status Statement::Run() { return Step().status(); }

int64_t Statement::Int(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double Statement::Double(int column) const {
  return sqlite3_column_double(statement_, column);
}

std::string Statement::Text(int column) const {
  const auto* text = sqlite3_column_text(statement_, column);
  const int bytes = sqlite3_column_bytes(statement_, column);
  if (text == nullptr) return "";
  return std::string(reinterpret_cast<const char*>(text),
                     static_cast<size_t>(bytes));
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Transaction::~Transaction() {
  if (open_) database_.Execute("ROLLBACK").IgnoreError();
}

absl::Status Transaction::Begin() {
  HARNESS_RETURN_IF_ERROR(database_.Execute("BEGIN IMMEDIATE"));
  open_ = true;
  return absl::OkStatus();
}

absl::Status Transaction::Commit() {
  HARNESS_RETURN_IF_ERROR(database_.Execute("COMMIT"));
  open_ = false;
  return absl::OkStatus();
}

}  // namespace hone::harness
