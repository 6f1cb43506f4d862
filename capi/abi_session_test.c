/* Running testdata/small.onnx through the C ABI, by one thread and by several.
 */
#include <math.h>
#include <pthread.h>

#include "capi/test_support.h"

typedef struct runner {
  hone_session* session;
  const hone_value* input;
  const hone_value* expected;
  int different;
} runner;

static void* run_often(void* user) {
  runner* job = user;
  for (int i = 0; i < 20; ++i) {
    hone_value* out = NULL;
    OK(hone_session_run(job->session, &job->input, 1, &out, 1));
    job->different +=
        memcmp(hone_value_data(out), hone_value_data(job->expected), 12) != 0;
    hone_value_free(out);
  }
  return NULL;
}

/* One session, four threads: the same bits. */
static void test_threads(const hone_model* model) {
  pthread_t threads[4];
  runner jobs[4];
  hone_session* session = NULL;
  hone_value *input = image(1), *expected = NULL;
  const hone_value* inputs[1];
  inputs[0] = input;
  OK(hone_session_new(NULL, model, NULL, &session));
  OK(hone_session_run(session, inputs, 1, &expected, 1));
  for (int i = 0; i < 4; ++i) {
    runner job = {session, input, expected, 0};
    jobs[i] = job;
    CHECK(pthread_create(&threads[i], NULL, run_often, &jobs[i]) == 0);
  }
  for (int i = 0; i < 4; ++i) {
    CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(jobs[i].different == 0);
  }
  hone_value_free(input);
  hone_value_free(expected);
  hone_session_free(session);
}

static void test_session(const hone_model* model) {
  hone_session *fast = NULL, *plain = NULL;
  hone_options* options = NULL;
  hone_value *input = image(3), *a = NULL, *b = NULL;
  hone_value* two[2];
  const hone_value* inputs[2];
  const hone_value* none = NULL;
  inputs[0] = inputs[1] = input;
  OK(hone_options_new(&options));
  OK(hone_options_set_bool(options, "reference", 1));
  OK(hone_session_new(NULL, model, NULL, &fast));
  OK(hone_session_new(NULL, model, options, &plain));
  OK(hone_session_run(fast, inputs, 1, &a, 1));
  OK(hone_session_run(plain, inputs, 1, &b, 1));
  for (int i = 0; i < 3; ++i) {
    CHECK(fabs(((const float*)hone_value_data(a))[i] -
               ((const float*)hone_value_data(b))[i]) < 1e-5);
  }
  hone_value_free(a);
  hone_value_free(b);
  FAILS(MISUSE, "expected 1, found 2",
        hone_session_run(fast, inputs, 2, &a, 1));
  FAILS(MISUSE, "expected 1, found 2",
        hone_session_run(fast, inputs, 1, two, 2));
  FAILS(MISUSE, "inputs[0]", hone_session_run(fast, &none, 1, &a, 1));
  CHECK(a == NULL);
  FAILS(MISUSE, "session", hone_session_run(NULL, inputs, 1, &a, 1));
  hone_value_free(input);
  OK(hone_value_new_tensor(HONE_DTYPE_F32, 0, NULL, "abcd", 4, &input));
  inputs[0] = input;
  FAILS(HONE_ERROR_INVALID_INPUT, "x",
        hone_session_run(fast, inputs, 1, &a, 1));
  hone_value_free(input);
  hone_options_free(options);
  hone_session_free(fast);
  hone_session_free(plain);
  hone_session_free(NULL);
}

static void test_profile(const hone_model* model) {
  hone_session* session = NULL;
  hone_value* input = image(3);
  hone_text* text = NULL;
  const hone_value* inputs[1];
  inputs[0] = input;
  OK(hone_session_new(NULL, model, NULL, &session));
  OK(hone_session_profile(session, inputs, 1, &text));
  CHECK(hone_text_data(text)[0] == '[');
  CHECK(strstr(hone_text_data(text), "\"kernel\":\"") != NULL);
  CHECK(strstr(hone_text_data(text), "\"seconds\":") != NULL);
  hone_text_free(text);
  FAILS(MISUSE, "expected 1, found 0",
        hone_session_profile(session, inputs, 0, &text));
  CHECK(text == NULL);
  hone_value_free(input);
  hone_session_free(session);
}

/* On the first OpenCL device where there is one. */
static void test_placement(const hone_model* model) {
  hone_context* context = NULL;
  hone_session* session = NULL;
  hone_error* error = NULL;
  hone_value* input = image(3);
  hone_value* output = NULL;
  hone_text* text = NULL;
  const hone_value* inputs[1];
  inputs[0] = input;
  OK(hone_context_new(&context));
  OK(hone_session_new(context, model, NULL, &session));
  OK(hone_session_placement(session, &text));
  CHECK(strstr(hone_text_data(text), "\"device\":\"cpu\"") != NULL);
  CHECK(strstr(hone_text_data(text), "\"device_steps\":0") != NULL);
  hone_text_free(text);
  hone_session_free(session);
  error = hone_context_set_device(context, "opencl");
  if (error == NULL) {
    CHECK(strncmp(hone_context_device(context), "opencl:", 7) == 0);
    OK(hone_session_new(context, model, NULL, &session));
    OK(hone_session_run(session, inputs, 1, &output, 1));
    OK(hone_session_placement(session, &text));
    CHECK(strstr(hone_text_data(text), "\"device\":\"opencl:") != NULL);
    CHECK(strstr(hone_text_data(text), "\"cpu_operators\":{") != NULL);
    hone_text_free(text);
    hone_value_free(output);
    hone_session_free(session);
  } else {
    CHECK(hone_error_get_code(error) == HONE_ERROR_IO);
    hone_error_free(error);
  }
  FAILS(MISUSE, "session", hone_session_placement(NULL, &text));
  hone_value_free(input);
  hone_context_free(context);
}

int main(int argc, char** argv) {
  hone_model* model = NULL;
  CHECK(argc == 2);
  OK(hone_model_load(NULL, argv[1], &model));
  test_session(model);
  test_threads(model);
  test_profile(model);
  test_placement(model);
  hone_model_free(model);
  return 0;
}
