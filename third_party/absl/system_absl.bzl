"""Upstream's target names over Debian's Abseil."""

def absl_libraries(names):
    for name in names:
        native.cc_library(
            name = name,
            visibility = ["//visibility:public"],
            deps = ["//:runtime"],
        )
