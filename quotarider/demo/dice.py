"""Weighted chance."""

import random
from collections.abc import Mapping


def draw(weights: Mapping[str, int], rng: random.Random) -> str:
    """One of the keys by weight."""
    return rng.choices([*weights], [*weights.values()])[0]
