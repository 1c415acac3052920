"""Which environment variables hold the keys of which provider. Names and look-ups only: nothing is sent or written.

Keys stay in the environment: settings name a variable, and only a provider reads it, at the moment of the request.
"""

from __future__ import annotations

from collections.abc import Mapping

from secant.models.contract import ModelSettings

KEY_VARIABLES: Mapping[str, tuple[str, ...]] = {
    "openai": ("OPENAI_API_KEY",),
    "anthropic": ("ANTHROPIC_API_KEY",),
    "azure": ("AZURE_API_KEY",),
    "bedrock": ("AWS_SECRET_ACCESS_KEY", "AWS_BEARER_TOKEN_BEDROCK"),
    "cerebras": ("CEREBRAS_API_KEY",),
    "cohere": ("COHERE_API_KEY", "CO_API_KEY"),
    "deepseek": ("DEEPSEEK_API_KEY",),
    "fireworks_ai": ("FIREWORKS_AI_API_KEY", "FIREWORKS_API_KEY"),
    "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "github": ("GITHUB_API_KEY",),
    "groq": ("GROQ_API_KEY",),
    "huggingface": ("HF_TOKEN", "HUGGINGFACE_API_KEY"),
    "mistral": ("MISTRAL_API_KEY",),
    "nvidia_nim": ("NVIDIA_NIM_API_KEY",),
    "openrouter": ("OPENROUTER_API_KEY",),
    "perplexity": ("PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"),
    "replicate": ("REPLICATE_API_KEY",),
    "together_ai": ("TOGETHERAI_API_KEY", "TOGETHER_API_KEY"),
    "xai": ("XAI_API_KEY",),
}
BASE_URL_VARIABLES = ("OPENAI_BASE_URL", "OPENAI_API_BASE")
KEYLESS = frozenset({"ollama", "ollama_chat", "lm_studio", "llamafile", "hosted_vllm", "vllm"})
"""Providers that usually run on the user's own machine."""
_BARE_NAMES = {"gpt-": "openai", "chatgpt-": "openai", "o1": "openai", "o3": "openai", "o4": "openai"} | {
    "claude": "anthropic",
    "gemini": "gemini",
    "mistral": "mistral",
    "deepseek": "deepseek",
}
_SHORTEST_SECRET = 8


def provider_of(model: str) -> str:
    """The provider that a model's name says, `""` where it says none: `openai/gpt-4o` and `gpt-4o` are OpenAI's."""
    prefix, slash, _ = model.partition("/")
    if slash:
        return prefix
    return next((provider for start, provider in _BARE_NAMES.items() if model.startswith(start)), "")


def key_variables(settings: ModelSettings) -> tuple[str, ...]:
    """The variables in which the key of this model is looked for, the first that is set counts."""
    if settings.lent:
        return ()
    if settings.key_variable is not None:
        return (settings.key_variable,)
    provider = provider_of(settings.model)
    if provider in KEYLESS:
        return ()
    return KEY_VARIABLES.get(provider, (f"{provider.upper().replace('-', '_')}_API_KEY",) if provider else ())


def key_variable(settings: ModelSettings, environ: Mapping[str, str]) -> str | None:
    """The variable that holds the key now; None where none is set."""
    return next((name for name in key_variables(settings) if environ.get(name)), None)


def configured(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The providers that a key is set for, each with the variable that holds it. Never a key."""
    found = {p: next((n for n in names if environ.get(n)), None) for p, names in KEY_VARIABLES.items()}
    return {provider: name for provider, name in found.items() if name is not None}


def openai_base_url(environ: Mapping[str, str]) -> str | None:
    """Where the user's environment says that OpenAI's protocol is spoken."""
    return next((environ[name].rstrip("/") for name in BASE_URL_VARIABLES if environ.get(name)), None)


def secrets(environ: Mapping[str, str], *more: str) -> tuple[str, ...]:
    """The key values in the environment, the longest first; `more` are further variables that hold one."""
    names = {name for names in KEY_VARIABLES.values() for name in names} | set(more)
    values = {v for name, v in environ.items() if name in names or name.endswith(("_API_KEY", "_SECRET_ACCESS_KEY"))}
    return tuple(sorted((v for v in values if len(v) >= _SHORTEST_SECRET), key=lambda v: (-len(v), v)))
