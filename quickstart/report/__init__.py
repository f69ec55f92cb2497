"""The report that a stakeholder reads: HTML, Markdown and a badge, all from the same plain data."""
