"""What can go wrong in the assistant. Index errors (`index.errors`) pass through unchanged.

    BylineError (index.errors)
    ├── QuestionError              empty or longer than the limit
    └── ModelError                 the model gave no usable draft; never reaches the reader as a failure
        ├── ModelUnreachable       refused, unknown host, broken connection before the first token
        ├── ModelRefused           4xx: wrong key, unknown model, bad request; 429 after all retries
        ├── ModelTimeout           connect, first-token, between-token or total deadline
        ├── ModelTruncated         the stream ended, or was cut, without a finish reason
        ├── ModelMalformed         not JSON, HTML, no text, tool calls, a line over the limit
        ├── ModelOverBudget        the token or cost budget is spent
        └── ModelCancelled         the reader stopped it

A message never holds a key, a header or a body that could hold one.
"""

from index.errors import BylineError


class QuestionError(BylineError):
    """The question is empty or longer than the limit."""


class ModelError(BylineError):
    """The model gave no usable draft."""


class ModelUnreachable(ModelError):
    """Refused, unknown host, or a connection broken before the first token."""


class ModelRefused(ModelError):
    """The endpoint answered 4xx, or 429 after all retries."""


class ModelTimeout(ModelError):
    """A connect, first-token, between-token or total deadline passed."""


class ModelTruncated(ModelError):
    """The stream ended, or was cut, without a finish reason."""


class ModelMalformed(ModelError):
    """The endpoint answered with something that is no chat completion."""


class ModelOverBudget(ModelError):
    """The token or cost budget is spent."""


class ModelCancelled(ModelError):
    """The reader stopped the answer."""
