"""From a Record to files that other programs read: Parquet, CSV, MCAP."""

from twin.exporting.export import Exported, export_log

__all__ = ["Exported", "export_log"]
