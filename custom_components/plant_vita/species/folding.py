"""Make what people type comparable: no case, no accents, no ligatures, no punctuation."""

import re
import unicodedata

# What Unicode does not take apart by itself. `casefold` has made ß into ss before.
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
# Marks of hybrids and ranks say nothing: people leave them out, or write an x.
_SILENT = frozenset({"x", "subsp", "ssp", "var", "cv"})
_SILENT_SIGNS = re.compile("['’‘`´ʼ]")
_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """`text` as words of a–z and 0–9 (other scripts stay) with one blank between them.

    "Köstliches Fensterblatt" is "kostliches fensterblatt", "Mother-in-law's tongue" is
    "mother in laws tongue", "Citrus × limon" is "citrus limon". It may be empty.
    """
    plain = text.casefold()
    if not plain.isascii():
        marked = unicodedata.normalize("NFKD", plain.translate(_LETTERS))
        plain = "".join(sign for sign in marked if not unicodedata.combining(sign))
    words = _WORD.findall(_SILENT_SIGNS.sub("", plain))
    return " ".join([word for word in words if word not in _SILENT] or words)
