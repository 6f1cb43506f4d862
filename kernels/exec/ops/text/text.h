// Kernels of strings.
#ifndef HONE_KERNELS_EXEC_OPS_TEXT_TEXT_H_
#define HONE_KERNELS_EXEC_OPS_TEXT_TEXT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Cases change in ASCII, Latin-1, Greek and Cyrillic; the locale is not used.
absl::StatusOr<std::unique_ptr<Kernel>> MakeStringNormalizer(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeStringConcat(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeStringSplit(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeRegexFullMatch(
    const KernelSpec& spec);
// Equal: strings here, other types in MakeCompare.
absl::StatusOr<std::unique_ptr<Kernel>> MakeEqual(const KernelSpec& spec);
// Strings, int32 and int64.
absl::StatusOr<std::unique_ptr<Kernel>> MakeTfIdfVectorizer(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_TEXT_TEXT_H_
