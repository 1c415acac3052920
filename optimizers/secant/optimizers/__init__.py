"""One optimizer per file, each the four operations of `secant.optimizer` and nothing else.

An optimizer knows neither files, nor tests, nor models' providers, nor the editor. It is found by name in
`secant.registry`.
"""
