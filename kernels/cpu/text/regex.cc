#include "kernels/cpu/text/regex.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace hone {
namespace {

constexpr size_t kMostSteps = 100000;
constexpr int kMostDepth = 200;
constexpr int64_t kUnbounded = -1;

bool IsWord(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
}

}  // namespace

// Recursive descent over the pattern. A piece is compiled by a parse of its
// text with the step that follows it known, so that repeating is parsing again.
class RegexParser {
 public:
  using Step = Regex::Step;
  using Op = Regex::Op;

  explicit RegexParser(absl::string_view pattern) : pattern_(pattern) {}

  absl::StatusOr<Regex> Parse() {
    const size_t accept = Add(Step());
    const size_t first = Alternatives(0, pattern_.size(), accept, 0);
    if (!status_.ok()) return status_;
    Regex regex;
    regex.steps_ = std::move(steps_);
    regex.first_ = first;
    return regex;
  }

 private:
  size_t Fail(absl::string_view what, size_t at) {
    if (status_.ok()) {
      status_ = absl::InvalidArgumentError(absl::StrCat(
          "regular expression ", pattern_, ": ", what, " at ", at));
    }
    return 0;
  }

  size_t Add(Step step) {
    if (steps_.size() >= kMostSteps) return Fail("too large", 0);
    steps_.push_back(std::move(step));
    return steps_.size() - 1;
  }
  size_t Split(size_t next, size_t other) {
    Step step;
    step.op = Op::kSplit;
    step.next = next;
    step.other = other;
    return Add(std::move(step));
  }

  // Past the atom that begins at `at`.
  size_t AtomEnd(size_t at, size_t end) {
    const char c = pattern_[at];
    if (c == '\\') {
      if (at + 1 >= end) return Fail("a lonely backslash", at), end;
      return at + 2;
    }
    if (c == '[') {
      size_t i = at + 1;
      if (i < end && pattern_[i] == '^') ++i;
      if (i < end && pattern_[i] == ']') ++i;
      while (i < end && pattern_[i] != ']') i += pattern_[i] == '\\' ? 2 : 1;
      if (i >= end) return Fail("[ without ]", at), end;
      return i + 1;
    }
    if (c != '(') return at + 1;
    int depth = 0;
    for (size_t i = at; i < end;) {
      if (pattern_[i] == '(') ++depth;
      if (pattern_[i] == ')' && --depth == 0) return i + 1;
      i = pattern_[i] == '\\' || pattern_[i] == '[' ? AtomEnd(i, end) : i + 1;
    }
    return Fail("( without )", at), end;
  }

  size_t Alternatives(size_t begin, size_t end, size_t next, int depth) {
    if (depth > kMostDepth) return Fail("too deep", begin);
    std::vector<std::pair<size_t, size_t>> parts;
    size_t from = begin;
    for (size_t i = begin; i < end && status_.ok();) {
      if (pattern_[i] == '|') {
        parts.emplace_back(from, i);
        from = ++i;
      } else {
        i = AtomEnd(i, end);
      }
    }
    parts.emplace_back(from, end);
    size_t first = Sequence(parts[0].first, parts[0].second, next, depth);
    for (size_t p = 1; p < parts.size() && status_.ok(); ++p) {
      first =
          Split(first, Sequence(parts[p].first, parts[p].second, next, depth));
    }
    return first;
  }

  // A number at *at; kUnbounded when there is none.
  int64_t Number(size_t* at, size_t end) {
    int64_t number = kUnbounded;
    while (*at < end && absl::ascii_isdigit(pattern_[*at])) {
      number = std::max<int64_t>(number, 0) * 10 + (pattern_[*at] - '0');
      number = std::min<int64_t>(number, kMostSteps);
      ++*at;
    }
    return number;
  }

  struct Piece {
    size_t begin = 0, end = 0;
    int64_t least = 1, most = 1;
  };

  Piece PieceAt(size_t at, size_t end, size_t* past) {
    Piece piece;
    piece.begin = at;
    piece.end = AtomEnd(at, end);
    size_t i = piece.end;
    if (absl::StrContains("*+?)", pattern_[at])) Fail("nothing to repeat", at);
    if (i < end && absl::StrContains("*+?", pattern_[i])) {
      piece.least = pattern_[i] == '+' ? 1 : 0;
      piece.most = pattern_[i] == '?' ? 1 : kUnbounded;
      ++i;
    } else if (i + 1 < end && pattern_[i] == '{' &&
               absl::ascii_isdigit(pattern_[i + 1])) {
      ++i;
      piece.least = piece.most = Number(&i, end);
      if (i < end && pattern_[i] == ',') {
        ++i;
        piece.most = Number(&i, end);
      }
      if (i >= end || pattern_[i] != '}' ||
          (piece.most != kUnbounded && piece.most < piece.least)) {
        Fail("a malformed repetition", i);
      }
      ++i;
    }
    // Reluctance does not change what matches as a whole.
    if (i < end && pattern_[i] == '?' && i > piece.end) ++i;
    *past = i;
    return piece;
  }

  size_t Sequence(size_t begin, size_t end, size_t next, int depth) {
    std::vector<Piece> pieces;
    for (size_t at = begin; at < end && status_.ok();) {
      pieces.push_back(PieceAt(at, end, &at));
    }
    for (size_t p = pieces.size(); p-- > 0 && status_.ok();) {
      const Piece& piece = pieces[p];
      if (piece.most == kUnbounded) {
        const size_t loop = Split(0, next);
        const size_t body = Atom(piece.begin, piece.end, loop, depth);
        if (status_.ok()) steps_[loop].next = body;
        next = loop;
      }
      for (int64_t i = piece.least; i < piece.most && status_.ok(); ++i) {
        next = Split(Atom(piece.begin, piece.end, next, depth), next);
      }
      for (int64_t i = 0; i < piece.least && status_.ok(); ++i) {
        next = Atom(piece.begin, piece.end, next, depth);
      }
    }
    return next;
  }

