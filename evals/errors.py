"""What can go wrong in an evaluation.

    BylineError (index.errors)
    └── EvalError
        ├── CaseError         a case file cannot be used: names file, line and field
        ├── UnavailableError  the system under test cannot be built or reached
        ├── RecordError       a stored run or baseline cannot be read
        ├── PinError          the data or floors differ from what is pinned; never a verdict on quality
        └── UnfitJudgeError   the checks miss the floors of their own report card and may not gate

Each is a set-up error: the command ends with exit code 2, not with a verdict.
"""

from index.errors import BylineError


class EvalError(BylineError):
    """An evaluation cannot be made."""


class CaseError(EvalError):
    """A case file cannot be used."""


class UnavailableError(EvalError):
    """The system under test cannot be built or reached at all."""


class RecordError(EvalError):
    """A stored run, baseline or recorded answer cannot be read."""


class PinError(EvalError):
    """The data or the floors differ from what the baseline pins."""


class UnfitJudgeError(EvalError):
    """The checks miss the floors of their own report card."""
