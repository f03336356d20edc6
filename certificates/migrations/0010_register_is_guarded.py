"""The database refuses the remaining ways round the register.

0003 froze what a paper says. Still open were: emptying a table (PostgreSQL), removing and replacing
rows (SQLite), moving a paper's state back, counting a register down, changing a decision that has
papers, a settled list, a hand-over, a signed file.
"""

from django.db import migrations

from certificates.migrations import _guards


class Migration(migrations.Migration):
    dependencies = [("certificates", "0009_techniques_of_papers")]
    operations = [migrations.RunPython(_guards.make, _guards.drop)]
