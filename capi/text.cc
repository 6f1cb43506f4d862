#include "capi/text.h"

#include <string>
#include <utility>

namespace hone::capi {

hone_text* NewText(std::string bytes) {
  return new hone_text{std::move(bytes)};
}

}  // namespace hone::capi

const char* hone_text_data(const hone_text* text) {
  return text == nullptr ? "" : text->bytes.c_str();
}

size_t hone_text_size(const hone_text* text) {
  return text == nullptr ? 0 : text->bytes.size();
}

void hone_text_free(hone_text* text) { delete text; }
