/* Simplification and conversion through the C ABI, on testdata/small.onnx. */
#include "capi/test_support.h"

static void test_simplify(const hone_model* model) {
  hone_model *simple = NULL, *again = NULL;
  hone_result* result = NULL;
  hone_options* options = NULL;
  hone_text *first = NULL, *second = NULL;
  OK(hone_simplify(NULL, model, NULL, NULL, &simple, &result));
  CHECK(strstr(hone_result_json(result), "\"nodes_after\":") != NULL);
  CHECK(strstr(hone_result_json(result), "\"samples\":3,") != NULL);
  CHECK(hone_model_metadata(simple, "hone.simplify") != NULL);
  CHECK(hone_model_input_count(simple) == hone_model_input_count(model));
  hone_result_free(result);
  /* Once more changes nothing. */
  OK(hone_simplify(NULL, simple, NULL, NULL, &again, &result));
  CHECK(hone_result_row_count(result) == 0);
  OK(hone_model_to_bytes(simple, &first));
  OK(hone_model_to_bytes(again, &second));
  CHECK(hone_text_size(first) == hone_text_size(second));
  CHECK(memcmp(hone_text_data(first), hone_text_data(second),
               hone_text_size(first)) == 0);
  hone_text_free(first);
  hone_text_free(second);
  hone_result_free(result);
  hone_model_free(again);
  hone_model_free(simple);
  OK(hone_options_new(&options));
  OK(hone_options_set_json(options, "{\"skip\":[\"linaer\"]}"));
  FAILS(MISUSE, "linear",
        hone_simplify(NULL, model, NULL, options, &simple, NULL));
  OK(hone_options_set_json(options,
                           "{\"skip\":[],\"shape\":[\"nowhere=1x2\"]}"));
  FAILS(MISUSE, "nowhere",
        hone_simplify(NULL, model, NULL, options, &simple, NULL));
  CHECK(simple == NULL);
  hone_options_free(options);
}

static void test_convert(const hone_model* model) {
  hone_model* half = NULL;
  hone_result* result = NULL;
  hone_options* options = NULL;
  OK(hone_convert(NULL, model, NULL, NULL, &half, &result));
  CHECK(strstr(hone_result_json(result), "\"done\":\"float16\"") != NULL);
  CHECK(hone_model_metadata(half, "hone.convert") != NULL);
  hone_result_free(result);
  hone_model_free(half);
  OK(hone_options_new(&options));
  OK(hone_options_set_text(options, "dtype", "bf16"));
  OK(hone_options_set_text(options, "max_error", "0.000000001"));
  FAILS(HONE_ERROR_LIMIT, "magnitude",
        hone_convert(NULL, model, NULL, options, &half, &result));
  CHECK(half == NULL && result == NULL);
  OK(hone_options_set_text(options, "check", "0"));
  OK(hone_convert(NULL, model, NULL, options, &half, NULL));
  hone_model_free(half);
  hone_options_free(options);
}

static void test_misuse(const hone_model* model) {
  hone_model* out = NULL;
  hone_options* options = NULL;
  FAILS(MISUSE, "model", hone_simplify(NULL, NULL, NULL, NULL, &out, NULL));
  FAILS(MISUSE, "out", hone_simplify(NULL, model, NULL, NULL, NULL, NULL));
  FAILS(MISUSE, "model", hone_convert(NULL, NULL, NULL, NULL, &out, NULL));
  FAILS(MISUSE, "out", hone_convert(NULL, model, NULL, NULL, NULL, NULL));
  OK(hone_options_new(&options));
  OK(hone_options_set_text(options, "preset", "mixed"));
  FAILS(MISUSE, "preset",
        hone_simplify(NULL, model, NULL, options, &out, NULL));
  FAILS(MISUSE, "preset", hone_convert(NULL, model, NULL, options, &out, NULL));
  hone_options_free(options);
}

int main(int argc, char** argv) {
  hone_model* model = NULL;
  CHECK(argc == 2);
  OK(hone_model_load(NULL, argv[1], &model));
  test_simplify(model);
  test_convert(model);
  test_misuse(model);
  hone_model_free(model);
  return 0;
}