  // What \c stands for; false when it is no set.
  bool Escape(char c, std::bitset<256>* set) {
    const char kind = absl::ascii_tolower(c);
    if (kind == 'd' || kind == 'w' || kind == 's') {
      std::bitset<256> members;
      for (int i = 0; i < 256; ++i) {
        const auto u = static_cast<unsigned char>(i);
        members[static_cast<size_t>(i)] =
            kind == 'd' ? absl::ascii_isdigit(u)
            : kind == 'w'
                ? IsWord(static_cast<char>(u))
                : absl::StrContains(" \t\n\r\f", static_cast<char>(u));
      }
      members[0] = absl::ascii_isupper(c) ? false : members[0];
      *set |= kind == c ? members : ~members;
      return true;
    }
    static constexpr absl::string_view kNames = "ntrfv";
    static constexpr absl::string_view kCodes = "\n\t\r\f\v";
    const size_t named = kNames.find(c);
    if (named == absl::string_view::npos && absl::ascii_isalnum(c)) {
      return false;
    }
    set->set(static_cast<unsigned char>(
        named == absl::string_view::npos ? c : kCodes[named]));
    return true;
  }

  size_t Class(size_t begin, size_t end, size_t next) {
    Step step;
    step.op = Op::kSet;
    step.next = next;
    size_t i = begin + 1;
    const bool negated = pattern_[i] == '^';
    if (negated) ++i;
    for (; i + 1 < end; ++i) {
      const char c = pattern_[i];
      if (c == '[' && pattern_[i + 1] == ':') {
        return Fail("a named class", i);
      }
      if (c == '\\') {
        if (!Escape(pattern_[++i], &step.set)) return Fail("an escape", i);
        continue;
      }
      const bool range =
          i + 3 < end && pattern_[i + 1] == '-' && pattern_[i + 2] != '\\';
      const auto low = static_cast<unsigned char>(c);
      const auto high =
          range ? static_cast<unsigned char>(pattern_[i + 2]) : low;
      if (high < low) return Fail("a range that falls", i);
      for (int m = low; m <= high; ++m) step.set.set(static_cast<size_t>(m));
      if (range) i += 2;
    }
    if (negated) step.set.flip();
    return Add(std::move(step));
  }

  size_t Atom(size_t begin, size_t end, size_t next, int depth) {
    const char c = pattern_[begin];
    if (c == '(') {
      size_t inside = begin + 1;
      if (pattern_[inside] == '?') {
        if (pattern_[inside + 1] != ':') return Fail("(?", begin);
        inside += 2;
      }
      return Alternatives(inside, end - 1, next, depth + 1);
    }
    if (c == '[') return Class(begin, end, next);
    Step step;
    step.op = Op::kSet;
    step.next = next;
    if (c == '\\') {
      const char escaped = pattern_[begin + 1];
      if (escaped == 'b' || escaped == 'B') {
        step.op = escaped == 'b' ? Op::kWord : Op::kNotWord;
      } else if (!Escape(escaped, &step.set)) {
        return Fail("an escape", begin);
      }
    } else if (c == '^' || c == '$') {
      step.op = c == '^' ? Op::kBegin : Op::kEnd;
    } else if (c == '.') {
      step.set.set();
      step.set.reset('\n');
    } else {
      step.set.set(static_cast<unsigned char>(c));
    }
    return Add(std::move(step));
  }

  const absl::string_view pattern_;
  std::vector<Step> steps_;
  absl::Status status_;
};

absl::StatusOr<Regex> Regex::Parse(absl::string_view pattern) {
  return RegexParser(pattern).Parse();
}

// Adds the sets and the end that `step` reaches at text[at] without reading.
// seen[s] == at + 1: step s was reached there.
void Regex::Follow(size_t step, absl::string_view text, size_t at,
                   std::vector<size_t>* states,
                   std::vector<size_t>* seen) const {
  std::vector<size_t> stack = {step};
  const bool before = at > 0 && IsWord(text[at - 1]);
  const bool after = at < text.size() && IsWord(text[at]);
  while (!stack.empty()) {
    const size_t s = stack.back();
    stack.pop_back();
    if ((*seen)[s] == at + 1) continue;
    (*seen)[s] = at + 1;
    const Step& here = steps_[s];
    bool passes = true;
    switch (here.op) {
      case Op::kSet:
      case Op::kAccept:
        states->push_back(s);
        passes = false;
        break;
      case Op::kSplit:
        stack.push_back(here.other);
        break;
      case Op::kBegin:
        passes = at == 0;
        break;
      case Op::kEnd:
        passes = at == text.size();
        break;
      case Op::kWord:
        passes = before != after;
        break;
      case Op::kNotWord:
        passes = before == after;
        break;
    }
    if (passes) stack.push_back(here.next);
  }
}

bool Regex::FullMatch(absl::string_view text) const {
  std::vector<size_t> states, next, seen(steps_.size(), 0);
  Follow(first_, text, 0, &states, &seen);
  for (size_t at = 0; at < text.size() && !states.empty(); ++at) {
    next.clear();
    for (const size_t s : states) {
      const Step& step = steps_[s];
      if (step.op == Op::kSet &&
          step.set[static_cast<unsigned char>(text[at])]) {
        Follow(step.next, text, at + 1, &next, &seen);
      }
    }
    std::swap(states, next);
  }
  return std::any_of(states.begin(), states.end(),
                     [&](size_t s) { return steps_[s].op == Op::kAccept; });
}

}  // namespace hone
