"""Own recordings: a classifier trained from them, its model file, and what it says of others; heavy with torch."""
