"""A stand-in of the Docker engine: its images, containers and events, without running anything.

It keeps what was uploaded to a container, lets `scanners` say what the image makes of it, and records every
container with its image and arguments. Pulls can fail and scanners can be killed on demand.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

from rehearsal import scanners


@dataclass
class Container:
    """One container: what it was made of, and what became of it."""

    id: str
    name: str
    image: str
    command: list[str]
    environment: list[str]
    tty: bool
    uploads: list[tuple[str, bytes]] = field(default_factory=list)
    scan: scanners.Scan | None = None
    removed: bool = False
    out_of_memory: bool = False

    @property
    def scanner(self) -> str:
        """The scanner in it: the image's name without registry and tag."""
        return self.image.rpartition("/")[2].partition(":")[0]

    @property
    def sast_range(self) -> tuple[str, str] | None:
        """The commits that SAST was told to compare, oldest first."""
        return scanners.sast_range(self.command)

    @property
    def uploaded(self) -> list[str]:
        """The names of the files that were put into it."""
        return [name for _, archive in self.uploads for name in scanners.names(archive)]

    @property
    def sources(self) -> list[str]:
        """The source files that were put into it, without those of `.git`."""
        return [name for target, archive in self.uploads for name in scanners.sources(target, archive)]

    @property
    def found(self) -> int:
        """The number of findings in what the scanner reported."""
        return scanners.count(self.scan) if self.scan else 0

    @property
    def state(self) -> dict[str, object]:
        """The container's state in the engine's words."""
        ended = self.scan is not None
        return {
            "Status": "exited" if ended else "created",
            "Running": False,
            "OOMKilled": self.out_of_memory,
            "ExitCode": self.scan.exit_code if self.scan else 0,
            "StartedAt": "2026-11-01T10:00:00Z",
            "FinishedAt": "2026-11-01T10:00:01Z",
        }


@dataclass
class DockerEngine:
    """The engine: say what goes wrong before a build, read the containers after it."""

    # Scanners whose image can't be pulled, with the status that the engine answers; that are killed; that fail.
    unpullable: dict[str, int] = field(default_factory=dict)
    killed: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    # Whether a scanner that finds nothing writes an empty report or none: the client reads both as clean.
    reports_when_clean: bool = True

    containers: list[Container] = field(default_factory=list)
    pulls: list[str] = field(default_factory=list)
    images: set[str] = field(default_factory=set)
    events: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.changed = Condition()

    def ran(self, scanner: str) -> list[Container]:
        """List the containers of a scanner that were started."""
        return [c for c in self.containers if c.scanner == scanner and c.scan]

    def pull(self, name: str, tag: str) -> tuple[int, object]:
        """Pull an image, or answer as the engine does when its registry does not give it."""
        image = f"{name}:{tag}"
        self.pulls.append(image)
        status = self.unpullable.get(name.rpartition("/")[2])
        if status:
            return status, {"message": f"manifest for {image} not found"}
        self.images.add(image)
        return 200, {"status": f"Status: Downloaded newer image for {image}"}

    def create(self, name: str, given: dict[str, Any]) -> tuple[int, object]:
        """Make a container of an image that was pulled."""
        image = given["Image"]
        if image not in self.images:
            return 404, {"message": f"No such image: {image}"}
        number = f"{len(self.containers) + 1:064x}"
        command, environment = given.get("Cmd") or [], given.get("Env") or []
        made = Container(number, name or f"c{number}", image, command, environment, bool(given.get("Tty")))
        self.containers.append(made)
        self._tell(made, "create")
        return 201, {"Id": made.id, "Warnings": []}

    def start(self, container: Container) -> None:
        """Run the container to its end."""
        self._tell(container, "start")
        if container.scanner in self.killed:
            container.scan, container.out_of_memory = scanners.killed(), True
            self._tell(container, "oom")
        elif container.scanner in self.broken:
            container.scan = scanners.Scan(2)
        else:
            container.scan = scanners.run(
                container.image,
                container.command,
                container.uploads,
                reports_when_clean=self.reports_when_clean,
            )
        self._tell(container, "die", exitCode=str(container.scan.exit_code))

    def remove(self, container: Container) -> None:
        """Forget the container, but not that it was there."""
        container.removed = True
        self._tell(container, "destroy")

    def find(self, reference: str) -> Container | None:
        """Find a container that was not removed by its id or name."""
        present = [c for c in self.containers if not c.removed]
        return next((c for c in present if reference in {c.id, c.id[:12], c.name}), None)

    def _tell(self, container: Container, action: str, **more: str) -> None:
        now = time.time_ns()
        attributes = {"image": container.image, "name": container.name, **more}
        event = {
            "Type": "container",
            "Action": action,
            "Actor": {"ID": container.id, "Attributes": attributes},
            "time": now // 10**9,
            "timeNano": now,
        }
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()
