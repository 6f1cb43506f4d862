/* Hone: makes trained neural networks smaller and faster.
 *
 * C99, version 0. Everything the `hone` command does is done through this
 * header.
 *
 *   hone_model* model = NULL;
 *   hone_error* error = hone_model_load(NULL, "net.onnx", &model);
 *   if (error != NULL) {
 *     fprintf(stderr, "%s\n", hone_error_message(error));
 *     hone_error_free(error);
 *   }
 *
 * Conventions
 *   - A function that can fail returns hone_error*: NULL is success. On failure
 * the out parameters are set to NULL or 0.
 *   - Objects are opaque and made by a function that writes to a trailing out
 * parameter; each has a hone_X_free, which accepts NULL. Functions never take
 * ownership of an argument unless their comment says so.
 *   - Strings are UTF-8 and end with NUL. A returned `const char*` belongs to
 * the object it was asked of and lives as long as that object.
 *   - Immutable objects (model, value, statistics, result, dataset) may be used
 * by several threads at once. A context, options and a sample may not.
 *   - Nothing is printed; there is no global state; no C++ exception crosses
 * this header.
 *   - Structs that the caller fills begin with struct_size = sizeof(the
 * struct), so that later versions can append members. Functions and enumerators
 * are only ever appended.
 */
#ifndef HONE_CAPI_HONE_H_
#define HONE_CAPI_HONE_H_

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define HONE_API
#else
#define HONE_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ---- */

/* "0.1.0". */
HONE_API const char* hone_version(void);
/* Counts up by one with every change of this header. */
HONE_API int32_t hone_abi_version(void);

/* ---- Errors ---- */

typedef struct hone_error hone_error; /* hone_error_free */

typedef enum hone_error_code {
  HONE_ERROR_INVALID_ARGUMENT =
      1, /* wrong use: a NULL, an unknown option, a bad range */
  HONE_ERROR_INVALID_INPUT =
      2, /* a model, data or statistics that cannot be used */
  HONE_ERROR_NOT_FOUND = 3,   /* a file or a name that is not there */
  HONE_ERROR_UNSUPPORTED = 4, /* an operator, dtype or format without support */
  HONE_ERROR_IO = 5, /* reading or writing failed: disk full, no permission */
  HONE_ERROR_LIMIT = 6, /* refused for a stated limit: memory */
  HONE_ERROR_CANCELLED = 7,
  HONE_ERROR_CALLBACK = 8, /* a callback of the caller's failed */
  HONE_ERROR_INTERNAL = 9  /* a defect of Hone's: please report it */
} hone_error_code;

HONE_API hone_error_code hone_error_get_code(const hone_error* error);
/* One line: file, node, what is wrong, what was expected and found. */
HONE_API const char* hone_error_message(const hone_error* error);
/* The parts of the message; "" where a part does not apply. */
HONE_API const char* hone_error_file(const hone_error* error);
HONE_API const char* hone_error_node(const hone_error* error);
HONE_API const char* hone_error_expected(const hone_error* error);
HONE_API const char* hone_error_found(const hone_error* error);
/* For callbacks, which answer with an error of their own. Never fails. */
HONE_API hone_error* hone_error_new(hone_error_code code, const char* message);
HONE_API void hone_error_free(hone_error* error);

/* ---- Text ---- */

/* A string or block of bytes that Hone made. */
typedef struct hone_text hone_text; /* hone_text_free */
HONE_API const char* hone_text_data(
    const hone_text* text); /* also ends with NUL */
HONE_API size_t
hone_text_size(const hone_text* text); /* bytes without the NUL */
HONE_API void hone_text_free(hone_text* text);

/* ---- Context: threads, memory, progress, log, cancel ---- */

/* How work is done. Functions that work take one; NULL means the defaults. A
 * context must outlive the sessions made with it and is used by one call at a
 * time. */
typedef struct hone_context hone_context; /* hone_context_free */
HONE_API hone_error* hone_context_new(hone_context** out);
HONE_API void hone_context_free(hone_context* context);

/* Default and 0: what the cgroup and the affinity mask allow. */
HONE_API hone_error* hone_context_set_threads(hone_context* context,
                                              int32_t threads);
HONE_API int32_t hone_context_threads(const hone_context* context);
/* Bytes of memory that work may take beyond the model; 0 is no limit. */
HONE_API hone_error* hone_context_set_memory_limit(hone_context* context,
                                                   uint64_t bytes);

