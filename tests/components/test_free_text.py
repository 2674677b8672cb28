"""Free text is either refused at its field or arrives in AWS unchanged; it never becomes shell text or a wildcard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from components import buildspec
from tests.components.free_text import GRANTED, NAMED

if TYPE_CHECKING:
    from tests.components.free_text import FreeTextField

HOSTILE = (
    "$(touch x)",
    "`id`",
    "a; rm -rf /",
    "a' || 'b",
    '"; exit 0; "',
    "${AWS_SECRET_ACCESS_KEY}",
    "*",
    "a*b",
    "a?b",
    "${aws:username}",
    ".*",
    "^a|b$",
    "a\nb",
    "a\0b",
    "../../a",
    "END_OF_CONVISO_FILE",
    "-rf",
    "ünï/ço de",
    " ",
    "a",
    "a.zip",
    "a b/c.zip",
    "folder/",
    "/a/",
    "https://a.example/x",
    "acme/build:1",
    "123456789012.dkr.ecr.us-east-1.amazonaws.com/a/b:1",
)
TEXT = (
    st.sampled_from(HOSTILE)
    | st.text(st.sampled_from("ab1/._-*?$(){}[]|&;'\"`\\ \n:@+=~#é"), max_size=12)
    | st.text("abc019", min_size=3, max_size=12)
    | st.text(max_size=12)
)

EACH = pytest.mark.parametrize("field", [*NAMED, *GRANTED], ids=lambda field: f"{field.provider}-{field.path}")
FEW_EXAMPLES = examples(max_examples=20)


def texts(field: FreeTextField) -> st.SearchStrategy[str]:
    """Generate any text, or text that is almost valid for the field."""
    return TEXT | TEXT.map(field.nearly_valid)


@EACH
def test_valid_text_arrives_in_aws_unchanged(field: FreeTextField) -> None:
    assert field.find(field.build(field.valid)) == field.expected(field.valid)


@EACH
@FEW_EXAMPLES
@given(data=st.data())
def test_any_text_is_refused_at_its_field_or_arrives_in_aws_unchanged(
    field: FreeTextField, data: st.DataObject
) -> None:
    text = data.draw(texts(field))
    refused = field.refusals(text)

    arrived = None if refused else field.find(field.build(text))
    assert (refused, arrived) in [({field.path}, None), (set(), field.expected(text))]


@given(st.sampled_from([*NAMED, *GRANTED]).flatmap(lambda field: st.tuples(st.just(field), texts(field))))
@examples(suppress_health_check=[HealthCheck.filter_too_much])
def test_no_text_becomes_part_of_the_buildspec(case: tuple[FreeTextField, str]) -> None:
    """Without this, text from a stack file can run as a command of the build."""
    field, text = case
    assume(not field.refusals(text))

    assert buildspec.render(field.settings(text)) == buildspec.render(field.settings(field.valid))


@pytest.mark.parametrize("field", GRANTED, ids=lambda field: field.path)
@pytest.mark.parametrize("character", ["*", "?", "$", "${x}"])
@pytest.mark.parametrize("place", ["alone", "inside", "before"])
def test_no_wildcard_or_policy_variable_is_accepted_in_a_field_that_a_policy_holds(
    field: FreeTextField, character: str, place: str
) -> None:
    """Without this, a `*` in a stack file grants the build's role access to more than one resource."""
    text = {"alone": character, "inside": field.nearly_valid(f"a{character}b"), "before": character + field.valid}[
        place
    ]

    assert field.refusals(text) == {field.path}
