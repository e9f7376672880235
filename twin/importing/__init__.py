"""From a foreign log to a Record: spooled, sorted, converted by a map, written."""

from twin.importing.cached import import_cached
from twin.importing.importer import import_files, import_log
from twin.importing.outcome import Imported

__all__ = ["Imported", "import_cached", "import_files", "import_log"]
