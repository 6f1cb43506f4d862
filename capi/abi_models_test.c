/* Models, data, evaluation, statistics and quantization through the
 * C ABI, on testdata/small.onnx: Conv, Relu, GlobalAveragePool, Flatten, Gemm;
 * "x" float32[batch, 2, 6, 6] to "y" float32[batch, 3]. */
#include <math.h>

#include "capi/test_support.h"

enum { COUNT = 20 };

static const char* model_path;
static char scratch[1024];

static const char* in_scratch(const char* name) {
  static char path[2048];
  snprintf(path, sizeof path, "%s/%s", scratch, name);
  return path;
}

/* ---- A dataset that can misbehave */

typedef struct data_state {
  const char* input;
  int fail_at; /* -1: never */
  int nan_at;
  int wrong_shape;
  int leave_out;
  int targets;
  int destroyed;
} data_state;

static uint64_t data_size(void* user) {
  (void)user;
  return COUNT;
}

static hone_error* data_get(void* user, uint64_t index, hone_sample* sample) {
  data_state* state = user;
  hone_value* value = image(index);
  hone_error* error = NULL;
  if ((int)index == state->fail_at) {
    hone_value_free(value);
    return hone_error_new(HONE_ERROR_INVALID_INPUT, "picture 5 is broken");
  }
  if ((int)index == state->nan_at || state->wrong_shape) {
    static const int64_t dims[4] = {1, 2, 6, 6}, wrong[3] = {1, 9, 8};
    float pixels[PIXELS] = {0};
    if (!state->wrong_shape) pixels[7] = NAN;
    hone_value_free(value);
    OK(hone_value_new_tensor(HONE_DTYPE_F32, state->wrong_shape ? 3 : 4,
                             state->wrong_shape ? wrong : dims, pixels,
                             sizeof pixels, &value));
  }
  if (!state->leave_out)
    error = hone_sample_set_input(sample, state->input, value);
  if (error == NULL && state->targets) {
    static const int64_t label = 1;
    hone_value* target = NULL;
    OK(hone_value_new_tensor(HONE_DTYPE_S64, 0, NULL, &label, sizeof label,
                             &target));
    error = hone_sample_set_target(sample, target);
    hone_value_free(target);
  }
  hone_value_free(value);
  return error;
}

static const char* data_identity(void* user) {
  (void)user;
  return "numbers";
}

static void data_destroy(void* user) { ++((data_state*)user)->destroyed; }

static const data_state kGood = {NULL, -1, -1, 0, 0, 1, 0};

static hone_dataset* open_data(data_state* state) {
  hone_dataset_callbacks callbacks = {
      sizeof callbacks, NULL,         data_size, data_get,
      data_identity,    data_destroy, 0};
  hone_dataset* dataset = NULL;
  callbacks.user = state;
  OK(hone_dataset_new(&callbacks, &dataset));
  CHECK(hone_dataset_size(dataset) == COUNT);
  return dataset;
}

/* ---- A metric: the mean distance from the reference */

typedef struct metric_state {
  double sum;
  uint64_t next;
  int targets;
  int destroyed;
} metric_state;

static hone_error* metric_update(void* user, uint64_t index,
                                 const hone_value* const* outputs,
                                 const hone_value* const* reference,
                                 size_t count, const hone_value* target) {
  metric_state* state = user;
  const float* ours = hone_value_data(outputs[0]);
  CHECK(index == state->next++);
  CHECK(count == 1 && hone_value_size(outputs[0]) == 3);
  state->targets += target != NULL;
  if (reference != NULL) {
    const float* theirs = hone_value_data(reference[0]);
    for (int i = 0; i < 3; ++i) state->sum += fabs(ours[i] - theirs[i]);
  }
  return NULL;
}

static hone_error* metric_result(void* user, double* value, double* low,
                                 double* high) {
  metric_state* state = user;
  *value = state->sum / (3 * COUNT);
  *low = *value - 1;
  *high = *value + 1;
  return NULL;
}

static hone_error* metric_nan(void* user, double* value, double* low,
                              double* high) {
  (void)user;
  *value = *low = *high = NAN;
  return NULL;
}

