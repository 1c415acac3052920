"""A prompt file as artifact: its text within its format, its eval data, its metrics, the run behind `secant refine`.

Reads and writes prompt files without touching a byte but the prompt's text. Sees models through
`optimizer.LanguageModel` alone; code of the user's (a metric in Python) runs in the confined worker of `functions/`,
never here; nothing here knows an optimizer.
"""
