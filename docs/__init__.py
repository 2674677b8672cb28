"""Documents, and the generator of those that follow from the configuration's definition."""
