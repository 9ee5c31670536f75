"""The page tells risks side by side as Python does: the same text for the same numbers."""

from __future__ import annotations

import numpy as np

from model.risk.words import Scale
from tests.support.browsing import Visit
from tests.support.told import CASES

TELL = """async (cases) => {
    const { scaleOf } = await import("/static/format.js");
    return cases.map(({ expected, errors }) => {
        const scale = scaleOf(expected, errors);
        return [...expected.map(scale.told), scale.about(expected[0]), scale.between(expected[0], expected.at(-1))];
    });
}"""


def test_python_and_the_page_tell_risks_alike(visit: Visit) -> None:
    """Those of the table, and a thousand sets at random, among them many at which a digit is rounded half up."""
    random = np.random.default_rng(7)
    cases = [(case.expected, case.errors) for case in CASES]
    for _ in range(1000):
        size = random.integers(1, 6)
        risks = 10 ** random.uniform(-8, 0, size)
        halves = random.integers(1, 199, size) / 200 / 10 ** random.integers(0, 5, size)
        expected = np.where(random.random(size) < 0.5, risks, halves)
        cases.append((expected.tolist(), (expected * random.uniform(0, 0.12, size)).tolist()))
    told = visit.go().page.evaluate(TELL, [{"expected": risks, "errors": errors} for risks, errors in cases])
    for (expected, errors), given in zip(cases, told, strict=True):
        scale = Scale.of(expected, errors)
        own = [scale.told(risk) for risk in expected]
        assert given == [*own, scale.about(expected[0]), scale.between(expected[0], expected[-1])]
