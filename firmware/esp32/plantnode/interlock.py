"""Tank and leak contacts: any of them keeps every pump off (W8)."""

from plantnode import clock, limits

_CLEAR_MS = {"tank": limits.TANK_CLEAR_MS, "leak": limits.LEAK_CLEAR_MS}


class Interlock:
    """Remembers a contact for a while after it was last active.

    Water sloshes, floors dry slowly.
    """

    def __init__(self, contacts: list) -> None:
        self.contacts = contacts
        self.until = {}

    def poll(self) -> str:
        """The reason why no pump may run, or an empty text.

        A contact that can't be read is active.
        """
        now = clock.ticks()
        reason = ""
        for contact in self.contacts:
            try:
                active = contact.active()
            except (OSError, ValueError):
                active = True
            if active:
                self.until[contact.index] = now + _CLEAR_MS.get(contact.kind, limits.LEAK_CLEAR_MS)
            if self.until.get(contact.index, 0) > now:
                reason = "leak" if contact.kind == "leak" or reason == "leak" else contact.kind
        return reason
