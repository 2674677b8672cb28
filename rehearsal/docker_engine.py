"""A simulated Docker engine: images, containers and events, without running anything.

It keeps what the client uploads to a container, gets the result of the image's scanner from `scanners`, and records
every container with its image and arguments. On demand, pulls fail and scanners are killed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

from rehearsal import scanners


@dataclass
class Container:
    """One container: its image and arguments, and how its scan ended."""

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
        """The name of its scanner: the image's name without registry and tag."""
        return self.image.rpartition("/")[2].partition(":")[0]

    @property
    def sast_range(self) -> tuple[str, str] | None:
        """The two commits that SAST should compare, the older one first."""
        return scanners.sast_range(self.command)

    @property
    def uploaded(self) -> list[str]:
        """The names of the files that the client uploaded."""
        return [name for _, archive in self.uploads for name in scanners.names(archive)]

    @property
    def sources(self) -> list[str]:
        """The source files that the client uploaded, without those of `.git`."""
        return [name for target, archive in self.uploads for name in scanners.sources(target, archive)]

    @property
    def found(self) -> int:
        """The number of findings in the scanner's report."""
        return scanners.count(self.scan) if self.scan else 0

    @property
    def state(self) -> dict[str, object]:
        """The container's state as the engine's API gives it."""
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
    """The engine. Set what fails before a build, and read the containers afterwards."""

    # Scanners whose image cannot be pulled, with the HTTP status of the answer; scanners that are killed; that fail.
    unpullable: dict[str, int] = field(default_factory=dict)
    killed: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    # Whether a scanner without findings writes an empty report or none: for the client, both mean success.
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
        """Pull an image, or answer as the engine does when the registry refuses it."""
        image = f"{name}:{tag}"
        self.pulls.append(image)
        status = self.unpullable.get(name.rpartition("/")[2])
        if status:
            return status, {"message": f"manifest for {image} not found"}
        self.images.add(image)
        return 200, {"status": f"Status: Downloaded newer image for {image}"}

    def create(self, name: str, given: dict[str, Any]) -> tuple[int, object]:
        """Create a container from a pulled image."""
        image = given["Image"]
        if image not in self.images:
            return 404, {"message": f"No such image: {image}"}
        number = f"{len(self.containers) + 1:064x}"
        command, environment = given.get("Cmd") or [], given.get("Env") or []
        made = Container(number, name or f"c{number}", image, command, environment, bool(given.get("Tty")))
        self.containers.append(made)
        self._record(made, "create")
        return 201, {"Id": made.id, "Warnings": []}

    def start(self, container: Container) -> None:
        """Run the container to its end."""
        self._record(container, "start")
        if container.scanner in self.killed:
            container.scan, container.out_of_memory = scanners.killed(), True
            self._record(container, "oom")
        elif container.scanner in self.broken:
            container.scan = scanners.Scan(2)
        else:
            container.scan = scanners.run(
                container.image,
                container.command,
                container.uploads,
                reports_when_clean=self.reports_when_clean,
            )
        self._record(container, "die", exitCode=str(container.scan.exit_code))

    def remove(self, container: Container) -> None:
        """Remove the container from the engine, but keep its record."""
        container.removed = True
        self._record(container, "destroy")

    def find(self, reference: str) -> Container | None:
        """Find a container by its id or name, unless it was removed."""
        present = [c for c in self.containers if not c.removed]
        return next((c for c in present if reference in {c.id, c.id[:12], c.name}), None)

    def _record(self, container: Container, action: str, **more: str) -> None:
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
