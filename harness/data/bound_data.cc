#include "harness/data/bound_data.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "datasets/spec/spec.h"
#include "harness/data/values.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

// The sample's array for that input. Null when there is none.
const datasets::Array* Find(const datasets::Sample& sample,
                            const std::string& name) {
  for (const datasets::NamedArray& array : sample.inputs) {
    if (array.name == name || array.name.empty()) return &array.array;
  }
  return nullptr;
}

// A nameless array is none that a sample may lack.
bool Names(const datasets::Sample& sample, const std::string& name) {
  return std::any_of(
      sample.inputs.begin(), sample.inputs.end(),
      [&](const datasets::NamedArray& array) { return array.name == name; });
}

absl::Status Missing(const datasets::Sample& sample, const Port& port) {
  std::vector<std::string> names;
  for (const datasets::NamedArray& array : sample.inputs) {
    names.push_back(array.name);
  }
  return InputError(sample.name,
                    absl::StrCat("no array for the model's input ", port.name),
                    absl::StrCat("an array named ", port.name),
                    names.empty() ? "no arrays" : absl::StrJoin(names, ", "));
}

absl::Status CheckPort(const std::string& sample, const Port& port,
                       const datasets::Array& array) {
  bool fits = port.dtype == HONE_DTYPE_UNDEFINED ||
              array.dtype == hone_dtype_name(port.dtype);
  if (port.rank >= 0) fits = fits && array.rank() == port.rank;
  for (size_t i = 0; fits && i < port.dims.size(); ++i) {
    fits = port.dims[i] < 0 || port.dims[i] == array.shape[i];
  }
  if (fits) return absl::OkStatus();
  return InputError(
      sample, absl::StrCat("does not fit the model's input ", port.name),
      ToString(port),
      absl::StrCat(array.dtype, " ", datasets::ShapeToString(array.shape)));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const BoundData>> BoundData::Open(
    const std::string& spec, const Signature& signature,
    const Settings& settings) {
  datasets::OpenOptions options;
  options.preprocessing = settings.preprocessing;
  options.seed = settings.seed;
  auto bound = std::make_shared<BoundData>();
  bound->state_ = settings.state;
  bound->signature_ = signature;
  if (!settings.state.empty()) {
    HARNESS_ASSIGN_OR_RETURN(bound->signature_,
                             SequenceSignature(signature, settings.state));
  }
  for (const Port& port : bound->signature_.inputs) {
    if (port.optional) continue;
    options.signature.push_back({port.name,
                                 port.dtype == HONE_DTYPE_UNDEFINED
                                     ? ToString(port)
                                     : hone_dtype_name(port.dtype),
                                 port.dims});
  }
  bound->spec_ = spec;
  HARNESS_ASSIGN_OR_RETURN(bound->data_, datasets::Open(spec, options));
  bound->batch_ = settings.batch_size;
  HARNESS_RETURN_IF_ERROR(bound->Plan());
  // A set that does not fit is told before any work is done.
  HARNESS_RETURN_IF_ERROR(bound->Get(0).status());
  return std::shared_ptr<const BoundData>(std::move(bound));
}

absl::Status BoundData::Plan() {
  if (data_->size() == 0) {
    return InputError(spec_, "no samples", "at least one");
  }
  HARNESS_ASSIGN_OR_RETURN(const datasets::Sample sample, data_->Get(0));
  int64_t fixed = -1;
  for (const Port& port : signature_.inputs) {
    const datasets::Array* array = Find(sample, port.name);
    if (array == nullptr || port.rank < 0 || port.optional) continue;
    // As many axes as the model's input: the sample brings its batch axis.
    if (array->rank() >= port.rank) {
      adds_batch_axis_ = false;
    } else if (fixed < 0 && !port.dims.empty() && port.dims[0] >= 0) {
      fixed = port.dims[0];
    }
  }
  if (!sample.input_protos.empty() || sample.inputs.empty() ||
      data_->synthetic()) {
    adds_batch_axis_ = false;
  }
  if (!adds_batch_axis_) {
    if (batch_ > 1) {
      return UsageError(absl::StrCat(
          "--batch-size ", batch_, ": the samples of ", spec_,
          " are whole inputs of the model already and are fed one by one"));
    }
    batch_ = 1;
  } else if (fixed >= 0) {
    if (batch_ > 0 && batch_ != fixed) {
      return UsageError(absl::StrCat("--batch-size ", batch_,
                                     ": the model's inputs fix it to ", fixed));
    }
    batch_ = fixed > 0 ? fixed : 1;
  }
  if (batch_ <= 0) batch_ = 1;
  items_ = data_->size() / batch_;
  if (items_ == 0) {
    return InputError(spec_, "too few samples for one batch",
                      absl::StrCat("at least ", batch_),
                      absl::StrCat(data_->size()));
  }
  return absl::OkStatus();
}

absl::StatusOr<ValuePtr> BoundData::Input(
    const Port& port, const std::vector<datasets::Sample>& samples) const {
  std::vector<datasets::Array> rows;
  for (const datasets::Sample& sample : samples) {
    const datasets::Array* array = Find(sample, port.name);
    if (array == nullptr) return Missing(sample, port);
    rows.push_back(*array);
  }
  datasets::Array whole = rows[0];
  if (batch_ > 1) {
    absl::StatusOr<datasets::Array> stacked = datasets::Stack(rows);
    if (!stacked.ok()) {
      return InputError(samples[0].name,
                        absl::StrCat("samples of a batch differ: ",
                                     stacked.status().message()));
    }
    whole = *std::move(stacked);
  } else {
    // Of the wrong rank altogether: CheckPort says so with both shapes.
    absl::StatusOr<datasets::Array> fitted =
        datasets::FitToRank(whole, port.rank);
    if (fitted.ok()) whole = *std::move(fitted);
  }
  HARNESS_RETURN_IF_ERROR(CheckPort(samples[0].name, port, whole));
  return ValueOf(whole);
}

absl::StatusOr<BoundData::Item> BoundData::Get(int64_t index) const {
  std::vector<datasets::Sample> samples;
  for (int64_t i = index * batch_; i < (index + 1) * batch_; ++i) {
    HARNESS_ASSIGN_OR_RETURN(datasets::Sample sample, data_->Get(i));
    samples.push_back(std::move(sample));
  }
  const datasets::Sample& first = samples[0];
  Item item;
  item.name = first.name;
  const bool protos = !first.input_protos.empty() || first.inputs.empty();
  item.inputs.resize(signature_.inputs.size());
  for (size_t k = 0; k < signature_.inputs.size(); ++k) {
    const Port& port = signature_.inputs[k];
    if (!protos) {
      if (port.optional && !Names(first, port.name)) continue;
      HARNESS_ASSIGN_OR_RETURN(item.inputs[k], Input(port, samples));
      continue;
    }
    for (const datasets::ValueProto& proto : first.input_protos) {
      if (proto.index != static_cast<int>(k)) continue;
      HARNESS_ASSIGN_OR_RETURN(item.inputs[k], ValueOf(proto, port));
    }
    if (item.inputs[k] == nullptr && !port.optional) {
      return InputError(
          first.name, absl::StrCat("no data for the model's input ", port.name),
          absl::StrCat("input_", k, ".pb"));
    }
  }
  for (const datasets::ValueProto& proto : first.expected_protos) {
    const size_t k = static_cast<size_t>(proto.index);
    if (k >= signature_.outputs.size()) {
      return InputError(proto.file, "the model has no such output",
                        absl::StrCat("at most output_",
                                     signature_.outputs.size() - 1, ".pb"));
    }
    if (item.expected.size() <= k) item.expected.resize(k + 1);
    HARNESS_ASSIGN_OR_RETURN(item.expected[k],
                             ValueOf(proto, signature_.outputs[k]));
  }
  if (!first.targets.empty()) {
    std::vector<datasets::Array> rows;
    for (const datasets::Sample& sample : samples) {
      rows.push_back(sample.targets[0].array);
    }
    datasets::Array target = rows[0];
    if (batch_ > 1) {
      HARNESS_ASSIGN_OR_RETURN(target, datasets::Stack(rows));
    }
    HARNESS_ASSIGN_OR_RETURN(item.target, ValueOf(target));
  } else if (!item.expected.empty() && item.expected[0] != nullptr) {
    item.target.reset(hone_value_clone(item.expected[0].get()));
  }
  return item;
}

absl::StatusOr<std::string> BoundData::Identity() const {
  HARNESS_ASSIGN_OR_RETURN(const std::string contents,
                           datasets::Identity(*data_));
  return batch_ == 1 ? contents : absl::StrCat(contents, "/", batch_);
}

namespace {

struct Shared {
  std::shared_ptr<const BoundData> data;
  std::string identity;
  int64_t items = 0;
};

absl::Status Fill(const BoundData& data, uint64_t index, hone_sample* sample,
                  const Signature& signature) {
  HARNESS_ASSIGN_OR_RETURN(const BoundData::Item item,
                           data.Get(static_cast<int64_t>(index)));
  for (size_t k = 0; k < item.inputs.size(); ++k) {
    if (item.inputs[k] == nullptr) continue;
    HARNESS_RETURN_IF_ERROR(FromHone(hone_sample_set_input(
        sample, signature.inputs[k].name.c_str(), item.inputs[k].get())));
  }
  if (item.target != nullptr) {
    HARNESS_RETURN_IF_ERROR(
        FromHone(hone_sample_set_target(sample, item.target.get())));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DatasetPtr> AsDataset(std::shared_ptr<const BoundData> data,
                                     const std::string& identity,
                                     int64_t most) {
  const int64_t items = std::min(most, data->items());
  hone_dataset_callbacks callbacks = {};
  callbacks.struct_size = sizeof(callbacks);
  callbacks.user = new Shared{std::move(data), identity, items};
  callbacks.size = [](void* user) {
    return static_cast<uint64_t>(static_cast<Shared*>(user)->items);
  };
  callbacks.get = [](void* user, uint64_t index, hone_sample* sample) {
    const BoundData& bound = *static_cast<Shared*>(user)->data;
    return ToHone(Fill(bound, index, sample, bound.signature()));
  };
  callbacks.identity = [](void* user) {
    return static_cast<Shared*>(user)->identity.c_str();
  };
  callbacks.destroy = [](void* user) { delete static_cast<Shared*>(user); };
  callbacks.thread_safe = 1;
  DatasetPtr dataset;
  hone_error* error = hone_dataset_new(&callbacks, Out(&dataset));
  if (error != nullptr) callbacks.destroy(callbacks.user);
  HARNESS_RETURN_IF_ERROR(FromHone(error));
  return dataset;
}

}  // namespace hone::harness
