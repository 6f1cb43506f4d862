#include "harness/bench/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "harness/bench/machine_load.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

constexpr size_t kLongestLine = 16 << 20;
constexpr long kStderrTail = 2000;

void Close(int* fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

// Pointers for exec; the last one is null.
std::vector<char*> Pointers(std::vector<std::string>* texts) {
  std::vector<char*> out;
  for (std::string& text : *texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::string HowItEnded(int status) {
  if (WIFEXITED(status)) {
    return absl::StrCat("exit status ", WEXITSTATUS(status));
  }
  if (WIFSIGNALED(status)) {
    return absl::StrCat("signal ", strsignal(WTERMSIG(status)));
  }
  return "unknown";
}

// What happens between fork and exec: only calls that are safe in a copy of a
// process with threads. Tells errno through `report` and never returns.
[[noreturn]] void BecomeProgram(int in, int out, int err, int report,
                                pid_t parent, char* const* words,
                                char* const* environment) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  if (dup2(in, 0) >= 0 && dup2(out, 1) >= 0 && dup2(err, 2) >= 0) {
    execvpe(words[0], words, environment);
  }
  const int error = errno;
  const ssize_t written = write(report, &error, sizeof(error));
  _exit(written == sizeof(error) ? 127 : 126);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> SplitCommand(
    const std::string& command) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote == 0 && absl::ascii_isspace(c)) {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
      continue;
    }
    in_word = true;
    if (c == '\\' && quote != '\'' && i + 1 < command.size()) {
      word += command[++i];
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else {
      word += c;
    }
  }
  if (in_word) words.push_back(std::move(word));
  if (quote != 0 || words.empty()) {
    return UsageError(absl::StrCat(
        "--command '", command,
        "': ", words.empty() ? "no program" : "a quote is not closed"));
  }
  return words;
}

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(
    Settings settings) {
  std::unique_ptr<ChildProcess> child(new ChildProcess());
  child->settings_ = std::move(settings);
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    environment.push_back(*entry);
  }
  for (const std::string& entry : child->settings_.environment) {
    environment.push_back(entry);
  }
  std::vector<std::string> word_texts = child->settings_.words;
  const std::vector<char*> words = Pointers(&word_texts);
  const std::vector<char*> variables = Pointers(&environment);
  int in[2] = {-1, -1}, out[2] = {-1, -1}, report[2] = {-1, -1};
  child->stderr_ = std::tmpfile();
  if (child->stderr_ == nullptr || pipe2(in, O_CLOEXEC) != 0 ||
      pipe2(out, O_CLOEXEC) != 0 || pipe2(report, O_CLOEXEC) != 0) {
    const int error = errno;
    for (int* pair : {in, out, report}) {
      Close(&pair[0]);
      Close(&pair[1]);
    }
    return IoError(child->settings_.name, "cannot be started", error);
  }
  const pid_t parent = getpid();
  child->pid_ = fork();
  if (child->pid_ == 0) {
    BecomeProgram(in[0], out[1], fileno(child->stderr_), report[1], parent,
                  words.data(), variables.data());
  }
  const int fork_error = errno;
  Close(&in[0]);
  Close(&out[1]);
  Close(&report[1]);
  child->to_ = in[1];
  child->from_ = out[0];
  int error = child->pid_ < 0 ? fork_error : 0;
  if (error == 0) {
    // Nothing comes when exec closed it.
    const ssize_t got = read(report[0], &error, sizeof(error));
    if (got != sizeof(error)) error = 0;
    setpgid(child->pid_, child->pid_);
  }
  Close(&report[0]);
  if (error != 0) {
    return IoError(absl::StrCat("--command ", child->settings_.name),
                   absl::StrCat("cannot start ", child->settings_.words[0]),
                   error);
  }
  return child;
}

ChildProcess::~ChildProcess() {
  Close(&to_);
  Close(&from_);
  if (pid_ > 0) {
    kill(-pid_, SIGKILL);
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (stderr_ != nullptr) std::fclose(stderr_);
}

void ChildProcess::Stop() {
  if (pid_ > 0) kill(-pid_, SIGSTOP);
}

void ChildProcess::Continue() {
  if (pid_ > 0) kill(-pid_, SIGCONT);
}

double ChildProcess::CpuSeconds() const {
  return pid_ > 0 ? CpuSecondsOf(pid_) : 0;
}

std::string ChildProcess::StderrTail() const {
  std::fseek(stderr_, 0, SEEK_END);
  const long size = std::ftell(stderr_);
  const long from = size > kStderrTail ? size - kStderrTail : 0;
  std::string text(static_cast<size_t>(size - from), '\0');
  std::fseek(stderr_, from, SEEK_SET);
  text.resize(std::fread(text.data(), 1, text.size(), stderr_));
  return std::string(absl::StripAsciiWhitespace(text));
}

absl::Status ChildProcess::Ended(const std::string& what) {
  std::string how = "still running";
  int status = 0;
  // Closing its output is not ending yet.
  for (int i = 0; pid_ > 0 && i < 20; ++i) {
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      how = HowItEnded(status);
      kill(-pid_, SIGKILL);
      pid_ = -1;
      break;
    }
    usleep(50000);
  }
  const std::string tail = StderrTail();
  return InputError(
      absl::StrCat("--command ", settings_.name), what,
      "the answers that `hone bench --help` describes",
      tail.empty() ? how : absl::StrCat(how, "; its stderr ends with: ", tail));
}

absl::Status ChildProcess::WriteLine(const std::string& line) {
  const std::string text = line + "\n";
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = write(to_, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return Ended("the program reads no more");
    done += static_cast<size_t>(n);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ChildProcess::ReadLine() {
  const auto start = std::chrono::steady_clock::now();
  while (true) {
    const size_t end = pending_.find('\n');
    if (end != std::string::npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    if (pending_.size() > kLongestLine) {
      return Ended("the program answers with a line without end");
    }
    if (settings_.interrupted && settings_.interrupted()) {
      return CancelledError();
    }
    const std::chrono::duration<double> silent =
        std::chrono::steady_clock::now() - start;
    if (silent.count() > settings_.patience_s) {
      return LimitError(absl::StrCat("--command ", settings_.name,
                                     ": no answer within ",
                                     settings_.patience_s, " s"));
    }
    struct pollfd wait = {from_, POLLIN, 0};
    const int ready = poll(&wait, 1, 100);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    char buffer[65536];
    const ssize_t n = read(from_, buffer, sizeof(buffer));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return Ended("the program ended without an answer");
    pending_.append(buffer, static_cast<size_t>(n));
  }
}

}  // namespace hone::harness
