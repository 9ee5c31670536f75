"""How likely officers were to defect, from what is claimed and what was counted: fitted, asked and drawn.

One facade over the rooms: `Model` fits by `model`, and what is asked of a `Fitted` version here, or of a service
through a `Client`, is answered by the code of the service, to the last digit.

Examples
--------
>>> import defection_risk as dr
>>> model = dr.load("current", home="var")
>>> model.assess({})["risk_mean"].between(0, 1).all()
np.True_
"""

from defection_risk.client import Client
from defection_risk.examples import load_example
from defection_risk.fitted import Fitted, load
from defection_risk.model import Model

__all__ = ["Client", "Fitted", "Model", "load", "load_example"]
