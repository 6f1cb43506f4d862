"""OpenCL C as a string of the library."""

def opencl_source(name, symbol):
    """NAME.cl as `extern const char SYMBOL[]` of hone::opencl, in NAME_source.cc."""
    native.genrule(
        name = name + "_source",
        srcs = [name + ".cl"],
        outs = [name + "_source.cc"],
        cmd = "(echo 'namespace hone::opencl {' && " +
              "echo 'extern const char " + symbol + "[];' && " +
              "echo 'const char " + symbol + "[] = R\"opencl(' && cat $< && " +
              "echo ')opencl\";' && echo '}  // namespace hone::opencl') > $@",
    )
