"""A Result for people and for build servers: a folder of offline pages, Markdown, JUnit XML, JSON.

Equal Results, with equal Records beside them, give equal bytes; each file is written whole or not at all.
"""

from twin.validation.report.folder import check_report_place, write_json, write_report
from twin.validation.report.junit import junit, write_junit
from twin.validation.report.markdown import markdown, write_markdown

__all__ = ["check_report_place", "junit", "markdown", "write_json", "write_junit", "write_markdown", "write_report"]
