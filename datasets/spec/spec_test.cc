#include "datasets/spec/spec.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdint>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "datasets/array/array.h"
#include "datasets/dataset/dataset.h"
#include "datasets/npy/npy.h"
#include "datasets/preprocess/preprocess.h"
#include "datasets/zip/zip.h"

namespace hone::datasets {
namespace {

using MaybeDataset = absl::StatusOr<std::shared_ptr<const Dataset>>;

class SpecTest : public testing::Test {
 protected:
  SpecTest()
      : folder_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    mkdir(folder_.c_str(), 0777);
  }
  std::string Path(const std::string& name) { return folder_ + "/" + name; }
  void MakeFolder(const std::string& name) { mkdir(Path(name).c_str(), 0777); }
  void Write(const std::string& name, const std::string& bytes) {
    std::ofstream(Path(name), std::ios::binary) << bytes;
  }
  void WritePixel(const std::string& name, char level) {
    Write(name, std::string("P5 1 1 255\n") + level);
  }
  // Two 2x2 pictures (0..3 and 4..7) with the labels 1 and 0.
  std::string WriteIdx() {
    std::string images("\0\0\x08\x03\0\0\0\2\0\0\0\2\0\0\0\2", 16);
    for (char c = 0; c < 8; ++c) images += c;
    Write("images", images);
    Write("labels", std::string("\0\0\x08\x01\0\0\0\2\1\0", 10));
    return absl::StrCat("idx:", Path("images"), ",", Path("labels"));
  }
  void ExpectError(const MaybeDataset& data, const std::string& part) {
    ASSERT_FALSE(data.ok());
    EXPECT_TRUE(absl::StrContains(data.status().message(), part))
        << data.status();
  }