typedef struct hone_progress {
  size_t struct_size;
  const char* stage; /* "statistics", "quantize", "evaluate", ... */
  uint64_t done;
  uint64_t total; /* 0: unknown */
  double elapsed_s;
  double eta_s; /* negative: unknown */
} hone_progress;
/* Called from one thread at a time, about ten times a second and at each
 * stage's end. `destroy` (may be NULL) is called once with `user` when the
 * callback is replaced or the context freed. */
typedef void (*hone_progress_fn)(void* user, const hone_progress* progress);
HONE_API hone_error* hone_context_set_progress(hone_context* context,
                                               hone_progress_fn progress,
                                               void* user,
                                               void (*destroy)(void* user));

typedef enum hone_log_level {
  HONE_LOG_ERROR = 0,
  HONE_LOG_WARNING = 1,
  HONE_LOG_INFO = 2,
  HONE_LOG_DEBUG = 3
} hone_log_level;
typedef void (*hone_log_fn)(void* user, hone_log_level level,
                            const char* message);
HONE_API hone_error* hone_context_set_log(hone_context* context,
                                          hone_log_fn log, void* user,
                                          void (*destroy)(void* user));

/* Where sessions, hone_evaluate and hone_statistics_collect run what a device
 * can, and whose plan hone_model_inspect shows: "cpu" (the default), "opencl"
 * (the first GPU, else the first device), "opencl:N", or "auto" (the first
 * OpenCL GPU, else the CPU). IO: no OpenCL on this machine; NOT_FOUND: no such
 * device, with the list of those there are. */
HONE_API hone_error* hone_context_set_device(hone_context* context,
                                             const char* device);
/* "cpu", "opencl:0: NAME (gpu, PLATFORM)", or why auto chose the CPU; valid
 * until the device is set again. */
HONE_API const char* hone_context_device(const hone_context* context);

/* A flag that stops work: every running call of its context returns
 * HONE_ERROR_CANCELLED soon. hone_cancel_request may be called from any thread
 * and from a signal handler. */
typedef struct hone_cancel hone_cancel; /* hone_cancel_free */
HONE_API hone_error* hone_cancel_new(hone_cancel** out);
HONE_API void hone_cancel_request(hone_cancel* cancel);
HONE_API void hone_cancel_free(hone_cancel* cancel);
/* The context keeps the flag alive; NULL takes it away. */
HONE_API hone_error* hone_context_set_cancel(hone_context* context,
                                             const hone_cancel* cancel);

/* ---- Values ---- */

/* ONNX's TensorProto.DataType numbers. */
typedef enum hone_dtype {
  HONE_DTYPE_UNDEFINED = 0,
  HONE_DTYPE_F32 = 1,
  HONE_DTYPE_U8 = 2,
  HONE_DTYPE_S8 = 3,
  HONE_DTYPE_U16 = 4,
  HONE_DTYPE_S16 = 5,
  HONE_DTYPE_S32 = 6,
  HONE_DTYPE_S64 = 7,
  HONE_DTYPE_STRING = 8,
  HONE_DTYPE_BOOL = 9,
  HONE_DTYPE_F16 = 10,
  HONE_DTYPE_F64 = 11,
  HONE_DTYPE_U32 = 12,
  HONE_DTYPE_U64 = 13,
  HONE_DTYPE_C64 = 14,
  HONE_DTYPE_C128 = 15,
  HONE_DTYPE_BF16 = 16,
  HONE_DTYPE_F8E4M3FN = 17,
  HONE_DTYPE_F8E4M3FNUZ = 18,
  HONE_DTYPE_F8E5M2 = 19,
  HONE_DTYPE_F8E5M2FNUZ = 20,
  HONE_DTYPE_U4 = 21,
  HONE_DTYPE_S4 = 22,
  HONE_DTYPE_F4E2M1 = 23,
  HONE_DTYPE_F8E8M0 = 24,
  HONE_DTYPE_U2 = 25,
  HONE_DTYPE_S2 = 26,
  HONE_DTYPE_F6E2M3 = 27, /* packed: 4 elements in 3 bytes */
  HONE_DTYPE_F6E3M2 = 28,
  HONE_DTYPE_ANY_INT = 0x7fffffff /* no type: lets a caller pass any number */
} hone_dtype;

