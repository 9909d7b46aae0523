"""The sentences of a methods section: each says what was asked of a step or what came of it, with the place where that is recorded."""
