CREATE TRIGGER journal_writer BEFORE INSERT ON journal
BEGIN
    SELECT RAISE(ABORT, 'second writer refused')
    WHERE NEW.sequence_number <> 1 + COALESCE((SELECT sequence_number FROM head WHERE persistence_id = NEW.persistence_id), 0);
    INSERT INTO head VALUES (NEW.persistence_id, NEW.sequence_number)
    ON CONFLICT (persistence_id) DO UPDATE SET sequence_number = excluded.sequence_number;
END;