/* "float32", "int8", ...; "undefined" for a number that is no dtype. */
HONE_API const char* hone_dtype_name(hone_dtype dtype);

typedef enum hone_value_kind {
  HONE_VALUE_NONE = 0, /* an absent optional */
  HONE_VALUE_TENSOR = 1,
  HONE_VALUE_SEQUENCE = 2,
  HONE_VALUE_MAP = 3
} hone_value_kind;

/* An immutable tensor (row-major, dense), sequence, map or absent optional;
 * cheap to clone. */
typedef struct hone_value hone_value; /* hone_value_free */

/* Copies `bytes` bytes, which must be what dtype and shape need. Not for
 * strings. */
HONE_API hone_error* hone_value_new_tensor(hone_dtype dtype, int32_t rank,
                                           const int64_t* dims,
                                           const void* data, size_t bytes,
                                           hone_value** out);
/* Uses `data` in place; destroy(user) (may be NULL) is called when nobody needs
 * it any more. On failure destroy is not called. */
HONE_API hone_error* hone_value_borrow_tensor(
    hone_dtype dtype, int32_t rank, const int64_t* dims, const void* data,
    size_t bytes, void* user, void (*destroy)(void* user), hone_value** out);
HONE_API hone_error* hone_value_new_strings(int32_t rank, const int64_t* dims,
                                            const char* const* strings,
                                            hone_value** out);
HONE_API hone_error* hone_value_new_sequence(const hone_value* const* items,
                                             size_t count, hone_value** out);
/* keys[i] -> values[i]. `keys` is a vector of strings or of integers of 8 to 64
 * bits, none twice; `values` a vector, or a sequence for values that are no
 * scalars, of as many. The map holds both in ascending order of the keys. */
HONE_API hone_error* hone_value_new_map(const hone_value* keys,
                                        const hone_value* values,
                                        hone_value** out);
/* Takes the DLManagedTensor (CPU, compact) and calls its deleter when done; on
 * failure it stays the caller's. */
struct DLManagedTensor;
HONE_API hone_error* hone_value_from_dlpack(struct DLManagedTensor* tensor,
                                            hone_value** out);
/* A new DLManagedTensor that shares the value's memory; read it only. */
HONE_API hone_error* hone_value_to_dlpack(const hone_value* value,
                                          struct DLManagedTensor** out);
/* A serialised TensorProto, SequenceProto, MapProto or OptionalProto (ONNX's
 * test data, .pb). `kind` says which: "tensor", "sequence", "map" or
 * "optional". Copies what it needs. */
HONE_API hone_error* hone_value_from_pb(const void* data, size_t bytes,
                                        const char* kind, hone_value** out);
HONE_API hone_error* hone_value_to_pb(const hone_value* value, hone_text** out);
HONE_API hone_value* hone_value_clone(
    const hone_value* value); /* shares the contents */
HONE_API void hone_value_free(hone_value* value);

HONE_API hone_value_kind hone_value_get_kind(const hone_value* value);
/* Of a tensor; HONE_DTYPE_UNDEFINED, 0 and NULL for other kinds. */
HONE_API hone_dtype hone_value_dtype(const hone_value* value);
HONE_API int32_t hone_value_rank(const hone_value* value);
HONE_API const int64_t* hone_value_dims(const hone_value* value);
HONE_API int64_t hone_value_size(const hone_value* value); /* elements */
HONE_API const void* hone_value_data(
    const hone_value* value); /* NULL for strings */
HONE_API size_t hone_value_bytes(const hone_value* value);
HONE_API const char* hone_value_string(const hone_value* value, int64_t index);
/* Items of a sequence. The item belongs to the sequence. */
HONE_API size_t hone_value_count(const hone_value* value);
HONE_API const hone_value* hone_value_item(const hone_value* value,
                                           size_t index);
/* A map's keys, a vector in ascending order, and its values in the same order:
 * a vector when they are scalars, else a sequence. Both belong to the map; NULL
 * for other kinds. */
HONE_API const hone_value* hone_value_map_keys(const hone_value* value);
HONE_API const hone_value* hone_value_map_values(const hone_value* value);

/* ---- Options ---- */

