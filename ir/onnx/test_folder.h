// A folder of one test, made new and removed with all that is in it.
#ifndef HONE_IR_ONNX_TEST_FOLDER_H_
#define HONE_IR_ONNX_TEST_FOLDER_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace hone {

class TestFolder {
 public:
  TestFolder() : path_(::testing::TempDir() + "/hone-XXXXXX") {
    EXPECT_NE(mkdtemp(&path_[0]), nullptr);
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string Path(const std::string& name) const { return path_ + "/" + name; }

  void Write(const std::string& name, const std::string& contents) const {
    std::ofstream(Path(name), std::ios::binary) << contents;
  }
  std::string Contents(const std::string& name) const {
    std::ifstream file(Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

 private:
  std::string path_;
};

}  // namespace hone

#endif  // HONE_IR_ONNX_TEST_FOLDER_H_
