"""What an aggregation can be asked for; apart, so that a dialog can offer it without loading anything else."""

from __future__ import annotations

#: Months per period; a season begins in December, March, June or September.
PERIODS = {"month": 1, "season": 3, "year": 12}

#: Statistics over the days of a period, and how CF calls them. An anomaly is a mean minus the mean of its season in the base period.
STATISTICS = {"mean": "mean", "anomaly": "mean", "minimum": "minimum", "maximum": "maximum", "std": "standard_deviation"}

#: Fewest days with a value in a month; three times that in a season, twelve times in a year.
MIN_DAYS = 10
