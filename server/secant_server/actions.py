"""Code actions: what the light bulb and the refactor menu offer at a place.

Pure: a document, a selection and what the editor asks for go in, actions come out. The list is short, because it is
shown on every line of a function: one way to start, and what can be done with a proposal that is ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lsprotocol import types as lsp

from secant.judging import kind_of
from secant_server import names, places, sentences, starts
from secant_server.places import Offer, offers, place, running
from secant_server.proposals import Proposal
from secant_server.targets import Target
from secant_server.views import RunView, Shown

KIND = f"{lsp.CodeActionKind.RefactorRewrite.value}.secant"

EditOf = Callable[[Proposal, int], lsp.WorkspaceEdit | None]
"""The edit that applies an option to the document as it is now; None where it does not fit."""

_MOST_ALTERNATIVES = 3


def actions(
    shown: Shown, selection: lsp.Range, context: lsp.CodeActionContext, edit_of: EditOf
) -> list[lsp.CodeAction]:
    """All that is offered for the selection."""
    first = places.selected(selection).first
    for there in shown.elsewhere:
        if there.naming is not None and there.naming.line == first and there.outline.targets:
            line = lsp.Position(line=there.outline.targets[0].line, character=0)
            return actions(there, lsp.Range(start=line, end=line), context, edit_of)
    target, reason = place(shown, selection)
    if reason or target is None:
        found = _declined(shown, reason, context)
    else:
        found = _offered(shown, target, selection, context, edit_of)
    return [action for action in found if _wanted(action, context) and _shown_to(action, shown)]


def review_command(shown: Shown, proposal: Proposal, option: int = 0) -> lsp.Command:
    """The editor's own comparison, or a file with the difference where it has none."""
    title = sentences.REVIEW
    if shown.client.review:
        return lsp.Command(title=title, command="secant.review", arguments=[proposal.id, option])
    return server_command(title, "secant.showDiff", proposal=proposal.id, option=option)


def server_command(title: str, command: str, **argument: Any) -> lsp.Command:
    """A command of the server, all of which take one object."""
    return lsp.Command(title=title, command=command, arguments=[argument])


def _offered(
    shown: Shown, target: Target, selection: lsp.Range, context: lsp.CodeActionContext, edit_of: EditOf
) -> Iterator[lsp.CodeAction]:
    offer = offers(shown).get(target.line)
    if offer is not None:
        yield from _of_proposal(shown, offer, context, edit_of)
    run = running(shown).get(target.line)
    if run is not None:
        yield _stop(target, run)
    elif offer is not None or _points_at(target, selection) or _is_asked_for(target, context):
        yield from _starts(shown, target, context)


def _of_proposal(
    shown: Shown, offer: Offer, context: lsp.CodeActionContext, edit_of: EditOf
) -> Iterator[lsp.CodeAction]:
    proposal, noun = offer.proposal, _noun(offer.proposal, offer.target)
    done = f"{sentences.WORDS[proposal.kind].done} {noun}"
    if offer.placed.standing == "stale":
        apply = _action(f"Apply {done}", "apply")
        apply.disabled = lsp.CodeActionDisabled(reason=sentences.changed(proposal))
        yield apply
        again = f"Run again: {noun} {sentences.CHANGED}"
        yield _action(again, "rerun", server_command(again, "secant.rerun", proposal=proposal.id))
    else:
        yield _apply(shown, offer, 0, edit_of)
        if not _unasked(context):
            alternatives = range(1, min(len(proposal.options), _MOST_ALTERNATIVES + 1))
            yield from (_apply(shown, offer, index, edit_of) for index in alternatives)
        yield _action(f"Review {done}", "review", review_command(shown, proposal))
    dismiss = f"Dismiss {done}"
    yield _action(dismiss, "dismiss", server_command(dismiss, "secant.reject", proposal=proposal.id))


def _apply(shown: Shown, offer: Offer, index: int, edit_of: EditOf) -> lsp.CodeAction:
    proposal, noun, client = offer.proposal, _noun(offer.proposal, offer.target), shown.client
    option = proposal.options[index]
    summary = sentences.summary(option, proposal.judges)
    unconfirmed = "" if proposal.confirmed else sentences.UNCONFIRMED
    if index == 0:
        done = sentences.WORDS[proposal.kind].done
        title = f"Apply {done} {noun} ({sentences.joined(summary, unconfirmed)})"
    else:
        facts = sentences.joined(sentences.one_line(option.rationale, 60), summary)
        title = f"Apply alternative {index} of {noun} ({facts})"
    action = _action(title, "apply")
    action.is_preferred = True if index == 0 and client.is_preferred else None
    if client.data and client.code_action_resolve_edit:
        action.data = {"proposal": proposal.id, "option": index}
        return action
    action.edit = edit_of(proposal, index)
    if action.edit is None:
        action.disabled = lsp.CodeActionDisabled(reason=sentences.changed(proposal))
    return action


def _noun(proposal: Proposal, target: Target) -> str:
    return names.noun(proposal.kind, target.name)


def _stop(target: Target, run: RunView) -> lsp.CodeAction:
    kind = kind_of(run.judges)
    title = sentences.stopping(run.doing, names.noun(kind, target.name))
    return _action(title, "stop", server_command(title, "secant.stop", run=run.id))


def _starts(shown: Shown, target: Target, context: lsp.CodeActionContext) -> Iterator[lsp.CodeAction]:
    for start in starts.starts(shown.uri, target, shown.naming):
        if start.usual or context.only:
            yield _action(start.title, start.name, start.called(start.title))


def _declined(shown: Shown, reason: str, context: lsp.CodeActionContext) -> Iterator[lsp.CodeAction]:
    """Silence, unless somebody asks for just these actions: then why there are none."""
    if context.only:
        name, title = starts.declined(shown.outline.kind)
        action = _action(title, name)
        action.disabled = lsp.CodeActionDisabled(reason=reason)
        yield action


def _action(title: str, kind: str, command: lsp.Command | None = None) -> lsp.CodeAction:
    return lsp.CodeAction(title=title, kind=f"{KIND}.{kind}", command=command)


def _shown_to(action: lsp.CodeAction, shown: Shown) -> bool:
    return action.disabled is None or shown.client.code_action_disabled


def _wanted(action: lsp.CodeAction, context: lsp.CodeActionContext) -> bool:
    """Kinds are a hierarchy: `refactor` asks for `refactor.rewrite.secant.apply` too, and the empty kind for all."""
    if not context.only:
        return True
    kind = f"{action.kind}."
    asked = (wanted.value if isinstance(wanted, lsp.CodeActionKind) else wanted for wanted in context.only)
    return any(not wanted or kind.startswith(f"{wanted}.") for wanted in asked)


def _unasked(context: lsp.CodeActionContext) -> bool:
    return context.trigger_kind == lsp.CodeActionTriggerKind.Automatic


def _is_asked_for(target: Target, context: lsp.CodeActionContext) -> bool:
    """By key or menu; what is not usual only by its kind."""
    return not _unasked(context) and (target.usual or bool(context.only))


def _points_at(target: Target, selection: lsp.Range) -> bool:
    """The cursor is on the head of the target, or something is selected: a bulb on every line says nothing."""
    on_head = target.head.start <= selection.start.line < target.head.end
    return selection.start != selection.end or (target.usual and on_head)
