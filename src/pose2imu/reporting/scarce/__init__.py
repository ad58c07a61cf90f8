"""The experiment with scarce sensor data: its table, its curve, and what poses are worth."""
