/* Errors, texts, contexts, values and options through the C ABI. */
#include <dlpack/dlpack.h>

#include "capi/test_support.h"

static int destroyed;
static void destroy(void* user) {
  (void)user;
  ++destroyed;
}

static void test_errors(void) {
  hone_error* error = hone_error_new(HONE_ERROR_CALLBACK, "words");
  CHECK(hone_error_get_code(error) == HONE_ERROR_CALLBACK);
  CHECK(strcmp(hone_error_message(error), "words") == 0);
  CHECK(*hone_error_file(error) == '\0' && *hone_error_node(error) == '\0');
  CHECK(*hone_error_found(error) == '\0' &&
        *hone_error_expected(error) == '\0');
  hone_error_free(error);
  hone_error_free(NULL);
  CHECK(strcmp(hone_version(), "0.1.0") == 0);
  CHECK(hone_abi_version() >= 1);
}

static void test_context(void) {
  hone_context* context = NULL;
  hone_cancel* cancel = NULL;
  OK(hone_context_new(&context));
  FAILS(MISUSE, "out", hone_context_new(NULL));
  OK(hone_context_set_threads(context, 2));
  CHECK(hone_context_threads(context) == 2);
  FAILS(MISUSE, "threads", hone_context_set_threads(context, -1));
  FAILS(MISUSE, "NULL", hone_context_set_threads(NULL, 1));
  CHECK(hone_context_threads(NULL) >= 1);
  OK(hone_context_set_memory_limit(context, 1 << 30));
  CHECK(strcmp(hone_context_device(NULL), "cpu") == 0);
  FAILS(HONE_ERROR_INVALID_INPUT, "cpu, opencl, opencl:N or auto",
        hone_context_set_device(context, "cuda"));
  OK(hone_context_set_device(context, "auto"));
  CHECK(strlen(hone_context_device(context)) > 3);
  OK(hone_context_set_device(context, "cpu"));
  CHECK(strcmp(hone_context_device(context), "cpu") == 0);
  destroyed = 0;
  OK(hone_context_set_progress(context, NULL, NULL, destroy));
  OK(hone_context_set_progress(context, NULL, NULL, destroy));
  CHECK(destroyed == 1);
  OK(hone_context_set_log(context, NULL, NULL, destroy));
  OK(hone_cancel_new(&cancel));
  OK(hone_context_set_cancel(context, cancel));
  hone_cancel_request(cancel);
  hone_cancel_request(NULL);
  hone_cancel_free(cancel);
  OK(hone_context_set_cancel(context, NULL));
  hone_context_free(context);
  CHECK(destroyed == 3);
  hone_context_free(NULL);
}

