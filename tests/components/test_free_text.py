"""Free text: refused by its field's name, or in AWS as it was written; never shell text, never a wildcard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from components import buildspec
from tests.components.free_text import GRANTED, NAMED

if TYPE_CHECKING:
    from tests.components.free_text import Free

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

EACH = pytest.mark.parametrize("free", [*NAMED, *GRANTED], ids=lambda free: f"{free.provider}-{free.path}")
FEW = examples(max_examples=20)


def texts(free: Free) -> st.SearchStrategy[str]:
    """Any text, or text that is nearly right for the field."""
    return TEXT | TEXT.map(free.near)


@EACH
def test_right_text_is_in_aws_as_it_was_written(free: Free) -> None:
    assert free.arrives(free.build(free.good)) == free.expected(free.good)


@EACH
@FEW
@given(data=st.data())
def test_any_text_is_refused_by_its_fields_name_or_in_aws_as_it_was_written(free: Free, data: st.DataObject) -> None:
    text = data.draw(texts(free))
    refused = free.refusals(text)

    arrived = None if refused else free.arrives(free.build(text))
    assert (refused, arrived) in [({free.path}, None), (set(), free.expected(text))]


@given(st.sampled_from([*NAMED, *GRANTED]).flatmap(lambda free: st.tuples(st.just(free), texts(free))))
@examples(suppress_health_check=[HealthCheck.filter_too_much])
def test_no_text_becomes_a_part_of_the_buildspec(case: tuple[Free, str]) -> None:
    free, text = case
    assume(not free.refusals(text))

    assert buildspec.render(free.settings(text)) == buildspec.render(free.settings(free.good))


@pytest.mark.parametrize("free", GRANTED, ids=lambda free: free.path)
@pytest.mark.parametrize("character", ["*", "?", "$", "${x}"])
@pytest.mark.parametrize("place", ["alone", "inside", "before"])
def test_no_wildcard_or_variable_is_accepted_where_a_policy_would_hold_it(
    free: Free, character: str, place: str
) -> None:
    text = {"alone": character, "inside": free.near(f"a{character}b"), "before": character + free.good}[place]

    assert free.refusals(text) == {free.path}
