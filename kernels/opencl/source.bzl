"""OpenCL C as a string of the library."""

def opencl_source(name, src, symbol):
    """Makes NAME.cc, which defines `extern const char SYMBOL[]` in hone::opencl.

    Args:
      name: of the rule, and of the file.
      src: the .cl file, at most 64 kB.
      symbol: of the string.
    """
    native.genrule(
        name = name,
        srcs = [src],
        outs = [name + ".cc"],
        cmd = "(echo 'namespace hone::opencl {' && " +
              "echo 'extern const char " + symbol + "[];' && " +
              "echo 'const char " + symbol + "[] = R\"opencl(' && cat $< && " +
              "echo ')opencl\";' && echo '}  // namespace hone::opencl') > $@",
    )
