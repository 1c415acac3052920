"""Models: every request to a language model passes through the gateway of this room, and through nothing else.

Three levels (program, optimizer, meta) each with a model of its own; a provider behind the gateway carries requests
out. litellm is imported here alone, and only when it is first needed. Optimizers and evaluators see
`secant.optimizer.LanguageModel`, never a provider. Nothing here knows what a prompt is about.
"""
