"""The one integer hash of the workloads; the same bits as `host/mix32.ts`. No package is needed to run it."""

from typing import Any

MASK = 0xFFFFFFFF


def mix32(x: Any) -> Any:
    """The finalizer of MurmurHash3 (Appleby, public domain) of a uint32: an int, or an array of uint64."""
    h = x & MASK
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & MASK
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & MASK
    return h ^ (h >> 16)