static void test_tensors(void) {
  static const int64_t dims[2] = {2, 3}, bad[2] = {2, -3},
                       huge[2] = {INT64_MAX, 8};
  static const float data[6] = {1, 2, 3, 4, 5, 6};
  hone_value *value = NULL, *clone = NULL;
  OK(hone_value_new_tensor(HONE_DTYPE_F32, 2, dims, data, sizeof data, &value));
  CHECK(hone_value_get_kind(value) == HONE_VALUE_TENSOR);
  CHECK(hone_value_dtype(value) == HONE_DTYPE_F32);
  CHECK(strcmp(hone_dtype_name(hone_value_dtype(value)), "float32") == 0);
  CHECK(strcmp(hone_dtype_name((hone_dtype)99), "undefined") == 0);
  CHECK(hone_value_rank(value) == 2 && hone_value_dims(value)[1] == 3);
  CHECK(hone_value_size(value) == 6 && hone_value_bytes(value) == 24);
  CHECK(memcmp(hone_value_data(value), data, sizeof data) == 0);
  CHECK(hone_value_string(value, 0) == NULL);
  CHECK(hone_value_count(value) == 0 && hone_value_item(value, 0) == NULL);
  clone = hone_value_clone(value);
  CHECK(hone_value_data(clone) == hone_value_data(value));
  hone_value_free(clone);
  hone_value_free(value);
  CHECK(hone_value_clone(NULL) == NULL && hone_value_data(NULL) == NULL);
  FAILS(MISUSE, "expected 24",
        hone_value_new_tensor(HONE_DTYPE_F32, 2, dims, data, 20, &value));
  CHECK(value == NULL);
  FAILS(MISUSE, "dims",
        hone_value_new_tensor(HONE_DTYPE_F32, 2, bad, data, 24, &value));
  FAILS(MISUSE, "dims",
        hone_value_new_tensor(HONE_DTYPE_F32, 2, huge, data, 24, &value));
  FAILS(MISUSE, "dims",
        hone_value_new_tensor(HONE_DTYPE_F32, 2, NULL, data, 24, &value));
  FAILS(MISUSE, "rank",
        hone_value_new_tensor(HONE_DTYPE_F32, -2, dims, data, 24, &value));
  FAILS(MISUSE, "dtype",
        hone_value_new_tensor((hone_dtype)77, 2, dims, data, 24, &value));
  FAILS(MISUSE, "dtype",
        hone_value_new_tensor(HONE_DTYPE_STRING, 2, dims, data, 24, &value));
  FAILS(MISUSE, "data",
        hone_value_new_tensor(HONE_DTYPE_F32, 2, dims, NULL, 24, &value));
  FAILS(MISUSE, "out",
        hone_value_new_tensor(HONE_DTYPE_F32, 2, dims, data, 24, NULL));
  OK(hone_value_new_tensor(HONE_DTYPE_S4, 1, dims + 1, data, 2, &value));
  hone_value_free(value);
  destroyed = 0;
  OK(hone_value_borrow_tensor(HONE_DTYPE_F32, 2, dims, data, sizeof data, NULL,
                              destroy, &value));
  CHECK(hone_value_data(value) == data);
  clone = hone_value_clone(value);
  hone_value_free(value);
  CHECK(destroyed == 0);
  hone_value_free(clone);
  CHECK(destroyed == 1);
  FAILS(MISUSE, "bytes",
        hone_value_borrow_tensor(HONE_DTYPE_F32, 2, dims, data, 3, NULL,
                                 destroy, &value));
  CHECK(destroyed == 1);
}

static void test_other_values(void) {
  static const int64_t two = 2;
  const char* strings[2] = {"a", "bc"};
  const char* holes[2] = {"a", NULL};
  const hone_value* items[2];
  hone_value *text = NULL, *sequence = NULL, *back = NULL, *none = NULL;
  hone_text* bytes = NULL;
  OK(hone_value_new_strings(1, &two, strings, &text));
  CHECK(strcmp(hone_value_string(text, 1), "bc") == 0);
  CHECK(hone_value_string(text, 2) == NULL &&
        hone_value_string(text, -1) == NULL);
  CHECK(hone_value_data(text) == NULL);
  FAILS(MISUSE, "strings[1]", hone_value_new_strings(1, &two, holes, &back));
  items[0] = items[1] = text;
  OK(hone_value_new_sequence(items, 2, &sequence));
  CHECK(hone_value_get_kind(sequence) == HONE_VALUE_SEQUENCE);
  CHECK(hone_value_count(sequence) == 2 && hone_value_rank(sequence) == 0);
  CHECK(strcmp(hone_value_string(hone_value_item(sequence, 1), 0), "a") == 0);
  items[1] = NULL;
  FAILS(MISUSE, "items[1]", hone_value_new_sequence(items, 2, &back));
  OK(hone_value_to_pb(sequence, &bytes));
  OK(hone_value_from_pb(hone_text_data(bytes), hone_text_size(bytes),
                        "sequence", &back));
  CHECK(hone_value_count(back) == 2);
  FAILS(MISUSE, "kind", hone_value_from_pb("", 0, "table", &none));
  FAILS(HONE_ERROR_INVALID_INPUT, "",
        hone_value_from_pb("\xff\xff\xff", 3, "tensor", &none));
  CHECK(none == NULL);
  hone_text_free(bytes);
  hone_text_free(NULL);
  hone_value_free(back);
  hone_value_free(sequence);
  hone_value_free(text);
}

