"""SwapTwin: a digital twin of a heavy-truck battery swap station."""

__version__ = "0.1.0"
