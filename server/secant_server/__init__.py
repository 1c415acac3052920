"""The language server: what an editor shows of Secant, and when a proposal may be applied.

It decides what is offered, shown, stale and applied, in any editor that speaks LSP. It runs no code of the user's and
no search: each run is a child process (`secant.machine`) that tells its events. Of `secant` it imports the events, the
requests, the journal and what reads files and projects, nothing that searches.
"""