static void test_maps(void) {
  static const int64_t two = 2;
  static const int64_t numbers[2] = {7, -1}, same[2] = {7, 7};
  static const float scores[2] = {0.25f, 0.75f};
  hone_value *keys = NULL, *values = NULL, *map = NULL, *back = NULL;
  hone_value *twice = NULL, *none = NULL;
  hone_text* bytes = NULL;
  OK(hone_value_new_tensor(HONE_DTYPE_S64, 1, &two, numbers, sizeof numbers,
                           &keys));
  OK(hone_value_new_tensor(HONE_DTYPE_S64, 1, &two, same, sizeof same, &twice));
  OK(hone_value_new_tensor(HONE_DTYPE_F32, 1, &two, scores, sizeof scores,
                           &values));
  OK(hone_value_new_map(keys, values, &map));
  CHECK(hone_value_get_kind(map) == HONE_VALUE_MAP);
  CHECK(hone_value_count(map) == 0 && hone_value_item(map, 0) == NULL);
  CHECK(hone_value_data(map) == NULL && hone_value_rank(map) == 0);
  OK(hone_value_to_pb(map, &bytes));
  OK(hone_value_from_pb(hone_text_data(bytes), hone_text_size(bytes), "map",
                        &back));
  CHECK(hone_value_get_kind(back) == HONE_VALUE_MAP);
  CHECK(((const int64_t*)hone_value_data(hone_value_map_keys(back)))[0] == -1);
  CHECK(((const float*)hone_value_data(hone_value_map_values(back)))[1] ==
        0.25f);
  CHECK(hone_value_map_keys(keys) == NULL && hone_value_map_keys(NULL) == NULL);
  CHECK(hone_value_map_values(keys) == NULL);
  FAILS(HONE_ERROR_INVALID_INPUT, "7 twice",
        hone_value_new_map(twice, values, &none));
  FAILS(HONE_ERROR_INVALID_INPUT, "float32[2]",
        hone_value_new_map(values, values, &none));
  FAILS(MISUSE, "keys", hone_value_new_map(map, values, &none));
  FAILS(MISUSE, "values", hone_value_new_map(keys, NULL, &none));
  CHECK(none == NULL);
  hone_text_free(bytes);
  hone_value_free(back);
  hone_value_free(map);
  hone_value_free(twice);
  hone_value_free(values);
  hone_value_free(keys);
}

static int deleted;
static void delete_tensor(DLManagedTensor* tensor) {
  (void)tensor;
  ++deleted;
}

static void test_dlpack(void) {
  static float data[6] = {1, 2, 3, 4, 5, 6};
  int64_t shape[2] = {2, 3}, strides[2] = {1, 2};
  DLManagedTensor tensor = {
      {NULL, {kDLCPU, 0}, 2, {kDLFloat, 32, 1}, NULL, NULL, 0},
      NULL,
      delete_tensor};
  DLManagedTensor* exported = NULL;
  hone_value* value = NULL;
  tensor.dl_tensor.data = data;
  tensor.dl_tensor.shape = shape;
  OK(hone_value_from_dlpack(&tensor, &value));
  CHECK(hone_value_data(value) == data && hone_value_dims(value)[0] == 2);
  OK(hone_value_to_dlpack(value, &exported));
  CHECK(exported->dl_tensor.data == data && exported->dl_tensor.ndim == 2);
  CHECK(exported->dl_tensor.dtype.code == kDLFloat &&
        exported->dl_tensor.dtype.bits == 32);
  hone_value_free(value);
  CHECK(deleted == 0);
  exported->deleter(exported);
  CHECK(deleted == 1);
  tensor.dl_tensor.strides = strides;
  FAILS(MISUSE, "strides", hone_value_from_dlpack(&tensor, &value));
  tensor.dl_tensor.strides = NULL;
  tensor.dl_tensor.dtype.lanes = 4;
  FAILS(MISUSE, "4 lanes", hone_value_from_dlpack(&tensor, &value));
  tensor.dl_tensor.dtype.lanes = 1;
  tensor.dl_tensor.device.device_type = kDLCUDA;
  FAILS(MISUSE, "device", hone_value_from_dlpack(&tensor, &value));
  FAILS(MISUSE, "NULL", hone_value_from_dlpack(NULL, &value));
  CHECK(deleted == 1);
}