/* Keys with the names of recipes and of command-line flags. An unknown key, a
 * wrong type or range is an error that names the nearest key or the range; it
 * comes from the setter where the key alone tells, else from the call that uses
 * the options. Unset keys have their documented defaults. */
typedef struct hone_options hone_options; /* hone_options_free */
HONE_API hone_error* hone_options_new(hone_options** out);
HONE_API void hone_options_free(hone_options* options);
HONE_API hone_error* hone_options_set_bool(hone_options* options,
                                           const char* key, int32_t value);
HONE_API hone_error* hone_options_set_i64(hone_options* options,
                                          const char* key, int64_t value);
HONE_API hone_error* hone_options_set_f64(hone_options* options,
                                          const char* key, double value);
HONE_API hone_error* hone_options_set_string(hone_options* options,
                                             const char* key,
                                             const char* value);
/* Text as on the command line, read by the key's type; lists are separated by
 * commas. */
HONE_API hone_error* hone_options_set_text(hone_options* options,
                                           const char* key, const char* text);
/* Every member of a JSON object, as by the setters above. */
HONE_API hone_error* hone_options_set_json(hone_options* options,
                                           const char* json);
/* What is set, as canonical JSON: keys sorted, defaults left out. */
HONE_API hone_error* hone_options_to_json(const hone_options* options,
                                          hone_text** out);
/* The table of keys of a verb ("quantize", "statistics", "evaluate", "session",
 * "save", "inspect", "compare", "simplify", "convert"; NULL: all): a JSON array
 * of {"key", "type": "bool|int|float|string|enum|list", "values", "default",
 * "min", "max", "help", "verbs"}. */
HONE_API hone_error* hone_options_describe(const char* verb, hone_text** out);

/* ---- Models ---- */

typedef struct hone_model hone_model; /* immutable; hone_model_free */

/* Reads an ONNX file, weights mapped rather than read; external data beside it
 * too. The file must not be changed in place while the model lives (replacing
 * it is fine). */
HONE_API hone_error* hone_model_load(const hone_context* context,
                                     const char* path, hone_model** out);
/* Copies the bytes. External data is read from `folder`; NULL refuses it. */
HONE_API hone_error* hone_model_from_bytes(const hone_context* context,
                                           const void* data, size_t bytes,
                                           const char* folder,
                                           hone_model** out);
/* Written to a temporary file and renamed: afterwards `path` is the old file or
 * the new one. Options: external_data (auto|always|never). */
HONE_API hone_error* hone_model_save(const hone_model* model, const char* path,
                                     const hone_options* options);
HONE_API hone_error* hone_model_to_bytes(const hone_model* model,
                                         hone_text** out);
HONE_API void hone_model_free(hone_model* model);

typedef struct hone_value_info {
  size_t struct_size; /* set by the caller */
  const char* name;
  hone_dtype dtype;           /* HONE_DTYPE_UNDEFINED when it is no tensor */
  int32_t rank;               /* -1: unknown */
  const int64_t* dims;        /* -1 for a symbolic or unknown extent */
  const char* const* symbols; /* "" for a number or an unknown extent */
  /* "float32[batch, 3]", "sequence(map(int64, float32[...]))", "?"; filled in
   * when struct_size has room for it (since version 6). */
  const char* type;
} hone_value_info;
HONE_API size_t
hone_model_input_count(const hone_model* model); /* initializers left out */
HONE_API hone_error* hone_model_input(const hone_model* model, size_t index,
                                      hone_value_info* out);
HONE_API size_t hone_model_output_count(const hone_model* model);
HONE_API hone_error* hone_model_output(const hone_model* model, size_t index,
                                       hone_value_info* out);
/* A metadata_props entry; NULL when there is none of that name. */
HONE_API const char* hone_model_metadata(const hone_model* model,
                                         const char* key);
/* JSON: {"opsets", "inputs", "outputs", "operators": {type: count},
 * "parameters", "macs", ...}. Option `plan` (bool) adds "plan", the compiled
 * steps as text. */
HONE_API hone_error* hone_model_inspect(const hone_context* context,
                                        const hone_model* model,
                                        const hone_options* options,
                                        hone_text** out);

/* ---- Sessions: running a model ---- */

/* A model compiled for this machine. hone_session_run may be called by several
 * threads. */
