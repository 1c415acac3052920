"""The documents that the server writes: addresses, a proposal in the buffer as it is now, a diff that applies."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant_server import documents
from secant_server.documents import ProposalDocument, RunDocument
from secant_server.outline import outline
from tests.server.golden.compare import assert_golden
from tests.server.golden.samples import BASE, NEW, OTHER, TEXT, proposal

ROOT = Path("/project")


@given(identity=st.text(min_size=1), option=st.integers(0, 99), name=st.text(min_size=1).map(lambda n: f"{n}.py"))
def test_an_address_is_read_back_whatever_the_names(identity: str, option: int, name: str) -> None:
    name = name.replace("/", "").replace("\0", "")
    named = proposal(
        id=identity.encode("utf-8", "ignore").decode() or "x", path=ROOT / name.encode("utf-8", "ignore").decode()
    )
    assert documents.parse(documents.proposal_uri(named, option)) == ProposalDocument(named.id, option)
    assert documents.parse(documents.run_uri(named.id)) == RunDocument(named.id)
    assert documents.parse(documents.run_uri(named.id, "outer.<locals>.größe")) == RunDocument(named.id)


def test_the_addresses_as_they_are() -> None:
    assert documents.proposal_uri(proposal(), 1) == "secant:/proposal/20260131-142533120-9f3a/1/basket.py"
    assert documents.run_uri("20260131-142533120-9f3a") == "secant:/run/20260131-142533120-9f3a/report.md"
    assert documents.run_uri("r1", "Basket.total") == "secant:/run/r1/Basket.total.md"


@pytest.mark.parametrize(
    "uri",
    [
        "file:///proposal/1/0/a.py",
        "secant:/proposal/1/a.py",
        "secant:/proposal/1/-1/a.py",
        "secant:/proposal/1/²/a.py",
        "secant:/run/1/else.txt",
        "secant:",
        "secant://[",
        "",
    ],
)
def test_any_other_address_names_nothing(uri: str) -> None:
    assert documents.parse(uri) is None


def test_a_proposal_is_shown_in_the_buffer_as_it_is_now() -> None:
    for text in (TEXT, f"import os\n\n{TEXT}", TEXT.replace("\n", "\r\n")):
        made = documents.proposal_text(proposal(), 0, text, outline(text))
        ends = "\r\n" if "\r\n" in text else "\n"
        assert made == text.replace(BASE.replace("\n", ends), NEW.replace("\n", ends))
    other = documents.proposal_text(proposal(), 1, TEXT, outline(TEXT))
    assert other == TEXT.replace(BASE, OTHER)


def test_a_proposal_that_is_in_the_buffer_changes_nothing() -> None:
    applied = TEXT.replace(BASE, NEW)
    assert documents.proposal_text(proposal(), 0, applied, outline(applied)) == applied


def test_a_proposal_that_does_not_fit_says_so_and_shows_the_buffer() -> None:
    edited = TEXT.replace("seen", "known")
    made = documents.proposal_text(proposal(), 0, edited, outline(edited))
    assert made == f"# Secant: 'Basket.total' changed since this was measured. Run it again.\n{edited}"


def test_the_diff_for_editors_without_documents() -> None:
    assert_golden("review.diff", documents.diff_text(proposal(), 0, TEXT, outline(TEXT), ROOT))
    assert_golden("review-alternative.diff", documents.diff_text(proposal(), 1, TEXT, outline(TEXT), ROOT))
    edited = TEXT.replace("seen", "known")
    stale = documents.diff_text(proposal(), 0, edited, outline(edited), ROOT)
    assert "changed since this was measured" in stale and "@@" not in stale


@pytest.mark.parametrize(
    "text", [TEXT, BASE.replace("    @", "@").replace("\n    ", "\n").rstrip("\n")], ids=["whole", "unended"]
)
def test_the_diff_applies(text: str, tmp_path: Path) -> None:
    offered = proposal()
    if text is not TEXT:  # a function that ends the file, without a line end
        offered = proposal(
            name="total",
            base=f"{text}\n",
            options=(offered.options[0].model_copy(update={"source": "def total(self):\n    return 1\n"}),),
        )
    file = tmp_path / "shop/basket.py"
    file.parent.mkdir()
    file.write_bytes(text.encode())
    diff = documents.diff_text(offered, 0, text, outline(text), ROOT)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=diff.encode(), check=True)
    assert file.read_bytes().decode() == documents.proposal_text(offered, 0, text, outline(text))


def test_texts_of_many_lines_stay_in_the_head() -> None:
    patch = "one\n--- a/x\n+++ b/x\n@@ -1 +1 @@"
    head, _, hunks = documents.diff_text(proposal(evidence=(patch,)), 0, TEXT, outline(TEXT), ROOT).partition("\n\n")
    assert all(line.startswith("# ") for line in head.split("\n"))
    assert hunks == documents.diff_text(proposal(), 0, TEXT, outline(TEXT), ROOT).partition("\n\n")[2]
    unknown = proposal(name="f\nimport os")
    assert documents.diff_text(unknown, 0, TEXT, outline(TEXT), ROOT).count("\nimport os") == 0
    assert documents.proposal_text(unknown, 0, TEXT, outline(TEXT)).split("\n")[1:] == TEXT.split("\n")
