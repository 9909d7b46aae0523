"""Statistics of daily series that several steps share: anomalies, significance, intervals, trends, CDF matching, sensor change."""
