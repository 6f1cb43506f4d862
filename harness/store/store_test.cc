#include "harness/store/store.h"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "harness/error/error.h"
#include "harness/machine/machine.h"

namespace hone::harness {
namespace {

Measurement Top1(const std::string& role, double value) {
  return {role,  "top1", value, value - 0.01, value + 0.01, 5000, "hone 0.1.0",
          "cpu", "avx2", 2,     1.5};
}

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "/store_test.sqlite";
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::filesystem::remove(path_ + suffix);
    }
  }
  std::unique_ptr<Store> OpenStore() {
    auto store = Store::Open(path_);
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }
  const Json definition_ = {{"model", "abc"}, {"search", {{"preset", {1}}}}};
  const std::vector<NewTrial> trials_ = {{"float", "{}"},
                                         {"mixed", "{\"a\":1}"}};
  const std::string me_ = ProcessIdentity();
  std::string path_;
};

TEST_F(StoreTest, WhatIsWrittenComesBack) {
  auto store = OpenStore();
  ASSERT_TRUE(store->Begin(definition_, trials_).ok());
  const auto claim = store->ClaimNext(me_);
  ASSERT_TRUE(claim.ok() && claim->has_value());
  EXPECT_EQ((*claim)->trial, 0);
  EXPECT_EQ((*claim)->attempt, 1);
  ASSERT_TRUE(store
                  ->Finish(**claim, {"ff", "artifacts/ff.onnx", 12}, "{}",
                           {Top1("eval", 0.9)})
                  .ok());
  store = OpenStore();
  ASSERT_TRUE(store->Begin(definition_, trials_).ok());
  const auto trials = store->Trials();
  ASSERT_TRUE(trials.ok()) << trials.status();
  ASSERT_EQ(trials->size(), 2u);
  EXPECT_EQ((*trials)[0].state, "done");
  EXPECT_EQ((*trials)[0].artifact->size_bytes, 12);
  ASSERT_EQ((*trials)[0].measurements.size(), 1u);
  EXPECT_EQ((*trials)[0].measurements[0].value, 0.9);
  EXPECT_EQ((*trials)[0].measurements[0].instruction_set, "avx2");
  EXPECT_EQ((*trials)[1].state, "pending");
  EXPECT_EQ((*store->MeasurementsOf("ff", "eval")).size(), 1u);
  EXPECT_EQ((*store->MeasurementsOf("ff", "test")).size(), 0u);
  EXPECT_EQ((*store->MeasurementsOf("00", "eval")).size(), 0u);
  EXPECT_EQ(*store->Count("done"), 1);
}

TEST_F(StoreTest, ATrialBelongsToOneProcessWhileItLives) {
  auto store = OpenStore();
  ASSERT_TRUE(store->Begin(definition_, trials_).ok());
  const auto first = store->ClaimNext(me_);
  const auto second = store->ClaimNext(me_);
  EXPECT_EQ((*second)->trial, 1);
  EXPECT_FALSE(store->ClaimNext("elsewhere:x:1:1")->has_value());
  ASSERT_TRUE(store->Fail(**first, "too bad").ok());
  EXPECT_FALSE(store->ClaimNext(me_)->has_value());
  ASSERT_TRUE(store->Release(**second).ok());
  EXPECT_EQ((*store->ClaimNext(me_))->trial, 1);
}

TEST_F(StoreTest, TheDeadLoseTheirTrialAndTheirFence) {
  auto store = OpenStore();
  ASSERT_TRUE(store->Begin(definition_, trials_).ok());
  // As of a process with our number that started at another time: gone.
  const auto stale = store->ClaimNext(me_ + "0");
  const auto fresh = store->ClaimNext(me_);
  ASSERT_TRUE(fresh->has_value());
  EXPECT_EQ((*fresh)->trial, (*stale)->trial);
  EXPECT_EQ((*fresh)->attempt, 2);
  EXPECT_EQ((*fresh)->fence, (*stale)->fence + 1);
  EXPECT_FALSE(store->Renew(**stale).ok());
  EXPECT_FALSE(store->Finish(**stale, {"aa", "p", 1}, "", {}).ok());
  EXPECT_TRUE(store->Renew(**fresh).ok());
  EXPECT_TRUE(store->Finish(**fresh, {"bb", "p", 1}, "", {}).ok());
  EXPECT_EQ((*store->Trials())[0].artifact->sha256, "bb");
}

