// A study on disk: what is tried, by whom, and what came of it.
//
// Tables (schema version 3, in `PRAGMA user_version`; older ones are made into
// it when they are opened):
//   study        definition (JSON), hone_version, created_at, graph (JSON of
//                the float model's nodes)
//   trial        id (0 is the float model), config, label, state (pending,
//                running, done, failed), attempt, owner, lease_until, fence,
//                error, artifact, detail (JSON of the quantization), reason
//                (why a search tries it)
//   measurement  trial, role (eval, test, latency), metric, value, low, high,
//                samples, engine, machine, instruction_set, threads, wall_s,
//                measured_at
//   artifact     sha256, path, size_bytes
//   comparison   artifact, detail (JSON: how far its values are from the float
//                model's)
//   sensitivity  config, detail (JSON: what each layer costs the outputs when
//                the model is quantized so)
//
// Several processes may work on one study. A trial belongs to its owner until
// the lease ends or the owner is known to be gone; the fence counts claims, and
// whoever holds an old one can write nothing any more.
#ifndef HONE_HARNESS_STORE_STORE_H_
#define HONE_HARNESS_STORE_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/json/json.h"
#include "harness/store/database.h"

namespace hone::harness {

inline constexpr int64_t kSchemaVersion = 3;
inline constexpr double kLeaseSeconds = 120;

struct Measurement {
  std::string role;  // "eval", "test", "latency"
  std::string metric;
  double value = 0;
  double low = 0;
  double high = 0;
  int64_t samples = 0;
  std::string engine;
  std::string machine;
  std::string instruction_set;
  int64_t threads = 0;
  double wall_s = 0;
};

struct Artifact {
  std::string sha256;
  std::string path;  // relative to the study's folder
  int64_t size_bytes = 0;
};

struct NewTrial {
  std::string label;
  std::string config;       // canonical JSON of the options
  std::string reason = "";  // why a search tries it
};

struct Trial {
  int64_t id = 0;
  std::string label;
  std::string config;
  std::string state;
  int64_t attempt = 0;
  std::string error;
  std::optional<Artifact> artifact;
  std::string detail;
  std::string reason;
  std::vector<Measurement> measurements;
};

// Null when it was not measured.
const Measurement* FindMeasurement(const Trial& trial, const std::string& role,
                                   const std::string& metric);

// The right to work on a trial.
struct Claim {
  int64_t trial = 0;
  int64_t attempt = 0;
  int64_t fence = 0;
  std::string label;
  std::string config;
};

class Store {
 public:
  // Makes the file when there is none. Bad input: not a study, damaged, or
  // written by a newer Hone.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& path);
  // NotFound when there is none.
  static absl::StatusOr<std::unique_ptr<Store>> OpenExisting(
      const std::string& path);

  // Starts the study, or goes on with the one that is there. Bad input: it was
  // started with another definition; the message says what differs.
  absl::Status Begin(const Json& definition,
                     const std::vector<NewTrial>& trials);
  absl::StatusOr<Json> Definition();
  // More trials, behind the `seen` ones by which a search decided on them.
  // False, and nothing is added: there are more than those already, since
  // another process searches too.
  absl::StatusOr<bool> Append(const std::vector<NewTrial>& trials, size_t seen);

  // The next trial that is pending or whose owner is gone, in order of id.
  // nullopt: none is left to claim now.
  absl::StatusOr<std::optional<Claim>> ClaimNext(const std::string& owner);
  // Puts the lease's end off. FailedPrecondition: another has the trial now.
  absl::Status Renew(const Claim& claim);
  // What came of it, all at once. FailedPrecondition as above.
  absl::Status Finish(const Claim& claim, const Artifact& artifact,
                      const std::string& detail,
                      const std::vector<Measurement>& measurements);
  absl::Status Fail(const Claim& claim, const std::string& error);
  // Gives the trial back as it was.
  absl::Status Release(const Claim& claim);

  // Adds or replaces.
  absl::Status AddMeasurements(int64_t trial,
                               const std::vector<Measurement>& measurements);
  // What an earlier trial measured of the same file; empty when none did.
  absl::StatusOr<std::vector<Measurement>> MeasurementsOf(
      const std::string& sha256, const std::string& role);

  // "" until it is set.
  absl::Status SetGraph(const std::string& graph);
  absl::StatusOr<std::string> Graph();
  absl::Status SetComparison(const std::string& sha256,
                             const std::string& comparison);
  absl::StatusOr<std::string> ComparisonOf(const std::string& sha256);
  absl::Status SetSensitivity(const std::string& config,
                              const std::string& sensitivity);
  absl::StatusOr<std::string> SensitivityOf(const std::string& config);

  absl::StatusOr<std::vector<Trial>> Trials();
  // Of trials in that state.
  absl::StatusOr<int64_t> Count(const std::string& state);

  const std::string& path() const { return database_->path(); }

 private:
  static absl::StatusOr<std::unique_ptr<Store>> OpenImpl(
      const std::string& path, bool create);
  absl::Status CheckSchema(bool create);
  absl::Status CheckFence(const Claim& claim);
  absl::Status Insert(int64_t trial, const Measurement& measurement);
  absl::Status Insert(int64_t id, const NewTrial& trial);

  std::unique_ptr<Database> database_;
};

// Where two definitions differ, at most five places: "search.preset: the study
// has ["mixed"], now it is ["performance"]".
std::vector<std::string> Differences(const Json& study, const Json& now);

}  // namespace hone::harness

#endif  // HONE_HARNESS_STORE_STORE_H_
