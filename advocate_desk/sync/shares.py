"""A secret in n shares of which any k rebuild it and k - 1 tell nothing: Shamir's scheme over GF(256), byte by byte.

Source: Shamir, How to share a secret, 1979; the field is that of AES (FIPS 197, section 4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

MOST_SHARES = 255


def _tables() -> tuple[list[int], list[int]]:
    powers, logs, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        value ^= value << 1  # times 3, which generates the field
        if value & 0x100:
            value ^= 0x11B
    return powers, logs


_POWERS, _LOGS = _tables()


def _times(one: int, other: int) -> int:
    return _POWERS[_LOGS[one] + _LOGS[other]] if one and other else 0


def _over(one: int, other: int) -> int:
    return _POWERS[_LOGS[one] + 255 - _LOGS[other]] if one else 0


def split(secret: bytes | bytearray, needed: int, made: int, random: Callable[[int], bytearray]) -> dict[int, bytes]:
    """Shares of `secret` by their numbers, 1 to `made`, each as long as the secret.

    `random(size)` gives that many bytes from the system's generator. Raises ValueError for numbers that make no sense.
    """
    if not 2 <= needed <= made <= MOST_SHARES:
        raise ValueError("at least two shares are needed, and no more than are made")
    higher = [random(len(secret)) for _ in range(needed - 1)]
    shares: dict[int, bytes] = {}
    for number in range(1, made + 1):
        share = bytearray(len(secret))
        for coefficients in reversed(higher):  # Horner, from the highest power down
            for at, coefficient in enumerate(coefficients):
                share[at] = _times(share[at] ^ coefficient, number)
        shares[number] = bytes(each ^ own for each, own in zip(share, secret, strict=True))
    for each in higher:
        each[:] = bytes(len(each))
    return shares


def join(shares: Mapping[int, bytes]) -> bytearray:
    """The secret of these shares, if they are enough and right: nothing here can tell, so check what comes out.

    Raises ValueError for shares that cannot belong together.
    """
    lengths = {len(each) for each in shares.values()}
    if len(lengths) != 1 or not all(1 <= number <= MOST_SHARES for number in shares):
        raise ValueError("these shares do not belong together")
    secret = bytearray(lengths.pop())
    for number, share in shares.items():
        weight = 1
        for other in shares:
            if other != number:
                weight = _times(weight, _over(other, other ^ number))
        for at, value in enumerate(share):
            secret[at] ^= _times(value, weight)
    return secret
