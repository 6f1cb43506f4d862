#include "ir/text/token_stream.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace hone {

bool TokenStream::Accept(absl::string_view text) {
  if (!Peek().Is(text) && !NextIsWord(text)) return false;
  Advance();
  return true;
}

absl::Status TokenStream::Expect(absl::string_view text) {
  if (Accept(text)) return absl::OkStatus();
  return Error(text);
}

absl::StatusOr<std::string> TokenStream::Name(absl::string_view what) {
  if (!NextIsName()) return Error(what);
  std::string name = Peek().text;
  Advance();
  return name;
}

absl::StatusOr<std::string> TokenStream::String(absl::string_view what) {
  if (Peek().kind != Token::Kind::kString) return Error(what);
  std::string text = Peek().text;
  Advance();
  return text;
}

absl::StatusOr<int64_t> TokenStream::Integer(absl::string_view what) {
  int64_t value = 0;
  if (Peek().kind != Token::Kind::kNumber ||
      !absl::SimpleAtoi(Peek().text, &value)) {
    return Error(what);
  }
  Advance();
  return value;
}

absl::StatusOr<double> TokenStream::Number(absl::string_view what) {
  double value = 0;
  const bool word = NextIsWord("inf") || NextIsWord("nan");
  if ((Peek().kind != Token::Kind::kNumber && !word) ||
      !absl::SimpleAtod(Peek().text, &value)) {
    return Error(what);
  }
  Advance();
  return value;
}

absl::Status TokenStream::Error(absl::string_view expected) const {
  const Token& token = Peek();
  const std::string found = token.kind == Token::Kind::kEnd
                                ? "the end"
                                : absl::StrCat("'", token.text, "'");
  return absl::InvalidArgumentError(
      absl::StrCat("line ", token.line, ", column ", token.column,
                   ": expected ", expected, ", found ", found));
}

}  // namespace hone
