/* quantize MODEL.onnx IMAGES LABELS OUT.onnx: 8-bit quantization, measured.
 * IMAGES and LABELS: the MNIST family's IDX files, unzipped. */
#include <stdio.h>
#include <stdlib.h>

#include "capi/hone.h"

enum { COUNT = 500, PIXELS = 28 * 28 };
static unsigned char images[COUNT][PIXELS], labels[COUNT];
static int hits;

static void check(hone_error* error) {
  if (error == NULL) return;
  fprintf(stderr, "%s\n", hone_error_message(error));
  exit(3);
}

static void read_idx(const char* path, long header, void* to, size_t bytes) {
  FILE* file = fopen(path, "rb");
  if (file == NULL || fseek(file, header, SEEK_SET) != 0 ||
      fread(to, 1, bytes, file) != bytes) {
    fprintf(stderr, "%s: cannot be read\n", path);
    exit(3);
  }
  fclose(file);
}

static uint64_t size(void* user) { return (void)user, COUNT; }

static hone_error* get(void* user, uint64_t index, hone_sample* sample) {
  static const int64_t dims[4] = {1, 1, 28, 28};
  float pixels[PIXELS];
  hone_value* value = NULL;
  hone_error* error;
  for (int i = 0; i < PIXELS; ++i) pixels[i] = images[index][i] / 255.0f;
  error = hone_value_new_tensor(HONE_DTYPE_F32, 4, dims, pixels, sizeof pixels,
                                &value);
  if (error == NULL) error = hone_sample_set_input(sample, NULL, value);
  hone_value_free(value);
  return (void)user, error;
}

static hone_error* update(void* user, uint64_t index, const hone_value* const* outputs,
                          const hone_value* const* reference, size_t count,
                          const hone_value* target) {
  const float* scores = hone_value_data(outputs[0]);
  int best = 0;
  for (int i = 1; i < 10; ++i) best = scores[i] > scores[best] ? i : best;
  hits += best == labels[index];
  return (void)user, (void)reference, (void)count, (void)target, NULL;
}

static hone_error* top1(void* user, double* value, double* low, double* high) {
  *value = *low = *high = (double)hits / COUNT;
  return (void)user, NULL;
}

int main(int argc, char** argv) {
  hone_dataset_callbacks data = {sizeof data, NULL, size, get, NULL, NULL, 1};
  hone_metric_callbacks callbacks = {sizeof callbacks, NULL, "top1", update, top1, NULL, 0};
  hone_model *model = NULL, *small = NULL;
  hone_dataset* dataset = NULL;
  hone_metric* metric = NULL;
  hone_result* result = NULL;
  if (argc != 5) return fprintf(stderr, "usage: quantize MODEL IMAGES LABELS OUT\n"), 2;
  read_idx(argv[2], 16, images, sizeof images);
  read_idx(argv[3], 8, labels, sizeof labels);
  check(hone_model_load(NULL, argv[1], &model));
  check(hone_dataset_new(&data, &dataset));
  check(hone_quantize(NULL, model, dataset, NULL, NULL, &small, NULL));
  check(hone_metric_new(&callbacks, &metric));
  check(hone_evaluate(NULL, small, NULL, dataset, &metric, 1, NULL, &result));
  printf("%s\n", hone_result_json(result));
  check(hone_model_save(small, argv[4], NULL));
  hone_result_free(result);
  hone_metric_free(metric);
  hone_dataset_free(dataset);
  hone_model_free(small);
  hone_model_free(model);
  return 0;
}
