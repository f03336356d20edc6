"""Open Badges 3.0: the papers of the register as verifiable credentials.

A credential is made from the frozen record whenever somebody asks for it, and is the same bytes
each time under the same key. docs/decisions/0020-open-badges.md tells what it says and why.
"""
