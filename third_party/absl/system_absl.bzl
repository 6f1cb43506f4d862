"""Upstream's target names over Debian's Abseil."""

def absl_libraries(name, libraries):
    """Declares the libraries of one Abseil package.

    Args:
      name: the package, for readers; no target has it unless `libraries` lists it.
      libraries: upstream's target names; each is the shared runtime.
    """
    _ = name  # buildifier: disable=unused-variable
    for library in libraries:
        native.cc_library(
            name = library,
            visibility = ["//visibility:public"],
            deps = ["//:runtime"],
        )
