"""The JSON Schemas for editors, generated from the models of the configuration.

They use draft 7 and repeat each part where it is used, because editors support that best.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from components.config import STACK_KEYS, IntegrationSettings, NotificationSettings, StackOutput, StackSecret
from components.config.entries import OF_ONE_INTEGRATION
from components.config.fields import IntegrationName, Matching
from components.config.merge import CHOICES
from components.config.raw import NAMESPACE

Schema = dict[str, Any]

PROJECT = NAMESPACE

DESCRIPTIONS: Mapping[str, str] = {
    "apiKey": "API key of Conviso Platform; set it with `pulumi config set --secret apiKey`",
    "secret": "Where the API key is kept in AWS Secrets Manager",
    "notifications": "Who is notified when builds end",
    "integrationFiles": "Paths of YAML files with further integrations, such as `teams/*.yaml`",
    "defaults": "Fields that every integration inherits: any but `projectKey` and `projectName`",
    "integrations": "One entry for each repository; its name is part of the names of its resources",
}
"""The description of each key of a stack."""


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, which here also includes the patterns that the configuration checks itself."""

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> Schema:
        made = super().function_after_schema(schema)
        check = schema["function"]["function"]
        if isinstance(check, Matching):
            made["patternErrorMessage"] = f"must be {check.rule}"
            if _is_portable(check.pattern.pattern):
                made["pattern"] = f"^(?:{check.pattern.pattern})$"
        return made


def _is_portable(pattern: str) -> bool:
    """Whether a JavaScript engine reads the pattern as Python does."""
    return not any(special in pattern for special in ("(?i", r"\w", r"\s"))


def _schema_of(annotation: Any) -> Schema:
    made = TypeAdapter(annotation).json_schema(schema_generator=_Generator)
    definitions = made.pop("$defs", {})
    return _plain(_written_out(made, definitions))


def stack_output_schema() -> Schema:
    """The schema of an output of another stack, which may replace a value."""
    return _schema_of(StackOutput)


def integration_schema() -> Schema:
    """The schema of a complete integration, after the defaults were merged in."""
    return _schema_of(IntegrationSettings)


def stack_secret_schema() -> Schema:
    """The schema of the stack's `secret`."""
    return _schema_of(StackSecret)


def notifications_schema() -> Schema:
    """The schema of the stack's `notifications`."""
    return _schema_of(NotificationSettings)


def stack_file_schema() -> Schema:
    """The schema of a whole `Pulumi.<stack>.yaml`.

    Raises AssertionError if it lacks a key of a stack.
    """
    parts = {
        "apiKey": {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {"secure": {"type": "string"}},
                    "required": ["secure"],
                    "additionalProperties": False,
                },
                {"const": ""},
            ]
        },
        "secret": stack_secret_schema(),
        "notifications": notifications_schema(),
        "defaults": _defaults(_partial(integration_schema())),
        "integrationFiles": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "integrations": _integrations(),
    }
    if parts.keys() != set(STACK_KEYS):
        raise AssertionError(f"the stack's keys are {STACK_KEYS}, the schema's {tuple(parts)}")
    keys = {f"{PROJECT}:{key}": {**_for_editors(part), "description": DESCRIPTIONS[key]} for key, part in parts.items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Stack configuration of {PROJECT}",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "anyOf": [{"required": [f"{PROJECT}:{key}"]} for key in ("integrations", "integrationFiles")],
                "properties": keys,
                # Keys in other namespaces, such as aws:region, are not checked here.
                "patternProperties": {f"^(?!{PROJECT}:)": {}},
                "additionalProperties": False,
            }
        },
        "definitions": {"integration": _for_editors(_partial(integration_schema()))},
    }