typedef struct hone_session hone_session; /* hone_session_free */
/* Options: reference (bool: the plain definition of every operator, for
 * comparisons), no_fuse, state (list of INPUT=OUTPUT: a run is then a sequence
 * of steps, every other input and output [steps, ...]; a NULL state input
 * starts at zero, a state output is the last step's). */
HONE_API hone_error* hone_session_new(const hone_context* context,
                                      const hone_model* model,
                                      const hone_options* options,
                                      hone_session** out);
/* Inputs and outputs in the model's order; `outputs` has room for output_count
 * values, which the caller frees. */
HONE_API hone_error* hone_session_run(hone_session* session,
                                      const hone_value* const* inputs,
                                      size_t input_count, hone_value** outputs,
                                      size_t output_count);
HONE_API void hone_session_free(hone_session* session);
/* One run, outputs thrown away, timed step by step: a JSON array in the order
 * of execution of {"name" (of the last node), "op", "kernel", "seconds"}. */
HONE_API hone_error* hone_session_profile(hone_session* session,
                                          const hone_value* const* inputs,
                                          size_t input_count, hone_text** out);
/* Where the steps run, as JSON: {"device", "device_steps", "cpu_steps",
 * "device_operators": {type: count}, "cpu_operators", "copies": {"to_device",
 * "to_device_bytes", "to_host", "to_host_bytes"}}, the copies of all runs that
 * have ended. */
HONE_API hone_error* hone_session_placement(hone_session* session,
                                            hone_text** out);

/* ---- Data ---- */

/* A sample under construction, valid in hone_dataset_callbacks.get only. */
typedef struct hone_sample hone_sample;
/* `name` is a model input's name; NULL or "" is the only input of a one-input
 * model. The value stays the caller's (it is cloned). Extents as the model
 * wants them, batch of 1 included. */
HONE_API hone_error* hone_sample_set_input(hone_sample* sample,
                                           const char* name,
                                           const hone_value* value);
/* What metrics compare with: a label, a mask, ... */
HONE_API hone_error* hone_sample_set_target(hone_sample* sample,
                                            const hone_value* value);

typedef struct hone_dataset_callbacks {
  size_t struct_size;
  void* user;
  /* Number of samples; constant. */
  uint64_t (*size)(void* user);
  /* Fills sample `index`. Called by several threads at once when thread_safe is
   * not 0. */
  hone_error* (*get)(void* user, uint64_t index, hone_sample* sample);
  /* Names the contents (a hash of data and preprocessing), so that statistics
   * can be reused; may be NULL: then they never are. The string must live as
   * long as the dataset. */
  const char* (*identity)(void* user);
  void (*destroy)(void* user); /* may be NULL */
  int32_t thread_safe;
} hone_dataset_callbacks;

typedef struct hone_dataset hone_dataset; /* hone_dataset_free */
/* On success the dataset owns callbacks->user and destroys it at its end. */
HONE_API hone_error* hone_dataset_new(const hone_dataset_callbacks* callbacks,
                                      hone_dataset** out);
HONE_API uint64_t hone_dataset_size(const hone_dataset* dataset);
HONE_API void hone_dataset_free(hone_dataset* dataset);

/* ---- Metrics and evaluation ---- */

typedef struct hone_metric_callbacks {
  size_t struct_size;
  void* user;
  const char* name; /* copied; the key in the result's JSON */
  /* Called once a sample, in ascending order of index, never by two threads at
   * once. `outputs` are the model's, `reference` the reference model's (NULL
   * without one), `target` may be NULL. */
  hone_error* (*update)(void* user, uint64_t index,
                        const hone_value* const* outputs,
                        const hone_value* const* reference, size_t count,
                        const hone_value* target);
  /* The metric over all samples and its 95 % confidence interval. */
  hone_error* (*result)(void* user, double* value, double* low, double* high);
  void (*destroy)(void* user); /* may be NULL */
  int32_t needs_reference;     /* compares with the float model's outputs */
} hone_metric_callbacks;

typedef struct hone_metric
    hone_metric; /* one evaluation long; hone_metric_free */
HONE_API hone_error* hone_metric_new(const hone_metric_callbacks* callbacks,
                                     hone_metric** out);
HONE_API void hone_metric_free(hone_metric* metric);

/* Rows and figures of one piece of work. */
typedef struct hone_result hone_result; /* immutable; hone_result_free */
/* The whole result as one JSON object, keys as in the command line's
 * documentation. */
