// Reads the tokens of a text one by one, with errors that say where.
#ifndef HONE_IR_TEXT_TOKEN_STREAM_H_
#define HONE_IR_TEXT_TOKEN_STREAM_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/text/lexer.h"

namespace hone {

class TokenStream {
 public:
  explicit TokenStream(std::vector<Token> tokens)
      : tokens_(std::move(tokens)) {}

  const Token& Peek(size_t ahead = 0) const {
    const size_t at = next_ + ahead;
    return at < tokens_.size() ? tokens_[at] : tokens_.back();
  }
  bool AtEnd() const { return Peek().kind == Token::Kind::kEnd; }
  void Advance() {
    if (!AtEnd()) ++next_;
  }
  // Advances past the punctuation (or the word) if it comes next.
  bool Accept(absl::string_view text);
  absl::Status Expect(absl::string_view text);
  bool NextIsWord(absl::string_view word) const {
    return Peek().kind == Token::Kind::kName && Peek().text == word;
  }
  // A name or a string.
  bool NextIsName() const {
    return Peek().kind == Token::Kind::kName ||
           Peek().kind == Token::Kind::kString;
  }
  absl::StatusOr<std::string> Name(absl::string_view what);
  absl::StatusOr<std::string> String(absl::string_view what);
  absl::StatusOr<int64_t> Integer(absl::string_view what);
  // Also inf, -inf and nan.
  absl::StatusOr<double> Number(absl::string_view what);

  // "line L, column C: expected WHAT, found TOKEN".
  absl::Status Error(absl::string_view expected) const;

 private:
  std::vector<Token> tokens_;  // kEnd last
  size_t next_ = 0;
};

}  // namespace hone

#endif  // HONE_IR_TEXT_TOKEN_STREAM_H_
