"""The part of rules_cc that Bazel's own packages load, as Bazel's native rules.

Debian's bazel-rules-cc needs a newer Bazel than Debian's bazel-bootstrap.
"""

cc_library = native.cc_library
cc_binary = native.cc_binary
cc_test = native.cc_test
cc_import = native.cc_import
cc_proto_library = native.cc_proto_library
cc_toolchain = native.cc_toolchain
cc_toolchain_suite = native.cc_toolchain_suite
