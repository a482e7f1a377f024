"""Which tests are about the file that SQLite writes, and so say nothing of an archive on PostgreSQL?  Each with why."""

ONLY_SQLITE = {
    "test_indexer_backup.py::test_an_archive_is_replaced_when_it_is_damaged_but_not_while_it_is_in_use": "damages it",
    "test_indexer_disk.py::test_the_parts_of_an_archive_are_measured": "measures the file",
    "test_indexer_doctor.py::test_damaged_pages_of_the_database_are_found_and_the_other_checks_go_on": "damages it",
    "test_indexer_doctor.py::test_a_database_that_is_none_is_told_without_a_crash": "writes a file that is no database",
    "test_indexer_doctor.py::test_a_row_that_points_to_nothing_is_found": "makes what PostgreSQL never lets in",
}
