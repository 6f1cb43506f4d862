// Tokens of the text form of models (see parse_model.h).
#ifndef HONE_IR_TEXT_LEXER_H_
#define HONE_IR_TEXT_LEXER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hone {

struct Token {
  enum class Kind {
    kName,         // letters, digits and _ . / $, not starting with a digit
    kNumber,       // 1, -2, 1.5e-3, -inf (inf and nan are names)
    kString,       // "..." with \" \\ \n \t \xHH
    kPunctuation,  // one of ()[]{}<>=,;?@: and the words => and ...
    kEnd,
  };

  bool Is(absl::string_view punctuation) const {
    return kind == Kind::kPunctuation && text == punctuation;
  }

  Kind kind = Kind::kEnd;
  std::string text;  // a string's contents, unescaped
  int line = 1;
  int column = 1;
};

// The tokens, kEnd last. Comments run from # to the end of the line.
// InvalidArgument: a character that begins no token, or an open string.
absl::StatusOr<std::vector<Token>> Tokenize(absl::string_view text);

}  // namespace hone

#endif  // HONE_IR_TEXT_LEXER_H_
