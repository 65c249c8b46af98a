"""The recovery code: 160 random bits on a sheet of paper, in eight groups that each notice a typing mistake."""

from __future__ import annotations

from advocate_desk.errors import Invalid
from advocate_desk.vault import sodium
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.slots import Blake2b

GROUPS = 8
SHARE_GROUPS = 14  # of a holder's sheet of an organisation, whose groups are made in the same way
GROUP_CHARACTERS = 5  # four carry the code, the fifth checks them
SECRET_BYTES = 20
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Source: Douglas Crockford, Base 32: no I, L, O, U
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = str.maketrans("", "", " -\u2010\u2011\u2012\u2013\u2014.\t\r\n\u00a0")
_KEK_USE = b"advdesk-recov-v1"
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth",
)  # fmt: skip


class RecoveryCode:
    """One recovery code. Wiped when the sheet has been confirmed; the groups are shown and printed, never stored."""

    def __init__(self, secret: SecretKey) -> None:
        self._secret = secret

    @classmethod
    def new(cls) -> RecoveryCode:
        """A new random code."""
        return cls(SecretKey.random(SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> RecoveryCode:
        """The code that was typed, in any case and spacing, O for 0, I or L for 1. Raises Invalid, naming the group."""
        return cls(SecretKey(from_groups(text, GROUPS)))

    @property
    def groups(self) -> tuple[str, ...]:
        """The eight groups of five characters."""
        return to_groups(self._secret.buffer)

    def has_group(self, place: int, text: str) -> bool:
        """Whether `text` is the group at `place` (from 0), typed as freely as `parse` allows."""
        return plain_group(text) == self.groups[place]

    def key_encryption_key(self, kdf: Blake2b) -> SecretKey:
        """The key of the recovery slot. No stretching: 160 random bits cannot be guessed, and it needs no memory."""
        return SecretKey(sodium.blake2b(self._secret.buffer, salt=kdf.salt, personal=_KEK_USE))

    def wipe(self) -> None:
        """Zero the code."""
        self._secret.wipe()

    def __repr__(self) -> str:
        return "RecoveryCode(...)"


def to_groups(secret: bytes | bytearray) -> tuple[str, ...]:
    """`secret`, whose bits fill groups of twenty exactly, as groups of five characters."""
    digits = [_digit(secret, number) for number in range(len(secret) * 8 // 5)]
    fours = [digits[start : start + 4] for start in range(0, len(digits), 4)]
    return tuple(
        "".join(_ALPHABET[digit] for digit in (*four, _check(four, place))) for place, four in enumerate(fours)
    )


def from_groups(text: str, count: int) -> bytearray:
    """The secret of `count` groups that were typed. Raises Invalid, naming the group."""
    secret = bytearray(count * 20 // 8)
    for place, group in enumerate(_groups_of(text, count)):
        digits = [_ALPHABET.index(character) for character in group]
        if _check(digits[:4], place) != digits[4]:
            sodium.wipe(secret)
            _refuse(f"There is a mistake in the {_ORDINALS[place]} group of five. Compare it letter by letter.")
        for number, digit in enumerate(digits[:4]):
            _put_digit(secret, place * 4 + number, digit)
    return secret


def group_advice(place: int, text: str) -> str:
    """What is wrong with a whole group typed at `place` (from 0); "" where nothing is, or where it is not whole yet."""
    plain = plain_group(text)
    if any(character not in _ALPHABET for character in plain):
        return "Only letters and digits stand on the sheet, and no U."
    if len(plain) < GROUP_CHARACTERS:
        return ""
    digits = [_ALPHABET.index(character) for character in plain]
    right = len(plain) == GROUP_CHARACTERS and _check(digits[:4], place) == digits[4]
    return "" if right else f"There is a mistake in the {_ORDINALS[place]} group."


def new_kdf() -> Blake2b:
    """Parameters for a new recovery slot, with a new salt."""
    return Blake2b(bytes(sodium.random(sodium.SALT_BYTES)))


def plain_group(text: str) -> str:
    """What was typed, as a sheet has it: capitals, no spaces, no letter that looks like a digit."""
    return text.translate(_SEPARATORS).upper().translate(_READ_AS)


def _groups_of(text: str, count: int) -> list[str]:
    plain = plain_group(text[:400])
    if any(character not in _ALPHABET for character in plain):
        _refuse("The code has only letters and digits, and no U. Compare it letter by letter.")
    if len(plain) != count * GROUP_CHARACTERS:
        _refuse(f"The code has {count} groups of {GROUP_CHARACTERS} characters; {len(plain)} were typed in all.")
    return [plain[start : start + GROUP_CHARACTERS] for start in range(0, len(plain), GROUP_CHARACTERS)]


def _refuse(advice: str) -> None:
    raise Invalid(advice, {"code": advice})


def _digit(secret: bytes | bytearray, number: int) -> int:
    """Five bits of `secret`, the first at number 0; read in place, so that no other copy of the whole is made."""
    byte, shift = divmod(number * 5, 8)
    pair = secret[byte] << 8 | (secret[byte + 1] if byte + 1 < len(secret) else 0)
    return pair >> 11 - shift & 31


def _put_digit(secret: bytearray, number: int, digit: int) -> None:
    """Set the five bits of an empty `secret` that `_digit` reads."""
    byte, shift = divmod(number * 5, 8)
    pair = digit << 11 - shift
    secret[byte] |= pair >> 8
    if byte + 1 < len(secret):
        secret[byte + 1] |= pair & 255


def _check(digits: list[int], place: int) -> int:
    """The fifth digit of the group at `place`: a sum in GF(32) with a weight of its own for each of the five.

    Finds every single wrong character, every two exchanged, and every group in another's place.
    """
    check = place
    for digit in digits:
        check = _times_alpha(check ^ digit)
    return check


def _times_alpha(value: int) -> int:
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled  # modulo x^5 + x^2 + 1
