"""The audit log: what was done, written before and after, in formats that programs of others check. See docs/formats/audit.md."""
