"""Is a change of the controller wrong, or only different: logs and scenarios through OLD and NEW (docs/validate.md)."""
