"""The first tables, as `index.schema` describes them."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = (
    """
    CREATE TABLE articles (
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        cluster TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE INDEX ix_articles_cluster ON articles (cluster)
    """,
    """
    CREATE TABLE cursors (
        "index" TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY ("index")
    )
    """,
    """
    CREATE TABLE embeddings (
        "key" TEXT NOT NULL,
        vector BLOB NOT NULL,
        PRIMARY KEY ("key")
    )
    """,
    """
    CREATE TABLE facts (
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE journal (
        number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        article_id TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE signature_bands (
        band BLOB NOT NULL,
        article_id TEXT NOT NULL,
        PRIMARY KEY (band, article_id),
        FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_signature_bands_article_id ON signature_bands (article_id)
    """,
    """
    CREATE TABLE signatures (
        article_id TEXT NOT NULL,
        signature BLOB NOT NULL,
        PRIMARY KEY (article_id),
        FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE versions (
        article_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        outlet TEXT,
        authors TEXT NOT NULL,
        url TEXT,
        published TEXT,
        published_epoch FLOAT,
        published_from TEXT NOT NULL,
        updated TEXT,
        ingested TEXT NOT NULL,
        language TEXT,
        source TEXT NOT NULL,
        raw_digest TEXT NOT NULL,
        content_digest TEXT NOT NULL,
        PRIMARY KEY (article_id, version),
        FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_versions_outlet ON versions (outlet)
    """,
    """
    CREATE INDEX ix_versions_published_epoch ON versions (published_epoch)
    """,
    """
    CREATE TABLE chunks (
        id TEXT NOT NULL,
        article_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        embedding_key TEXT NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(article_id, version) REFERENCES versions (article_id, version) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_chunks_article_id ON chunks (article_id)
    """,
    """
    CREATE INDEX ix_chunks_embedding_key ON chunks (embedding_key)
    """,
    """
    CREATE TABLE quotes (
        article_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        version INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        kind TEXT NOT NULL,
        speaker TEXT,
        speaker_start INTEGER,
        speaker_end INTEGER,
        cue TEXT,
        cue_start INTEGER,
        cue_end INTEGER,
        polarity TEXT NOT NULL,
        PRIMARY KEY (article_id, number),
        FOREIGN KEY(article_id, version) REFERENCES versions (article_id, version) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_quotes_speaker ON quotes (speaker)
    """,
    """
    CREATE TABLE topics (
        article_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (article_id, number, name),
        FOREIGN KEY(article_id, number) REFERENCES quotes (article_id, number) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX topics_by_name ON topics (name)
    """,
)


def upgrade() -> None:
    """Create every table and index."""
    for statement in TABLES:
        op.execute(statement)
