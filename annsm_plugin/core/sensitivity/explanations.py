"""Paragraphs for the help and the report: what overall and testing errors mean, and how thresholds are judged."""

from __future__ import annotations

#: One paragraph for the help and the report.
OVERALL_OR_TESTING = (
    "The paper chooses by the error of the overall samples, which contain those that the network was fitted to. That error rewards large "
    "training shares and many neurons, whether or not the network does better on days it has never seen: the paper itself notes that "
    "validation and testing errors do not follow. The error of the testing samples, which take no part in the training, answers that "
    "question, but comes from fewer days, so that it varies more from seed to seed: repeat it with several seeds. With a random split even "
    "testing samples have neighbours in time among the training samples; the split 'blocks' keeps them apart."
)

#: Why thresholds are judged twice.
SAME_DAYS = (
    "Each threshold's errors come from the days that it keeps, so that a stricter one is judged on easier days; the same networks' errors "
    "on the days that the strictest threshold keeps stand beside them. Screening also narrows a cell's range, which is what a 0–1 unit is; "
    "thresholds are therefore chosen by RMSE in m3 m-3."
)
