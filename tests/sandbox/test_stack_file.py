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
    config = load(project, "config: {}")
    assert dict(config.values) == {
        "shop:apiKey": "",
        "shop:settings": "{}",
        "shop:names": "[]",
        "shop:count": "3",
        "shop:wanted": "false",
    }


def test_a_value_of_the_stack_replaces_the_default(project: Path) -> None:
    assert load(project, "config: {shop:count: 7}").get("count") == "7"


def test_a_bare_key_belongs_to_the_project(project: Path) -> None:
    assert load(project, "config: {count: 7}").values["shop:count"] == "7"


def test_a_key_of_another_namespace_keeps_it(project: Path) -> None:
    assert load(project, "config: {aws:region: eu-west-1}").get("aws:region") == "eu-west-1"


def test_the_project_may_give_a_value_to_another_namespace(project: Path) -> None:
    file = project / "Pulumi.yaml"
    file.write_text(file.read_text() + "  aws:region: {value: eu-west-1}\n  aws:profile: work\n")
    config = load(project, "config: {}")
    assert (config.get("aws:region"), config.get("aws:profile")) == ("eu-west-1", "work")


def test_maps_and_lists_reach_the_program_as_json(project: Path) -> None:
    config = load(project, "config: {settings: {version: 1.10, whole: 2.0, day: 2024-01-01}, names: [on, ~]}")
    assert config.get("settings") == '{"day":"2024-01-01 00:00:00 +0000 UTC","version":1.1,"whole":2}'
    assert config.get("names") == '["on",null]'


def test_an_encrypted_value_becomes_a_secret_placeholder(project: Path) -> None:
    config = load(project, "config: {apiKey: {secure: v1:abc}}")
    assert config.get("apiKey") == stack_file.PLACEHOLDER
    assert config.secret_keys == config.encrypted_keys == {"shop:apiKey"}


def test_an_encrypted_value_inside_of_a_map_makes_the_whole_key_secret(project: Path) -> None:
    config = load(project, "config: {settings: {a: [{secure: v1:abc}], b: 1}}")
    assert json.loads(config.get("settings") or "") == {"a": [stack_file.PLACEHOLDER], "b": 1}
    assert config.secret_keys == {"shop:settings"}


def test_a_map_with_more_than_secure_is_no_encrypted_value(project: Path) -> None:
    config = load(project, "config: {settings: {secure: a, other: b}}")
    assert not config.secret_keys


def test_a_plain_value_is_no_secret(project: Path) -> None:
    assert not load(project, "config: {apiKey: plain}").secret_keys


def test_a_file_without_config_is_empty(project: Path) -> None:
    assert load(project, "encryptionsalt: v1:abc\n").get("count") == "3"
    assert load(project, "").get("count") == "3"


def test_text_that_is_not_yaml_is_refused_with_file_and_line(project: Path) -> None:
    assert message(project, "config: [a\n") == (
        "Pulumi.dev.yaml is not valid YAML: line 2: did not find expected ',' or ']'"
    )


def test_a_file_that_is_no_text_is_refused(project: Path) -> None:
    assert message(project, b"config: \xff\xfe") == "Pulumi.dev.yaml is not UTF-8 text"


def test_a_repeated_key_is_refused_with_both_lines(project: Path) -> None:
    assert message(project, "config:\n  a: 1\n  a: 2\n") == (
        'Pulumi.dev.yaml is not valid YAML: line 3: the key "a" is already used in line 2'
    )


def test_a_key_given_bare_and_with_its_namespace_is_refused(project: Path) -> None:
    assert message(project, "config: {count: 1, shop:count: 2}") == (
        "Pulumi.dev.yaml: config key shop:count is given twice"
    )


def test_a_key_with_two_namespaces_is_refused_without_what_may_be_its_value(project: Path) -> None:
    assert message(project, "config:\n  shop:apiKey:hunter2:\n") == (
        "Pulumi.dev.yaml: config key shop:apiKey:... is not of the form namespace:name; "
        "a value is written after a colon and a space"
    )


def test_an_encrypted_value_inside_of_a_map_is_named_by_its_path(project: Path) -> None:
    config = load(project, r'config: {settings: {a: [1, {"b\e": {secure: v1:abc}}]}, apiKey: {secure: v1:abc}}')
    assert config.encrypted_fields == (r"shop:settings.a[1].b\x1b",)


@pytest.mark.parametrize("text", ["just text", "- a list"])
def test_a_file_that_is_no_map_is_refused(project: Path, text: str) -> None:
    assert message(project, text) == "Pulumi.dev.yaml must hold a map"


def test_config_that_is_no_map_is_refused(project: Path) -> None:
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
def test_a_value_of_another_type_than_declared_is_refused(project: Path, value: str, type_: str) -> None:
    key = value.split(":", maxsplit=1)[0]
    assert message(project, f"config: {{{value}}}") == (
        f"Pulumi.dev.yaml: shop:{key} must be of type {type_}, as Pulumi.yaml declares it"
    )


@pytest.mark.parametrize("value", ["count: '12'", "wanted: 'true'", "apiKey: 1.10"])
def test_text_that_reads_like_the_declared_type_is_accepted(project: Path, value: str) -> None:
    load(project, f"config: {{{value}}}")


def test_a_declared_key_without_default_is_required(project: Path) -> None:
    file = project / "Pulumi.yaml"
    file.write_text(file.read_text() + "  owner: {type: string}\n")
    assert message(project, "config: {}") == "Pulumi.dev.yaml: shop:owner is required by Pulumi.yaml and not set"


def test_a_missing_stack_file_is_answered_with_the_stacks_that_exist(project: Path) -> None:
    for name in ("prod", "dev"):
        (project / f"Pulumi.{name}.yaml").write_text("config: {}")
    with pytest.raises(SandboxError) as caught:
        stack_file.load(project, "test")
    assert str(caught.value) == "there is no stack file Pulumi.test.yaml; the stacks here: dev, prod"


def test_a_project_without_any_stack_file_is_named(project: Path) -> None:
    with pytest.raises(SandboxError, match="has no stack file at all"):
        stack_file.load(project, "dev")


def test_a_stack_name_cannot_lead_out_of_the_folder(project: Path) -> None:
    with pytest.raises(SandboxError, match="a stack's name has letters"):
        stack_file.load(project, "../dev")


def test_a_folder_without_project_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}")
    with pytest.raises(SandboxError, match=r"Pulumi\.yaml can't be read in"):
        stack_file.load(tmp_path, "dev")