TEST_F(StoreTest, AnotherDefinitionIsRefusedAndSaysWhatDiffers) {
  ASSERT_TRUE(OpenStore()->Begin(definition_, trials_).ok());
  Json other = definition_;
  other["search"]["preset"] = {2};
  const absl::Status status = OpenStore()->Begin(other, trials_);
  EXPECT_EQ(ExitCode(status), 3);
  EXPECT_NE(
      status.message().find("search.preset: the study has [1], now it is [2]"),
      std::string::npos)
      << status;
  EXPECT_EQ(status.message().find("model"), std::string::npos);
}

TEST_F(StoreTest, FilesThatAreNoStudyAreRefused) {
  std::ofstream(path_) << std::string(4096, 'x');
  auto store = Store::Open(path_);
  EXPECT_EQ(ExitCode(store.status()), 3);
  EXPECT_NE(store.status().message().find("not a study"), std::string::npos)
      << store.status();
  SetUp();
  EXPECT_EQ(FailureOf(Store::OpenExisting(path_).status()).code, "not_found");
  {
    ASSERT_TRUE(
        (*Database::Open(path_, true))->Execute("CREATE TABLE t(x)").ok());
  }
  store = Store::Open(path_);
  EXPECT_NE(store.status().message().find("another program's"),
            std::string::npos)
      << store.status();
}

TEST_F(StoreTest, NewerAndDamagedStudiesAreRefused) {
  ASSERT_TRUE(OpenStore()->Begin(definition_, trials_).ok());
  {
    auto database = *Database::Open(path_, false);
    ASSERT_TRUE(database->Execute("PRAGMA user_version = 99").ok());
  }
  auto store = Store::Open(path_);
  EXPECT_NE(store.status().message().find("written by a newer hone"),
            std::string::npos)
      << store.status();
  SetUp();
  ASSERT_TRUE(OpenStore()->Begin(definition_, trials_).ok());
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file << std::string(3000, '\xee');
  }
  store = Store::Open(path_);
  absl::Status status = store.status();
  if (store.ok()) status = (*store)->Trials().status();
  EXPECT_EQ(ExitCode(status), 3);
  EXPECT_NE(status.message().find("damaged"), std::string::npos) << status;
}

// What version 1 wrote, and this version goes on with.
TEST_F(StoreTest, AnOlderStudyIsBroughtUpToDate) {
  ASSERT_TRUE(OpenStore()->Begin(definition_, trials_).ok());
  {
    auto database = *Database::Open(path_, false);
    ASSERT_TRUE(
        database
            ->Execute(
                "DROP TABLE measurement; DROP TABLE comparison;"
                "DROP TABLE sensitivity; ALTER TABLE trial DROP COLUMN reason;"
                "CREATE TABLE measurement(trial INTEGER NOT NULL REFERENCES "
                "trial(id), role TEXT NOT NULL CHECK (role IN ('eval', "
                "'test')), metric TEXT NOT NULL, value REAL, low REAL, high "
                "REAL, samples INTEGER NOT NULL, engine TEXT NOT NULL, machine "
                "TEXT NOT NULL, instruction_set TEXT NOT NULL, threads INTEGER "
                "NOT NULL, wall_s REAL NOT NULL, measured_at REAL NOT NULL, "
                "PRIMARY KEY (trial, role, metric));"
                "INSERT INTO measurement VALUES (0, 'eval', 'top1', 0.5, 0.4, "
                "0.6, 10, 'e', 'm', 'i', 2, 1, 0);"
                "ALTER TABLE study DROP COLUMN graph;"
                "PRAGMA user_version = 1")
            .ok());
  }
  auto store = OpenStore();
  EXPECT_EQ((*store->Trials())[0].measurements[0].value, 0.5);
  Measurement m;
  m.role = "latency";
  m.metric = "ratio";
  EXPECT_TRUE(store->AddMeasurements(0, {m}).ok());
  EXPECT_EQ(*store->Graph(), "");
  EXPECT_EQ((*store->Trials())[0].reason, "");
  EXPECT_TRUE(store->SetSensitivity("{}", "[]").ok());
  EXPECT_EQ(*store->SensitivityOf("{}"), "[]");
  EXPECT_EQ(*store->SensitivityOf("other"), "");
  // Once only.
  EXPECT_EQ((*OpenStore()->Trials())[0].measurements.size(), 2u);
}

