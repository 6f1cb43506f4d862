// The command itself: finds the verb, parses, runs, prints, and says how it
// went by its exit code.
#ifndef HONE_HARNESS_VERBS_COMMAND_H_
#define HONE_HARNESS_VERBS_COMMAND_H_

#include <string>
#include <vector>

namespace hone::harness {

// `words` are what was typed after `hone`. Returns the exit code. SIGINT and
// SIGTERM ask the work to stop; a second one ends the process at once.
int RunCommand(const std::vector<std::string>& words);

}  // namespace hone::harness

#endif  // HONE_HARNESS_VERBS_COMMAND_H_
