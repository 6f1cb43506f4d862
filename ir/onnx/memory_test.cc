// A model with 1 GiB of weights: reading it, copying it and finding its way
// around in it must not read or copy the weights.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "ir/dtype/dtype.h"
#include "ir/graph/graph.h"
#include "ir/onnx/fields.h"
#include "ir/onnx/read_model.h"
#include "ir/onnx/test_folder.h"
#include "ir/onnx/wire.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

constexpr uint64_t kGiB = uint64_t{1} << 30;
constexpr int64_t kAllowance = 1 << 20;

// Bytes of this process in physical memory: the named line of
// /proc/self/status.
int64_t Resident(const char* line_name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind(line_name, 0) == 0) {
      return std::stoll(line.substr(std::strlen(line_name) + 1)) * 1024;
    }
  }
  ADD_FAILURE() << "no " << line_name;
  return 0;
}

// The file's own size is `bytes`; what was not written takes no room on disk.
void Extend(const std::string& path, uint64_t bytes) {
  ASSERT_EQ(truncate(path.c_str(), static_cast<off_t>(bytes)), 0);
}

// A message that ends in `hole` bytes which are not there yet: the innermost
// field of nested messages, given by their keys from the outside in.
std::string WithHole(const std::vector<uint32_t>& keys,
                     const std::string& tensor_header, uint64_t hole) {
  // Lengths are known from the inside out.
  const auto prefix = [](uint32_t key, uint64_t length) {
    WireWriter out;
    out.Varint(key, length);  // a key and a number, as a length is written
    return out.ToString();
  };
  std::string text = tensor_header + prefix(fields::tensor::kRawData, hole);
  for (size_t i = keys.size(); i-- > 0;) {
    text = prefix(keys[i], text.size() + hole) + text;
  }
  return text;
}

std::string TensorHeader(uint64_t elements) {
  WireWriter out;
  out.Varint(fields::tensor::kDims, elements);
  out.Varint(fields::tensor::kDataType, static_cast<uint64_t>(DType::kF32));
  out.Bytes(fields::tensor::kName, "w");
  return out.ToString();
}

void ExpectCheapToReadAndCopy(const std::string& path) {
  const int64_t anonymous = Resident("RssAnon:");
  const int64_t all = Resident("VmRSS:");
  const auto model = ReadModel(path);
  ASSERT_TRUE(model.ok()) << model.status();
  const Tensor& weight = model->graph.initializers[0].tensor;
  ASSERT_EQ(weight.bytes().size(), kGiB);
  std::vector<Graph> copies(100, model->graph);
  const GraphIndex index(copies[50]);
  EXPECT_TRUE(index.InitializerTensor("w")->SharesStorageWith(weight));
  EXPECT_LT(Resident("RssAnon:") - anonymous, kAllowance);
  // The file's pages would count here.
  EXPECT_LT(Resident("VmRSS:") - all, 4 * kAllowance);
  EXPECT_EQ(weight.bytes()[kGiB / 2], std::byte{0});
}

TEST(MemoryTest, InlineWeights) {
  const TestFolder folder;
  const std::string path = folder.Path("m.onnx");
  const std::string head =
      WithHole({fields::model::kGraph, fields::graph::kInitializer},
               TensorHeader(kGiB / 4), kGiB);
  folder.Write("m.onnx", head);
  Extend(path, head.size() + kGiB);
  ExpectCheapToReadAndCopy(path);
}

TEST(MemoryTest, ExternalWeightsBeyondFourGiB) {
  const TestFolder folder;
  folder.Write("data", "");
  Extend(folder.Path("data"), 6 * kGiB);
  WireWriter tensor;
  tensor.Raw(TensorHeader(kGiB / 4));
  tensor.Varint(fields::tensor::kDataLocation, 1);
  const auto add = [&tensor](const char* key, const std::string& value) {
    WireWriter entry;
    entry.Bytes(fields::entry::kKey, key);
    entry.Bytes(fields::entry::kValue, value);
    tensor.Message(fields::tensor::kExternalData, entry);
  };
  add("location", "data");
  add("offset", std::to_string(5 * kGiB));
  WireWriter graph;
  graph.Message(fields::graph::kInitializer, tensor);
  WireWriter model;
  model.Message(fields::model::kGraph, graph);
  folder.Write("m.onnx", model.ToString());
  ExpectCheapToReadAndCopy(folder.Path("m.onnx"));
}

}  // namespace
}  // namespace hone
