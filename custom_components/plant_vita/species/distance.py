"""How many typing mistakes lie between two words.

The optimal string alignment distance (a letter missing, a letter too many, a wrong letter, two
neighbours swapped), computed for a whole column at once in the bits of an integer: H. Hyyrö, "A
bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003. In plain Python
that is an order of magnitude faster than the table.
"""

from collections.abc import Mapping


def letter_positions(pattern: str) -> dict[str, int]:
    """For each letter of `pattern` the bits of its places; what `typing_distance` wants to have."""
    found: dict[str, int] = {}
    for place, letter in enumerate(pattern):
        found[letter] = found.get(letter, 0) | 1 << place
    return found


def typing_distance(places: Mapping[str, int], length: int, text: str) -> tuple[int, int]:
    """Mistakes between a pattern of `length` ≥ 1 letters at `places`, and `text`.

    Two figures: to the whole text, and to that beginning of it which fits best (as for somebody
    who has not finished typing).
    """
    mask = (1 << length) - 1
    last = 1 << (length - 1)
    rising, falling, diagonal, before = mask, 0, 0, 0
    distance = best = length
    for letter in text:
        match = places.get(letter, 0)
        swapped = ((~diagonal & match) << 1) & before
        diagonal = (((match & rising) + rising) ^ rising) | match | falling | swapped
        horizontal_up = falling | ~(diagonal | rising)
        horizontal_down = diagonal & rising
        if horizontal_up & last:
            distance += 1
        elif horizontal_down & last:
            distance -= 1
        best = min(best, distance)
        horizontal_up = (horizontal_up << 1) | 1
        horizontal_down <<= 1
        rising = (horizontal_down | ~(diagonal | horizontal_up)) & mask
        falling = horizontal_up & diagonal & mask
        before = match
    return distance, best