static void metric_destroy(void* user) { ++((metric_state*)user)->destroyed; }

static hone_metric* make_metric(metric_state* state, int32_t needs_reference) {
  hone_metric_callbacks callbacks = {
      sizeof callbacks, NULL,           "distance", metric_update,
      metric_result,    metric_destroy, 0};
  hone_metric* metric = NULL;
  callbacks.user = state;
  callbacks.needs_reference = needs_reference;
  OK(hone_metric_new(&callbacks, &metric));
  return metric;
}

/* ---- Tests */

static void test_model(const hone_model* model) {
  hone_value_info info = {sizeof info, NULL, HONE_DTYPE_UNDEFINED, 0, NULL,
                          NULL,        NULL};
  hone_model *copy = NULL, *none = NULL;
  hone_options* options = NULL;
  hone_text *bytes = NULL, *again = NULL, *json = NULL;
  CHECK(hone_model_input_count(model) == 1 &&
        hone_model_output_count(model) == 1);
  OK(hone_model_input(model, 0, &info));
  CHECK(strcmp(info.name, "x") == 0 && info.dtype == HONE_DTYPE_F32 &&
        info.rank == 4);
  CHECK(info.dims[0] == -1 && info.dims[1] == 2);
  CHECK(strcmp(info.symbols[0], "batch") == 0 && *info.symbols[1] == '\0');
  CHECK(strncmp(info.type, "float32[batch, 2, ", 18) == 0);
  OK(hone_model_output(model, 0, &info));
  CHECK(strcmp(info.name, "y") == 0);
  /* A caller of before the type's field gets what it has room for. */
  info.type = "untouched";
  info.struct_size = offsetof(hone_value_info, type);
  OK(hone_model_output(model, 0, &info));
  CHECK(strcmp(info.type, "untouched") == 0);
  info.struct_size = sizeof info;
  FAILS(MISUSE, "index", hone_model_output(model, 1, &info));
  info.struct_size = 3;
  FAILS(MISUSE, "struct_size", hone_model_input(model, 0, &info));
  CHECK(hone_model_metadata(model, "none") == NULL);
  OK(hone_model_to_bytes(model, &bytes));
  OK(hone_model_from_bytes(NULL, hone_text_data(bytes), hone_text_size(bytes),
                           NULL, &copy));
  OK(hone_model_save(copy, in_scratch("copy.onnx"), NULL));
  hone_model_free(copy);
  OK(hone_model_load(NULL, in_scratch("copy.onnx"), &copy));
  OK(hone_model_to_bytes(copy, &again));
  CHECK(hone_text_size(bytes) == hone_text_size(again));
  CHECK(memcmp(hone_text_data(bytes), hone_text_data(again),
               hone_text_size(bytes)) == 0);
  hone_text_free(again);
  OK(hone_options_new(&options));
  OK(hone_options_set_bool(options, "plan", 1));
  OK(hone_model_inspect(NULL, model, options, &json));
  CHECK(strstr(hone_text_data(json), "\"operators\":{\"Conv\":1") != NULL);
  CHECK(strstr(hone_text_data(json), "\"plan\":") != NULL);
  hone_text_free(json);
  FAILS(MISUSE, "save", hone_model_save(copy, in_scratch("no.onnx"), options));
  FAILS(HONE_ERROR_NOT_FOUND, "/no/such",
        hone_model_load(NULL, "/no/such/model.onnx", &none));
  FAILS(HONE_ERROR_NOT_FOUND, "/no/such",
        hone_model_save(copy, "/no/such/model.onnx", NULL));
  FAILS(HONE_ERROR_INVALID_INPUT, "",
        hone_model_from_bytes(NULL, "junk", 4, NULL, &none));
  FAILS(HONE_ERROR_INVALID_INPUT, "",
        hone_model_from_bytes(NULL, hone_text_data(bytes),
                              hone_text_size(bytes) / 2, NULL, &none));
  FAILS(MISUSE, "path", hone_model_load(NULL, NULL, &none));
  FAILS(MISUSE, "model", hone_model_save(NULL, "x", NULL));
  CHECK(none == NULL);
  hone_options_free(options);
  hone_text_free(bytes);
  hone_model_free(copy);
  hone_model_free(NULL);
}

