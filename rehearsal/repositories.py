"""Real git repositories for the builds: an origin on disk, and what CodeBuild lays out from it.

Commits and annotated tags get the hours of one day in order, so that ids and the order by time are stable.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rehearsal.origin import Origin

# No upkeep either, which would look after every commit and push whether there is something to do.
_SETTINGS = {"gc.auto": "0", "init.templateDir": "", "maintenance.auto": "false", "receive.autogc": "false"}
_ISOLATED = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_CONFIG_COUNT": str(len(_SETTINGS)),
    **{f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(_SETTINGS)},
    **{f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(_SETTINGS.values())},
    "PATH": os.environ["PATH"],
}
_PERSON = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A Person"), ("EMAIL", "person@example.com"))
}


def git(folder: Path, *command: str, **environment: str) -> str:
    """Run git in a folder, free of this machine's configuration."""
    done = subprocess.run(
        ["git", *command],
        cwd=folder,
        env={**_ISOLATED, **_PERSON, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"git {' '.join(command)}: {done.stderr}")
    return done.stdout.strip()


@dataclass
class Repository:
    """A repository that a test writes, pushed to its bare origin when a build checks it out."""

    folder: Path
    origin: Origin
    _hour: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self._bare = self.origin.folder / "acme" / "shop.git"
        self._bare.mkdir(parents=True)
        git(self._bare, "init", "--bare", "--quiet", "--initial-branch=main")
        git(self.folder, "init", "--quiet", "--initial-branch=main")

    @property
    def url(self) -> str:
        """Where a checkout fetches from."""
        return f"{self.origin.url}/acme/shop.git"

    @property
    def head(self) -> str:
        """The commit that is checked out here."""
        return self.commit_of("HEAD")

    def commit_of(self, name: str) -> str:
        """Tell which commit a name stands for, annotated tags included."""
        return git(self.folder, "rev-parse", f"{name}^{{commit}}")

    def commit(self, **files: str) -> str:
        """Commit files, given by name with `__` for a dot, and return the commit's id."""
        return self.commit_files({name.replace("__", "."): text for name, text in files.items()})

    def commit_files(self, files: dict[str, str]) -> str:
        """Commit files, given by path, and return the commit's id."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        git(self.folder, "add", "--all", "--force")
        git(self.folder, "commit", "--quiet", "--allow-empty", "-m", f"change {self._hour}", **self._now())
        return self.head

    def tag(self, name: str, *, annotated: bool = False, at: str = "HEAD") -> None:
        """Tag a commit."""
        annotation = ["-a", "-m", f"release {name}"] if annotated else []
        git(self.folder, "tag", *annotation, "--end-of-options", name, at, **self._now())

    def branch(self, name: str, at: str = "HEAD") -> None:
        """Start a branch and stand on it."""
        git(self.folder, "checkout", "--quiet", "-b", name, at)

    def switch(self, name: str) -> None:
        """Stand on a branch or commit."""
        git(self.folder, "checkout", "--quiet", name)

    def merge(self, name: str) -> str:
        """Merge a branch with a commit of its own, whose id is returned."""
        git(self.folder, "merge", "--quiet", "--no-ff", "-m", f"merge {name}", name, **self._now())
        return self.head

    def rewrite(self) -> str:
        """Replace the last commit, as a force push does; the old one is gone from the origin."""
        git(self.folder, "commit", "--quiet", "--amend", "--allow-empty", "-m", "rewritten", **self._now())
        return self.head

    def check_out(self, folder: Path, commit: str | None = None, *, depth: int = 0, tags: bool = True) -> Path:
        """Lay out a commit as CodeBuild does for a git source: a detached head, and `origin` to fetch from."""
        self.push()
        options = ["--quiet", "--no-checkout"]
        options += [f"--depth={depth}"] if depth else []
        options += [] if tags else ["--no-tags"]
        # The clone takes its objects from the disk, and knows the host's address as its origin.
        from_disk = f"url.{self._bare.as_uri()}.insteadOf={self.url}"
        git(self.folder, "-c", from_disk, "clone", *options, self.url, str(folder))
        git(folder, "checkout", "--quiet", "--detach", commit or self.head)
        return folder

    def push(self) -> None:
        """Bring everything to the origin, in the place of what was there."""
        git(self.folder, "push", "--quiet", "--force", "--mirror", self._bare.as_uri())
        # A host that only serves files needs this list of its refs.
        git(self._bare, "update-server-info")

    def as_archive(self, folder: Path, *, keep_empty_folders: bool) -> Path:
        """Lay the repository out as S3 gives it back: with packed refs and, from a folder, no empty folders."""
        self.check_out(folder)
        git(folder, "pack-refs", "--all")
        git(folder, "remote", "remove", "origin")
        if not keep_empty_folders:
            for path, _, _ in sorted(os.walk(folder), reverse=True):
                if not os.listdir(path):  # noqa: PTH208 - `path` is text from os.walk
                    Path(path).rmdir()
        return folder

    def without_git(self, folder: Path) -> Path:
        """Lay the files out without `.git`, as CodePipeline does."""
        self.check_out(folder)
        rmtree(folder / ".git")
        return folder

    def _now(self) -> dict[str, str]:
        self._hour += 1
        now = f"2026-11-01T{self._hour:02}:00:00+00:00"
        return {"GIT_AUTHOR_DATE": now, "GIT_COMMITTER_DATE": now}
