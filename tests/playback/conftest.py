"""The synthetic Record and node, as the viewer's tests have them."""

from tests.web.conftest import node, record

__all__ = ["node", "record"]
