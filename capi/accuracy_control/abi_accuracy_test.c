/* Quantization within bounds through the C ABI, on testdata/small.onnx: metrics
 * that succeed, fail and give NaN. */
#include <math.h>

#include "capi/test_support.h"

enum { COUNT = 20 };

static uint64_t data_size(void* user) {
  (void)user;
  return COUNT;
}

static hone_error* data_get(void* user, uint64_t index, hone_sample* sample) {
  hone_value* value = image(index);
  hone_error* error = hone_sample_set_input(sample, "x", value);
  (void)user;
  hone_value_free(value);
  return error;
}

static hone_dataset* open_data(void) {
  hone_dataset_callbacks callbacks = {
      sizeof callbacks, NULL, data_size, data_get, NULL, NULL, 0};
  hone_dataset* dataset = NULL;
  OK(hone_dataset_new(&callbacks, &dataset));
  return dataset;
}

/* The mean distance from the reference. */
typedef struct metric_state {
  double sum;
  int destroyed;
} metric_state;

static hone_error* metric_update(void* user, uint64_t index,
                                 const hone_value* const* outputs,
                                 const hone_value* const* reference,
                                 size_t count, const hone_value* target) {
  const float* ours = hone_value_data(outputs[0]);
  const float* theirs = hone_value_data(reference[0]);
  (void)index;
  (void)target;
  CHECK(count == 1);
  for (int i = 0; i < 3; ++i) {
    ((metric_state*)user)->sum += fabs(ours[i] - theirs[i]);
  }
  return NULL;
}

static hone_error* metric_result(void* user, double* value, double* low,
                                 double* high) {
  *value = *low = *high = ((metric_state*)user)->sum / (3 * COUNT);
  return NULL;
}

static hone_error* metric_nan(void* user, double* value, double* low,
                              double* high) {
  (void)user;
  *value = *low = *high = NAN;
  return NULL;
}

static void metric_destroy(void* user) { ++((metric_state*)user)->destroyed; }

/* A metric an evaluation; `mode` 0 is right, 1 fails, 2 gives NaN. */
static int metric_mode;
static metric_state control_states[64];
static int control_count;

static hone_error* new_metric(void* user, hone_metric** out) {
  hone_metric_callbacks callbacks = {
      sizeof callbacks, NULL,           "distance", metric_update,
      metric_result,    metric_destroy, 1};
  CHECK(*(int*)user == 7 && control_count < 64);
  if (metric_mode == 1) {
    return hone_error_new(HONE_ERROR_IO, "no metric today");
  }
  if (metric_mode == 2) callbacks.result = metric_nan;
  callbacks.user = &control_states[control_count++];
  return hone_metric_new(&callbacks, out);
}

static hone_error* control(const hone_model* model, const hone_dataset* dataset,
                           hone_accuracy_bound bound, hone_model** out,
                           hone_result** report) {
  return hone_quantize_with_accuracy_control(NULL, model, dataset, dataset,
                                             &bound, 1, NULL, out, report);
}

static void test_accuracy_control(const hone_model* model) {
  hone_dataset* dataset = open_data();
  hone_model* out = NULL;
  hone_result* report = NULL;
  int seven = 7;
  double value = 9;
  hone_accuracy_bound bound = {sizeof bound, NULL, new_metric, 1000, 0, 0};
  bound.user = &seven;
  OK(control(model, dataset, bound, &out, &report));
  CHECK(strstr(hone_result_json(report), "\"met\":true") != NULL);
  OK(hone_result_metric(report, "distance", &value, NULL, NULL));
  CHECK(value > 0 && value < 1000);
  hone_result_free(report);
  hone_model_free(out);
  bound.max_drop = 0; /* no quantized model is exactly the float model */
  OK(control(model, dataset, bound, &out, &report));
  CHECK(strstr(hone_result_json(report), "\"met\":false") != NULL);
  CHECK(strstr(hone_result_json(report), "came closest") != NULL);
  hone_result_free(report);
  hone_model_free(out);
  bound.relative = 1;
  FAILS(HONE_ERROR_INVALID_INPUT, "baseline of 0",
        control(model, dataset, bound, &out, NULL));
  metric_mode = 1;
  FAILS(HONE_ERROR_IO, "no metric today",
        control(model, dataset, bound, &out, NULL));
  metric_mode = 2;
  FAILS(HONE_ERROR_CALLBACK, "finite",
        control(model, dataset, bound, &out, NULL));
  bound.max_drop = -1;
  FAILS(MISUSE, "max_drop", control(model, dataset, bound, &out, NULL));
  CHECK(out == NULL);
  for (int i = 0; i < control_count; ++i) {
    CHECK(control_states[i].destroyed == 1);
  }
  hone_dataset_free(dataset);
}

int main(int argc, char** argv) {
  hone_model* model = NULL;
  CHECK(argc == 2);
  OK(hone_model_load(NULL, argv[1], &model));
  test_accuracy_control(model);
  hone_model_free(model);
  return 0;
}
