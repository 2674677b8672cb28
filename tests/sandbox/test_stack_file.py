"""How a stack file is read: as Pulumi's engine does, with errors for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sandbox import SandboxError, stack_file

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.stack_file import EngineConfig


def load(project: Path, text: str | bytes) -> EngineConfig:
    content = text.encode() if isinstance(text, str) else text
    (project / "Pulumi.dev.yaml").write_bytes(content)
    return stack_file.load(project, "dev")


def message(project: Path, text: str | bytes) -> str:
    with pytest.raises(SandboxError) as caught:
        load(project, text)
    return str(caught.value)


def test_defaults_of_the_project_reach_the_program(project: Path) -> None:
    """Without this, the program gets other values here than from the engine."""
    config = load(project, "config: {}")
    assert dict(config.values) == {
        "shop:apiKey": "",
        "shop:settings": "{}",
        "shop:names": "[]",
        "shop:count": "3",
        "shop:wanted": "false",
    }


def test_a_value_of_the_stack_replaces_the_default(project: Path) -> None:
    """Without this, the sandbox ignores the stack file."""
    assert load(project, "config: {shop:count: 7}").get("count") == "7"


def test_a_bare_key_belongs_to_the_project(project: Path) -> None:
    """Without this, a key without a namespace is ignored."""
    assert load(project, "config: {count: 7}").values["shop:count"] == "7"


def test_a_key_with_a_namespace_keeps_it(project: Path) -> None:
    """Without this, `aws:region` is ignored."""
    assert load(project, "config: {aws:region: eu-west-1}").get("aws:region") == "eu-west-1"


def test_the_project_file_may_set_a_key_of_another_namespace(project: Path) -> None:
    """Without this, a region in `Pulumi.yaml` is ignored."""
    file = project / "Pulumi.yaml"
    file.write_text(file.read_text() + "  aws:region: {value: eu-west-1}\n  aws:profile: work\n")
    config = load(project, "config: {}")
    assert (config.get("aws:region"), config.get("aws:profile")) == ("eu-west-1", "work")


def test_maps_and_lists_reach_the_program_as_json(project: Path) -> None:
    """Without this, the program sees another number, date or text here than from the engine."""
    config = load(project, "config: {settings: {version: 1.10, whole: 2.0, day: 2024-01-01}, names: [on, ~]}")
    assert config.get("settings") == '{"day":"2024-01-01 00:00:00 +0000 UTC","version":1.1,"whole":2}'
    assert config.get("names") == '["on",null]'


def test_an_encrypted_value_becomes_a_secret_placeholder(project: Path) -> None:
    """Without this, nobody can try a stack whose key they cannot decrypt."""
    config = load(project, "config: {apiKey: {secure: v1:abc}}")
    assert config.get("apiKey") == stack_file.PLACEHOLDER
    assert config.secret_keys == config.encrypted_keys == {"shop:apiKey"}


def test_an_encrypted_value_in_a_map_makes_the_whole_key_secret(project: Path) -> None:
    """Without this, the program accepts a map here that it refuses from the engine."""
    config = load(project, "config: {settings: {a: [{secure: v1:abc}], b: 1}}")
    assert json.loads(config.get("settings") or "") == {"a": [stack_file.PLACEHOLDER], "b": 1}
    assert config.secret_keys == {"shop:settings"}


def test_a_map_with_another_key_beside_secure_is_not_encrypted(project: Path) -> None:
    """Without this, a setting that happens to be named `secure` becomes a placeholder."""
    config = load(project, "config: {settings: {secure: a, other: b}}")
    assert not config.secret_keys


def test_a_plain_value_is_not_secret(project: Path) -> None:
    """Without this, the program accepts an API key in plain text."""
    assert not load(project, "config: {apiKey: plain}").secret_keys


def test_a_file_without_config_gets_the_defaults(project: Path) -> None:
    """Without this, a new stack ends in a stack trace."""
    assert load(project, "encryptionsalt: v1:abc\n").get("count") == "3"
    assert load(project, "").get("count") == "3"


def test_text_that_is_not_yaml_is_refused_with_file_and_line(project: Path) -> None:
    """Without this, people have to search for their typing error."""
    assert message(project, "config: [a\n") == (
        "Pulumi.dev.yaml is not valid YAML: line 2: did not find expected ',' or ']'"
    )


def test_a_file_that_is_not_text_is_refused(project: Path) -> None:
    """Without this, a file in another encoding ends in a stack trace."""
    assert message(project, b"config: \xff\xfe") == "Pulumi.dev.yaml is not UTF-8 text"


def test_a_repeated_key_is_refused_with_both_lines(project: Path) -> None:
    """Without this, the sandbox uses one of the two values, and the engine refuses the file."""
    assert message(project, "config:\n  a: 1\n  a: 2\n") == (
        'Pulumi.dev.yaml is not valid YAML: line 3: the key "a" is already used in line 2'
    )


def test_a_key_with_and_without_its_namespace_is_refused(project: Path) -> None:
    """Without this, one of the two values is ignored."""
    assert message(project, "config: {count: 1, shop:count: 2}") == (
        "Pulumi.dev.yaml: config key shop:count is given twice"
    )


def test_the_error_about_a_key_with_two_colons_omits_what_may_be_its_value(project: Path) -> None:
    """Without this, the error repeats an API key if the space after the colon is missing."""
    assert message(project, "config:\n  shop:apiKey:hunter2:\n") == (
        "Pulumi.dev.yaml: config key shop:apiKey:... is not of the form namespace:name; "
        "a value is written after a colon and a space"
    )


def test_an_encrypted_value_in_a_map_is_named_by_its_path(project: Path) -> None:
    """Without this, people learn that something is encrypted, but not where."""
    config = load(project, r'config: {settings: {a: [1, {"b\e": {secure: v1:abc}}]}, apiKey: {secure: v1:abc}}')
    assert config.encrypted_fields == (r"shop:settings.a[1].b\x1b",)


@pytest.mark.parametrize("text", ["just text", "- a list"])
def test_a_file_that_is_not_a_map_is_refused(project: Path, text: str) -> None:
    """Without this, such a file ends in a stack trace."""
    assert message(project, text) == "Pulumi.dev.yaml must hold a map"


def test_config_that_is_not_a_map_is_refused(project: Path) -> None:
    """Without this, such a file ends in a stack trace."""
    assert message(project, "config: [a]") == "Pulumi.dev.yaml: `config` must be a map of keys to values"


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        ("settings: [a]", "object"),
        ("settings: text", "object"),
        ("settings: '{}'", "object"),
        ("settings: ~", "object"),
        ("names: {a: b}", "array"),
        ("count: many", "integer"),
        ("count: 1.5", "integer"),
        ("wanted: yes", "boolean"),
        ("apiKey: {a: b}", "string"),
    ],
)
def test_a_value_of_another_type_than_the_declared_one_is_refused(project: Path, value: str, type_: str) -> None:
    """Without this, a stack file that the engine refuses passes here."""
    key = value.split(":", maxsplit=1)[0]
    assert message(project, f"config: {{{value}}}") == (
        f"Pulumi.dev.yaml: shop:{key} must be of type {type_}, as Pulumi.yaml declares it"
    )


@pytest.mark.parametrize("value", ["count: '12'", "wanted: 'true'", "apiKey: 1.10"])
def test_text_that_reads_like_the_declared_type_is_accepted(project: Path, value: str) -> None:
    """Without this, the sandbox refuses a stack file that the engine accepts."""
    load(project, f"config: {{{value}}}")


def test_a_declared_key_without_a_default_is_required(project: Path) -> None:
    """Without this, a stack file that the engine refuses passes here."""
    file = project / "Pulumi.yaml"
    file.write_text(file.read_text() + "  owner: {type: string}\n")
    assert message(project, "config: {}") == "Pulumi.dev.yaml: shop:owner is required by Pulumi.yaml and not set"


def test_the_error_about_a_missing_stack_file_lists_the_stacks_that_exist(project: Path) -> None:
    """Without this, people have to look for the right name."""
    for name in ("prod", "dev"):
        (project / f"Pulumi.{name}.yaml").write_text("config: {}")
    with pytest.raises(SandboxError) as caught:
        stack_file.load(project, "test")
    assert str(caught.value) == "there is no stack file Pulumi.test.yaml; the stacks here: dev, prod"


def test_a_project_without_any_stack_file_is_reported(project: Path) -> None:
    """Without this, the error lists no stacks, and does not say why."""
    with pytest.raises(SandboxError, match="has no stack file at all"):
        stack_file.load(project, "dev")


def test_a_stack_name_cannot_lead_out_of_the_folder(project: Path) -> None:
    """Without this, `--stack ../dev` reads a file of another project."""
    with pytest.raises(SandboxError, match="a stack's name has letters"):
        stack_file.load(project, "../dev")


def test_a_folder_without_a_project_file_is_reported(tmp_path: Path) -> None:
    """Without this, running a command in the wrong folder ends in a stack trace."""
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}")
    with pytest.raises(SandboxError, match=r"Pulumi\.yaml can't be read in"):
        stack_file.load(tmp_path, "dev")
