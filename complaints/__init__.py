"""What clients report to us: complaints, faults, enquiries and leads, and the clocks they start."""
