"""The passphrase: how strong it is, and the key that it makes with this device's secret."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from advocate_desk.errors import Invalid, Unavailable
from advocate_desk.vault import sodium
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.slots import Argon2id

MOST_CHARACTERS = 1024
ESTIMATED_CHARACTERS = 72  # the estimator's time grows with the square; what follows only makes it stronger
_KEK_USE = b"advdesk-pass--v1"


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What one guess costs: passes over memory, and bytes of memory."""

    opslimit: int
    memlimit_bytes: int

    def fits(self, kdf: Argon2id) -> bool:
        """Whether `kdf` costs at least this much."""
        return kdf.opslimit >= self.opslimit and kdf.memlimit_bytes >= self.memlimit_bytes


# Source: libsodium 1.0.18 and later, crypto_pwhash_argon2id_{OPSLIMIT,MEMLIMIT}_MODERATE, read 2026-11-21: about 0.7 s
# on a 2.8 GHz Core i7. A slot below it is wrapped anew at the next unlock.
DEFAULT_COST = KdfCost(opslimit=3, memlimit_bytes=256 * 1024**2)

# On zxcvbn's scale: 3 takes at least 10^8 guesses, 4 at least 10^10. With the device secret a copied folder cannot be
# guessed at all, so the lower one does; without it the passphrase stands alone.
REQUIRED_SCORE_WITH_KEYRING = 3
REQUIRED_SCORE_ALONE = 4

SCORE_WORDS = ("Very weak", "Weak", "Fair", "Good", "Strong")

_ADD_WORDS = "Add another word or two that have nothing to do with each other."
_ADVICE = {
    "dictionary": "Common words, names and passwords are guessed first. " + _ADD_WORDS,
    "user_inputs": "It contains your own details, which are guessed first. " + _ADD_WORDS,
    "spatial": "Rows of keys on the keyboard are guessed early. Use words instead.",
    "repeat": "Repeated words or letters add very little. " + _ADD_WORDS,
    "sequence": "Sequences such as abc or 1234 add very little. Use words instead.",
    "regex": "Years are guessed early. " + _ADD_WORDS,
    "date": "Dates are guessed early. " + _ADD_WORDS,
    "bruteforce": _ADD_WORDS,
}


@dataclass(frozen=True, slots=True)
class Strength:
    """How hard a passphrase is to guess: `score` 0 to 4, `guesses_log10` in powers of ten, `advice` in one sentence."""

    score: int
    guesses_log10: float
    advice: str

    @property
    def word(self) -> str:
        """The score in words."""
        return SCORE_WORDS[self.score]


def required_score(*, has_keyring: bool) -> int:
    """The least score that a new passphrase may have."""
    return REQUIRED_SCORE_WITH_KEYRING if has_keyring else REQUIRED_SCORE_ALONE


def estimate(passphrase: str, personal: Sequence[str] = ()) -> Strength:
    """How strong `passphrase` is against somebody who knows the words in `personal`. Takes milliseconds."""
    if not passphrase:
        return Strength(0, 0.0, "Four or more unrelated words are strong, and easier to remember than symbols.")
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its word lists take 75 ms: only where a passphrase is made

    words = [word for entry in personal for word in (entry, *entry.split()) if len(word) > 2]
    found = zxcvbn(normalised(passphrase)[:ESTIMATED_CHARACTERS], words, max_length=ESTIMATED_CHARACTERS)
    score = int(found["score"])
    return Strength(score, float(found["guesses_log10"]), _advice(score, found["sequence"]))


def _advice(score: int, sequence: Sequence[dict[str, object]]) -> str:
    if score == len(SCORE_WORDS) - 1:
        return "Nobody is likely to guess this one."
    longest = max(sequence, key=lambda part: len(str(part["token"])))
    pattern = str(longest.get("pattern"))
    if pattern == "dictionary" and longest.get("dictionary_name") == "user_inputs":
        pattern = "user_inputs"
    return _ADVICE.get(pattern, _ADD_WORDS)


def check_acceptable(passphrase: str, *, has_keyring: bool, personal: Sequence[str] = ()) -> None:
    """Raises Invalid where `passphrase` is not strong enough for a new slot."""
    strength = estimate(passphrase, personal)
    if strength.score < required_score(has_keyring=has_keyring):
        advice = f"This passphrase is too easy to guess. {strength.advice}"
        raise Invalid(advice, {"passphrase": advice})


def normalised(passphrase: str) -> str:
    """The same text from every keyboard and system: Unicode form NFKC. Raises Invalid where it is too long."""
    if len(passphrase) > MOST_CHARACTERS:
        advice = f"A passphrase may have at most {MOST_CHARACTERS} characters."
        raise Invalid(advice, {"passphrase": advice})
    return unicodedata.normalize("NFKC", passphrase)


def new_kdf(cost: KdfCost) -> Argon2id:
    """Parameters for a new slot, with a new salt."""
    return Argon2id(cost.opslimit, cost.memlimit_bytes, bytes(sodium.random(sodium.SALT_BYTES)))


def key_encryption_key(passphrase: str, kdf: Argon2id, device_secret: SecretKey | None) -> SecretKey:
    """KEK = BLAKE2b(Argon2id(NFKC(passphrase)), keyed with the device secret where there is one).

    Takes the time that `kdf` says, off the interpreter's lock. Raises Unavailable without the memory for it.
    """
    typed = bytearray(normalised(passphrase).encode("utf-8", "surrogatepass"))
    stretched = bytearray()
    try:
        stretched = sodium.argon2id(typed, kdf.salt, kdf.opslimit, kdf.memlimit_bytes)
        key = device_secret.buffer if device_secret else b""
        return SecretKey(sodium.blake2b(stretched, key=key, personal=_KEK_USE))
    except sodium.OutOfMemory as error:
        raise Unavailable(
            "There is not enough free memory to check the passphrase. Nothing was changed. "
            "Close other programs, then try again."
        ) from error
    finally:
        sodium.wipe_all((typed, stretched))
