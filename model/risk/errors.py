"""One class for each thing that can be wrong with a risk table or with a question put to it."""


class RiskError(Exception):
    """Something about a risk table, or a question to it, cannot be used."""


class RiskTableError(RiskError):
    """The arrays of a risk table, or what its manifest says of them, are not what they must be."""


class IntervalError(RiskError):
    """A probability asked for an interval does not lie between 0 and 1."""


class ForceError(RiskError):
    """A force has no heads, too many, or a group of less than one."""


class OutlookError(RiskError):
    """What is asked of an outlook, or one of its moves, is not an allowed value."""


class MoveError(OutlookError):
    """The version at hand does not keep what a move needs to know."""


class MissingPriorsError(RiskError):
    """The version at hand carries no draws of the prior sets by name."""
