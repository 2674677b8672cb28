"""Scans whose results stay in the build, for code that is not merged yet."""

from __future__ import annotations

from importlib import import_module as load


def keep_results(words: tuple[str, ...]) -> tuple[str, ...]:
    """The command with an option that keeps a scan from sending its findings; other commands stay as they are.

    A scan would also register the asset on the platform, and report its technologies. Both are switched off.
    """
    if words[1] != "run":
        return words
    verifier = load("convisoappsec.flowcli.requirements_verifier").RequirementsVerifier
    verifier.prepare_context = staticmethod(lambda context, *_, **__: context)
    load("convisoappsec.sast.sastbox").SASTBox.recovery_technologies_file = lambda _: None
    return (*words, "--no-send-to-flow")
