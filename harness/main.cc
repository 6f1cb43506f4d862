// hone VERB MODEL [options]
#include <string>
#include <vector>

#include "harness/verbs/command.h"

int main(int argc, char** argv) {
  return hone::harness::RunCommand(
      std::vector<std::string>(argv + 1, argv + argc));
}
