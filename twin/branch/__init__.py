"""Another future of a log: run again up to an instant, and from there on with something changed (docs/branch.md)."""

from twin.branch.branch import Branch, Change, branch
from twin.branch.offer import branch_of_page, offers
from twin.branch.past import Apart

__all__ = ["Apart", "Branch", "Change", "branch", "branch_of_page", "offers"]