HONE_API const char* hone_result_json(const hone_result* result);
/* One row per node: what was done, or why nothing was. */
typedef struct hone_report_row {
  size_t struct_size; /* set by the caller */
  const char* name;
  const char* op;
  const char* done; /* "quantized", "float", "folded", ... */
  const char* why;
} hone_report_row;
HONE_API size_t hone_result_row_count(const hone_result* result);
HONE_API hone_error* hone_result_row(const hone_result* result, size_t index,
                                     hone_report_row* out);
/* A metric of an evaluation; HONE_ERROR_NOT_FOUND names the ones there are. */
HONE_API hone_error* hone_result_metric(const hone_result* result,
                                        const char* name, double* value,
                                        double* low, double* high);
HONE_API void hone_result_free(hone_result* result);

/* Runs `model` (and `reference`, which may be NULL) over the dataset and
 * computes the metrics. Result: {"samples", "metrics": {name: {"value", "low",
 * "high"}}, "wall_s", "inference_s"}. */
HONE_API hone_error* hone_evaluate(
    const hone_context* context, const hone_model* model,
    const hone_model* reference, const hone_dataset* dataset,
    hone_metric* const* metrics, size_t metric_count,
    const hone_options* options, hone_result** out);

/* ---- Statistics and quantization ---- */

/* What calibration saw of a model's activations: enough for every range
 * estimator. */
typedef struct hone_statistics
    hone_statistics; /* immutable; hone_statistics_free */
/* Options: subset_size, seed, and those that decide which values matter
 * (ignored_scope is not among them: statistics serve every ignored scope). */
HONE_API hone_error* hone_statistics_collect(const hone_context* context,
                                             const hone_model* model,
                                             const hone_dataset* dataset,
                                             const hone_options* options,
                                             hone_statistics** out);
HONE_API hone_error* hone_statistics_save(const hone_statistics* statistics,
                                          const char* path);
HONE_API hone_error* hone_statistics_load(const char* path,
                                          hone_statistics** out);
/* Exactly what one run over all the shards' samples would have given. */
HONE_API hone_error* hone_statistics_merge(const hone_statistics* const* shards,
                                           size_t count, hone_statistics** out);
HONE_API hone_error* hone_statistics_to_json(const hone_statistics* statistics,
                                             hone_text** out);
HONE_API void hone_statistics_free(hone_statistics* statistics);

/* Post-training quantization. Exactly one of `dataset` and `statistics` is
 * given; statistics must be of this very model. `options` may be NULL;
 * `hone_options_describe("quantize")` lists the keys. Writes a new model to
 * *out; `model` is unchanged. `report` may be NULL. Result:
 * {"size_bytes_before", "size_bytes_after", "wall_s", "inference_s", "passes",
 * "nodes":
 * [{"name", "op", "done", "why", ...}]}. Same inputs and options: the same
 * bytes. */
HONE_API hone_error* hone_quantize(const hone_context* context,
                                   const hone_model* model,
                                   const hone_dataset* dataset,
                                   const hone_statistics* statistics,
                                   const hone_options* options,
                                   hone_model** out, hone_result** report);

/* A metric and by how much it may be worse than the float model's. */
typedef struct hone_accuracy_bound {
  size_t struct_size; /* set by the caller */
  void* user;
  /* A new metric for one evaluation: asked for several times. The library frees
   * it. All of one bound's metrics have one name and needs_reference. */
  hone_error* (*new_metric)(void* user, hone_metric** out);
  /* 0 or more; infinite: the metric is measured and bounds nothing. */
  double max_drop;
  int32_t relative; /* max_drop is a share of the float model's value */
  int32_t higher_is_better;
} hone_accuracy_bound;

/* Post-training quantization that leaves in float what the bounds need: layers
 * are ranked by what they cost the outputs on calibration samples, and the
 * shortest head of the ranking is sought with which every metric over `eval`
 * is within its bound. `calibration` and `eval` should not share samples.
 * Options: those of hone_quantize. Where the bounds cannot be met, the result
 * is the candidate that came closest, and "met" is false: that is no error.
 * Result: that of hone_quantize and {"baseline": {name: {"value", "low",
 * "high"}}, "metrics": {...}, "met", "accuracy_control": {"message", "layers",
 * "layers_in_float", "in_float": [names], "int8_macs" (share), "ranking":
 * [{"name", "op", "cost"}], "trials": [{"layers_in_float", "samples",
 * "metrics", "met", "rejected_early"}], "ranking_reused", "reused" (shares of
 * node runs that kept prefixes saved, in ranking and trials)}}. A metric that
 * is not finite, and a relative bound on a metric that is 0 for the float
 * model, are errors. */