  std::string folder_;
};

double First(const Array& array) { return (*ToDoubles(array))[0]; }

TEST_F(SpecTest, Idx) {
  OpenOptions options;
  ASSERT_TRUE(SetKey("scale", "2", &options.preprocessing).ok());
  const std::string spec = WriteIdx();
  const std::shared_ptr<const Dataset> data = *Open(spec, options);
  ASSERT_EQ(data->size(), 2);
  EXPECT_TRUE(data->has_targets());
  const Sample sample = *data->Get(1);
  EXPECT_EQ(sample.inputs[0].name, "");
  EXPECT_EQ(sample.inputs[0].array.shape, std::vector<int64_t>({1, 2, 2}));
  EXPECT_EQ(First(sample.inputs[0].array), 2);
  EXPECT_EQ(First(sample.targets[0].array), 0);
  EXPECT_FALSE(data->Get(2).ok());
  EXPECT_FALSE(data->Get(-1).ok());
  EXPECT_FALSE(
      (*Open(absl::StrCat("idx:", Path("images")), {}))->has_targets());
  Write("labels", std::string("\0\0\x08\x01\0\0\0\1\1", 9));
  ExpectError(Open(spec, {}), "expected 2, found 1");
}

TEST_F(SpecTest, Ranges) {
  const std::string spec = WriteIdx();
  EXPECT_EQ((*Open(spec + "@1:2", {}))->size(), 1);
  EXPECT_EQ(First((*Open(spec + "@1:", {}))->Get(0)->targets[0].array), 0);
  EXPECT_EQ((*Open(spec + "@:1", {}))->size(), 1);
  for (const char* bad : {"@1:1", "@0:3", "@2:1", "@9:99999999999999999999"}) {
    ExpectError(Open(spec + bad, {}), "range of samples");
  }
}

TEST_F(SpecTest, NpzByInputName) {
  std::vector<std::string> headers;
  const std::vector<NamedArray> arrays = {
      {"a", FromValues<float>({3, 2}, {1, 2, 3, 4, 5, 6})},
      {"b", FromValues<int64_t>({3}, {7, 8, 9})},
      {"label", FromValues<int32_t>({3}, {0, 1, 2})}};
  std::vector<ZipContent> contents;
  for (const NamedArray& a : arrays) headers.push_back(*NpyHeader(a.array));
  for (size_t i = 0; i < arrays.size(); ++i) {
    contents.push_back({arrays[i].name + ".npy",
                        {absl::MakeConstSpan(reinterpret_cast<const std::byte*>(
                                                 headers[i].data()),
                                             headers[i].size()),
                         arrays[i].array.bytes}});
  }
  ASSERT_TRUE(WriteZip(Path("d.npz"), contents).ok());
  const std::shared_ptr<const Dataset> data = *Open(Path("d.npz"), {});
  const Sample sample = *data->Get(2);
  ASSERT_EQ(sample.inputs.size(), 2u);
  EXPECT_EQ(sample.inputs[1].name, "b");
  EXPECT_EQ(First(sample.inputs[0].array), 5);
  EXPECT_EQ(First(sample.targets[0].array), 2);
  OpenOptions options;
  options.preprocessing.labels = "b";
  EXPECT_EQ((*Open(Path("d.npz"), options))->Get(0)->inputs.size(), 2u);
  options.preprocessing.labels = "c";
  ExpectError(Open(Path("d.npz"), options), "found c");
  options.preprocessing.labels.reset();
  options.preprocessing.scale = {2};
  ExpectError(Open(Path("d.npz"), options), "for pictures");
}

TEST_F(SpecTest, NpyFolderChecksLengths) {
  ASSERT_TRUE(WriteNpy(Path("x.npy"), FromValues<float>({2}, {1, 2})).ok());
  const std::shared_ptr<const Dataset> data = *Open(folder_, {});
  EXPECT_EQ(data->Get(1)->inputs[0].name, "");
  EXPECT_FALSE(data->has_targets());
  ASSERT_TRUE(
      WriteNpy(Path("label.npy"), FromValues<int64_t>({3}, {1, 2, 3})).ok());
  ExpectError(Open(folder_, {}), "expected 2 as x has, found 3");
}

TEST_F(SpecTest, ImageFolders) {
  MakeFolder("dog");
  MakeFolder("cat");
  WritePixel("dog/1.ppm", 10);
  WritePixel("cat/2.pgm", 20);
  Write("dog/notes.txt", "not a picture");
  std::shared_ptr<const Dataset> data = *Open(folder_, {});
  ASSERT_EQ(data->size(), 2);
  EXPECT_EQ(First(data->Get(0)->inputs[0].array), 20);  // cat before dog
  EXPECT_EQ(First(data->Get(1)->targets[0].array), 1);
  Write("labels.csv", "file,class\ndog/1.ppm,7\n");
  data = *Open(folder_, {});
  ASSERT_EQ(data->size(), 1);
  EXPECT_EQ(First(data->Get(0)->targets[0].array), 7);
  Write("labels.csv", "dog/1.ppm,zebra\ncat/2.pgm,ape\n");
  EXPECT_EQ(First((*Open(folder_, {}))->Get(0)->targets[0].array), 1);
  Write("labels.csv", "dog/1.ppm\n");
  ExpectError(Open(folder_, {}), "labels.csv:1");
  Write("labels.csv", "gone.png,1\n");
  EXPECT_EQ((*Open(folder_, {}))->Get(0).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(SpecTest, OnnxFoldersHandProtosOn) {
  MakeFolder("test_data_set_10");
  MakeFolder("test_data_set_2");
  Write("test_data_set_2/input_1.pb", "two");
  Write("test_data_set_2/input_0.pb", "one");
  Write("test_data_set_2/output_0.pb", "out");
  const std::shared_ptr<const Dataset> data = *Open(folder_, {});
  ASSERT_EQ(data->size(), 2);
  const Sample sample = *data->Get(0);
  ASSERT_EQ(sample.input_protos.size(), 2u);
  EXPECT_EQ(sample.input_protos[1].bytes, "two");
  EXPECT_EQ(sample.expected_protos[0].bytes, "out");
  EXPECT_TRUE(data->Get(1)->input_protos.empty());
  EXPECT_EQ((*Open(Path("test_data_set_2"), {}))->size(), 1);
}

TEST_F(SpecTest, DataFiles) {
  WriteIdx();
  Write("d.yaml",
        "data: idx:images,labels\nscale: 4\nmean: [1]\ndtype: float64\n");
  const std::shared_ptr<const Dataset> data =
      *Open(Path("d.yaml") + "@1:2", {});
  ASSERT_EQ(data->size(), 1);
  EXPECT_EQ(data->Get(0)->inputs[0].array.dtype, "float64");
  EXPECT_EQ(First(data->Get(0)->inputs[0].array), 0.75);
  OpenOptions options;
  options.preprocessing.scale = {1};
  EXPECT_EQ(First((*Open(Path("d.yaml"), options))->Get(1)->inputs[0].array),
            3);
  Write("d.yaml", "data: x.npz\nsizes: 3\n");
  ExpectError(Open(Path("d.yaml"), {}), "d.yaml:2");
  Write("d.yaml", "data: [\n");
  ExpectError(Open(Path("d.yaml"), {}), "d.yaml");
  Write("d.yaml", "just text");
  ExpectError(Open(Path("d.yaml"), {}), "d.yaml");
  Write("d.yaml", "data: d.yaml\n");
  ExpectError(Open(Path("d.yaml"), {}), "name each other");
}

TEST_F(SpecTest, Random) {
  OpenOptions options;
  options.signature = {{"x", "float32", {-1, 3}}, {"i", "int64", {2}}};
  options.seed = 1;
  const std::shared_ptr<const Dataset> data = *Open("random:4", options);
  EXPECT_TRUE(data->synthetic());
  const Sample sample = *data->Get(3);
  EXPECT_EQ(sample.inputs[0].array.shape, std::vector<int64_t>({1, 3}));
  const std::vector<double> values = *ToDoubles(sample.inputs[0].array);
  for (const double value : values) {
    EXPECT_GE(value, 0);
    EXPECT_LT(value, 1);
  }
  EXPECT_EQ(data->Get(3)->inputs[0].array.bytes, sample.inputs[0].array.bytes);
  EXPECT_NE(data->Get(2)->inputs[0].array.bytes, sample.inputs[0].array.bytes);
  ExpectError(Open("random:0", options), "random:N");
  ExpectError(Open("random:many", options), "random:N");
  options.signature[0].dtype = "string";
  ExpectError(Open("random:1", options), "input x");
}

TEST_F(SpecTest, UnknownFormsAreNamed) {
  EXPECT_EQ(Open(Path("none.npz"), {}).status().code(),
            absl::StatusCode::kNotFound);
  Write("a.bin", "?");
  ExpectError(Open(Path("a.bin"), {}), "unknown form");
  Write("a.jsonl", "{}");
  EXPECT_EQ(Open(Path("a.jsonl"), {}).status().code(),
            absl::StatusCode::kUnimplemented);
  MakeFolder("empty");
  ExpectError(Open(Path("empty"), {}), "no data in the folder");
  Write("bad.npz", "PK nonsense");
  ExpectError(Open(Path("bad.npz"), {}), "bad.npz");
}

TEST_F(SpecTest, IdentityFollowsContentAndPreprocessing) {
  const std::string spec = WriteIdx();
  const std::string id = *Identity(**Open(spec, {}));
  EXPECT_EQ(id.size(), 32u);
  EXPECT_EQ(id, *Identity(**Open(spec + "@0:2", {})));
  EXPECT_NE(id, *Identity(**Open(spec + "@0:1", {})));
  OpenOptions options;
  options.preprocessing.scale = {255};
  EXPECT_NE(id, *Identity(**Open(spec, options)));
}

TEST_F(SpecTest, SubsetsSpreadOverTheSet) {
  OpenOptions options;
  options.signature = {{"x", "uint8", {1}}};
  const std::shared_ptr<const Dataset> all = *Open("random:1000", options);
  const std::shared_ptr<const Dataset> some = Subset(all, 10, 7);
  ASSERT_EQ(some->size(), 10);
  EXPECT_EQ(*Identity(*some), *Identity(*Subset(all, 10, 7)));
  EXPECT_NE(*Identity(*some), *Identity(*Subset(all, 10, 8)));
  for (int64_t i = 0; i < 10; ++i) {  // one of every hundred
    const std::string name = some->Get(i)->name;
    EXPECT_EQ(name.size(), i == 0 ? name.size() : sizeof("random[123]") - 1);
    if (i > 0) {
      EXPECT_EQ(name[7], static_cast<char>('0' + i)) << name;
    }
  }
  EXPECT_EQ(Subset(all, 5000, 7)->size(), 1000);
}

}  // namespace
}  // namespace hone::datasets
