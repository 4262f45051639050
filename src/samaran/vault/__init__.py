"""The vault: originals sealed under an informant's key, and the keys that open them. See docs/formats/vault.md."""
