/* Checks for the C tests. A failed check ends the program. */
#ifndef HONE_CAPI_TEST_SUPPORT_H_
#define HONE_CAPI_TEST_SUPPORT_H_

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capi/hone.h"

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                        \
    }                                                                 \
  } while (0)

/* The call succeeds. */
#define OK(call)                                                    \
  do {                                                              \
    hone_error* ok_error = (call);                                  \
    if (ok_error != NULL) {                                         \
      fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, \
              hone_error_message(ok_error));                        \
      exit(1);                                                      \
    }                                                               \
  } while (0)

/* The call fails with that code, and its message contains the words. */
#define FAILS(want, words, call)                                             \
  do {                                                                       \
    hone_error* fails_error = (call);                                        \
    CHECK(fails_error != NULL);                                              \
    if (hone_error_get_code(fails_error) != (want) ||                        \
        strstr(hone_error_message(fails_error), (words)) == NULL) {          \
      fprintf(stderr, "%s:%d: %s: code %d: %s\n", __FILE__, __LINE__, #call, \
              (int)hone_error_get_code(fails_error),                         \
              hone_error_message(fails_error));                              \
      exit(1);                                                               \
    }                                                                        \
    hone_error_free(fails_error);                                            \
  } while (0)

#define MISUSE HONE_ERROR_INVALID_ARGUMENT

/* Input number `seed` of testdata/small.onnx: float32[1, 2, 6, 6] in [0, 1). */
enum { PIXELS = 72 };
static inline hone_value* image(uint64_t seed) {
  static const int64_t dims[4] = {1, 2, 6, 6};
  float pixels[PIXELS];
  hone_value* value = NULL;
  for (int i = 0; i < PIXELS; ++i) {
    pixels[i] = (float)((seed * 31 + (uint64_t)i * 17) % 97) / 97.0f;
  }
  OK(hone_value_new_tensor(HONE_DTYPE_F32, 4, dims, pixels, sizeof pixels,
                           &value));
  return value;
}

#endif /* HONE_CAPI_TEST_SUPPORT_H_ */
