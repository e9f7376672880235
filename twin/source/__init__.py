"""Foreign logs: readers that yield samples as their sources wrote them, and what could not be read."""

from twin.source.csv_file import CsvFile
from twin.source.opcua_logger import OpcUaLogger
from twin.source.sample import Batch, Damage, JournalEntry, Samples
from twin.source.shdr import Shdr

__all__ = ["Batch", "CsvFile", "Damage", "JournalEntry", "OpcUaLogger", "Samples", "Shdr"]
