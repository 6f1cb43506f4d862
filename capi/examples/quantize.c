/* quantize MODEL IMAGES OUT: 8 bits, and how often the top class stays.
 * IMAGES: an unzipped MNIST-like IDX file; OUT: the new model. */
#include <stdio.h>
#include <stdlib.h>

#include "capi/hone.h"

enum { COUNT = 500, PIXELS = 28 * 28, CLASSES = 10 };
static unsigned char images[COUNT][PIXELS];

static void check(hone_error* error) {
  if (error == NULL) return;
  fprintf(stderr, "%s\n", hone_error_message(error));
  exit(3);
}

static uint64_t size(void* user) { return (void)user, COUNT; }

static hone_error* get(void* user, uint64_t index, hone_sample* sample) {
  static const int64_t dims[4] = {1, 1, 28, 28};
  float x[PIXELS];
  hone_value* value = NULL;
  for (int i = 0; i < PIXELS; ++i) x[i] = images[index][i] / 255.0f;
  check(hone_value_new_tensor(HONE_DTYPE_F32, 4, dims, x, sizeof x, &value));
  hone_error* error = hone_sample_set_input(sample, NULL, value);
  hone_value_free(value);
  return (void)user, error;
}

static int best(const hone_value* value) {
  const float* scores = hone_value_data(value);
  int b = 0;
  for (int i = 1; i < CLASSES; ++i) b = scores[i] > scores[b] ? i : b;
  return b;
}

static hone_error* update(void* user, uint64_t i, const hone_value* const* out,
                          const hone_value* const* reference, size_t count,
                          const hone_value* target) {
  *(int*)user += best(out[0]) == best(reference[0]);
  return (void)i, (void)count, (void)target, NULL;
}

static hone_error* share(void* user, double* value, double* low, double* high) {
  *value = *low = *high = *(int*)user / (double)COUNT;
  return NULL;
}

int main(int argc, char** argv) {
  int same = 0;
  hone_dataset_callbacks data = {sizeof data, NULL, size, get, NULL, NULL, 1};
  hone_metric_callbacks kept = {sizeof kept, &same, "same", update,
                                share,       NULL,  1};
  hone_model *model = NULL, *small = NULL;
  hone_dataset* dataset = NULL;
  hone_metric* metric = NULL;
  hone_result* result = NULL;
  FILE* file = argc == 4 ? fopen(argv[2], "rb") : NULL;
  if (file == NULL || fseek(file, 16, SEEK_SET) != 0 ||
      fread(images, sizeof images, 1, file) != 1) {
    return fprintf(stderr, "usage: quantize MODEL IMAGES OUT\n"), 2;
  }
  fclose(file);
  check(hone_model_load(NULL, argv[1], &model));
  check(hone_dataset_new(&data, &dataset));
  check(hone_quantize(NULL, model, dataset, NULL, NULL, &small, NULL));
  check(hone_metric_new(&kept, &metric));
  check(hone_evaluate(NULL, small, model, dataset, &metric, 1, NULL, &result));
  printf("%s\n", hone_result_json(result));
  check(hone_model_save(small, argv[3], NULL));
  hone_result_free(result);
  hone_metric_free(metric);
  hone_dataset_free(dataset);
  hone_model_free(small);
  hone_model_free(model);
  return 0;
}
