"""What the specialists' names of troubles come down to, so that they can be weighed together.

plant.id names its classes in English; Pl@ntNet gives the organism, whose genus tells what it is.
The genera are the commonest on plants in pots (EPPO Global Database, https://gd.eppo.int).
"""

import re

from ..model.finding import Cause

_WORDS: tuple[tuple[Cause, str], ...] = (
    # The first that fits: "water excess or uneven watering" is no want of water.
    (Cause.OVER_WATERED, r"water excess|excess(?:ive)? water|over-?water|waterlog|root rot"),
    (Cause.UNDER_WATERED, r"water deficien|under-?water|lack of water|drought|wilting"),
    (Cause.TOO_DARK, r"lack of light|light deficien|low light|etiolat"),
    (Cause.TOO_BRIGHT, r"light excess|excess(?:ive)? light|sun ?burn|sun ?scald|photo-?inhib"),
    (Cause.TOO_COLD, r"frost|chill|cold|low temperature"),
    (Cause.TOO_HOT, r"heat|high temperature"),
    (Cause.DRY_AIR, r"low humidity|dry air|humidity deficien"),
    (Cause.SALTY, r"nutrient excess|over-?fertili|salt|salinity|fertili[sz]er burn"),
    (Cause.HUNGRY, r"nutrient|deficien|chlorosis"),
    (
        Cause.PEST,
        (
            r"insect|acari|animalia|pest|mite|aphid|thrip|scale|mealybug|whitefl|gnat|weevil|miner|"
            r"caterpillar|slug|snail|nematod|tetranych|aphis|myzus|macrosiphum|bemisia|trialeurodes|"
            r"frankliniella|planococcus|pseudococcus|coccus|aspidiotus|liriomyza|otiorhynchus|"
            r"bradysia|spodoptera|helicoverpa|meloidogyne|popillia|cacyreus|cydalima"
        ),
    ),
    (
        Cause.FUNGUS,
        (
            r"fung|mildew|mould|mold|rust|botrytis|anthracnose|scab|blight|damping|rot\b|smut|"
            r"erysiphe|fusarium|phytophthora|pythium|alternaria|cercospora|colletotrichum|puccinia|"
            r"septoria|oidium|podosphaera|rhizoctonia|golovinomyces|diplocarpon|venturia|sclerotinia|"
            r"plasmopara|peronospora|verticillium|phragmidium|entomosporium|stigmina"
        ),
    ),
    (Cause.DISEASE, r"bacteri|virus|viroid|phytoplasm|xanthomonas|pseudomonas|erwinia|disease"),
    (Cause.DAMAGE, r"mechanical|damage|wound|injur"),
    (Cause.AGEING, r"senescen|ageing|aging|old leaves"),
)
_PATTERNS = tuple((cause, re.compile(words, re.IGNORECASE)) for cause, words in _WORDS)


def cause_of(name: str) -> Cause:
    """The cause that a trouble's English or scientific name means; OTHER if none is known."""
    return next((cause for cause, words in _PATTERNS if words.search(name)), Cause.OTHER)
