"""Real git repositories for builds: an origin on disk, and the sources that CodeBuild makes from it.

Commits and annotated tags are dated an hour apart, so that ids and the order by time are stable.
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

# git also runs without maintenance, which would check for work after every commit and push.
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
    """Run git in a folder without this machine's configuration, and return its output.

    Names in a repository need not be UTF-8: their other bytes become surrogates, as in all file names of Python.
    """
    done = subprocess.run(
        ["git", *command],
        cwd=folder,
        env={**_ISOLATED, **_PERSON, **environment},
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"git {' '.join(command)}: {done.stderr}")
    return done.stdout.strip()


@dataclass
class Repository:
    """A repository that a test writes; each checkout first pushes it to its bare origin."""

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
        """The URL of the origin."""
        return f"{self.origin.url}/acme/shop.git"

    @property
    def head(self) -> str:
        """The commit that is checked out here."""
        return self.commit_of("HEAD")

    def commit_of(self, name: str) -> str:
        """Return the commit that a name refers to; for an annotated tag, the tagged commit."""
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
        """Create a branch and switch to it."""
        git(self.folder, "checkout", "--quiet", "-b", name, at)

    def switch(self, name: str) -> None:
        """Switch to a branch or commit."""
        git(self.folder, "checkout", "--quiet", name)

    def merge(self, name: str) -> str:
        """Merge a branch with a merge commit, and return its id."""
        git(self.folder, "merge", "--quiet", "--no-ff", "-m", f"merge {name}", name, **self._now())
        return self.head

    def rewrite(self) -> str:
        """Replace the last commit, as before a force push, and return the new one's id."""
        git(self.folder, "commit", "--quiet", "--amend", "--allow-empty", "-m", "rewritten", **self._now())
        return self.head

    def check_out(self, folder: Path, commit: str | None = None, *, depth: int = 0, tags: bool = True) -> Path:
        """Check out a commit as CodeBuild does for a git source: with a detached HEAD, and `origin` to fetch from."""
        self.push()
        options = ["--quiet", "--no-checkout"]
        options += [f"--depth={depth}"] if depth else []
        options += [] if tags else ["--no-tags"]
        # The clone reads its objects from the disk, but has the host's URL as its origin.
        from_disk = f"url.{self._bare.as_uri()}.insteadOf={self.url}"
        git(self.folder, "-c", from_disk, "clone", *options, self.url, str(folder))
        git(folder, "checkout", "--quiet", "--detach", commit or self.head)
        return folder

    def push(self) -> None:
        """Mirror everything to the origin."""
        git(self.folder, "push", "--quiet", "--force", "--mirror", self._bare.as_uri())
        # A plain HTTP server hands out refs from this list alone.
        git(self._bare, "update-server-info")

    def as_archive(self, folder: Path, *, keep_empty_folders: bool) -> Path:
        """Make the source that S3 returns: packed refs, no origin and, if stored as a folder, no empty folders."""
        self.check_out(folder)
        git(folder, "pack-refs", "--all")
        git(folder, "remote", "remove", "origin")
        if not keep_empty_folders:
            for path, _, _ in sorted(os.walk(folder), reverse=True):
                if not os.listdir(path):  # noqa: PTH208 - `path` is text from os.walk
                    Path(path).rmdir()
        return folder

    def without_git(self, folder: Path) -> Path:
        """Make the source that CodePipeline hands over: the files without `.git`."""
        self.check_out(folder)
        rmtree(folder / ".git")
        return folder

    def _now(self) -> dict[str, str]:
        self._hour += 1
        now = f"2026-11-01T{self._hour:02}:00:00+00:00"
        return {"GIT_AUTHOR_DATE": now, "GIT_COMMITTER_DATE": now}
