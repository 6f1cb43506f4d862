"""One archive with a library and everything it is built from."""

def _static_library_impl(ctx):
    linking = ctx.attr.library[CcInfo].linking_context  # buildifier: disable=native-cc-info
    archives = []
    flags = []
    for given in linking.linker_inputs.to_list():
        flags.extend([flag for flag in given.user_link_flags if flag not in flags])
        for library in given.libraries:
            archive = library.pic_static_library or library.static_library
            if archive != None and archive not in archives:
                archives.append(archive)

    # Archives of other archives are flattened by `ar -M`; members of equal names are all
    # kept.
    script = ctx.actions.declare_file(ctx.attr.name + ".mri")
    ctx.actions.write(script, "\n".join(
        ["create " + ctx.outputs.archive.path] +
        ["addlib " + archive.path for archive in archives] +
        ["save", "end", ""],
    ))
    ctx.actions.run_shell(
        inputs = archives + [script],
        outputs = [ctx.outputs.archive],
        command = "ar -M < " + script.path,
        mnemonic = "Archive",
    )

    # What a program that links the archive must link besides.
    ctx.actions.write(ctx.outputs.flags, " ".join(flags + ["-lstdc++", "-lm", "-lpthread"]) + "\n")
    return [DefaultInfo(files = depset([ctx.outputs.archive, ctx.outputs.flags]))]

static_library = rule(
    implementation = _static_library_impl,
    attrs = {
        "archive": attr.output(mandatory = True),
        "flags": attr.output(mandatory = True),
        "library": attr.label(mandatory = True, providers = [CcInfo]),  # buildifier: disable=native-cc-info
    },
    doc = """`archive`: `library` with all static libraries below it, position-independent where
they are; `flags`: a text file with the system libraries that are linked besides.""",
)
