"""The program: the stack's config becomes a platform."""

from stacks.config import load
from stacks.outputs import export
from stacks.platform import Platform

export(Platform(load()))
