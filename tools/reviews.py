"""Reviews of products by a small grammar: what counts is the order of the words, not their count.

Each has one or two clauses. A clause praises or blames, and may do it by denying the opposite ("not
bad at all"). With two that disagree the review is what its main clause is: the one after "but", or
the one that no "although" introduces.
"""

import random

POSITIVE, NEGATIVE = "positive", "negative"
PARTS = {
    "headphones": ["sound", "bass", "cable", "headband", "noise cancelling"],
    "kettle": ["lid", "handle", "spout", "switch", "heating element"],
    "backpack": ["zip", "strap", "fabric", "back padding", "laptop sleeve"],
    "lamp": ["light", "dimmer", "stand", "shade", "plug"],
    "keyboard": ["key feel", "layout", "backlight", "wrist rest", "software"],
    "tent": ["fabric", "zip", "floor", "pole set", "ventilation"],
    "blender": ["motor", "jug", "blade", "lid", "cleaning"],
    "watch": ["strap", "display", "battery", "step counter", "clasp"],
    "bicycle": ["saddle", "chain", "brake feel", "gear change", "frame"],
    "camera": ["lens", "screen", "battery", "autofocus", "grip"],
}
GOOD = [
    "good",
    "great",
    "excellent",
    "solid",
    "reliable",
    "lovely",
    "superb",
    "well made",
    "pleasant",
]
BAD = ["bad", "poor", "terrible", "flimsy", "unreliable", "ugly", "awful", "badly made", "annoying"]
LIKE, DISLIKE = ["like", "love", "enjoy", "recommend"], ["dislike", "hate", "regret", "mistrust"]
VERY = ["", "", "very ", "really ", "quite ", "surprisingly "]
WHEN = [
    "",
    "",
    "after a week",
    "after a month",
    "from the first day",
    "even on holiday",
    "every day",
]
BUT = ["but", "yet"]
ALTHOUGH = ["although", "even though", "while"]


def reviews(count: int, seed: int) -> list[tuple[str, str]]:
    """Return that many different reviews, half of them positive, each with what it is."""
    draw = random.Random(seed)
    found: dict[str, str] = {}
    while len(found) < count:
        positive = len(found) % 2 == 0
        text = _review(draw, positive)
        if text not in found:
            found[text] = POSITIVE if positive else NEGATIVE
    rows = list(found.items())
    draw.shuffle(rows)
    return rows


def _review(draw: random.Random, positive: bool) -> str:
    product = draw.choice([*PARTS])
    first, second = draw.sample(PARTS[product], 2)
    main = _clause(draw, first, positive)
    form = draw.random()
    if form < 0.25:
        text = main
    elif form < 0.45:
        text = f"{main} and {_clause(draw, second, positive)}"
    elif form < 0.65:
        text = f"{_clause(draw, second, not positive)}, {draw.choice(BUT)} {main}"
    elif form < 0.85:
        text = f"{draw.choice(ALTHOUGH)} {_clause(draw, second, not positive)}, {main}"
    else:
        text = f"{main}, {draw.choice(ALTHOUGH)} {_clause(draw, second, not positive)}"
    opening = draw.choice(["", "", f"My new {product}: ", f"About this {product}: "])
    return (
        opening + (text if opening else text[0].upper() + text[1:]) + draw.choice([".", ".", "!"])
    )


def _clause(draw: random.Random, part: str, positive: bool) -> str:
    own, other = (GOOD, BAD) if positive else (BAD, GOOD)
    feel, unlike = (LIKE, DISLIKE) if positive else (DISLIKE, LIKE)
    told = draw.choice(
        [
            f"the {part} is {draw.choice(VERY)}{draw.choice(own)}",
            f"the {part} is not {draw.choice(other)}",
            f"the {part} is not {draw.choice(other)} at all",
            f"the {part} is anything but {draw.choice(other)}",
            f"the {part} was never {draw.choice(other)}",
            f"I {draw.choice(feel)} the {part}",
            f"I do not {draw.choice(unlike)} the {part}",
            f"nobody would call the {part} {draw.choice(other)}",
        ]
    )
    when = draw.choice(WHEN)
    return f"{told} {when}" if when else told
