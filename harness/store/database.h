// SQLite in its smallest form: statements that bind, step and read.
//
//   Statement find(database, "SELECT label FROM trial WHERE id = ?");
//   find.Bind(1, 3);
//   HARNESS_ASSIGN_OR_RETURN(const bool row, find.Step());
//   if (row) use(find.Text(0));
#ifndef HONE_HARNESS_STORE_DATABASE_H_
#define HONE_HARNESS_STORE_DATABASE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sqlite3.h"

namespace hone::harness {

class Database {
 public:
  // WAL mode. NotFound unless the file is there or `create`. A file that is no
  // database, or is damaged, is an error that says so.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& path,
                                                        bool create);

  absl::Status Execute(const std::string& sql);
  absl::StatusOr<int64_t> Pragma(const std::string& name);
  // The last failure, with the file's name.
  absl::Status Error(const std::string& what) const;
  // Rows that the last statement changed.
  int64_t changes() const { return sqlite3_changes64(db_.get()); }
  sqlite3* handle() const { return db_.get(); }
  const std::string& path() const { return path_; }

 private:
  struct Closer {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  // Two processes that turn a new file to WAL both hold its shared lock and
  // want the exclusive one: SQLite tells one of them at once that the file is
  // busy, without asking its busy handler. So the waiting is ours.
  absl::Status UseWriteAheadLog();

  std::string path_;
  std::unique_ptr<sqlite3, Closer> db_;
};

// One prepared statement. Errors appear at Step.
class Statement {
 public:
  Statement(Database& database, const std::string& sql);
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Parameters count from 1.
  Statement& Bind(int index, int64_t value);
  Statement& Bind(int index, double value);
  Statement& Bind(int index, const std::string& value);
  Statement& Bind(int index, const char* value);

  // True when there is a row.
  absl::StatusOr<bool> Step();
  // For statements without rows.
  absl::Status Run();

  // Columns count from 0.
  int64_t Int(int column) const;
  double Double(int column) const;
  std::string Text(int column) const;
  bool IsNull(int column) const;

 private:
  Database& database_;
  sqlite3_stmt* statement_ = nullptr;
  int bad_ = SQLITE_OK;
};

// BEGIN IMMEDIATE; rolls back unless Commit was called.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) {}
  ~Transaction();
  absl::Status Begin();
  absl::Status Commit();

 private:
  Database& database_;
  bool open_ = false;
};

}  // namespace hone::harness

#endif  // HONE_HARNESS_STORE_DATABASE_H_
