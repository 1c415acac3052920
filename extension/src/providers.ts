/** Providers of models and the environment variables of their keys, as the engine looks for them; a test compares. */

export interface Provider {
  /** What stands before the slash of a model's name. */
  readonly id: string;
  readonly label: string;
  readonly variable: string;
  /** Where else the engine looks. */
  readonly also?: string;
}

export const PROVIDERS: readonly Provider[] = [
  { id: 'anthropic', label: 'Anthropic', variable: 'ANTHROPIC_API_KEY' },
  { id: 'openai', label: 'OpenAI', variable: 'OPENAI_API_KEY' },
  { id: 'gemini', label: 'Google Gemini', variable: 'GEMINI_API_KEY', also: 'GOOGLE_API_KEY' },
  { id: 'openrouter', label: 'OpenRouter', variable: 'OPENROUTER_API_KEY' },
  { id: 'azure', label: 'Azure', variable: 'AZURE_API_KEY' },
  { id: 'bedrock', label: 'AWS Bedrock', variable: 'AWS_SECRET_ACCESS_KEY', also: 'AWS_BEARER_TOKEN_BEDROCK' },
  { id: 'cerebras', label: 'Cerebras', variable: 'CEREBRAS_API_KEY' },
  { id: 'cohere', label: 'Cohere', variable: 'COHERE_API_KEY', also: 'CO_API_KEY' },
  { id: 'deepseek', label: 'DeepSeek', variable: 'DEEPSEEK_API_KEY' },
  { id: 'fireworks_ai', label: 'Fireworks AI', variable: 'FIREWORKS_AI_API_KEY', also: 'FIREWORKS_API_KEY' },
  { id: 'github', label: 'GitHub Models', variable: 'GITHUB_API_KEY' },
  { id: 'groq', label: 'Groq', variable: 'GROQ_API_KEY' },
  { id: 'huggingface', label: 'Hugging Face', variable: 'HF_TOKEN', also: 'HUGGINGFACE_API_KEY' },
  { id: 'mistral', label: 'Mistral', variable: 'MISTRAL_API_KEY' },
  { id: 'nvidia_nim', label: 'NVIDIA NIM', variable: 'NVIDIA_NIM_API_KEY' },
  { id: 'perplexity', label: 'Perplexity', variable: 'PERPLEXITYAI_API_KEY', also: 'PERPLEXITY_API_KEY' },
  { id: 'replicate', label: 'Replicate', variable: 'REPLICATE_API_KEY' },
  { id: 'together_ai', label: 'Together AI', variable: 'TOGETHERAI_API_KEY', also: 'TOGETHER_API_KEY' },
  { id: 'xai', label: 'xAI', variable: 'XAI_API_KEY' },
];

/** The provider that a model's name begins with; undefined for one that is not listed here. */
export function providerOf(model: string): Provider | undefined {
  const [id] = model.split('/', 1);
  return model.includes('/') ? PROVIDERS.find((provider) => provider.id === id) : undefined;
}