static void test_evaluate(const hone_model* model) {
  data_state data = kGood;
  metric_state state = {0, 0, 0, 0};
  hone_dataset* dataset = open_data(&data);
  hone_metric* metric = make_metric(&state, 1);
  hone_result* result = NULL;
  double value = 9, low = 9, high = 9;
  OK(hone_evaluate(NULL, model, model, dataset, &metric, 1, NULL, &result));
  CHECK(state.next == COUNT && state.targets == COUNT);
  OK(hone_result_metric(result, "distance", &value, &low, &high));
  CHECK(value == 0 && low == -1 && high == 1);
  FAILS(HONE_ERROR_NOT_FOUND, "distance",
        hone_result_metric(result, "top1", &value, &low, &high));
  CHECK(strstr(hone_result_json(result), "\"samples\":20") != NULL);
  hone_result_free(result);
  FAILS(MISUSE, "new metric",
        hone_evaluate(NULL, model, model, dataset, &metric, 1, NULL, &result));
  hone_metric_free(metric);
  CHECK(state.destroyed == 1);
  metric = make_metric(&state, 1);
  FAILS(MISUSE, "reference",
        hone_evaluate(NULL, model, NULL, dataset, &metric, 1, NULL, &result));
  hone_metric_free(metric);
  {
    hone_metric_callbacks callbacks = {
        sizeof callbacks, NULL, "bad", metric_update, metric_nan, NULL, 0};
    metric_state other = {0, 0, 0, 0};
    callbacks.user = &other;
    OK(hone_metric_new(&callbacks, &metric));
    FAILS(HONE_ERROR_CALLBACK, "finite",
          hone_evaluate(NULL, model, NULL, dataset, &metric, 1, NULL, &result));
    hone_metric_free(metric);
    callbacks.name = NULL;
    FAILS(MISUSE, "name", hone_metric_new(&callbacks, &metric));
  }
  hone_metric_free(NULL);
  hone_dataset_free(dataset);
  CHECK(data.destroyed == 1);
}

static void test_compare(const hone_model* model) {
  data_state data = kGood;
  hone_dataset* dataset = open_data(&data);
  hone_result* result = NULL;
  hone_options* options = NULL;
  OK(hone_compare(NULL, model, model, dataset, NULL, &result));
  CHECK(strstr(hone_result_json(result), "\"sqnr_db\":200.0") != NULL);
  CHECK(hone_result_row_count(result) > 1);
  hone_result_free(result);
  OK(hone_options_new(&options));
  OK(hone_options_set_bool(options, "outputs_only", 1));
  OK(hone_compare(NULL, model, model, dataset, options, &result));
  CHECK(hone_result_row_count(result) == 1);
  hone_result_free(result);
  FAILS(MISUSE, "second",
        hone_compare(NULL, model, NULL, dataset, NULL, &result));
  hone_options_free(options);
  hone_dataset_free(dataset);
}

static void expect_data_error(const hone_model* model, data_state data,
                              hone_error_code code, const char* words) {
  hone_dataset* dataset = open_data(&data);
  hone_model* out = NULL;
  hone_result* result = NULL;
  FAILS(code, words,
        hone_quantize(NULL, model, dataset, NULL, NULL, &out, &result));
  CHECK(out == NULL && result == NULL);
  hone_dataset_free(dataset);
}