HONE_API hone_error* hone_quantize_with_accuracy_control(
    const hone_context* context, const hone_model* model,
    const hone_dataset* calibration, const hone_dataset* eval,
    const hone_accuracy_bound* bounds, size_t bound_count,
    const hone_options* options, hone_model** out, hone_result** report);

/* ---- Comparison ---- */

/* How far `second` (quantized) is from `first` (float) on the first one's
 * dataset: every output, and every value that both have, as its readers see it.
 * Options: outputs_only. Result: {"samples", "wall_s", "values": [{"name",
 * "second_name", "node", "op", "output", "elements", "sqnr_db" (at most 200),
 * "cosine", "max_abs_error"}] worst first, "left_out": [{"name", "why"}]}. */
HONE_API hone_error* hone_compare(const hone_context* context,
                                  const hone_model* first,
                                  const hone_model* second,
                                  const hone_dataset* dataset,
                                  const hone_options* options,
                                  hone_result** out);

/* ---- Sensitivity ---- */

/* What each quantized layer costs the model's outputs, by their error: the sum
 * over outputs of |y - y_float|^2 / |y_float|^2, on at most `samples` samples
 * spread over `dataset`. `statistics` (may be NULL: `dataset` calibrates) and
 * options are those of hone_quantize. Takes two runs of those samples a layer,
 * of which common beginnings are run once. Result: {"samples", "wall_s",
 * "output_error" (every layer quantized), "layers": [{"name", "op", "macs",
 * "without" (the error when this layer alone is left in float), "alone" (when
 * it alone is quantized; null: it is not, without its neighbours)}] in the
 * graph's order, "reused" (share of node runs that kept prefixes saved)}. Names
 * are those that the option ignored_names takes, with ignored_validate false
 * where folding made the layer. */
HONE_API hone_error* hone_sensitivity(const hone_context* context,
                                      const hone_model* model,
                                      const hone_dataset* dataset,
                                      const hone_statistics* statistics,
                                      const hone_options* options,
                                      uint64_t samples, hone_result** out);

/* ---- Rewriting ---- */

/* A smaller graph of standard operators that computes the same: constants
 * folded, operators fused, what does nothing removed (the command line's
 * `simplify --help` names the passes), checked by running both models on
 * `dataset` (NULL: invented inputs). LIMIT: the outputs differ by more than
 * check_tolerance; *out is then NULL. Result: {"nodes_before", "nodes_after",
 * "size_bytes_before", "size_bytes_after", "rounds", "wall_s", "check":
 * {"samples", "why" (why not more ran), "max_abs_error", "max_rel_error" (of
 * an output's greatest magnitude), "min_cosine", "outputs": [{"name", ...,
 * "unequal", "structure"}]}, "nodes": one row a rewrite}. */
HONE_API hone_error* hone_simplify(const hone_context* context,
                                   const hone_model* model,
                                   const hone_dataset* dataset,
                                   const hone_options* options,
                                   hone_model** out, hone_result** report);

/* float32 arithmetic as float16 or bfloat16 (option dtype), checked and
 * reported as by hone_simplify; LIMIT: an output is not finite any more, or
 * differs by more than max_error. "nodes": one row a node with floats. */
HONE_API hone_error* hone_convert(const hone_context* context,
                                  const hone_model* model,
                                  const hone_dataset* dataset,
                                  const hone_options* options, hone_model** out,
                                  hone_result** report);

/* ---- The machine ---- */

/* JSON: {"version", "cpu", "targets": [...], "target", "threads",
 * "memory_bytes", "opencl": [{"device", "name", "kind", "platform",
 * "platform_version", "driver", "memory_bytes", "compute_units"}], "opencl_why"
 * (there is none), "self_test": [{"name", "ok", "detail"}]}. Takes at most some
 * seconds. */
HONE_API hone_error* hone_doctor(const hone_context* context, hone_text** out);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* HONE_CAPI_HONE_H_ */
