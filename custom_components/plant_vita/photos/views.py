"""Which of a plant's photos show the same view of it. Call it in a thread: it takes its time."""

from collections.abc import Iterable

from ..vision.growth import SAME_VIEW, same_view
from .kept import KeptPhoto

PER_DAY = 4
"""Of one day so many are looked at; a camera may give one every minute."""
_DAY_S = 86_400.0


def views_of(photos: Iterable[KeptPhoto]) -> list[list[KeptPhoto]]:
    """Good photos, the newest first, as one list for each view; neither blurred nor dark ones.

    A photo belongs to the view whose last one before it looks the most like it.
    """
    views: list[list[KeptPhoto]] = []
    seen: dict[int, int] = {}
    for photo in photos:
        day = int(photo.taken_at // _DAY_S)
        if photo.complaint is not None or seen.get(day, 0) >= PER_DAY:
            continue
        seen[day] = seen.get(day, 0) + 1
        alike = [same_view(view[-1].look.view, photo.look.view) for view in views]
        if max(alike, default=0.0) >= SAME_VIEW:
            views[alike.index(max(alike))].append(photo)
        else:
            views.append([photo])
    return views
