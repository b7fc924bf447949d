"""Pure rules of promises: business time, the ladder of steps, the verdict. No Django, no I/O, no clock."""


class InvalidRule(ValueError):
    """A setting of the Agreement that cannot be meant: which field, what is wrong, and how to put it right."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(field, problem, remedy)
        self.field = field
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}. {self.remedy}."
