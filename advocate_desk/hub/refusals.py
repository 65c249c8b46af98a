"""Every refusal of the hub: a fixed word for the desk, an HTTP status, one sentence for whoever reads the log."""

from __future__ import annotations

SENTENCES = {
    "malformed": (400, "The request is not one of this protocol."),
    "no_session": (401, "The session is unknown or has ended: open a new one."),
    "wrong_signature": (401, "The signature is not that of the device."),
    "other_address": (421, "The session was signed for another hub's address; see the setting `address`."),
    "revoked": (403, "The device was revoked; the statement that did it follows."),
    "no_right": (403, "The device may not write to one of these collections."),
    "may_read": (409, "The device may read the collection: it is not to be cleared."),
    "unknown": (404, "There is nothing by that name."),
    "other_history": (409, "The hub does not have the point of history that was named; `detail` is its newest."),
    "other_members": (409, "The device knows another list of the organisation's members than the hub has."),
    "out_of_order": (409, "The device's manifests do not follow one another; `detail` is the number of the last."),
    "taken": (409, "It was taken already."),
    "ended": (410, "It has ended."),
    "too_large": (413, "The request is larger than the hub takes; `detail` is the most."),
    "too_many": (429, "Too many requests; `detail` is the seconds to wait."),
    "too_slow": (408, "The request stopped half way."),
    "busy": (503, "The hub cannot take it at the moment; `detail` is the seconds to wait. Nothing of it was kept."),
    "full": (507, "The organisation has used up its space; `detail` is how much it has, in bytes."),
}


class RefusedByHub(Exception):
    """A request that the hub does not carry out, because of `which` of its parts, where these can be left out."""

    def __init__(self, code: str, detail: int = 0, bodies: tuple[bytes, ...] = (), which: tuple[int, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.detail, self.bodies, self.which = code, detail, bodies, which

    @property
    def status(self) -> int:
        """The HTTP status."""
        return SENTENCES[self.code][0]

    @property
    def sentence(self) -> str:
        """One sentence, with nothing in it of anybody."""
        return SENTENCES[self.code][1]
