"""A private copy of the user's clone, which is only read: no git command that writes runs in it."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from rehearsal.errors import RehearsalError
from rehearsal.repositories import git

NOTHING = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The id of git's empty tree. A range that starts here holds everything."""

_SHOWN_BRANCHES = 8


@dataclass(frozen=True)
class Ref:
    """A branch, tag or commit of a clone."""

    name: str
    """The full name, such as `refs/heads/main`; empty for a commit that is given by its id."""
    commit: str

    @property
    def short(self) -> str:
        """The name of the branch or tag, or the beginning of the commit's id."""
        return self.name.removeprefix("refs/heads/").removeprefix("refs/tags/") or self.commit[:12]

    @property
    def is_tag(self) -> bool:
        """Whether it is a tag."""
        return self.name.startswith("refs/tags/")


@dataclass(frozen=True)
class Clone:
    """A bare copy with the branches and tags of the original; a local branch wins over one of `origin`."""

    folder: Path

    def find(self, name: str) -> Ref | None:
        """Find a branch, tag or commit by its full or short name."""
        for full in (name, f"refs/heads/{name}", f"refs/tags/{name}"):
            if full.startswith("refs/") and (commit := self._commit_of(full)):
                return Ref(full, commit)
        commit = self._commit_of(name) if re.fullmatch(r"[0-9a-fA-F]{4,40}|HEAD", name) else None
        return Ref("", commit) if commit else None

    def resolve(self, name: str, option: str) -> Ref:
        """Find the branch, tag or commit that an option names, or raise RehearsalError."""
        found = self.find(name)
        if not found:
            branches = git(self.folder, "for-each-ref", "--format=%(refname:strip=2)", "refs/heads").splitlines()
            raise RehearsalError(
                f"{option}: the clone has no branch, tag or commit {name}; "
                f"its branches: {', '.join(branches[:_SHOWN_BRANCHES]) or 'none'}"
            )
        return found

    def check_out(self, folder: Path, commit: str, origin: str) -> Path:
        """Check out a commit as CodeBuild does for a git source: with a detached HEAD, and `origin` to fetch from."""
        git(folder.parent, "clone", "--quiet", "--no-checkout", self.folder.as_uri(), str(folder))
        # A commit that no branch or tag leads to does not come with the clone.
        git(folder, "fetch", "--quiet", self.folder.as_uri(), commit)
        git(folder, "remote", "set-url", "origin", origin)
        git(folder, "checkout", "--quiet", "--detach", commit)
        return folder

    def commits(self, since: str, until: str) -> set[str]:
        """Return the commits of `until` that are not in `since`; all of them if `since` is `NOTHING`."""
        wanted = [until] if since == NOTHING else [f"{since}..{until}"]
        return set(git(self.folder, "rev-list", *wanted).split())

    def files(self, since: str, until: str) -> set[str]:
        """Return the paths of the files that differ between two commits."""
        differ = git(self.folder, "diff", "--name-only", "--no-renames", "-z", since, until)
        return {path for path in differ.split("\0") if path}

    def _commit_of(self, name: str) -> str | None:
        try:
            return git(self.folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except RuntimeError:
            return None


def copied(repository: Path, folder: Path) -> Clone:
    """Copy the branches and tags of a clone, and the commit that is checked out, into a bare repository.

    Raises RehearsalError if the folder holds no repository, or one that no build accepts.
    """
    if not repository.is_dir():
        raise RehearsalError(f"{repository} is not a folder")
    if _read(repository, "rev-parse", "--is-shallow-repository") == "true":
        raise RehearsalError(f"{repository} is a shallow clone: run `git fetch --unshallow` in it first")
    if _read(repository, "rev-parse", "--show-object-format") != "sha1":
        raise RehearsalError(f"{repository} has SHA-256 ids, which the Conviso client cannot read")
    # In a linked worktree or a subfolder, the repository is elsewhere.
    original = _read(repository, "rev-parse", "--path-format=absolute", "--git-common-dir")
    # Nothing is checked out where the branch does not exist yet.
    head = _read(repository, "rev-list", "--max-count=1", "--ignore-missing", "HEAD")
    folder.mkdir(parents=True)
    git(folder, "init", "--bare", "--quiet", "--initial-branch=main")
    tags = "+refs/tags/*:refs/tags/*"
    _fetch(folder, original, tags, "+refs/remotes/origin/*:refs/heads/*", "^refs/remotes/origin/HEAD")
    _fetch(folder, original, tags, "+refs/heads/*:refs/heads/*", *([head] if head else []))
    if head:
        git(folder, "update-ref", "--no-deref", "HEAD", head)
    elif not git(folder, "for-each-ref", "--count=1"):
        raise RehearsalError(f"{repository} has no commit yet")
    # A plain HTTP server hands out refs from this list alone.
    git(folder, "update-server-info")
    return Clone(folder)


def _fetch(folder: Path, original: str, *refs: str) -> None:
    try:
        _read(folder, "fetch", "--quiet", "--no-tags", original, *refs)
    except RehearsalError:
        if any(Path(original).glob("objects/pack/*.promisor")):
            where = original.removesuffix("/.git")
            message = f"{where} is a partial clone: run `git fetch --refetch --no-filter` in it first"
            raise RehearsalError(message) from None
        raise


def _read(folder: Path, *command: str) -> str:
    """Run git with the user's own settings, which may trust a repository of another owner, but without the network."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": "file", "LC_ALL": "C"}
    done = subprocess.run(
        ["git", *command], cwd=folder, env=environment, capture_output=True, text=True, check=False, errors="replace"
    )
    if done.returncode:
        if "not a git repository" in done.stderr:
            raise RehearsalError(f"{folder} is not a git repository")
        raise RehearsalError(f"git cannot read {folder}: {' '.join(done.stderr.split()) or 'it gives no reason'}")
    return done.stdout.strip()


def without_origin(folder: Path) -> None:
    """Turn a checkout into what a `.zip` object in S3 usually holds: packed refs and no origin."""
    git(folder, "pack-refs", "--all")
    git(folder, "remote", "remove", "origin")
