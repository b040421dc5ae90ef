// Nothing is common to all components.
