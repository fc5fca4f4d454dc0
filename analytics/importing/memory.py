"""Memory for blocks of megabytes, again and again."""

import ctypes

MMAP_THRESHOLD, TRIM_THRESHOLD, ARENA_MAX = -3, -1, -8  # names of mallopt(3)


def keep_for_reuse() -> None:
    """Tell the C library to keep up to 256 MB it has freed instead of giving them back at once.

    Otherwise each block of a file is built in fresh pages, and the kernel's work of filling them
    with zeros is a tenth of a large import. Without effect where there is no glibc.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(MMAP_THRESHOLD, 64 * 1024**2)
        mallopt(TRIM_THRESHOLD, 256 * 1024**2)
        mallopt(ARENA_MAX, 2)  # else each thread keeps a store of its own
