"""Takes from the process that reads a spreadsheet everything that reading does not need.

calamine is native code, and a file may find a fault in it. What runs then can calculate and answer, and nothing else:
it opens no file and no connection, starts no process, and cannot signal another. Linux enforces all of it; other
systems what they can.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys

# Source: Linux, include/uapi/linux/{seccomp,filter,prctl,audit}.h, read 2026-11-21
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD_WORD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # the call fails with EPERM
_AT_CALL, _AT_MACHINE = 0, 4  # offsets in struct seccomp_data

# Source: Linux, arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h, read 2026-11-21.
# What an interpreter uses that computes, allocates, waits, reads and writes what is open already, and ends.
_X86_64 = {
    "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11,
    "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "readv": 19, "writev": 20,
    "sched_yield": 24, "mremap": 25, "madvise": 28, "nanosleep": 35, "getpid": 39, "exit": 60, "gettimeofday": 96,
    "sigaltstack": 131, "gettid": 186, "futex": 202, "sched_getaffinity": 204, "restart_syscall": 219,
    "clock_gettime": 228, "clock_nanosleep": 230, "exit_group": 231, "ppoll": 271, "set_robust_list": 273,
    "getrandom": 318, "rseq": 334,
}  # fmt: skip
_AARCH64 = {
    "close": 57, "lseek": 62, "read": 63, "write": 64, "readv": 65, "writev": 66, "ppoll": 73, "fstat": 80, "exit": 93,
    "exit_group": 94, "futex": 98, "set_robust_list": 99, "nanosleep": 101, "clock_gettime": 113,
    "clock_nanosleep": 115, "sched_getaffinity": 123, "sched_yield": 124, "restart_syscall": 128, "sigaltstack": 132,
    "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139, "gettimeofday": 169, "getpid": 172, "gettid": 178,
    "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222, "mprotect": 226, "madvise": 233, "getrandom": 278,
    "rseq": 293,
}  # fmt: skip
_MACHINES = {"x86_64": (0xC000003E, _X86_64), "aarch64": (0xC00000B7, _AARCH64)}


def confine(memory_bytes: int, seconds: float, keep: int) -> None:
    """Confine this process for good. `keep` is the descriptor that it answers on; it has `seconds` of processor time.

    Every module that reading needs must have been imported: nothing can be opened any more.
    """
    if sys.platform == "win32":  # no such limits: the pass over the XML, the size bounds and the deadline stand there
        return
    _close_others(keep)
    _limit(memory_bytes, seconds)
    if sys.platform == "linux":
        _refuse_calls()


def _close_others(keep: int) -> None:
    """Leave one descriptor. What native code says before it dies may quote the file: it goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, keep)
    os.closerange(keep + 1, max(keep + 1, 1024))


def _limit(memory_bytes: int, seconds: float) -> None:
    import resource  # noqa: PLC0415 - Windows has no such module

    whole = int(seconds) + 1
    wanted = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: whole,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    for kind, most in wanted.items():
        _soft, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (bound, bound))
        except (ValueError, OSError):  # macOS bounds no address space; the others hold there
            continue


class _Step(ctypes.Structure):
    """struct sock_filter."""

    _fields_ = (
        ("code", ctypes.c_ushort),
        ("if_so", ctypes.c_ubyte),
        ("if_not", ctypes.c_ubyte),
        ("value", ctypes.c_uint),
    )


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def _refuse_calls() -> None:
    """Let the kernel refuse every call but those of `_MACHINES`. On another machine the limits above stand alone."""
    if platform.machine() not in _MACHINES:
        return
    machine, allowed = _MACHINES[platform.machine()]
    steps = [
        _Step(_LOAD_WORD, 0, 0, _AT_MACHINE),
        _Step(_JUMP_IF_EQUAL, 1, 0, machine),
        _Step(_RETURN, 0, 0, _REFUSE),
        _Step(_LOAD_WORD, 0, 0, _AT_CALL),
        *(_Step(_JUMP_IF_EQUAL, len(allowed) - place, 0, call) for place, call in enumerate(allowed.values())),
        _Step(_RETURN, 0, 0, _REFUSE),
        _Step(_RETURN, 0, 0, _ALLOW),
    ]
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)  # a kernel without it: as above
