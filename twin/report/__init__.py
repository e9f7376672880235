"""Reports: offline pages of one file, in two languages, for the screen and for paper."""

from twin.report.comparison import write_comparison_report
from twin.report.incident import incident_page, write_incident
from twin.report.log import write_log_report
from twin.report.offline import offline_page, write_offline_page

__all__ = [
    "incident_page", "offline_page", "write_comparison_report", "write_incident", "write_log_report",
    "write_offline_page",
]  # fmt: skip
