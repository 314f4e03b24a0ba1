"""Reduce what others write to plain text: it is shown to people, and never anything else."""

import html
import re
import unicodedata

LONGEST = 500
LONGEST_NAME = 64
_WORST = 20_000  # characters looked at; nobody needs more to write five hundred
_TURNS = 4

_ADDRESS = re.compile(
    r"""
    [a-z][a-z0-9+.-]{1,20}:/{1,}\S*                          # any scheme with slashes
    | \b(?:mailto|javascript|vbscript|data|file|tel|sms|blob|about|intent):\S*
    | \bwww\.\S+
    | [\w.+-]+@[\w-]+\.[\w.-]+                               # mail
    | \b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?:/\S*)?            # numbers of machines
    | \b(?:[\w-]+\.)+[a-z]{2,24}(?::\d+)?/\S*                # a host with a path
    | \b(?:[\w-]+\.)+(?:com|org|net|io|info|biz|dev|app|co|me|xyz|online|site|link|top|ru|cn|de|nl
      |fr|es|uk|eu|us|test|example|local|invalid)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TAG = re.compile(r"<[^<>]{0,2000}>?")
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()]{0,2000}\)")
# What Markdown, templates and shells read as more than text.
_SIGNS = str.maketrans(dict.fromkeys("<>[]{}`*_#|\\~^$=", " "))
_BLANKS = re.compile(r"\s+")
_NAME = re.compile(r"[^\W\d_][\w .,'’×()&/-]*", re.UNICODE)


def plain(text: str, limit: int = LONGEST) -> str:
    """`text` as one line without markup, addresses and invisible signs, cut at a word's end."""
    found = unicodedata.normalize("NFC", text[:_WORST])
    for _ in range(_TURNS):
        before = found
        found = html.unescape(found)
        found = "".join(" " if _invisible(sign) else sign for sign in found)
        found = _ADDRESS.sub(" ", _TAG.sub(" ", _LINK.sub(r"\1", found)))
        found = _BLANKS.sub(" ", found.translate(_SIGNS)).strip()
        if found == before:
            break
    else:
        # Something that keeps turning into something else was built to.
        return ""
    return found if len(found) <= limit else found[:limit].rsplit(" ", 1)[0].rstrip()


def plain_name(text: str) -> str:
    """A name of at most 64 characters to hand to others; empty if it is none."""
    visible = "".join(" " if _invisible(sign) else sign for sign in text[:_WORST])
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", visible)).strip()[:LONGEST_NAME].strip()


def is_name(text: str) -> bool:
    """Whether a text could be the name of a plant or of what ails it."""
    return len(text) <= 2 * LONGEST_NAME and bool(_NAME.fullmatch(text)) and plain(text) == text


def _invisible(sign: str) -> bool:
    """Control and format characters (which also turn the direction), unassigned and private."""
    return unicodedata.category(sign) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
