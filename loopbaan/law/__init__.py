"""What the law says: dated numbers and pure rules. No clock, row or setting; see docs/law.md."""
