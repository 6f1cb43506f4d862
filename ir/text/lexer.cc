#include "ir/text/lexer.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace hone {
namespace {

bool IsNameStart(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_' ||
         c == '$' || c == '/';
}

bool IsNamePart(char c) {
  return IsNameStart(c) || absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
         c == '.';
}

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

// Length of the number at the start of `text`, 0 when there is none.
size_t NumberLength(absl::string_view text) {
  size_t i = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  if (text.substr(i, 3) == "inf" || text.substr(i, 3) == "nan") {
    return i > 0 ? i + 3 : 0;
  }
  if (i >= text.size() || !(IsDigit(text[i]) || text[i] == '.')) return 0;
  bool digits = false;
  while (i < text.size()) {
    const char c = text[i];
    const bool sign =
        (c == '-' || c == '+') && (text[i - 1] == 'e' || text[i - 1] == 'E');
    if (!(IsDigit(c) || c == '.' || c == 'e' || c == 'E' || sign)) break;
    digits = digits || IsDigit(c);
    ++i;
  }
  return digits ? i : 0;
}

class Lexer {
 public:
  explicit Lexer(absl::string_view text) : text_(text) {}

  absl::StatusOr<std::vector<Token>> Run() {
    std::vector<Token> tokens;
    while (true) {
      SkipBlanks();
      Token token;
      token.line = line_;
      token.column = column_;
      if (text_.empty()) {
        tokens.push_back(std::move(token));
        return tokens;
      }
      if (text_[0] == '"') {
        const size_t length = StringLength();
        if (length == 0 ||
            !absl::CUnescape(text_.substr(1, length - 2), &token.text)) {
          return Error("a string that is not closed or badly escaped");
        }
        token.kind = Token::Kind::kString;
        Skip(length);
      } else if (const size_t number = NumberLength(text_); number > 0) {
        // "..." starts like a number and has no digit.
        token.kind = Token::Kind::kNumber;
        token.text = Take(number);
      } else if (IsNameStart(text_[0])) {
        size_t length = 1;
        while (length < text_.size() && IsNamePart(text_[length])) ++length;
        token.kind = Token::Kind::kName;
        token.text = Take(length);
      } else if (text_.substr(0, 2) == "=>" || text_.substr(0, 3) == "...") {
        token.kind = Token::Kind::kPunctuation;
        token.text = Take(text_[0] == '=' ? 2 : 3);
      } else if (absl::string_view("()[]{}<>=,;?@:").find(text_[0]) !=
                 absl::string_view::npos) {
        token.kind = Token::Kind::kPunctuation;
        token.text = Take(1);
      } else {
        return Error(absl::StrCat("unexpected character '",
                                  absl::CEscape(text_.substr(0, 1)), "'"));
      }
      tokens.push_back(std::move(token));
    }
  }

 private:
  void Skip(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      if (text_[i] == '\n') {
        ++line_;
        column_ = 1;
      } else {
        ++column_;
      }
    }
    text_.remove_prefix(count);
  }

  std::string Take(size_t count) {
    std::string taken(text_.substr(0, count));
    Skip(count);
    return taken;
  }

  void SkipBlanks() {
    while (!text_.empty()) {
      if (absl::ascii_isspace(static_cast<unsigned char>(text_[0]))) {
        Skip(1);
      } else if (text_[0] == '#') {
        const size_t end = text_.find('\n');
        Skip(end == absl::string_view::npos ? text_.size() : end);
      } else {
        return;
      }
    }
  }

  // With both quotes; 0 when it is not closed.
  size_t StringLength() const {
    for (size_t i = 1; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '"') {
        return i + 1;
      }
    }
    return 0;
  }

  absl::Status Error(absl::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", line_, ", column ", column_, ": ", what));
  }

  absl::string_view text_;
  int line_ = 1;
  int column_ = 1;
};

}  // namespace

absl::StatusOr<std::vector<Token>> Tokenize(absl::string_view text) {
  return Lexer(text).Run();
}

}  // namespace hone
