"""The addresses that articles were added from, with what became of each."""

from datetime import UTC, datetime, timedelta

from assistant.address_book import AddressBook

FEED, PAGE = "https://post.example/feed.xml", "https://post.example/ferry"
BEGUN = datetime(2025, 3, 1, 8, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = BEGUN

    def __call__(self):
        self.now += timedelta(hours=1)
        return self.now


def book(folder):
    return AddressBook(folder, now=Clock())


def test_nothing_is_kept_before_an_address_is_read(tmp_path):
    assert book(tmp_path).addresses() == []
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_what_was_read_before_and_the_next_success_takes_it_back(tmp_path):
    known, newest = book(tmp_path), BEGUN - timedelta(days=1)
    known.record_read(FEED, 12, newest)
    known.record_failure(FEED, "answered 503")
    [failed] = known.addresses()
    assert (failed.articles, failed.newest, failed.error) == (12, newest, "answered 503")
    known.record_read(FEED, 3, newest - timedelta(days=5))
    [again] = known.addresses()
    assert (again.articles, again.newest, again.error) == (3, newest, None)
    assert again.since < failed.read < again.read


def test_the_book_survives_a_restart_and_forgets_on_demand(tmp_path):
    known = book(tmp_path)
    known.record_read(FEED, 1, None)
    known.record_read(PAGE, 1, BEGUN)
    reopened = AddressBook(tmp_path)
    assert [each.address for each in reopened.addresses()] == [PAGE, FEED]
    reopened.forget(PAGE)
    assert [each.address for each in AddressBook(tmp_path).addresses()] == [FEED]


def test_a_damaged_file_is_an_empty_book(tmp_path):
    (tmp_path / "addresses.json").write_text('[{"address": 1}]')
    known = book(tmp_path)
    assert known.addresses() == []
    known.record_read(FEED, 1, None)
    assert len(known.addresses()) == 1
