"""The main job as pytest runs it: every capture through its extractor."""


def test_record(record, snapshot):
    assert record == snapshot
