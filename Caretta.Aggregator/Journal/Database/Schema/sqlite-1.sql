-- Akka.Persistence.Sql's tables as it would make them itself, so that files it made are the same.
CREATE TABLE IF NOT EXISTS journal (
    ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    created INTEGER NOT NULL,
    deleted BIT NOT NULL,
    persistence_id NVARCHAR(255) NOT NULL,
    sequence_number INTEGER NOT NULL,
    message VARBINARY NOT NULL,
    manifest NVARCHAR(500),
    identifier INTEGER,
    writer_uuid NVARCHAR(128)
);
CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);
-- Nobody reads by these, and each event would pay for them.
DROP INDEX IF EXISTS journal_created_idx;
DROP INDEX IF EXISTS journal_sequence_number_idx;
CREATE TABLE IF NOT EXISTS tags (
    ordering_id INTEGER NOT NULL,
    tag NVARCHAR(64) NOT NULL,
    sequence_nr INTEGER NOT NULL,
    persistence_id NVARCHAR(255) NOT NULL,
    PRIMARY KEY (ordering_id, tag)
);
CREATE TABLE IF NOT EXISTS snapshot (
    persistence_id NVARCHAR(255) NOT NULL,
    sequence_number INTEGER NOT NULL,
    created INTEGER NOT NULL,
    snapshot VARBINARY,
    manifest NVARCHAR(500),
    serializer_id INTEGER,
    PRIMARY KEY (persistence_id, sequence_number)
);

-- How far each ledger has written, also when its events are deleted: what a second writer is refused by.
CREATE TABLE head (persistence_id TEXT NOT NULL PRIMARY KEY, sequence_number INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO head SELECT persistence_id, MAX(sequence_number) FROM journal GROUP BY persistence_id;
INSERT INTO caretta VALUES ('schema_version', '1');
