"""The web page: a thin view of `Answer` beside the articles it cites.

    server       FastAPI application, security headers, static files, start
    page         layout: Gradio blocks and the events that join them
    chat         question -> streamed turns
    render       `Answer` -> HTML
    sentences    answer text -> HTML with claims, verdicts and markers
    article_view `Article` -> HTML with the cited spans lit
    library      what is in the archive; adding and removing
    html         escaping, dates, links: the small change of the others

Text from articles, models and readers reaches the browser through `html` (escaped) or through the
allowlist in `sentences`, and in no other way.
"""