TEST_F(StoreTest, KeepsGraphComparisonsAndLaterTrials) {
  auto store = OpenStore();
  ASSERT_TRUE(store->Begin(definition_, trials_).ok());
  EXPECT_TRUE(store->SetGraph("[1]").ok());
  EXPECT_EQ(*store->Graph(), "[1]");
  const auto claim = store->ClaimNext(me_);
  ASSERT_TRUE(store->Finish(**claim, {"aa", "p", 1}, "", {}).ok());
  EXPECT_EQ(*store->ComparisonOf("aa"), "");
  EXPECT_TRUE(store->SetComparison("aa", "{}").ok());
  EXPECT_EQ(*store->ComparisonOf("aa"), "{}");
  EXPECT_FALSE(store->SetComparison("no such file", "{}").ok());
  const std::vector<NewTrial> more = {{"more", "{}"}, {"most", "{}", "so"}};
  EXPECT_TRUE(*store->Append(more, trials_.size()));
  // Another process decided by the same trials.
  EXPECT_FALSE(*store->Append(more, trials_.size()));
  const auto trials = *store->Trials();
  EXPECT_EQ(trials.size(), trials_.size() + 2);
  EXPECT_EQ(trials.back().label, "most");
  EXPECT_EQ(trials.back().reason, "so");
  EXPECT_EQ(trials[1].reason, "");
  EXPECT_EQ(trials.back().state, "pending");
}

TEST_F(StoreTest, ProcessesShareAStudy) {
  std::vector<NewTrial> many;
  for (int i = 0; i < 40; ++i) many.push_back({"t", "{}"});
  ASSERT_TRUE(OpenStore()->Begin(definition_, many).ok());
  std::vector<pid_t> children;
  for (int c = 0; c < 4; ++c) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto store = Store::Open(path_);
      if (!store.ok()) _exit(1);
      while (true) {
        const auto claim = (*store)->ClaimNext(ProcessIdentity());
        if (!claim.ok()) _exit(2);
        if (!claim->has_value()) _exit(0);
        if (!(*store)->Finish(**claim, {"aa", "p", 1}, "", {}).ok()) _exit(3);
      }
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int state = 0;
    ASSERT_EQ(waitpid(child, &state, 0), child);
    EXPECT_TRUE(WIFEXITED(state) && WEXITSTATUS(state) == 0) << state;
  }
  const auto trials = OpenStore()->Trials();
  for (const Trial& trial : *trials) {
    EXPECT_EQ(trial.state, "done");
    EXPECT_EQ(trial.attempt, 1);
  }
}

TEST_F(StoreTest, SweepsThatStartTogetherShareANewFile) {
  for (int round = 0; round < 25; ++round) {
    SetUp();
    int gate[2];
    ASSERT_EQ(pipe(gate), 0);
    std::vector<pid_t> children;
    for (int c = 0; c < 6; ++c) {
      const pid_t child = fork();
      ASSERT_GE(child, 0);
      if (child == 0) {
        close(gate[1]);
        char byte;
        // Returns for all of them at once, when the parent closes its end.
        if (read(gate[0], &byte, 1) != 0) _exit(3);
        auto store = Store::Open(path_);
        if (!store.ok()) _exit(1);
        _exit((*store)->Begin(definition_, trials_).ok() ? 0 : 2);
      }
      children.push_back(child);
    }
    close(gate[0]);
    close(gate[1]);
    for (const pid_t child : children) {
      int state = 0;
      ASSERT_EQ(waitpid(child, &state, 0), child);
      ASSERT_TRUE(WIFEXITED(state) && WEXITSTATUS(state) == 0)
          << state << " in round " << round;
    }
  }
}

}  // namespace
}  // namespace hone::harness
