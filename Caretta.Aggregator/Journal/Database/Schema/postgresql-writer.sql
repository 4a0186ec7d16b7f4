CREATE TRIGGER journal_writer BEFORE INSERT ON caretta.journal FOR EACH ROW EXECUTE FUNCTION caretta.advance_head();
