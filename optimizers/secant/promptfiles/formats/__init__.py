"""The formats of prompt files, one file each: bytes in, a `PromptDocument` out. They run nothing and ask nobody."""
