"""Grounding evals for any system that answers from articles: no key, no network, no model.

Read in this order: `types` (a case, an answer, a score), `cases` (JSONL in), `systems` (who answers),
`scorers` (one small function for each metric), `run` (cases x system), `statistics`, `record` (the
result as bytes), `report`, `gate`, `card` (how good the evaluator itself is).
"""
