"""The viewer: a page in the browser that shows Records, finished or still growing, and nothing else."""

from web.app import ViewerServer, serve
from web.branching import Branching
from web.live import LiveRun
from web.teaching import Teaching

__all__ = ["Branching", "LiveRun", "Teaching", "ViewerServer", "serve"]
