"""The few base pieces every app shares; no tables, no imports from apps."""
