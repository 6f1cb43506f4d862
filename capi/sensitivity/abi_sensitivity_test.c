/* Layer sensitivity through the C ABI, on testdata/small.onnx. */
#include "capi/test_support.h"

static uint64_t data_size(void* user) {
  (void)user;
  return 12;
}

static uint64_t no_data(void* user) {
  (void)user;
  return 0;
}

static hone_error* data_get(void* user, uint64_t index, hone_sample* sample) {
  hone_value* value = image(index);
  hone_error* error = hone_sample_set_input(sample, "x", value);
  (void)user;
  hone_value_free(value);
  return error;
}

static hone_dataset* open_data(uint64_t (*size)(void*)) {
  hone_dataset_callbacks callbacks = {
      sizeof callbacks, NULL, size, data_get, NULL, NULL, 0};
  hone_dataset* dataset = NULL;
  OK(hone_dataset_new(&callbacks, &dataset));
  return dataset;
}

/* What follows "layers" in the result: figures without times. */
static const char* layers_of(const hone_result* result) {
  const char* layers = strstr(hone_result_json(result), "\"layers\":");
  CHECK(layers != NULL);

  return layers;
}

static void test_sensitivity(const hone_model* model) {
  hone_dataset* dataset = open_data(data_size);
  hone_statistics* statistics = NULL;
  hone_options* options = NULL;
  hone_result* first = NULL;
  hone_result* second = NULL;
  OK(hone_sensitivity(NULL, model, dataset, NULL, NULL, 4, &first));
  CHECK(strstr(hone_result_json(first), "\"samples\":4,") != NULL);
  CHECK(strstr(layers_of(first), "\"op\":\"Gemm\"") != NULL);
  CHECK(strstr(layers_of(first), "\"without\":") != NULL);
  CHECK(strstr(layers_of(first), "\"alone\":") != NULL);
  /* Statistics give what the samples give. */
  OK(hone_statistics_collect(NULL, model, dataset, NULL, &statistics));
  OK(hone_sensitivity(NULL, model, dataset, statistics, NULL, 4, &second));
  CHECK(strcmp(layers_of(first), layers_of(second)) == 0);
  hone_result_free(second);
  /* No more samples than there are. */
  OK(hone_sensitivity(NULL, model, dataset, statistics, NULL, 99, &second));
  CHECK(strstr(hone_result_json(second), "\"samples\":12,") != NULL);
  hone_result_free(second);
  /* A layer that is left in float is none of them. */
  OK(hone_options_new(&options));
  OK(hone_options_set_json(options, "{\"ignored_types\":[\"Gemm\"]}"));
  OK(hone_sensitivity(NULL, model, dataset, statistics, options, 4, &second));
  CHECK(strstr(layers_of(second), "\"op\":\"Gemm\"") == NULL);
  hone_result_free(second);
  hone_options_free(options);
  hone_result_free(first);
  hone_statistics_free(statistics);
  hone_dataset_free(dataset);
}

static void test_misuse(const hone_model* model) {
  hone_dataset* dataset = open_data(data_size);
  hone_dataset* empty = open_data(no_data);
  hone_result* result = NULL;
  FAILS(MISUSE, "samples",
        hone_sensitivity(NULL, model, dataset, NULL, NULL, 0, &result));
  FAILS(MISUSE, "dataset",
        hone_sensitivity(NULL, model, empty, NULL, NULL, 4, &result));
  FAILS(MISUSE, "dataset",
        hone_sensitivity(NULL, model, NULL, NULL, NULL, 4, &result));
  FAILS(MISUSE, "model",
        hone_sensitivity(NULL, NULL, dataset, NULL, NULL, 4, &result));
  FAILS(MISUSE, "out",
        hone_sensitivity(NULL, model, dataset, NULL, NULL, 4, NULL));
  CHECK(result == NULL);
  hone_dataset_free(empty);
  hone_dataset_free(dataset);
}

int main(int argc, char** argv) {
  hone_model* model = NULL;
  CHECK(argc == 2);
  OK(hone_model_load(NULL, argv[1], &model));
  test_sensitivity(model);
  test_misuse(model);
  hone_model_free(model);
  return 0;
}
