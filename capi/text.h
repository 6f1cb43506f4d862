// hone_text: a block of bytes that the ABI hands out.
#ifndef HONE_CAPI_TEXT_H_
#define HONE_CAPI_TEXT_H_

#include <string>

#include "capi/hone.h"

struct hone_text {
  std::string bytes;
};

namespace hone::capi {

hone_text* NewText(std::string bytes);

}  // namespace hone::capi

#endif  // HONE_CAPI_TEXT_H_
