"""Documents to print or file: described once (`content`), written as PDF (`pdf`) or DOCX (`docx`)."""