def integration_file_schema() -> Schema:
    """The schema of a file of `integrationFiles`."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Integrations of {PROJECT}",
        **_integrations(),
        "definitions": {"integration": _for_editors(_partial(integration_schema()))},
    }


def _integrations() -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "patternProperties": {_name_pattern(): _nullable({"$ref": "#/definitions/integration"})},
        "additionalProperties": False,
    }


def _for_editors(schema: Schema) -> Schema:
    """The schema without the defaults that depend on other fields, which an editor could not show as a value."""
    unknown = {"x-default", "default"} if "x-default" in schema else set()
    return _inside({key: value for key, value in schema.items() if key not in unknown}, _for_editors)


def _name_pattern() -> str:
    (pattern,) = _schema_of(dict[IntegrationName, Any])["patternProperties"]
    return str(pattern)


def _defaults(integration: Schema) -> Schema:
    inherited = [name for name in integration["properties"] if name not in OF_ONE_INTEGRATION]
    return {
        "type": ["object", "null"],
        "properties": {name: {"$ref": f"#/definitions/integration/properties/{name}"} for name in inherited},
        "additionalProperties": False,
    }


def _written_out(schema: Any, definitions: Schema) -> Any:
    """The schema with each reference replaced by its target. Keys beside a reference take precedence."""
    if isinstance(schema, list):
        return [_written_out(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    beside = {key: _written_out(value, definitions) for key, value in schema.items() if key != "$ref"}
    if "$ref" not in schema:
        return beside
    return _written_out(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions) | beside


def _plain(schema: Schema) -> Schema:
    """The schema without titles, without defaults that are maps or absent, and without null beside a type."""
    made = {key: value for key, value in schema.items() if key != "title"}
    if "description" in made:
        made["description"] = made["description"].split("\n\n")[0]
    if isinstance(made.get("default"), dict | list | None):
        made.pop("default", None)
    alternatives = [each for each in made.get("anyOf", []) if each != {"type": "null"}]
    if len(alternatives) == 1:
        return _plain({**alternatives[0], **{key: value for key, value in made.items() if key != "anyOf"}})
    if alternatives:
        made["anyOf"] = alternatives
    if "patternProperties" in made:
        made["additionalProperties"] = False
    return _inside(made, _plain)


def _partial(schema: Schema) -> Schema:
    """The same fields, none of them required, since defaults may provide them; null removes an inherited value."""
    if schema == stack_output_schema():
        return schema
    made = {key: value for key, value in schema.items() if key not in {"required", "oneOf"}}
    if "pattern" not in made:
        made.pop("patternErrorMessage", None)
    if not made.get("propertyNames", {}).keys() - {"patternErrorMessage"}:
        made.pop("propertyNames", None)
    if "oneOf" in schema:
        # A map that does not name its alternative may match several.
        made["anyOf"] = schema["oneOf"]
        made.update(_choosing(schema["oneOf"]))
    made = _inside(made, _partial)
    for key in ("properties", "patternProperties"):
        if key in made:
            made[key] = {name: _nullable(each) for name, each in made[key].items()}
    if isinstance(made.get("additionalProperties"), dict):
        made["additionalProperties"] = _nullable(made["additionalProperties"])
    return made


def _choosing(alternatives: Sequence[Schema]) -> Schema:
    """The field that selects an alternative, with all choices; an editor would otherwise offer those of only one."""
    for name in sorted({name for choice in CHOICES.values() for name in choice.keys}):
        choices = [each for fields in alternatives for each in _choices(fields.get("properties", {}).get(name, {}))]
        if choices:
            return {"properties": {name: {"enum": choices}}}
    return {}


def _choices(field: Schema) -> list[Any]:
    return field.get("enum") or [field[key] for key in ("const",) if key in field]


def _nullable(schema: Schema) -> Schema:
    made = dict(schema)
    if "$ref" in made:
        return {"anyOf": [made, {"type": "null"}]}
    if "const" in made:
        made["enum"] = [made.pop("const")]
    if "enum" in made:
        made["enum"] = [*made["enum"], None]
    if "type" in made:
        made["type"] = [made["type"], "null"]
    if "anyOf" in made:
        made["anyOf"] = [*made["anyOf"], {"type": "null"}]
    return made


def _inside(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """The schema with `change` applied to each schema directly inside it."""
    made = dict(schema)
    for key in ("properties", "patternProperties"):
        if key in made:
            made[key] = {name: change(each) for name, each in made[key].items()}
    for key in ("anyOf", "oneOf"):
        if key in made:
            made[key] = [change(each) for each in made[key]]
    for key in ("items", "additionalProperties"):
        if isinstance(made.get(key), dict):
            made[key] = change(made[key])
    return made
