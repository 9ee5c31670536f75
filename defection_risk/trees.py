"""Answers that are trees: dicts as the service gives them, with their tables, and a sentence to begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from defection_risk.frames import bounds

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


STRENGTH: Final = ("serving", "deployable", "reliable", "short", "militiamen_needed")


class Answer(dict[str, Any]):
    """An answer of the service, member by member; shown as its sentence and its tables."""

    def __repr__(self) -> str:
        tables = (table.to_string(float_format="{:.4g}".format, max_rows=30, na_rep="") for table in self.tables())
        return "\n\n".join([str(self), *tables])

    def __str__(self) -> str:
        return str(self["in_words"])

    def tables(self) -> Sequence[pd.DataFrame]:
        """Return the tables it is shown with."""
        return ()

    def _repr_html_(self) -> str:
        tables = (table.to_html(float_format="{:.4g}".format, max_rows=30, na_rep="") for table in self.tables())
        return "".join([f"<p>{escape(str(self))}</p>", *tables])


class Outlook(Answer):
    """What a force as a whole is to expect."""

    @property
    def by_attribute(self) -> pd.DataFrame:
        """Defections by level, of each attribute."""
        import pandas as pd  # noqa: PLC0415 - heavy

        levels = {
            (name, level): _count(each) for name, of in self["by_attribute"].items() for level, each in of.items()
        }
        return pd.DataFrame.from_dict(levels, orient="index").rename_axis(["attribute", "level"])

    @property
    def over_time(self) -> pd.DataFrame:
        """How many had defected before each day, and how probable a decisive defection was by then."""
        import pandas as pd  # noqa: PLC0415 - heavy

        points = [_count(point) | {"decisive": point["decisive_probability"]} for point in self["over_time"]]
        return pd.DataFrame(
            points, index=pd.to_datetime([point["until"] for point in self["over_time"]]).rename("until")
        )

    @property
    def strength(self) -> pd.DataFrame:
        """What is left to fight with as each day begins: serving, deployable, reliable, and how many men it is short.

        Columns are of each of these the mean, the median and the intervals; with militias also how many are needed.

        Raises
        ------
        KeyError
            If neither strength nor a move was asked for.
        """
        import pandas as pd  # noqa: PLC0415 - heavy

        points = self["strength"]["over_time"]
        columns = {
            (name, number): [_count(point[name])[number] for point in points]
            for name in STRENGTH
            if name in points[0]
            for number in _count(points[0][name])
        }
        return pd.DataFrame(columns, index=pd.to_datetime([point["until"] for point in points]).rename("until"))

    @property
    def numbers(self) -> pd.DataFrame:
        """What is expected, and how probable; with moves, what these changed."""
        import pandas as pd  # noqa: PLC0415 - heavy

        rows = {"defections expected": (self["defections"]["mean"], self["defections"]["monte_carlo_error"])}
        for each in self["at_least"]:
            rows[f"at least {each['count']:,}"] = (each["probability"], each["monte_carlo_error"])
        rows["a decisive one"] = (self["decisive"]["probability"], self["decisive"]["monte_carlo_error"])
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["value", "s.e."])
        if "moves" in self:
            changed = self["moves"]["changed"]
            entries = [changed["defections"], *changed["at_least"], changed["decisive"]]
            table["changed by the moves"] = [each["difference"] for each in entries]
            table["s.e. of that"] = [each["monte_carlo_error"] for each in entries]
        return table

    def tables(self) -> Sequence[pd.DataFrame]:
        """Return the tables it is shown with."""
        by_level = self.by_attribute
        left = [self.strength.xs("median", axis="columns", level=1)] if "strength" in self else []
        return self.numbers, by_level[by_level["mean"] > 0], *left

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw how many had defected by each day, median and intervals, and return the axes."""
        from defection_risk import figures  # noqa: PLC0415 - heavy

        return figures.course(self, ax)


class WhatIf(Answer):
    """What the risks and the claims are, and what they would be.

    Parameters
    ----------
    answer : mapping
        Of the service.
    profiles : DataFrame
        Whom it is about.
    """

    def __init__(self, answer: Mapping[str, Any], profiles: pd.DataFrame) -> None:
        super().__init__(answer)
        self.profiles = profiles

    @property
    def officers(self) -> pd.DataFrame:
        """The profiles given, with the risk of each as it is and as it would be; blank where the draws cannot tell."""
        import pandas as pd  # noqa: PLC0415 - heavy

        found = [
            {
                **_expected(each["as_it_is"], "as_it_is"),
                **_expected(each["as_it_would_be"], "as_it_would_be"),
                "ratio": each["ratio"],
                "in_words": each["in_words"],
            }
            for each in self["officers"]
        ]
        return pd.concat([self.profiles, pd.DataFrame(found, index=self.profiles.index)], axis=1)

    @property
    def claims(self) -> pd.DataFrame:
        """The probability of each claim, and what it would be."""
        import pandas as pd  # noqa: PLC0415 - heavy

        return pd.DataFrame(self["claims"]).set_index("id")

    def tables(self) -> Sequence[pd.DataFrame]:
        """Return the tables it is shown with."""
        return self.officers, self.claims


def _count(each: Mapping[str, Any]) -> dict[str, Any]:
    named = {name.removeprefix("_"): value for name, value in bounds(each, "").items()}
    return {"mean": each["mean"], "median": each["median"], **named}


def _expected(summary: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    return {} if summary is None else {name: summary["mean"], **bounds(summary, name)}
