"""A sample repository for a rehearsal without a clone: three commits, two tags, and some flaws to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.config import S3Source, Strategy
from rehearsal.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

    from components.config import IntegrationSettings

_COMMITS = (
    {"app.py": 'print("shop")\n', "requirements.txt": "flask==0.1  # flaw: HIGH known vulnerability in flask 0.1\n"},
    {"search.py": "query = 'select ' + name  # flaw: HIGH SQL injection\n"},
    {
        "login.py": "md5(password)  # flaw: LOW weak hash\n",
        "bucket.tf": 'acl = "public"  # flaw: MEDIUM public bucket\n',
    },
)
_RELEASED = 1


def make(folder: Path, settings: IntegrationSettings) -> Path:
    """Create the repository, with the branch and tags that the integration expects."""
    folder.mkdir()
    git(folder, "init", "--quiet", f"--initial-branch={_branch(settings)}")
    for number, files in enumerate(_COMMITS):
        for name, text in files.items():
            (folder / name).write_text(text)
        when = f"2026-11-0{number + 1}T10:00:00+00:00"
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "-m", f"Change {number + 1}", **dates)
        if number >= _RELEASED:
            git(folder, "tag", _tag(settings, number))
    return folder


def deployed(settings: IntegrationSettings) -> str:
    """Return the tag or commit that the platform knows as deployed: the one before the last."""
    tags = settings.review.strategy in {Strategy.TAGS_BY_TIME, Strategy.TAGS_BY_VERSION}
    return _tag(settings, _RELEASED) if tags else f"refs/tags/{_tag(settings, _RELEASED)}"


def _tag(settings: IntegrationSettings, number: int) -> str:
    return f"{settings.review.tag_prefix or 'v'}1.{number - _RELEASED}.0"


def _branch(settings: IntegrationSettings) -> str:
    return "main" if isinstance(settings.source, S3Source) else settings.source.branch or "main"
