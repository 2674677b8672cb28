"""Keeps the results of a scan in the build, for code that is not merged."""

from __future__ import annotations

from importlib import import_module as load


def keep_results(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command that scans without sending anything; other commands stay as they are.

    Beside its findings, a scan would send the asset's technologies, and create the asset if there is none.
    """
    if words[1] != "run":
        return words
    verifier = load("convisoappsec.flowcli.requirements_verifier").RequirementsVerifier
    verifier.prepare_context = staticmethod(lambda context, *_, **__: context)
    load("convisoappsec.sast.sastbox").SASTBox.recovery_technologies_file = lambda _: None
    return (*words, "--no-send-to-flow")