static void test_options(void) {
  hone_options* options = NULL;
  hone_text* text = NULL;
  OK(hone_options_new(&options));
  OK(hone_options_set_bool(options, "per_channel", 0));
  OK(hone_options_set_i64(options, "subset_size", 32));
  OK(hone_options_set_f64(options, "quantile_outlier_prob", 0.01));
  OK(hone_options_set_string(options, "preset", "mixed"));
  OK(hone_options_set_text(options, "ignored_types", "Add,Mul"));
  OK(hone_options_set_text(options, "seed", "7"));
  OK(hone_options_set_json(
      options, "{\"ignored_patterns\": [\"a,b\", \"c\"], \"seed\": 0}"));
  OK(hone_options_to_json(options, &text));
  CHECK(strcmp(hone_text_data(text),
               "{\"ignored_patterns\":[\"a,b\",\"c\"],\"ignored_types\":["
               "\"Add\",\"Mul\"],"
               "\"per_channel\":false,\"preset\":\"mixed\",\"quantile_outlier_"
               "prob\":0.01,"
               "\"subset_size\":32}") == 0);
  hone_text_free(text);
  FAILS(MISUSE, "perhaps subset_size",
        hone_options_set_i64(options, "subset_sise", 1));
  FAILS(MISUSE, "from 1", hone_options_set_i64(options, "subset_size", 0));
  FAILS(MISUSE, "a whole number",
        hone_options_set_f64(options, "subset_size", 1.5));
  FAILS(MISUSE, "mixed", hone_options_set_string(options, "preset", "fast"));
  FAILS(MISUSE, "true or false",
        hone_options_set_text(options, "per_channel", "maybe"));
  FAILS(MISUSE, "a whole number", hone_options_set_text(options, "seed", "7x"));
  FAILS(MISUSE, "JSON", hone_options_set_json(options, "[1]"));
  FAILS(MISUSE, "JSON", hone_options_set_json(options, "{"));
  FAILS(MISUSE, "a list",
        hone_options_set_json(options, "{\"ignored_names\": [1]}"));
  FAILS(MISUSE, "NULL", hone_options_set_text(options, NULL, "1"));
  FAILS(MISUSE, "NULL", hone_options_set_string(options, "preset", NULL));
  hone_options_free(options);
  hone_options_free(NULL);
  OK(hone_options_describe("quantize", &text));
  CHECK(strstr(hone_text_data(text), "\"key\":\"overflow_fix\"") != NULL);
  CHECK(strstr(hone_text_data(text), "external_data") == NULL);
  hone_text_free(text);
  OK(hone_options_describe(NULL, &text));
  CHECK(strstr(hone_text_data(text), "external_data") != NULL);
  hone_text_free(text);
  OK(hone_options_describe("evaluate", &text));
  CHECK(strstr(hone_text_data(text), "\"key\":\"state\"") != NULL);
  CHECK(strstr(hone_text_data(text), "overflow_fix") == NULL);
  hone_text_free(text);
  FAILS(MISUSE, "quantise", hone_options_describe("quantise", &text));
}

int main(void) {
  test_errors();
  test_context();
  test_tensors();
  test_other_values();
  test_maps();
  test_dlpack();
  test_options();
  return 0;
}
