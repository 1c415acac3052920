"""The light bulb offers little, all of it works, and where it offers nothing it says why to whoever asks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from lsprotocol import types as lsp

from secant_server.actions import actions
from secant_server.proposals import Proposal
from secant_server.views import Shown
from tests.server.golden.samples import BASE, EDITED, NEW, PLAIN, TEXT, URI, Editor, at, proposal, run, shown

KIND = "refactor.rewrite.secant"
EDIT = lsp.WorkspaceEdit(changes={URI: []})
INSIDE = 11
"""A line of the body of `Basket.total`."""
HEAD = 9
PARSE = 25


def edit_of(proposal: Proposal, option: int) -> lsp.WorkspaceEdit | None:
    """Says which option was asked for."""
    return lsp.WorkspaceEdit(changes={f"{proposal.id}/{option}": []})


def no_edit(proposal: Proposal, option: int) -> lsp.WorkspaceEdit | None:
    return None


def asked(
    document: Shown,
    selection: lsp.Range,
    *,
    only: Sequence[str] | None = None,
    automatic: bool = False,
    fits: bool = True,
) -> list[lsp.CodeAction]:
    kind = lsp.CodeActionTriggerKind.Automatic if automatic else lsp.CodeActionTriggerKind.Invoked
    context = lsp.CodeActionContext(diagnostics=[], only=only, trigger_kind=kind)
    return actions(document, selection, context, edit_of if fits else no_edit)


def titles(found: Sequence[lsp.CodeAction]) -> list[str]:
    return [action.title for action in found]


def test_a_function_can_be_optimized_from_any_of_its_lines() -> None:
    (action,) = asked(shown(), at(INSIDE))
    assert action.title == "Optimize 'Basket.total' with Secant"
    assert action.kind == f"{KIND}.optimize"
    assert action.command == lsp.Command(
        title=action.title,
        command="secant.optimize",
        arguments=[{"uri": URI, "position": {"line": HEAD, "character": 0}}],
    )


def test_who_asks_for_refactorings_may_choose_the_goal() -> None:
    found = asked(shown(), at(INSIDE), only=["refactor"])
    assert titles(found) == [
        "Optimize 'Basket.total' with Secant",
        "Make 'Basket.total' faster",
        "Fix 'Basket.total'",
    ]
    goals = [action.command.arguments[0].get("goal") for action in found if action.command and action.command.arguments]
    assert goals == [None, "faster", "fix"]


@pytest.mark.parametrize(
    ("only", "number"),
    [
        ([""], 3),
        (["refactor.rewrite"], 3),
        ([lsp.CodeActionKind.RefactorRewrite], 3),
        ([KIND], 3),
        ([f"{KIND}.faster"], 1),
        (["quickfix"], 0),
        (["refactor.rewrite.sec"], 0),
        (["refactor.extract", f"{KIND}.fix"], 1),
    ],
)
def test_only_the_kinds_that_are_asked_for(only: Sequence[str], number: int) -> None:
    assert len(asked(shown(), at(INSIDE), only=only)) == number


def test_a_bulb_that_nobody_asked_for_appears_at_the_head_of_a_function_or_for_a_selection() -> None:
    assert asked(shown(), at(INSIDE), automatic=True) == []
    for head in (HEAD - 1, HEAD):
        assert titles(asked(shown(), at(head), automatic=True)) == ["Optimize 'Basket.total' with Secant"]
    assert len(asked(shown(), at(INSIDE, INSIDE + 1), automatic=True)) == 1


def test_the_innermost_function_around_the_whole_selection() -> None:
    assert titles(asked(shown(), at(PARSE + 2))) == ["Optimize 'parse.<locals>.digits' with Secant"]
    assert titles(asked(shown(), at(PARSE + 2, PARSE + 4))) == ["Optimize 'parse' with Secant"]


def test_a_selection_of_whole_lines_does_not_mean_the_line_where_it_ends() -> None:
    inner = lsp.Range(start=lsp.Position(line=PARSE + 1, character=0), end=lsp.Position(line=PARSE + 3, character=0))
    assert titles(asked(shown(), inner)) == ["Optimize 'parse.<locals>.digits' with Secant"]


def test_a_selection_around_a_function_means_it() -> None:
    outside = lsp.Range(start=lsp.Position(line=7, character=0), end=lsp.Position(line=16, character=0))
    assert titles(asked(shown(), outside)) == ["Optimize 'Basket.total' with Secant"]


def test_a_ready_proposal_is_applied_reviewed_or_dismissed() -> None:
    found = asked(shown(proposals=[proposal()]), at(INSIDE))
    assert titles(found) == [
        "Apply optimized 'Basket.total' (2.3x faster · 14/14 tests)",
        "Apply alternative 1 of 'Basket.total' (`seen` becomes a set · 3.0x faster · 14/14 tests)",
        "Review optimized 'Basket.total'",
        "Dismiss optimized 'Basket.total'",
        "Optimize 'Basket.total' with Secant",
    ]
    apply, alternative, review, dismiss, _ = found
    identity = proposal().id
    assert apply.data == {"proposal": identity, "option": 0} and apply.edit is None and apply.is_preferred
    assert alternative.data == {"proposal": identity, "option": 1} and not alternative.is_preferred
    assert review.command == lsp.Command(title="Review", command="secant.review", arguments=[identity, 0])
    assert dismiss.command and dismiss.command.arguments == [{"proposal": identity}]


def test_the_edit_comes_at_once_where_the_editor_would_not_ask_for_it() -> None:
    for client in (PLAIN, Editor(data=False), Editor(code_action_resolve_edit=False)):
        apply = asked(shown(proposals=[proposal()], client=client), at(INSIDE))[0]
        assert apply.data is None
        assert apply.edit == lsp.WorkspaceEdit(changes={f"{proposal().id}/0": []})


def test_an_edit_that_does_not_fit_disables_the_action() -> None:
    document = shown(proposals=[proposal()], client=Editor(data=False))
    assert asked(document, at(INSIDE), fits=False)[0].disabled
    assert not [
        t for t in titles(asked(shown(proposals=[proposal()], client=PLAIN), at(INSIDE), fits=False)) if "Apply" in t
    ]


def test_an_editor_without_a_comparison_of_its_own_gets_a_diff_file() -> None:
    found = asked(shown(proposals=[proposal()], client=PLAIN), at(INSIDE))
    (review,) = (action for action in found if action.title.startswith("Review"))
    assert review.command == lsp.Command(
        title="Review", command="secant.showDiff", arguments=[{"proposal": proposal().id, "option": 0}]
    )


def test_what_was_not_confirmed_says_so() -> None:
    found = asked(shown(proposals=[proposal(confirmed=False)]), at(INSIDE))
    assert "stopped before confirmation" in found[0].title


def test_a_stale_proposal_is_not_applied_but_can_be_run_again() -> None:
    found = asked(shown(EDITED, [proposal()]), at(INSIDE))
    assert titles(found) == [
        "Apply optimized 'Basket.total'",
        "Run again: 'Basket.total' changed since measured",
        "Dismiss optimized 'Basket.total'",
        "Optimize 'Basket.total' with Secant",
    ]
    assert found[0].disabled == lsp.CodeActionDisabled(
        reason="'Basket.total' changed since this was measured. Run it again."
    )
    assert found[0].edit is None and found[0].data is None and found[0].command is None
    assert found[1].command and found[1].command.command == "secant.rerun"
    plain = asked(shown(EDITED, [proposal()], client=PLAIN), at(INSIDE))
    assert titles(plain) == titles(found)[1:]


def test_nothing_is_left_of_a_proposal_that_was_applied_rejected_or_superseded() -> None:
    start = ["Optimize 'Basket.total' with Secant"]
    applied = shown(TEXT.replace(BASE, NEW), [proposal()])
    rejected = shown(TEXT, [proposal()], decisions={proposal().id: "rejected"})
    for document in (applied, rejected):
        assert titles(asked(document, at(HEAD))) == start


def test_of_several_proposals_the_newest_that_is_ready() -> None:
    older, newer = proposal(id="1", created=1.0), proposal(id="2", created=2.0)
    stale = proposal(id="3", created=3.0, base=BASE.replace("seen", "known"))
    found = asked(shown(proposals=[older, stale, newer]), at(INSIDE))
    assert found[0].data == {"proposal": "2", "option": 0}


def test_a_proposal_that_was_superseded_is_not_offered_even_where_it_is_the_newest() -> None:
    document = shown(proposals=[proposal()])
    ((only, place),) = document.proposals
    superseded = document._replace(proposals=[(only, place._replace(standing="superseded"))])
    assert titles(asked(superseded, at(INSIDE))) == ["Optimize 'Basket.total' with Secant"]
    older = (proposal(id="1", created=1.0), place)
    both = document._replace(proposals=[*superseded.proposals, older])
    assert asked(both, at(INSIDE))[0].data == {"proposal": "1", "option": 0}


def test_a_bulb_that_nobody_asked_for_leaves_the_alternatives_out() -> None:
    found = titles(asked(shown(proposals=[proposal()]), at(INSIDE), automatic=True))
    assert found[0].startswith("Apply optimized") and not [title for title in found if "alternative" in title]


def test_what_was_applied_later_explains_why_an_older_one_is_stale() -> None:
    older = proposal(id="1", created=1.0, base=BASE.replace("seen", "known"), options=(proposal().options[1],))
    applied = proposal(id="2", created=2.0)
    document = shown(TEXT.replace(BASE, NEW), [older, applied])
    assert titles(asked(document, at(HEAD))) == ["Optimize 'Basket.total' with Secant"]


def test_a_run_under_way_is_stopped_not_started_again() -> None:
    found = asked(shown(running=[run()]), at(INSIDE))
    assert titles(found) == ["Stop optimizing 'Basket.total' and keep the best so far"]
    assert found[0].command and found[0].command.arguments == [{"run": run().id}]


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        (6, TEXT, "There is no function here"),  # class body
        (2, TEXT, "There is no function here"),  # lambda
        (22, TEXT, "overload of 'parse'"),
        (33, TEXT, "'later' is a stub"),
        (3, "def f():\n    return 1\n\ndef g(:\n", "The file does not parse (line 4"),
    ],
)
def test_where_there_is_nothing_to_optimize_only_who_asks_hears_why(line: int, text: str, reason: str) -> None:
    document = shown(text)
    assert asked(document, at(line)) == []
    assert asked(document, at(line), only=["quickfix"]) == []
    (action,) = asked(document, at(line), only=["refactor.rewrite"])
    assert action.disabled is not None and reason in action.disabled.reason
    assert action.command is None
    assert asked(shown(text, client=PLAIN), at(line), only=["refactor.rewrite"]) == []


@pytest.mark.parametrize(
    "body",
    [
        "...",
        "pass",
        "pass  # later",
        '"""Only a docstring."""',
        "'once'",
        '"""Long.\n\n    """',
        "raise NotImplementedError('x')",
    ],
)
def test_a_body_that_does_nothing_is_a_stub(body: str) -> None:
    assert asked(shown(f"def f():\n    {body}\n"), at(0)) == []


@pytest.mark.parametrize(
    "body", ["return ...", "return 'pass'", "raise ValueError", "x = 1; pass", '"""Doc."""; return 1']
)
def test_a_body_that_does_something_is_none(body: str) -> None:
    assert len(asked(shown(f"def f():\n    {body}\n"), at(0))) == 1


def test_a_document_that_is_declined_has_nothing() -> None:
    document = shown(proposals=[proposal()], declined="This is a cell of a notebook.")
    assert asked(document, at(INSIDE)) == []
    (action,) = asked(document, at(INSIDE), only=[KIND])
    assert action.disabled == lsp.CodeActionDisabled(reason="This is a cell of a notebook.")
