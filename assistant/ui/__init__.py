"""The web page: a thin view of `Answer` beside the articles it cites.

    server        the application: who may come in, security headers, static files, start
    page          layout: the bar, the rooms, the reading column
    asking        room "Ask": conversation and composer
    filters       which articles a question is asked of
    beside        what the archive knows about an answer: what became of its sources, namesakes
    statements    room "Who said what"
    library       room "Library": what is in the archive; adding and removing
    history       room "History": conversations, and their documents
    evals         room "Evals": the last runs and what failed in them
    welcome       what stands where the conversation will be
    suggestions   questions that the archive can answer
    chat          question -> a turn that grows on the page
    render        `Answer` -> HTML
    sentences     answer text -> HTML with claims, verdicts and markers
    reading       what the script asks for -> the article, lit at its words
    article_view  `Article` -> HTML with spans lit
    html          templates, dates, links
    script        how the parts reach ``static/page.js``
    testing       the application on loopback, and a real browser

Text from articles, models and readers reaches the browser through the templates, which escape it, or
through the allowlist in `sentences`, and in no other way.
"""