static void test_bad_data(const hone_model* model) {
  data_state data = kGood;
  hone_dataset_callbacks callbacks = {0,    NULL, data_size, data_get,
                                      NULL, NULL, 0};
  hone_dataset* dataset = NULL;
  data.fail_at = 5;
  expect_data_error(model, data, HONE_ERROR_INVALID_INPUT,
                    "picture 5 is broken");
  data = kGood;
  data.nan_at = 4;
  expect_data_error(model, data, HONE_ERROR_INVALID_INPUT, "NaN at element 7");
  data = kGood;
  data.wrong_shape = 1;
  expect_data_error(model, data, HONE_ERROR_INVALID_INPUT, "x");
  data = kGood;
  data.leave_out = 1;
  expect_data_error(model, data, HONE_ERROR_INVALID_INPUT, "lacks an input");
  data = kGood;
  data.input = "z";
  expect_data_error(model, data, HONE_ERROR_NOT_FOUND, "found z");
  FAILS(MISUSE, "struct_size", hone_dataset_new(&callbacks, &dataset));
  callbacks.struct_size = sizeof callbacks;
  callbacks.get = NULL;
  FAILS(MISUSE, "get", hone_dataset_new(&callbacks, &dataset));
  FAILS(MISUSE, "callbacks", hone_dataset_new(NULL, &dataset));
  CHECK(dataset == NULL);
  hone_dataset_free(NULL);
}

static int progress_calls, log_calls;
static void on_progress(void* user, const hone_progress* progress) {
  (void)user;
  CHECK(progress->struct_size == sizeof *progress &&
        progress->done <= progress->total);
  ++progress_calls;
}
static void on_log(void* user, hone_log_level level, const char* message) {
  (void)user;
  CHECK(level <= HONE_LOG_DEBUG && *message != '\0');
  ++log_calls;
}

