"""The simulator of MM-Fit's raw format (synthetic), and the physics of a sensor."""
