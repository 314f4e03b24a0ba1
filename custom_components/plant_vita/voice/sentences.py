"""What people say, in five languages, and which intent each sentence is.

Written as Home Assistant's own sentences are: `[may be left out]`, `(one|other)`, and a name in
braces. Home Assistant only tells that a sentence is one of ours; which, is found here, in the
language of whoever speaks first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from ..species.folding import folded


class Ask(StrEnum):
    """The intents."""

    STATUS = "PlantVitaPlantStatus"
    THIRSTY = "PlantVitaThirstyPlants"
    LAST = "PlantVitaLastWatered"
    WATER = "PlantVitaWaterPlant"
    STOP = "PlantVitaStopWatering"
    LOG = "PlantVitaLogWatering"


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """`articles` stand before names, `links` before places; `plants` are words for all of them."""

    said: Mapping[Ask, tuple[str, ...]]
    articles: str
    links: str
    plants: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A sentence that was understood; the phrase is what was said of the plant or the place."""

    ask: Ask
    phrase: str


_EN: Final = Language(
    articles="the my our a an this that",
    links="in on at of from the my",
    plants="plants plant all everything",
    said={
        Ask.STATUS: (
            "(how is|how's|how are|what about) {plant} [doing|feeling|looking] [today]",
            "(what is|what's) wrong with {plant}",
            "(does|do) {plant} need [some] water",
            "is {plant} (ok|okay|fine|healthy|dry|thirsty)",
            "[what is|what's] [the] status of {plant}",
        ),
        Ask.THIRSTY: (
            "(which|what) (plants|plant) (need|needs) [some] (water|watering) [now|today]",
            "(which|what) plants are ([too] dry|thirsty)",
            "(which|what) plants (should|must|do) i [need to] water [now|today]",
            "(do|are) any [of my] plants (need water|thirsty|dry)",
            "(who|what) needs (water|watering)",
            "(which|what) [of the] plants (in|on) {place} need (water|watering)",
            "(which|what) plants need (water|watering) (in|on) {place}",
            "do the plants (in|on) {place} need (water|watering)",
        ),
        Ask.LAST: (
            "when did (i|we) [last] water {plant} [last]",
            "when was {plant} [last] watered [last]",
            "when did {plant} [last] get water",
        ),
        Ask.LOG: ("(i|we|i've|we've) [have] [just] watered {plant} [just now|today]",),
        Ask.STOP: (
            "stop [all|the] watering [now|please]",
            "stop watering {plant}",
            "(cancel|end|turn off) [all|the] watering",
        ),
        Ask.WATER: (
            "[can you|could you] [please] water {plant} [please|now]",
            "[please] give {plant} [some] water [please|now]",
            "[please] give [some] water to {plant}",
        ),
    },
)
_DE: Final = Language(
    articles="der die das dem den des mein meine meinem meinen meiner unser unsere unserem unseren",
    links="in im auf am an von vom der die das dem den des",
    plants="pflanzen pflanze alle alles",
    said={
        Ask.STATUS: (
            "wie (geht es|geht's|gehts) [heute] {plant} [heute]",
            "wie steht es um {plant}",
            "was (fehlt|hat) {plant}",
            "was ist mit {plant} [los]",
            "(braucht|benötigt) {plant} wasser",
            "ist {plant} ([zu] trocken|durstig|gesund|in ordnung)",
        ),
        Ask.THIRSTY: (
            "(welche|welchen) pflanzen (brauchen|benötigen) [jetzt|heute] wasser",
            "welche pflanze (braucht|benötigt) [jetzt|heute] wasser",
            "welche pflanzen (haben durst|sind durstig|sind [zu] trocken)",
            "welche pflanzen (muss|soll|sollte) ich [jetzt|heute] gießen",
            "welche pflanzen müssen [heute] gegossen werden",
            "wer (braucht|hat) (wasser|durst)",
            "welche pflanzen (in|im|auf|am) {place} (brauchen|benötigen) wasser",
            "(brauchen|benötigen) die pflanzen (in|im|auf|am) {place} wasser",
        ),
        Ask.LAST: (
            "wann (habe|hab) ich (zuletzt|das letzte mal) {plant} gegossen",
            "wann (habe|hab) ich {plant} [zuletzt|das letzte mal] gegossen",
            "wann wurde {plant} [zuletzt|das letzte mal] gegossen",
            "wann (hat|bekam) {plant} [zuletzt|das letzte mal] wasser [bekommen]",
        ),
        Ask.LOG: ("ich (habe|hab) {plant} [gerade|eben] gegossen",),
        Ask.STOP: (
            "(stopp|stoppe|stop) [das|die] (gießen|bewässerung|bewässern)",
            "(hör|höre) auf zu gießen",
            "[das|die] (gießen|bewässerung|bewässern) (stoppen|beenden|abbrechen)",
            "beende (das gießen|die bewässerung)",
        ),
        Ask.WATER: (
            "[bitte] (gieß|gieße|wässere|bewässere) [bitte] {plant} [bitte]",
            "[bitte] gib {plant} [bitte] [etwas] wasser",
            "(kannst|könntest) du [bitte] {plant} gießen",
        ),
    },
)
_NL: Final = Language(
    articles="de het een mijn onze ons",
    links="in op aan van de het mijn",
    plants="planten plant alle alles",
    said={
        Ask.STATUS: (
            "hoe (gaat|is) het [vandaag] met {plant} [vandaag]",
            "hoe staat {plant} ervoor",
            "wat is er [mis|aan de hand] met {plant}",
            "wat (mankeert|scheelt) {plant}",
            "heeft {plant} water nodig",
            "is {plant} ([te] droog|dorstig|gezond)",
        ),
        Ask.THIRSTY: (
            "welke planten hebben [nu|vandaag] water nodig",
            "welke plant heeft [nu|vandaag] water nodig",
            "welke planten (hebben dorst|zijn [te] droog|zijn dorstig)",
            "welke planten moet ik [nu|vandaag] water geven",
            "(wie|wat) heeft [er] (water nodig|dorst)",
            "welke planten (in|op) {place} hebben water nodig",
            "hebben de planten (in|op) {place} water nodig",
        ),
        Ask.LAST: (
            "wanneer heb ik (voor het laatst|het laatst) {plant} water gegeven",
            "wanneer heb ik {plant} [voor het laatst|het laatst] water gegeven",
            "wanneer (kreeg|heeft) {plant} [voor het laatst|het laatst] water [gekregen]",
        ),
        Ask.LOG: ("ik heb {plant} [net|zojuist] water gegeven",),
        Ask.STOP: (
            "stop [met] [het] (water geven|watergeven|begieten)",
            "stop de (bewatering|watergift)",
            "(hou|houd) op met (water geven|watergeven)",
        ),
        Ask.WATER: (
            "geef {plant} [alsjeblieft] [wat|een beetje] water [alsjeblieft]",
            "geef [wat] water aan {plant}",
            "begiet {plant}",
            "(kun|kan) je {plant} water geven",
        ),
    },
)
_FR: Final = Language(
    articles="le la les l un une mon ma mes notre nos du de des au aux a",
    links="dans sur de du des la le les l d au a en",
    plants="plantes plante toutes tout",
    said={
        Ask.STATUS: (
            "comment (va|vont|se porte) {plant} [aujourd'hui]",
            "quel est l'état (de|du|des) {plant}",
            "est-ce que {plant} a (besoin d'eau|soif)",
            "{plant} a (besoin d'eau|soif)",
            "qu'est-ce qui ne va pas avec {plant}",
        ),
        Ask.THIRSTY: (
            "quelles plantes ont (besoin d'eau|soif) [aujourd'hui]",
            "quelle plante a (besoin d'eau|soif)",
            "quelles plantes sont [trop] sèches",
            "quelles plantes (dois-je|faut-il) arroser [aujourd'hui]",
            "qui a (besoin d'eau|soif)",
            "quelles plantes (dans|sur|de|du) {place} ont (besoin d'eau|soif)",
            "est-ce que les plantes (dans|sur|de|du) {place} ont (besoin d'eau|soif)",
        ),
        Ask.LAST: (
            "quand ai-je arrosé pour la dernière fois {plant}",
            "quand (ai-je|est-ce que j'ai|j'ai) arrosé {plant} [pour la dernière fois]",
            "quand a été (arrosé|arrosée) {plant} [pour la dernière fois]",
            "quand {plant} (a-t-il|a-t-elle) été (arrosé|arrosée) [pour la dernière fois]",
        ),
        Ask.LOG: ("(j'ai|on a) arrosé {plant}", "je viens d'arroser {plant}"),
        Ask.STOP: (
            "(arrête|arrêtez|arrêter|stoppe|stop|coupe) l'arrosage",
            "(arrête|arrêtez|cesse) d'arroser",
            "(arrête|arrêtez|cesse) d'arroser {plant}",
        ),
        Ask.WATER: (
            "(arrose|arrosez|arroser) {plant} [s'il te plaît|s'il vous plaît]",
            "donne [un peu] (de l'eau|d'eau) (à|au|aux) {plant}",
            "(peux-tu|tu peux) arroser {plant} [s'il te plaît]",
        ),
    },
)
_ES: Final = Language(
    articles="el la los las un una mi mis nuestro nuestra al a del de",
    links="en de del la el las los mi",
    plants="plantas planta todas todo",
    said={
        Ask.STATUS: (
            "cómo (está|están|va|se encuentra) [hoy] {plant} [hoy]",
            "qué tal [está] {plant}",
            "qué le pasa (a|al) {plant}",
            "necesita agua {plant}",
            "{plant} necesita agua",
            "cuál es el estado (de|del) {plant}",
        ),
        Ask.THIRSTY: (
            "qué plantas necesitan [agua|riego] [hoy]",
            "qué planta necesita [agua|riego]",
            "qué plantas (tienen sed|están [demasiado] secas)",
            "qué plantas (tengo que|debo|hay que) regar [hoy]",
            "(quién|alguna planta) (necesita agua|tiene sed)",
            "qué plantas (de|del|en) {place} necesitan (agua|riego)",
            "necesitan agua las plantas (de|del|en) {place}",
        ),
        Ask.LAST: (
            "cuándo regué por última vez {plant}",
            "cuándo (regué|he regado) {plant} [por última vez]",
            "cuándo fue la última vez que regué {plant}",
            "cuándo se regó {plant} [por última vez]",
        ),
        Ask.LOG: ("(he regado|acabo de regar) {plant}",),
        Ask.STOP: (
            "(para|detén|parar|detener|corta) el riego",
            "(para|deja) de regar",
            "(para|deja) de regar {plant}",
        ),
        Ask.WATER: (
            "[por favor] (riega|regar|riegue) {plant} [por favor]",
            "(dale|da) [un poco de] agua (a|al) {plant}",
            "(puedes|podrías) regar {plant} [por favor]",
        ),
    },
)
LANGUAGES: Final[Mapping[str, Language]] = {"en": _EN, "de": _DE, "nl": _NL, "fr": _FR, "es": _ES}
_PLACES: Final = re.compile(r"\{(plant|place)\}")
_TOKENS: Final = re.compile(r"\{(?:plant|place)\}|[\[\]()|]|\s+|[^\[\]()|{}\s]+")
_SIGNS: Final = {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|"}


def understood(text: str, language: str) -> Said | None:
    """What was said; a sentence that is right in two languages is the speaker's own."""
    plain = _flat(text)
    own = language.partition("-")[0].lower()
    for one in sorted(LANGUAGES, key=lambda code: code != own):
        for ask, pattern in _patterns(one):
            if found := pattern.fullmatch(plain):
                return Said(ask=ask, phrase=(found["phrase"] or "").strip())
    return None


def gates(names: Iterable[str]) -> list[str]:
    """The sentences that Home Assistant is to hand to us.

    "How is …" may be about anything: there, what follows has to begin or end about as one of the
    names does. Where it is about water, any name will do.
    """
    hints = sorted({hint for name in names for hint in _hints(name)})
    found: dict[str, None] = {}
    for language in LANGUAGES.values():
        near = f"[({'|'.join(language.articles.split())})] ({'|'.join(hints)})"
        for ask, sentences in language.said.items():
            for sentence in sentences:
                if ask is Ask.STATUS and hints:
                    found[sentence.replace("{plant}", near)] = None
                elif ask is not Ask.STATUS:
                    found[sentence] = None
    return list(dict.fromkeys(one for sentence in found for one in (sentence, _bare(sentence))))


def _hints(name: str) -> Iterator[str]:
    """How a name begins or ends, enough to know it by with a mistake somewhere."""
    known = " ".join("".join(s if s.isalnum() else " " for s in name.casefold()).split())
    if len(known) < 4:
        if known:
            yield known
        return
    yield f"{known[:3]}{{rest}}"
    yield f"{{rest}}{known[-3:]}"
    yield f"{known[:2]}{{rest}}{known[-1]}"
    # "The fern in the kitchen" is one word of its name, and then something else.
    for word in known.split():
        if len(word) >= 4:
            yield f"{word[:3]}{{rest}}"


@cache
def _patterns(code: str) -> tuple[tuple[Ask, re.Pattern[str]], ...]:
    # "… needs water" may begin with any name, or with "who": what is about one plant comes last.
    said = sorted(LANGUAGES[code].said.items(), key=lambda one: one[0] is Ask.STATUS)
    return tuple((ask, _pattern(one)) for ask, sentences in said for one in sentences)


def _pattern(sentence: str) -> re.Pattern[str]:
    """The same sentence for text without accents; blanks are as free as speech makes them."""
    parts = []
    for token in _TOKENS.findall(sentence):
        if _PLACES.fullmatch(token):
            parts.append(r"\b(?P<phrase>.+?)\b")
        elif token.isspace():
            parts.append(r"\s*")
        else:
            parts.append(_SIGNS.get(token) or re.escape(_flat(token)))
    if not _PLACES.search(sentence):
        parts.append("(?P<phrase>)")
    return re.compile("".join(parts))


def _flat(text: str) -> str:
    """Without accents and signs."""
    return folded(text.replace("-", " ").replace("'", " ").replace("’", " "))


def _bare(sentence: str) -> str:
    """The sentence as people type it who leave out accents."""
    kept = re.compile(r"[^\W\d_]+")
    return kept.sub(lambda word: folded(word[0]) or word[0], sentence)