static void test_quantize(const hone_model* model) {
  data_state data = kGood;
  hone_dataset* dataset = open_data(&data);
  hone_context* context = NULL;
  hone_cancel* cancel = NULL;
  hone_options *options = NULL, *half = NULL, *save = NULL;
  hone_model *a = NULL, *b = NULL;
  hone_statistics *whole = NULL, *loaded = NULL, *merged = NULL;
  hone_statistics* shards[2] = {NULL, NULL};
  hone_result* report = NULL;
  hone_report_row row = {sizeof row, NULL, NULL, NULL, NULL};
  hone_text *first = NULL, *second = NULL;
  hone_session* session = NULL;
  int quantized = 0;
  OK(hone_context_new(&context));
  OK(hone_context_set_progress(context, on_progress, NULL, NULL));
  OK(hone_context_set_log(context, on_log, NULL, NULL));
  OK(hone_quantize(context, model, dataset, NULL, NULL, &a, &report));
  CHECK(progress_calls > 0 && log_calls > 0);
  CHECK(hone_result_row_count(report) == 5);
  for (size_t i = 0; i < 5; ++i) {
    OK(hone_result_row(report, i, &row));
    CHECK(*row.name != '\0' && *row.op != '\0' && *row.done != '\0' &&
          row.why != NULL);
    quantized += strcmp(row.done, "quantized") == 0;
  }
  CHECK(quantized >= 2);
  FAILS(MISUSE, "index", hone_result_row(report, 5, &row));
  CHECK(strstr(hone_result_json(report), "\"size_bytes_before\":") != NULL);
  CHECK(strcmp(hone_model_metadata(a, "hone.version"), hone_version()) == 0);
  CHECK(strcmp(hone_model_metadata(a, "hone.data"), "numbers") == 0);
  OK(hone_session_new(context, a, NULL, &session));
  hone_session_free(session);

  /* Statistics give the very same model, whole or in merged shards. */
  OK(hone_statistics_collect(context, model, dataset, NULL, &whole));
  OK(hone_options_new(&half));
  OK(hone_options_set_text(half, "shard", "1/2"));
  OK(hone_statistics_collect(context, model, dataset, half, &shards[0]));
  OK(hone_options_set_text(half, "shard", "2/2"));
  OK(hone_statistics_collect(context, model, dataset, half, &shards[1]));
  OK(hone_statistics_merge((const hone_statistics* const*)shards, 2, &merged));
  OK(hone_statistics_save(merged, in_scratch("merged.stats")));
  OK(hone_statistics_load(in_scratch("merged.stats"), &loaded));
  OK(hone_statistics_to_json(whole, &first));
  OK(hone_statistics_to_json(loaded, &second));
  CHECK(strcmp(hone_text_data(first), hone_text_data(second)) == 0);
  hone_text_free(first);
  hone_text_free(second);
  OK(hone_quantize(NULL, model, NULL, loaded, NULL, &b, NULL));
  OK(hone_model_to_bytes(a, &first));
  OK(hone_model_to_bytes(b, &second));
  CHECK(hone_text_size(first) == hone_text_size(second));
  CHECK(memcmp(hone_text_data(first), hone_text_data(second),
               hone_text_size(first)) == 0);
  hone_text_free(first);
  hone_text_free(second);
  hone_model_free(b);
  hone_statistics_free(shards[1]);
  hone_statistics_free(merged);
  shards[1] = shards[0]; /* the same samples twice */
  FAILS(
      HONE_ERROR_INVALID_INPUT, "sample",
      hone_statistics_merge((const hone_statistics* const*)shards, 2, &merged));
  FAILS(
      MISUSE, "count",
      hone_statistics_merge((const hone_statistics* const*)shards, 0, &merged));
  hone_statistics_free(shards[0]);

  /* Misuse. */
  OK(hone_options_new(&options));
  OK(hone_options_set_text(options, "ignored_names", "nobody"));
  FAILS(HONE_ERROR_NOT_FOUND, "nobody",
        hone_quantize(NULL, model, dataset, NULL, options, &b, NULL));
  FAILS(MISUSE, "no option of quantize",
        hone_quantize(NULL, model, dataset, NULL, half, &b, NULL));
  FAILS(MISUSE, "exactly one",
        hone_quantize(NULL, model, NULL, NULL, NULL, &b, NULL));
  FAILS(MISUSE, "exactly one",
        hone_quantize(NULL, model, dataset, loaded, NULL, &b, NULL));
  FAILS(MISUSE, "out",
        hone_quantize(NULL, model, dataset, NULL, NULL, NULL, NULL));
  OK(hone_options_set_text(half, "shard", "3/2"));
  FAILS(MISUSE, "shard",
        hone_statistics_collect(NULL, model, dataset, half, &merged));
  FAILS(HONE_ERROR_NOT_FOUND, "/no/such",
        hone_statistics_load("/no/such/file", &merged));
  FAILS(HONE_ERROR_INVALID_INPUT, "",
        hone_statistics_load(model_path, &merged));
  OK(hone_options_new(&save));
  OK(hone_options_set_string(save, "external_data", "always"));
  OK(hone_model_save(a, in_scratch("external.onnx"), save));
  OK(hone_model_load(NULL, in_scratch("external.onnx"), &b));
  hone_model_free(b);

  /* Cancelled before it begins. */
  OK(hone_cancel_new(&cancel));
  hone_cancel_request(cancel);
  OK(hone_context_set_cancel(context, cancel));
  FAILS(HONE_ERROR_CANCELLED, "",
        hone_quantize(context, model, dataset, NULL, NULL, &b, NULL));
  CHECK(b == NULL);
  hone_cancel_free(cancel);
  hone_statistics_free(whole);
  hone_statistics_free(loaded);
  hone_statistics_free(NULL);
  hone_options_free(save);
  hone_options_free(half);
  hone_options_free(options);
  hone_result_free(report);
  hone_result_free(NULL);
  hone_model_free(a);
  hone_dataset_free(dataset);
  hone_context_free(context);
}

static void test_doctor(void) {
  hone_text* text = NULL;
  OK(hone_doctor(NULL, &text));
  CHECK(strstr(hone_text_data(text),
               "\"self_test\":[{\"name\":\"kernels\",\"ok\":true") != NULL);
  CHECK(strstr(hone_text_data(text), "\"ok\":false") == NULL);
  hone_text_free(text);
}

int main(int argc, char** argv) {
  hone_model* model = NULL;
  const char* folder = getenv("TEST_TMPDIR");
  CHECK(argc == 2);
  model_path = argv[1];
  snprintf(scratch, sizeof scratch, "%s", folder == NULL ? "/tmp" : folder);
  OK(hone_model_load(NULL, model_path, &model));
  test_model(model);
  test_evaluate(model);
  test_compare(model);
  test_bad_data(model);
  test_quantize(model);
  test_doctor();
  hone_model_free(model);
  return 0;
}
