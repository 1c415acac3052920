"""The evaluation worker: runs in the USER's interpreter, where Secant and its dependencies are not installed.

Standard library (and the user's own pytest) only, Python 3.9 and newer, one thread. It collects the tests once, forks
a child for every candidate, swaps the candidate's code in, and answers over a pipe that no child inherits. It decides
nothing: which texts, which tests and which limits come from the engine, and what comes back are plain results.

`launch` starts it; `protocol` speaks with the engine; `overlay` serves texts that are not on disk; `unit` compiles and
swaps a function's code; `probes` counts lines, ticks and calls; `session` runs collected tests; `collected` is what all
of them share; `children` forks and reaps; `warm` answers requests in a process that has collected; `fresh` in one that
imports anew for every candidate; `screen` runs many candidates in one child; `bench` times and compares on recorded
calls; `check` judges texts that are no functions, `metric` many answers by one function of the user's.

The package is loaded under the private name `_secant_worker`, so it cannot collide with anything of the user's.
"""
