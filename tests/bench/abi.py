"""libhone.so through ctypes: how long it takes to load and compile a model."""
import ctypes
import time

HANDLE = ctypes.c_void_p


class Hone:
    def __init__(self, library):
        self.library = ctypes.CDLL(str(library))
        for name in ("hone_model_from_bytes", "hone_model_load", "hone_session_new"):
            getattr(self.library, name).restype = HANDLE
        self.library.hone_error_message.restype = ctypes.c_char_p

    def call(self, name, *arguments):
        error = getattr(self.library, name)(*arguments)
        if error:
            raise RuntimeError(self.library.hone_error_message(HANDLE(error)).decode())

    def free(self, name, handle):
        getattr(self.library, name)(handle)

    def session(self, source):
        """Seconds to load a file, or bytes, and to compile it: (load, compile)."""
        model, session = HANDLE(), HANDLE()
        start = time.perf_counter()
        if isinstance(source, bytes):
            self.call("hone_model_from_bytes", None, source, ctypes.c_size_t(len(source)), None,
                      ctypes.byref(model))
        else:
            self.call("hone_model_load", None, str(source).encode(), ctypes.byref(model))
        loaded = time.perf_counter()
        self.call("hone_session_new", None, model, None, ctypes.byref(session))
        done = time.perf_counter()
        self.free("hone_session_free", session)
        self.free("hone_model_free", model)
        return loaded - start, done - loaded
